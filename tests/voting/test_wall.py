"""The list for the wall, and the public board as a file: when they are there, and what is on them."""

from __future__ import annotations

import io
import re
import zipfile

from tests.houses import House
from tests.results import small_day
from tests.voting import box
from tests.voting.test_board_steps import votes

LIST, FILE = "/e/ENGURE/board", "/e/ENGURE/board.json"


def rows(page: str) -> list[tuple[int, str]]:
    found = re.findall(r'<li id="n(\d+)"><b>\1</b> <span>([0-9a-f ]{19})</span>', page)
    return [(int(seq), mark) for seq, mark in found]


def test_the_list_has_every_vote_from_the_close_on_and_nothing_before(house: House) -> None:
    slips = box.vote_day(house, slips=150)
    votes(house, slips[:140])
    phone = house.visitor()
    receipt = box.cast(phone, slips[141], "I01")
    seq, mark = receipt.location.split("/")[-2:]
    votes(house, slips[:3], "I02")
    page = phone.get(LIST).text
    assert rows(page) == []
    assert mark[:4] not in page
    assert "once voting has closed" in page
    box.close_now(house)
    page = phone.get(LIST).text
    found = rows(page)
    entries, marks = box.recount(house), box.marks(house)
    assert found == [(at, " ".join(re.findall("....", marks[at]))) for at, one in enumerate(entries)
                     if one["kind"] == "vote"]
    assert dict(found)[int(seq)].replace(" ", "") == mark
    assert page.count('class="wall"') == 2
    assert "Sheet 2 of 2" in page
    assert not any(one["tag"] in page for one in entries if one["kind"] == "vote")
    assert f"{LIST}#n{seq}" in phone.get(receipt.location).text


def test_the_board_as_a_file_is_the_one_in_the_bundle(house: House) -> None:
    small_day.voted(house)
    visitor = house.visitor()
    assert visitor.get(FILE).status_code == 409
    host = house.host()
    host.post("/e/ENGURE/seal")
    assert visitor.get(FILE).status_code == visitor.get("/e/ENGURE/vote.zip").status_code == 409
    for seen in range(3):
        host.post("/e/ENGURE/reveal", seen=seen)
    with zipfile.ZipFile(io.BytesIO(visitor.get("/e/ENGURE/vote.zip").data)) as held:
        assert visitor.get(FILE).data == held.read("board.json")
