"""The guard: foreign hosts and foreign pages get nothing, and no client holds more sockets than its share."""

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder

from ideathon.live.guard import Guard, Hosts, Slots
from tests.live.phone import Hall, Phone, hall

GOOD = "127.0.0.1:8000"


def inner(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Says what it was given."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ.get("HTTP_X_FORWARDED_HOST", "-").encode()]


def ask(guard: Guard, path: str = "/", host: str = GOOD, method: str = "GET", **headers: str) -> tuple[int, str]:
    """One request."""
    builder = EnvironBuilder(path=path.partition("?")[0], query_string=path.partition("?")[2], method=method,
                             headers={name.replace("_", "-"): value for name, value in headers.items()})
    environ = builder.get_environ() | {"HTTP_HOST": host, "REMOTE_ADDR": "10.0.0.1"}
    answer = Client(guard).open(environ)
    return answer.status_code, answer.get_data(as_text=True)


def outward_address() -> str:
    """An address of this machine other than loopback, if it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))                  # sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


class TestHosts:
    """Which hosts are ours."""

    @pytest.mark.parametrize("host", [
        "localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", socket.gethostname(),
        "ideas.example.org", "ideas.example.org:443", outward_address(), f"{outward_address()}:8000",
    ])
    def test_auto_knows_this_machine(self, host: str) -> None:
        assert host in Hosts("auto", "https://ideas.example.org")

    @pytest.mark.parametrize("host", [
        "", "evil.example", "192.0.2.77", "192.0.2.77:8000", "0.0.0.0", "[::]", "224.0.0.1", "255.255.255.255",  # noqa: S104
        "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1:80:80", "127.0.0.1/", "a@localhost",
        "localhost ", "[::1", "::1", "localhost:", "localhost\n",
    ])
    def test_auto_knows_nobody_else(self, host: str) -> None:
        assert host not in Hosts("auto", "https://ideas.example.org")

    def test_a_list_is_a_list(self) -> None:
        hosts = Hosts(["ideas.example.org", "Other.Example"])
        assert "ideas.example.org:8000" in hosts
        assert "other.example" in hosts
        assert "localhost" not in hosts

    def test_a_list_may_come_as_text(self) -> None:
        assert "b.example" in Hosts("a.example, b.example,auto")
        assert "localhost" in Hosts("a.example,auto")


class TestRequests:
    """Status by status."""

    guard = Guard(inner, Hosts("auto"))
    sock = "/socket.io/?EIO=4&transport=websocket"

    def test_pages_of_a_foreign_host_are_not_given(self) -> None:
        assert ask(self.guard)[0] == 200
        assert ask(self.guard, host="evil.example") == (421, "foreign_host\n")

    @pytest.mark.parametrize(("host", "origin", "status"), [
        (GOOD, f"http://{GOOD}", 200),
        (GOOD, f"HTTP://{GOOD}", 200),
        (GOOD, None, 403),
        (GOOD, "null", 403),
        (GOOD, f"https://{GOOD}", 403),
        (GOOD, "http://127.0.0.1", 403),
        (GOOD, "http://127.0.0.1:8001", 403),
        (GOOD, f"http://{GOOD}/", 403),
        (GOOD, "http://evil.example", 403),
        ("evil.example", "http://evil.example", 421),
    ])
    def test_only_our_own_pages_open_a_socket(self, host: str, origin: str | None, status: int) -> None:
        headers = {} if origin is None else {"Origin": origin}
        assert ask(self.guard, self.sock, host, **headers)[0] == status

    def test_a_forwarded_host_helps_nobody(self) -> None:
        evil = {"Origin": "http://evil.example", "X_Forwarded_Host": "evil.example"}
        assert ask(self.guard, self.sock, **evil)[0] == 403
        own = {"Origin": f"http://{GOOD}", "X_Forwarded_Host": "evil.example"}
        assert ask(self.guard, self.sock, **own) == (200, "-")

    @pytest.mark.parametrize(("method", "path", "status"), [
        ("POST", sock, 405), ("OPTIONS", sock, 405), ("HEAD", sock, 405),
        ("GET", "/socket.io/?EIO=4&transport=polling", 400), ("GET", "/socket.io/", 400), ("GET", "/socket.io", 400),
        ("GET", "/socket.io/?transport=websocket&transport=polling", 400),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=a", 405),
    ])
    def test_only_a_websocket_is_opened(self, method: str, path: str, status: int) -> None:
        assert ask(self.guard, path, method=method, Origin=f"http://{GOOD}")[0] == status

    def test_a_slot_comes_back_also_when_the_application_fails(self) -> None:
        def fails(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            raise ZeroDivisionError
        guard = Guard(fails, Hosts("auto"), per_address=1)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                ask(guard, self.sock, Origin=f"http://{GOOD}")
        assert not guard.slots.held


def test_slots_are_all_taken_or_none() -> None:
    slots = Slots()
    assert slots.take({"address": 2, "session": 1})
    assert not slots.take({"address": 2, "session": 1})
    assert slots.held["address"] == 1
    slots.give(["address", "session"])
    assert not slots.held


class TestOnTheWire:
    """The same with real sockets."""

    def test_polling_cannot_be_used_to_pin_the_server(self, running_hall: Hall) -> None:
        origin = f"http://127.0.0.1:{running_hall.port}"
        before = running_hall.state()["threads"]
        for _ in range(20):
            path = "/socket.io/?EIO=4&transport=polling&sid=a"
            assert running_hall.ask("POST", path, b"9", Origin=origin)[0] == 405
        assert running_hall.ask("GET", "/socket.io/?EIO=4&transport=polling", Origin=origin)[0] == 400
        assert running_hall.state()["threads"] == before

    def test_another_site_opens_no_socket(self, running_hall: Hall) -> None:
        assert Phone(running_hall.port, origin="http://evil.example").status == 403
        assert Phone(running_hall.port, origin=None).status == 403
        assert Phone(running_hall.port, host="evil.example").status == 421

    def test_a_cookie_opens_only_so_many_and_gives_them_back(self, running_hall: Hall) -> None:
        cookie = "Cookie: session=abc\r\n"
        phones = [Phone(running_hall.port, headers=cookie) for _ in range(3)]
        assert [phone.status for phone in phones] == [101] * 3
        assert Phone(running_hall.port, headers=cookie).status == 429
        phones[0].close()
        running_hall.until("slots", dict.fromkeys(running_hall.state()["slots"], 2))
        assert Phone(running_hall.port, headers=cookie).status == 101

    def test_an_address_has_its_most(self, tmp_path: Path) -> None:
        with hall(tmp_path, SLOTS="2") as small:
            assert [Phone(small.port).status for _ in range(3)] == [101, 101, 429]
            assert small.ask("GET", "/slow?seconds=0") == (200, "done")

    def test_a_bad_handshake_leaves_nothing_behind(self, running_hall: Hall) -> None:
        phone = Phone(running_hall.port, headers="Sec-WebSocket-Key: second\r\nUpgrade: rubbish\r\n")
        assert phone.status == 400
        running_hall.until("engines", 0)
        running_hall.until("slots", {})
