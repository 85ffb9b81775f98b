"""The guard: keys, commits, refusals."""

from __future__ import annotations

import re
from random import Random

from hypothesis import given, strategies as st

from ideathon.web.errors import once_more
from ideathon.web.idempotency import said
from tests.houses import PASSWORD, Client, House


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


def test_a_used_key_with_other_words_is_not_taken_for_the_first(house: House) -> None:
    """Whoever goes back and writes something else must not read "stored" and find it nowhere."""
    house.day("mapping")
    phone = house.phone()
    key = "k" * 32
    said = {"kind": "need", "theme": "other", "key": key}
    assert phone.post("/e/ENGURE/map", text="We need a bench", **said).status_code == 303
    assert phone.post("/e/ENGURE/map", text=" We need\r\na  bench ", **said).status_code == 303
    refused = phone.post("/e/ENGURE/map", text="We need a lamp", **said)
    assert refused.status_code == 409
    assert "sent once already" in refused.text
    assert _items(phone) == ["We need a bench"]

    anew = re.search(r"<form[^>]*data-anew>.*?</form>", refused.text, re.DOTALL)
    assert anew is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', anew[0]))
    assert fields["key"] != key
    assert phone.http.post("/e/ENGURE/map", data=fields).status_code == 303
    assert _items(phone) == ["We need a bench", "We need a lamp"]


def _items(phone: Client) -> list[str]:
    slices = phone.get("/e/ENGURE/news?want=mapping.item").json["slices"].values()
    return sorted(item["text"]["en"] for item in slices if item["text"].get("en", "").startswith("We need"))


def test_signing_in_is_checked_each_time(house_sqlite: House) -> None:
    """An old answer opens nothing: the password and the link are looked at again, whatever the key."""
    house_sqlite.day("mapping")
    visitor = house_sqlite.visitor()
    key = "k" * 32
    assert visitor.post("/sign-in", key=key, name="host", password=PASSWORD).status_code == 303
    assert visitor.post("/sign-in", key=key, name="manager", password=PASSWORD).status_code == 303
    assert "Manager" in visitor.get("/").text
    refused = visitor.post("/sign-in", key=key, name="host", password="another sentence")
    assert refused.status_code == 422
    assert "another sentence" not in refused.text


def test_no_form_is_offered_again_with_a_password_in_it(house_sqlite: House) -> None:
    for fields, offered in (({"text": "A bench"}, True), ({"text": "A bench", "password": PASSWORD}, False)):
        with house_sqlite.app.test_request_context("/e/ENGURE/map", method="POST", data=fields):
            assert (once_more("sent_already") is not None) is offered
            assert once_more("paused") is None


def test_a_page_that_is_made_once_is_not_silently_nothing_the_second_time(house_sqlite: House) -> None:
    """Without script, the second of two taps is what the browser shows: it says that the first was done."""
    house_sqlite.day("pitch")
    host, key = house_sqlite.host(), "k" * 32
    assert host.post("/e/ENGURE/slips", key=key, n="3").status_code == 200
    assert host.post("/e/ENGURE/slips", key=key, n="3").status_code == 204
    host.http.environ_base["HTTP_SEC_FETCH_MODE"] = "navigate"
    told = host.post("/e/ENGURE/slips", key=key, n="3")
    assert (told.status_code, "done a moment ago" in told.text) == (409, True)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text("xy \n", max_size=4)), max_size=4), st.randoms())
def test_what_was_said_is_its_words_and_nothing_else(fields: list[tuple[str, str]], random: Random) -> None:
    same = [(name, value.replace(" ", "\r\n")) for name, value in fields] + [("csrf_token", "t"), ("next", "/")]
    random.shuffle(same)
    assert said("k" * 32, same) == said("k" * 32, fields)
    assert said("k" * 32, [*fields, ("d", "z")]) != said("k" * 32, fields)
    assert said("j" * 32, fields) != said("k" * 32, fields)
