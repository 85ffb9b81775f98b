"""One-time links: kept as hashes, used by one tap while the vote is open; whatever goes wrong loses nothing."""

from __future__ import annotations

import csv
import io
import re
import threading
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select, text, update

from ideathon import ledger
from ideathon.ledger import Entry
from ideathon.live.pulse import pulse_of
from ideathon.people.models import VoterName
from ideathon.stage import service as stage
from ideathon.voting import codes, electorate, electorate_queries, publishing, queries
from ideathon.voting.models import Invitation, Round, Slip
from tests.houses import Client, House
from tests.results import small_day
from tests.voting import box
from tests.voting.letters import LINKS, code_on, links, made, tokens

NAMES = "Anna Bērziņa; anna@example.org\nIlze Ozola\n=Pēteris; +37120000000; \nZane; Jūras iela 1, Engure"
KEY = "0123456789abcdef" * 2


def kinds(house: House) -> list[str]:
    return [str(entry["kind"]) for entry in box.recount(house)]


def test_names_with_an_address_get_a_link_each_and_the_file_comes_once(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post("/e/ENGURE/voters", names=NAMES)
    answer = desk.post(LINKS, kind="csv", names="1", key=KEY)
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]
    assert [row[:2] for row in rows] == [["'=Pēteris", "'+37120000000"], ["Anna Bērziņa", "anna@example.org"],
                                         ["Zane", "Jūras iela 1, Engure"]]
    assert desk.post(LINKS, kind="csv", names="1", key=KEY).status_code == 204          # the same tap makes none again
    assert desk.post(LINKS, kind="csv", names="1").status_code == 409                   # nobody waits any more
    with house.inside() as session:
        given = dict(session.execute(select(VoterName.name, VoterName.given)).all())
        assert given == {"Anna Bērziņa": "link", "Ilze Ozola": "", "=Pēteris": "link", "Zane": "link"}
        assert session.scalar(select(func.count()).select_from(Invitation)) == 3


def test_only_hashes_are_kept_in_their_own_order(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post("/e/ENGURE/voters", names="\n".join(f"Name {n:02}; n{n}@example.org" for n in range(40)))
    secrets = tokens(links(desk, names="1"))
    with house.inside() as session:
        order = "rowid" if session.get_bind().dialect.name == "sqlite" else "ctid"
        kept = list(session.scalars(text(f"SELECT token_hash FROM invitation ORDER BY {order}")))  # noqa: S608
        assert kept == sorted(electorate.hash_of(one) for one in secrets)
        assert {column.name for column in Invitation.__table__.columns} == {"token_hash", "round_id", "klass", "used"}
        for entry in session.scalars(select(Entry).where(Entry.act == "voter:invite")):
            assert entry.facts == {"made": 40}


def test_a_link_becomes_a_slip_by_its_button_alone(house: House) -> None:
    (token,) = made(house)
    house.move_to("vote")
    phone = house.visitor()
    for _scan in range(3):
        assert phone.get("/b/link").status_code == 200          # what a scanner of mails opens
    assert kinds(house) == ["open"]
    page = phone.post("/b/link", token=token)
    assert page.status_code == 200
    code = code_on(page)
    assert kinds(house) == ["open", "slips"]
    assert " ".join(codes.groups(codes.short(code))) in page.text
    ballot = phone.post("/b", code=code)
    assert box.expect_of(ballot) == 0
    assert box.cast(phone, code, "I01").status_code == 303
    again = phone.post("/b/link", token=token)
    assert again.status_code == 409
    assert "used already" in again.text
    assert token not in again.text


def test_the_same_tap_again_shows_the_same_slip(house: House) -> None:
    """A lost answer, a doubled tap, a reload: neither token nor key is kept, and only both together make the code."""
    (token,) = made(house)
    house.move_to("vote")
    first = code_on(house.visitor().post("/b/link", token=token, key=KEY))
    assert code_on(house.visitor().post("/b/link", token=f" {token[:13].lower()}-{token[13:]}", key=KEY)) == first
    assert house.visitor().post("/b/link", token=token, key=KEY[::-1]).status_code == 409
    assert kinds(house) == ["open", "slips"]
    with house.inside() as session:
        kept = " ".join(str(tuple(row)) for table in ("done_request", "invitation", "slip", "ledger", "board_entry")
                        for row in session.execute(text(f"SELECT * FROM {table}")))  # noqa: S608  # our own tables
    assert not [secret for secret in (token, KEY, first, codes.short(first)) if secret in kept]


def test_in_another_language_the_slip_is_the_same(house_sqlite: House) -> None:
    (token,) = made(house_sqlite)
    house_sqlite.move_to("vote")
    phone = house_sqlite.visitor()
    page = phone.post("/b/link", token=token, key=KEY)
    form = re.search(r'<form class="langs" method="post".*?</form>', page.text, re.DOTALL)
    assert form, page.text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    assert fields == {"key": KEY, "token": token}
    switched = phone.http.post("/b/link?lang=lv", data=fields)
    assert '<html lang="lv"' in switched.text
    assert code_on(switched) == code_on(page)


def test_two_taps_at_once_use_it_once(house: House) -> None:
    secrets = made(house, 8)
    house.move_to("vote")
    for number, token in enumerate(secrets, 1):
        phones, answers = [house.visitor() for _ in range(3)], []
        start = threading.Barrier(len(phones))

        def tap(phone: Client, token: str = token, answers: list[int] = answers,
                start: threading.Barrier = start) -> None:
            start.wait()
            answers.append(phone.post("/b/link", token=token).status_code)

        taps = [threading.Thread(target=tap, args=(phone,)) for phone in phones]
        for one in taps:
            one.start()
        for one in taps:
            one.join()
        assert sorted(answers) == [200, 409, 409]
        assert kinds(house) == ["open", *["slips"] * number]
    with house.inside() as session:
        assert session.scalar(select(func.count()).select_from(Slip)) == len(secrets)


def test_early_or_paused_it_is_told_and_not_used(house: House) -> None:
    (token,) = made(house)
    phone = house.visitor("en")
    early = phone.post("/b/link", token=token)
    assert early.status_code == 409
    assert "has not opened yet" in early.text
    assert token in early.text                  # it is still in its field
    house.move_to("vote")
    with house.inside():
        stage.pause(box.host_here(house), True)
    assert "paused" in phone.post("/b/link", token=token).text
    with house.inside() as session:
        assert not session.scalars(select(Invitation.used)).one()
        stage.pause(box.host_here(house), False)
    assert phone.post("/b/link", token=token).status_code == 200


def test_after_the_close_no_link_draws_a_slip(house: House) -> None:
    (token,) = made(house)
    house.move_to("count")
    before = kinds(house)
    answer = house.visitor().post("/b/link", token=token)
    assert answer.status_code == 409
    assert "closed" in answer.text
    assert kinds(house) == before
    assert house.host().post(LINKS, kind="csv", n="1").status_code == 409


@pytest.mark.parametrize("typed", ["", "nonsense", "0" * 26, "7" + "Z" * 25, "<script>"])
def test_an_unknown_link_is_told_as_any_other(house_sqlite: House, typed: str) -> None:
    box.vote_day(house_sqlite)
    answer = house_sqlite.visitor().post("/b/link", token=typed)
    assert answer.status_code == 403
    assert "not valid" in answer.text
    assert "<script>" not in answer.text


def test_links_are_withdrawn_until_the_first_is_used(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post("/e/ENGURE/voters", names="Anna; a@example.org")
    (token,) = tokens(links(desk, names="1"))
    with house.inside() as session:
        number = session.scalars(select(VoterName.id)).one()
    refused = desk.post("/e/ENGURE/voters/tick", voter=str(number), q="")        # "by mistake" is no way round it
    assert refused.status_code == 409
    assert "may have been sent" in refused.text
    assert desk.post(f"{LINKS}/withdraw").status_code == 303
    fresh = tokens(links(desk, names="1"))
    house.move_to("vote")
    assert house.visitor().post("/b/link", token=token).status_code == 403
    assert house.visitor().post("/b/link", token=fresh[0]).status_code == 200
    assert desk.post(f"{LINKS}/withdraw").status_code == 409


def test_a_links_class_is_the_slips(house: House) -> None:
    house.day("pitch")
    desk = house.host()
    desk.post("/e/ENGURE/slips/classes", **{"class-1-lv": "Dzīvo šeit", "class-1-en": "Lives here"})
    desk.post("/e/ENGURE/voters", names="Anna; a@example.org; Lives here")
    (token,) = tokens(links(desk, names="1"))
    house.move_to("vote")
    assert house.visitor().post("/b/link", token=token).status_code == 200
    with house.inside() as session:
        assert session.scalars(select(Slip.klass)).all() == ["R1"]
    assert box.recount(house)[-1]["class"] == "R1"


def test_letters_hold_whom_they_are_for_and_the_link(house_sqlite: House) -> None:
    house_sqlite.day("pitch")
    desk = house_sqlite.host()
    desk.post("/e/ENGURE/voters", names=NAMES)
    answer = desk.post(LINKS, kind="pdf", names="1")
    assert answer.mimetype == "application/pdf"
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    for words in ("Anna Bērziņa", "anna@example.org", "Jūras iela 1, Engure", "/b/link", "Engure ideathon"):
        assert words in said
    assert "Ilze Ozola" not in said


def test_the_help_says_what_the_vote_does_not_protect_from(house_sqlite: House) -> None:
    house_sqlite.day("pitch")
    for lang, first in (("en", "Whoever sees your screen"), ("lv", "Kas redz jūsu ekrānu")):
        page = house_sqlite.visitor(lang).get("/b/help").text
        assert page.count("<li>") >= 9
        assert first in page
    assert 'href="/b/help"' in house_sqlite.visitor().get("/b").text


# ---- what a link's use tells, and what is said of it

NEWS = "/e/ENGURE/news?want=voting.turnout"


def told(house: House) -> dict[str, Any]:
    with house.inside():
        found = queries.turnout(house.gathering().id)
    assert found is not None
    return found


def test_a_tap_on_a_link_moves_no_number_record_or_news_between_two_steps(house: House) -> None:
    secrets = made(house, 12)
    house.move_to("vote")
    host, phone, pulse, heard = house.host(), house.phone(), pulse_of(house.app), []
    pages = ["/e/ENGURE/slips", LINKS, "/e/ENGURE/voters", "/e/ENGURE/desk"]
    pulse.flush()
    pulse.taps.append(lambda room, payload: heard.append(payload))

    def seen() -> list[Any]:
        with house.inside():
            position = ledger.position(house.gathering().id)
        numbers = [re.findall(r'class="num">(\d+)|data-f="(?:issued|cast)"[^>]*>(\d+)', host.get(page).text)
                   for page in pages]
        return [phone.get(NEWS).text, host.get("/e/ENGURE/ledger").text.count("<tr>"), position, numbers]

    for n, token in enumerate(secrets[:11], 1):
        before = seen()
        code = code_on(house.visitor().post("/b/link", token=token))
        pulse.flush()
        board = 2 * n - 1                               # with each link comes a slip, and then a vote
        assert bool(heard) == (n % 5 == 0 or board % 5 == 0) == (seen() != before), n
        heard.clear()
        before = seen()
        assert box.cast(house.visitor(), code, "I01").status_code == 303     # nobody else is left, but for the links
        pulse.flush()
        assert told(house)["cast"] <= told(house)["issued"] == n - n % 5
        assert told(house)["cast"] == n - n % 5
        assert bool(heard) == (n % 5 == 0) == (seen() != before), n
        heard.clear()


def test_slips_drawn_by_hand_are_told_at_once_and_links_at_the_close(house: House) -> None:
    secrets = made(house, 9)
    house.move_to("vote")
    for token in secrets[:7]:
        house.visitor().post("/b/link", token=token)
    assert told(house)["issued"] == 5
    box.draw(house, 1)
    assert told(house)["issued"] == 6
    assert "links used" in house.host().get(LINKS).text
    box.close_now(house)
    assert told(house)["issued"] == 8
    with house.inside() as session:
        drawn = [entry.facts for entry in session.scalars(select(Entry).where(Entry.act == "slip:print").order_by(
            Entry.id))]
    assert drawn == [{"drawn": 5, "links": True}, {"drawn": 1}, {"drawn": 2, "links": True}]


def test_links_of_two_classes_have_steps_of_their_own(house_sqlite: House) -> None:
    house = house_sqlite
    house.day("pitch")
    desk = house.host()
    desk.post("/e/ENGURE/slips/classes", **{"class-1-lv": "Dzīvo šeit", "class-2-lv": "Strādā šeit"})
    home, work = (tokens(links(desk, n="6", klass=ref)) for ref in ("R1", "R2"))
    house.move_to("vote")
    for token in [*home[:3], *work[:3]]:
        house.visitor().post("/b/link", token=token)
    assert told(house)["issued"] == 0                   # six, but of neither class five
    for token in home[3:5]:
        house.visitor().post("/b/link", token=token)
    with house.inside():
        vote = queries.round_of(house.gathering().id)
        assert (electorate_queries.by_class(vote), told(house)["issued"]) == ({"R1": 5}, 5)


def test_a_vote_with_links_keeps_its_steps_to_the_close(house: House) -> None:
    """Also when all have voted: the last may be at home, and the list at the desk says whose link was the last."""
    secrets = made(house, 3)
    house.move_to("vote")
    pulse, heard = pulse_of(house.app), []
    pulse.flush()
    pulse.taps.append(lambda room, payload: heard.append(payload))
    for token in secrets[:2]:
        code = code_on(house.visitor().post("/b/link", token=token))
        assert box.cast(house.visitor(), code, "I01").status_code == 303
    code = code_on(house.visitor().post("/b/link", token=secrets[2]))       # the board's fifth entry
    pulse.flush()
    heard.clear()
    assert box.cast(house.visitor(), code, "I01").status_code == 303
    pulse.flush()
    assert heard == []
    assert (told(house)["few"], told(house)["cast"], told(house)["issued"]) == (True, 0, 0)
    box.close_now(house)
    assert (told(house)["cast"], told(house)["issued"]) == (3, 3)


@pytest.mark.parametrize("late", [0, 1, 10])
def test_where_few_came_late_no_published_ballot_leads_to_its_place(house_sqlite: House, late: int) -> None:
    """Each link has its own entry of the board; of whom a letter went to, the choice would be there for all."""
    house = house_sqlite
    house.day("pitch", ideas=3)
    with house.inside() as session:
        session.execute(update(Round).values(publish="full"))
    codes_ = box.draw(house, 12)
    secrets = tokens(links(house.host(), n=str(late))) if late else []
    house.move_to("vote")
    codes_ += [code_on(house.visitor().post("/b/link", token=token)) for token in secrets]
    for code in codes_:
        assert box.cast(house.visitor(), code, "I01").status_code == 303
    box.close_now(house)
    with house.inside():
        opened = publishing.opened(queries.round_of(house.gathering().id)) or []
    assert len(opened) == 12 + late
    assert sum("nonce" in one for one in opened) == (0 if late == 1 else 12 + late)


JOINED = "SELECT count(*) FROM invitation i JOIN slip s ON i.xmin::text = s.xmin::text WHERE i.used"
WRITERS = "SELECT count(DISTINCT w) FROM (SELECT xmin::text w FROM slip UNION ALL SELECT xmin::text FROM invitation) x"


def test_after_the_seal_no_row_tells_which_slip_a_link_became(house_postgres: House) -> None:
    """PostgreSQL keeps with each row the transaction that wrote it, and both were written by one."""
    house = house_postgres
    secrets = made(house, 6)
    small_day.score(house, small_day.flat({"I01": 5, "I02": 4, "I03": 4}))
    house.move_to("vote")
    for token in secrets:
        code = code_on(house.visitor().post("/b/link", token=token))
        assert box.cast(house.visitor(), code, "I01").status_code == 303
    with house.inside() as session:
        assert session.scalar(text(JOINED)) == 6
    house.move_to("result")
    assert house.host().post("/e/ENGURE/seal").status_code == 303
    with house.inside() as session:
        assert session.scalar(text(WRITERS)) == 1
        for column in (Slip.tag, Invitation.token_hash):        # nor does the order on the disk
            rows = session.scalars(select(column).order_by(text("ctid"))).all()
            assert rows == sorted(rows)
