"""The map: what people put on it, who sees it, how it goes, and what it refuses."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from ideathon.extensions import db
from ideathon.mapping.models import Challenge, MapItem
from tests.houses import Client, House

MAP = "/e/ENGURE/map"
NEWS = "/e/ENGURE/news?want=mapping.item,mapping.challenge"


def put(client: Client, text: str, **fields: str) -> str:
    """An item on the map; its ref."""
    assert client.post(MAP, **{"kind": "need", "text": text, "theme": "other", **fields}).status_code == 303
    with client.house.inside():
        return db.session.scalars(select(MapItem.ref).order_by(MapItem.id.desc())).first() or ""


def count(house: House) -> int:
    with house.inside():
        return db.session.scalar(select(func.count()).select_from(MapItem)) or 0


def test_an_item_stands_on_everybodys_map(house: House) -> None:
    house.day("mapping")
    ref = put(house.phone("Anna"), "No bus in the evening.", theme="transport", quantity="2", unit="buses")
    other = house.phone("Bert")
    assert "No bus in the evening." in other.get(MAP).text
    assert "No bus in the evening." in other.get(MAP + "?kind=need").text
    assert "No bus in the evening." not in other.get(MAP + "?kind=skill").text
    item = other.get(NEWS).json["slices"][f"mapping.item/{ref}"]
    assert item["text"] == {"en": "No bus in the evening."}
    assert (item["theme"], item["quantity"], item["supports"]) == ("transport", 2, 0)


def test_me_too_counts_a_person_once(house: House) -> None:
    house.day("mapping")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    ref = put(anna, "No bus in the evening.")
    taps = ((bert, "1", 1), (bert, "1", 1), (anna, "", 2), (bert, "0", 1), (bert, "0", 1), (anna, "", 0))
    for client, on, seen in taps:
        assert client.post(f"{MAP}/{ref}/support", on=on).status_code == 303
        assert client.get(NEWS).json["slices"][f"mapping.item/{ref}"]["supports"] == seen


def test_a_private_skill_is_its_owners_and_the_hosts(house: House) -> None:
    house.day("mapping")
    anna = house.phone("Anna")
    ref = put(anna, "I can fly a plane.", kind="skill", private="y")
    assert "I can fly a plane." in anna.get(MAP).text
    assert "I can fly a plane." in house.host().get(MAP).text
    bert = house.phone("Bert")
    assert "I can fly a plane." not in bert.get(MAP).text
    assert ref not in bert.get("/e/ENGURE/news").text
    assert ref not in anna.get("/e/ENGURE/news").text
    assert bert.post(f"{MAP}/{ref}/support").status_code == 404
    assert bert.post(f"{MAP}/{ref}/withdraw").status_code == 404


def test_a_need_cannot_be_private(house: House) -> None:
    house.day("mapping")
    put(house.phone("Anna"), "No bus in the evening.", private="y")
    assert "No bus in the evening." in house.phone("Bert").get(MAP).text


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"text": "ab"}, "Write a little more: at least 3 characters."),
    ({"text": "  \u202e\u200b "}, "This field is required."),
    ({"text": "x" * 281}, "The text is too long (at most 280 characters)."),
    ({"text": "A good thing", "quantity": "abc"}, "Write a whole number from 1."),
    ({"text": "A good thing", "quantity": "-5"}, "Write a whole number from 1."),
    ({"text": "A good thing", "quantity": "9" * 400}, "Write a whole number from 1."),
])
def test_what_is_not_well_is_said_and_kept(house: House, fields: dict[str, str], sentence: str) -> None:
    house.day("mapping")
    before, anna = count(house), house.phone("Anna")
    answer = anna.post(MAP, kind="need", theme="other", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(words.strip("\u202e\u200b ") in answer.text for words in fields.values())
    assert count(house) == before


def test_html_is_shown_as_text(house: House) -> None:
    house.day("mapping")
    anna = house.phone("Anna")
    put(anna, "<script>alert(1)</script>")
    assert "<script>alert" not in anna.get(MAP).text
    assert "&lt;script&gt;alert(1)" in anna.text()


def test_ten_megabytes_are_refused_with_a_sentence(house: House) -> None:
    house.day("mapping")
    before = count(house)
    answer = house.phone("Anna").post(MAP, kind="need", theme="other", text="x" * 10_000_000)
    assert answer.status_code == 413
    assert "That is too much text at once." in answer.text
    assert count(house) == before


def test_the_same_form_twice_is_one_item(house: House) -> None:
    house.day("mapping")
    before, anna = count(house), house.phone("Anna")
    places = {anna.post(MAP, key="k" * 20, kind="need", text="No bus.", theme="other").location for _ in range(2)}
    assert count(house) == before + 1
    assert len(places) == 1


@pytest.mark.parametrize("stage", ["registration", "ideas", "vote"])
def test_a_closed_map_keeps_the_words_in_its_answer(house: House, stage: str) -> None:
    house.day(stage)
    before = count(house)
    answer = house.phone("Anna").post(MAP, kind="need", text="No bus in the evening.", theme="other")
    assert answer.status_code == 409
    assert "No bus in the evening." in answer.text
    assert "This is not open at this stage." in answer.text
    assert count(house) == before


def test_only_the_author_takes_an_item_back(house: House) -> None:
    house.day("mapping")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    ref = put(anna, "No bus in the evening.")
    assert bert.post(f"{MAP}/{ref}/withdraw").status_code == 403
    assert "Only the person who wrote this can change it." in bert.text()
    assert house.host().post(f"{MAP}/{ref}/withdraw").status_code == 403
    assert anna.post(f"{MAP}/{ref}/withdraw").status_code == 303
    assert "No bus in the evening." not in bert.get(MAP).text
    assert bert.post(f"{MAP}/{ref}/support").status_code == 404


def test_the_host_hides_with_a_reason_and_brings_back(house: House) -> None:
    house.day("mapping")
    anna, bert, host = house.phone("Anna"), house.phone("Bert"), house.host()
    ref = put(anna, "Sell my old car!")
    assert bert.post(f"{MAP}/{ref}/hide", reason="I do not like it").status_code == 403
    assert host.post(f"{MAP}/{ref}/hide", reason=" ").status_code == 422
    assert "Write a reason, so that the author knows why." in host.text()
    assert host.post(f"{MAP}/{ref}/hide", reason="This is an advert.").status_code == 303
    assert "Sell my old car!" not in bert.get(MAP).text
    assert "Sell my old car!" not in bert.get("/e/ENGURE/news").text
    assert bert.post(f"{MAP}/{ref}/support").status_code == 404
    assert "This is an advert." in anna.get(MAP).text
    assert host.post(f"{MAP}/{ref}/restore").status_code == 303
    assert "Sell my old car!" in bert.get(MAP).text


def test_a_challenge_grows_from_a_need(house: House) -> None:
    house.day("mapping")
    host = house.host()
    assert "There is nowhere to sell fish." in host.get("/e/ENGURE/challenges").text
    answer = host.post("/e/ENGURE/challenges", text_lv="Kā nokļūt mājās?", items=["S1"])
    assert answer.status_code == 422
    assert "A challenge grows from needs: tick at least one need." in answer.text
    assert "Kā nokļūt mājās?" in answer.text
    answer = host.post("/e/ENGURE/challenges", text_lv="", text_en="  ", items=["N1"])
    assert answer.status_code == 422
    assert "Write the challenge in at least one language." in answer.text
    assert host.post("/e/ENGURE/challenges", text_en="How to get home?", items=["N1", "S1", "gone"]).status_code == 303
    found = [one for one in host.get(NEWS).json["slices"].values() if one.get("text") == {"en": "How to get home?"}]
    assert [one["needs"] for one in found] == [1]
    assert "How to get home?" in house.phone("Anna").get(MAP).text


def test_a_resident_builds_no_challenge(house: House) -> None:
    house.day("mapping")
    anna = house.phone("Anna")
    assert anna.get("/e/ENGURE/challenges").status_code == 403
    assert anna.post("/e/ENGURE/challenges", text_en="How to get home?", items=["N1"]).status_code == 403
    with house.inside():
        assert db.session.scalar(select(func.count()).select_from(Challenge)) == 1


def test_what_is_hidden_is_not_read_behind_a_challenge(house: House) -> None:
    house.day("mapping")
    anna = house.phone("Anna")
    assert "There is nowhere to sell fish." in anna.get(MAP).text
    house.host().post(f"{MAP}/N1/hide", reason="Said twice.")
    assert "There is nowhere to sell fish." not in anna.get(MAP).text
