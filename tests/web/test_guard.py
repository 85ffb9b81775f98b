"""The guard: keys, commits, refusals."""

from __future__ import annotations

from tests.houses import House


def test_the_same_post_twice_does_one_thing(house: House) -> None:
    house.day("mapping")
    phone = house.phone()
    key = "k" * 32
    first = phone.post("/e/ENGURE/map", key=key, kind="need", text="We need a bench", theme="other")
    again = phone.post("/e/ENGURE/map", key=key, kind="need", text="We need a bench", theme="other")
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    news = phone.get("/e/ENGURE/news?want=mapping.item").json
    assert sum(item["text"] == {"en": "We need a bench"} for item in news["slices"].values()) == 1


def test_a_refused_post_keeps_the_words(house: House) -> None:
    house.day("pitch")
    phone = house.phone()
    answer = phone.post("/e/ENGURE/map", kind="need", text="We need a bench", theme="other")
    assert answer.status_code == 409
    assert "We need a bench" in answer.text
    assert "not open at this stage" in answer.text
