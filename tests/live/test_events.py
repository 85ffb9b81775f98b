"""What a client says: the known is answered, the rest refused and counted, and no socket breaks by it."""

import contextlib
import json
import time
from collections.abc import Iterator

import pytest

from ideathon.core.acts import Act
from ideathon.live import events
from tests.live.phone import Hall, Phone


@pytest.fixture
def phone(running_hall: Hall) -> Iterator[Phone]:
    """One admitted phone."""
    phone = running_hall.phone(7)
    yield phone
    phone.close()


def send_often(phone: Phone, data: bytes, times: int) -> None:
    """The same bytes again and again, until the server has enough."""
    for _ in range(times):
        phone.sock.sendall(data)


def test_an_event_is_acknowledged_with_what_its_handler_says(phone: Phone) -> None:
    assert phone.emit("echo", {"text": "labdien, čau 🌲"}) == {
        "text": "labdien, čau 🌲", "person": 7, "path": "/socket.io/"}


def test_hello_tells_the_time_and_the_position(running_hall: Hall, phone: Phone) -> None:
    running_hall.ask("POST", "/vote")
    first = phone.emit("hello")
    running_hall.ask("POST", "/vote")
    assert phone.emit("hello")["rev"] == first["rev"] + 1
    assert abs(first["now"] - time.time() * 1000) < 5000


def test_the_greeting_comes_after_the_door_opens(phone: Phone) -> None:
    assert phone.event("welcome") == {"hello": 7}


@pytest.mark.parametrize(("said", "code"), [
    (["nothing-like-it", {}], "unknown_event"),
    (["connect", {"environ": 1}], "unknown_event"),
    (["disconnect"], "unknown_event"),
    (["echo", "words"], "not_an_object"),
    (["echo", ["words"]], "not_an_object"),
    (["echo", None], "not_an_object"),
    (["echo", {"text": "a"}, {"text": "b"}], "not_an_object"),
    (["echo", {}], "bad_field"),
    (["echo"], "bad_field"),
    (["echo", {"text": 5}], "bad_field"),
    (["echo", {"text": "a", "at": True}], "bad_field"),
    (["echo", {"text": "a", "at": 2**63}], "bad_field"),
    (["echo", {"text": "a", "room": "g1:desk:see"}], "bad_field"),
    (["echo", {"text": "a\0b"}], "bad_field"),
    (["echo", {"text": "\ud800"}], "bad_field"),
    (["echo", {"text": "a" * 9000}], "bad_field"),
    (["break", {"how": "refused"}], "too_late"),
    (["break", {"how": "badly"}], "internal"),
])
def test_what_is_not_understood_is_refused_and_counted(
        running_hall: Hall, phone: Phone, said: list[object], code: str) -> None:
    before = running_hall.state()["counts"].get(code, 0)
    phone.send("421" + json.dumps(said))
    assert phone.ack(1)["error"] == code
    assert running_hall.state()["counts"][code] == before + 1
    assert phone.emit("echo", {"text": "still here"})["text"] == "still here"


def test_a_failing_handler_leaves_only_its_kind_in_the_log(running_hall: Hall, phone: Phone) -> None:
    phone.emit("break", {"how": "badly"})
    log = running_hall.log.read_text()
    assert "ZeroDivisionError" in log
    assert "secret words" not in log


@pytest.mark.parametrize("packet", [
    "42{", '42["echo"', "42", '42{"a":1}', "42[]", "42[5]", '42[{"a":1}]', "42[" * 3000, "421" + "[" * 9000,
    "42/other,[",
])
def test_what_is_not_json_is_refused_and_the_socket_lives(running_hall: Hall, phone: Phone, packet: str) -> None:
    phone.send(packet)
    assert phone.emit("echo", {"text": "still here"})["text"] == "still here"
    assert "Traceback" not in running_hall.log.read_text()


def test_not_json_is_said_to_the_client(phone: Phone) -> None:
    phone.send('42["echo",{"text"')
    assert phone.event("refused") == {"error": "not_json"}


@pytest.mark.parametrize("packet", [
    "", "0", "2probe", "5", "6", "9", "4", "43[]", "45-[]", '451-["echo"]', "b64", "x",
])
def test_what_no_client_of_ours_says_ends_its_socket(phone: Phone, packet: str) -> None:
    phone.send(packet)
    assert phone.gone()


def test_binary_frames_end_the_socket(phone: Phone) -> None:
    phone.send("42", opcode=2)
    assert phone.gone()


def test_an_event_with_a_payload_over_the_limit_ends_the_socket(running_hall: Hall, phone: Phone) -> None:
    phone.send("42" + json.dumps(["echo", {"text": "a" * 20000}]))
    assert phone.gone()


def test_a_frame_of_200_mb_is_refused_without_being_kept(running_hall: Hall) -> None:
    phone = running_hall.phone(8)
    before = running_hall.state()["rss"]
    head, block = Phone.frame(b"4" * 200_000_000)[:14], b"4" * 1_000_000
    phone.sock.sendall(head)
    with pytest.raises((ConnectionError, TimeoutError)):
        send_often(phone, block, 200)
    assert running_hall.state()["rss"] - before < 10_000       # kilobytes, of a frame that holds 200 000 of them


def test_a_message_in_endless_pieces_is_refused(running_hall: Hall) -> None:
    phone = running_hall.phone(8)
    phone.send("42", final=False)
    with pytest.raises(ConnectionError):
        send_often(phone, Phone.frame(b"a" * 100, opcode=0, final=False), 100_000)


def test_too_many_events_end_the_socket(phone: Phone) -> None:
    with contextlib.suppress(ConnectionError):
        send_often(phone, Phone.frame(b'42["echo",{"text":"again"}]'), 200)
    assert phone.gone()


def test_an_ordinary_burst_is_fine(phone: Phone) -> None:
    assert [phone.emit("echo", {"text": str(n)}, ack=n)["text"] for n in range(30)] == [str(n) for n in range(30)]


def test_a_flood_of_pings_ends_the_socket_and_starves_nobody(running_hall: Hall) -> None:
    phone = running_hall.phone(8)
    flood = Phone.frame(b"", opcode=9) * 500
    with pytest.raises((ConnectionError, TimeoutError)):
        send_often(phone, flood, 2000)
    assert running_hall.ask("GET", "/slow?seconds=0")[1] == "done"


class TestTheDoor:
    """Who is let in."""

    def test_a_ticket_is_good_once(self, running_hall: Hall) -> None:
        ticket = running_hall.ask("GET", "/ticket?person=3")[1]
        first, second = Phone(running_hall.port), Phone(running_hall.port)
        assert first.join(ticket)["code"] == "40"
        assert second.join(ticket) == {"code": "44", "message": "not_admitted", "data": {"code": "not_admitted"}}
        assert second.gone()
        first.close()

    @pytest.mark.parametrize("ticket", [None, "", "rubbish", "a" * 5000])
    def test_without_a_ticket_nobody_is_let_in(self, running_hall: Hall, ticket: str | None) -> None:
        phone = Phone(running_hall.port)
        assert phone.join(ticket)["code"] == "44"
        assert phone.gone()

    def test_events_before_the_door_are_not_heard(self, running_hall: Hall) -> None:
        phone = Phone(running_hall.port)
        phone.text()
        phone.send('421["echo",{"text":"a"}]')
        phone.send("40")
        assert phone.text().startswith("44")

    def test_nobody_hears_a_room_that_was_not_given(self, running_hall: Hall) -> None:
        desk, resident = running_hall.phone(0), running_hall.phone(4)
        running_hall.until("desk", 1)
        desk.close()
        resident.close()

    def test_the_role_gone_the_socket_goes_within_a_second(self, running_hall: Hall) -> None:
        juror, other = running_hall.phone(41), running_hall.phone(42)
        began = time.monotonic()
        running_hall.ask("POST", "/drop?person=41")
        assert juror.gone()
        assert time.monotonic() - began < 1
        assert other.emit("echo", {"text": "here"})["person"] == 42
        other.close()


class TestTheRegistry:
    """Deny by default."""

    def test_an_event_without_a_rule_does_not_boot(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(events, "_door", [lambda auth, environ: None])
        monkeypatch.setattr(events, "_events", dict(events._events))
        events.hears("a:b", rule=Act.COMMENT_ADD, fields={})(lambda who, data: {})
        events.assert_every_event_has_a_rule()
        events.hears("c:d", rule=None, fields={})(lambda who, data: {})
        with pytest.raises(RuntimeError, match="c:d"):
            events.assert_every_event_has_a_rule()

    def test_a_wire_without_a_door_does_not_boot(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(events, "_door", [])
        with pytest.raises(RuntimeError, match="let in"):
            events.assert_every_event_has_a_rule()

    def test_two_handlers_for_one_event_are_a_mistake(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(events, "_events", {})
        events.hears("a:b", rule=Act.COMMENT_ADD, fields={})(lambda who, data: {})
        with pytest.raises(ValueError, match="a:b"):
            events.hears("a:b", rule=Act.COMMENT_ADD, fields={})(dict)
