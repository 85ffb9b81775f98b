"""Sheets to print: what stands on both sides and where, read back from the PDF."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from pypdf import PdfReader
from sqlalchemy import select

from ideathon.errors import Refused
from ideathon.ideas.models import Idea
from ideathon.voting import codes, sheets
from ideathon.voting.models import Round, Slip
from ideathon.voting.sheets import One, Words
from tests.houses import House

POINT = 72 / 25.4
WORDS = Words(title="Engures ideatons", phrase="kaija bāka", address="http://192.168.8.2:8000/b",
              scan="Noskenējiet šeit:", how="Ielieciet krustiņu pie ne vairāk kā 3 idejām.",
              honest=("Pirmais.", "Otrais.", "Trešais."),
              options=("Zivju kūpinātava", "Õpikoda ja äri", "Þing og æska", "Sjön på ön"), klass="Dzīvo šeit")


def drawn(n: int) -> list[One]:
    return [One(f"{WORDS.address}#{number}", (f"C{number:03}", "CODE")) for number in range(n)]


def pieces(page: Any) -> list[tuple[str, float, float, float]]:
    """Every piece of text with its place in millimetres from the left and the bottom, and its size in points."""
    found: list[tuple[str, float, float, float]] = []

    def visit(text: str, _cm: Any, tm: Any, _font: Any, size: float) -> None:
        if text.strip():
            found.append((text.strip(), tm[4] / POINT, tm[5] / POINT, size))

    page.extract_text(visitor_text=visit)
    return found


def pages(made: bytes) -> list[Any]:
    return list(PdfReader(io.BytesIO(made)).pages)


def test_twenty_four_slips_stand_on_an_a4_with_their_ballots_behind() -> None:
    front, back, *more = pages(sheets.slips(WORDS, drawn(25)))
    assert len(more) == 2
    assert [round(float(side)) for side in front.mediabox[2:]] == [595, 842]
    said = front.extract_text()
    assert [f"C{n:03} CODE" in said for n in range(25)] == [True] * 24 + [False]
    assert said.count("kaija bāka") == said.count("Dzīvo šeit") == said.count("Noskenējiet") == 24
    behind = back.extract_text()
    for words in (*WORDS.options, *WORDS.honest, WORDS.how.split()[0]):
        assert behind.count(words) == 24
    assert "CODE" not in behind
    assert "kaija" not in behind


def test_each_back_lies_behind_its_own_slip_when_the_sheet_turns_on_its_long_edge() -> None:
    """Two slips alone: they stand left of the middle, so their ballots stand right of it, at the same height."""
    front, back = pages(sheets.slips(WORDS, drawn(2)))
    size = sheets.fitting(WORDS)
    for at in range(2):
        x, y = next((x, y) for text, x, y, _size in pieces(front) if text.startswith(f"C{at:03}"))
        left = size.margin + at * size.wide
        assert left < x < left + size.wide
        mirrored = 210 - left - size.wide
        near = [one for one in pieces(back) if mirrored <= one[1] <= mirrored + size.wide]
        assert {text for text, *_ in near} >= set(WORDS.options)
        assert all(abs(place - y) < size.high for _text, _x, place, _size in near)
    assert not [one for one in pieces(back) if one[1] < size.margin + size.wide]        # nothing behind empty places


@pytest.mark.parametrize(("ideas", "long", "each"), [(3, 20, 24), (5, 24, 12), (12, 30, 6), (16, 30, 4), (18, 60, 2)])
def test_fewer_slips_stand_on_a_page_when_the_ballot_is_long(ideas: int, long: int, each: int) -> None:
    words = replace(WORDS, options=tuple(f"{n} " + "vārds " * (long // 6) for n in range(ideas)))
    assert sheets.fitting(words).each == each


def test_a_ballot_that_fits_on_no_page_is_refused() -> None:
    with pytest.raises(Refused, match="ballot_too_long"):
        sheets.fitting(replace(WORDS, options=tuple("vārds " * 20 for _ in range(60))))


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=90)
                .map(lambda title: f"I {title}"), min_size=1, max_size=14), st.booleans())
def test_no_word_leaves_its_slip_whatever_the_ideas_are_called(titles: list[str], large: bool) -> None:
    words = replace(WORDS, options=tuple(titles))
    size = sheets.fitting(words, large=large)
    front, back = pages(sheets.slips(words, drawn(1), large=large))
    right, bottom = 210 - size.margin, 297 - size.margin
    for text, x, y, points in pieces(front) + pieces(back):
        assert size.margin <= x < right, text
        assert 297 - bottom <= y + points / POINT, text
        assert y >= 297 - size.margin - size.high, text


def test_large_print_is_large() -> None:
    front, back = pages(sheets.slips(WORDS, drawn(4), large=True))
    assert sheets.fitting(WORDS, large=True).each == 4
    assert min(size for *_rest, size in pieces(front) + pieces(back)) >= 14
    assert {size for text, _x, _y, size in pieces(back) if text in WORDS.options} == {18}
    assert {size for text, _x, _y, size in pieces(front) if text.startswith("C0")} == {20}


def test_every_letter_of_the_coast_is_printed_and_others_are_told_apart() -> None:
    letters = "ĀāČčĒēĢģĪīĶķĻļŅņŠšŪūŽž ÕõÄäÖöÜü ÁáÐðÉéÍíÓóÚúÝýÞþÆæ Åå „“–€"
    (front, back) = pages(sheets.slips(replace(WORDS, options=(letters, "Привет 😀")), drawn(1)))
    said = " ".join(back.extract_text().split())
    assert letters in said
    assert "?????? ?" in said
    fonts = front["/Resources"]["/Font"]
    assert all("Atkinson" in font.get_object()["/BaseFont"] for font in fonts.values())


def test_the_desk_gives_the_pdf_of_the_very_slips_that_it_drew(house: House) -> None:
    house.day("pitch", ideas=4)
    desk = house.host()
    with house.inside() as session:
        for idea in session.scalars(select(Idea)):
            idea.title = {"lv": f"Ideja {idea.ref}", "en": f"Thing {idea.ref}"}
    page = desk.get("/e/ENGURE/slips").text
    assert "24 slips fit on an A4 sheet" in page
    answer = desk.post("/e/ENGURE/slips", n="3", kind="pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    front, back = pages(answer.data)
    typed = ["".join(text.split()) for text, *_rest in pieces(front) if len("".join(text.split())) == codes.SHORT
             and codes.read(text)]
    assert len(typed) == 3
    with house.inside() as session:
        vote = session.scalars(select(Round)).one()
        locks = {codes.lock_of(vote.id, one, house.app.secret_key or "") for one in typed}
        assert locks == set(session.scalars(select(Slip.short)))
    said = back.extract_text()
    assert said.index("Thing I01") < said.index("Thing I02") < said.index("Thing I04")
    assert "up to 3 ideas" in said
    assert "A slip can be sold or lent." in said


def test_a_ballot_too_long_for_paper_draws_nothing(house_sqlite: House) -> None:
    house_sqlite.day("pitch", ideas=60)
    with house_sqlite.inside() as session:
        for idea in session.scalars(select(Idea)):
            idea.title = {"lv": "vārds " * 20, "en": "words " * 20}
    desk = house_sqlite.host()
    assert "too long for the back" in desk.get("/e/ENGURE/slips").text
    assert desk.post("/e/ENGURE/slips", n="3", kind="pdf").status_code == 409
    with house_sqlite.inside() as session:
        assert session.scalars(select(Slip)).all() == []
    assert desk.post("/e/ENGURE/slips", n="3", kind="page").status_code == 200
