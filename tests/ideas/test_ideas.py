"""Ideas: written, changed, supported, joined, withdrawn and hidden; and everything that is not an idea yet."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from ideathon.extensions import db
from ideathon.ideas import queries
from ideathon.ideas.models import CostLine, Idea
from ideathon.mapping.models import Challenge
from tests.houses import Client, House

IDEAS = "/e/ENGURE/ideas"
WELL = {"challenge": "C1", "title": "A boat for all", "summary": "One boat that the whole village looks after."}


def costs(*lines: tuple[str, str]) -> dict[str, str]:
    """Cost lines as the form sends them."""
    return {
        name: words
        for at, (label, amount) in enumerate(lines)
        for name, words in ((f"costs-{at}-label", label), (f"costs-{at}-amount", amount))
    }


def write(client: Client, **fields: Any) -> str:
    """An idea; its ref."""
    answer = client.post(IDEAS, **{**WELL, **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("/")[2].partition("?")[0]


def count(house: House) -> int:
    with house.inside():
        return db.session.scalar(select(func.count()).select_from(Idea)) or 0


def card(client: Client, ref: str) -> Any:
    """What the news say of the idea."""
    return client.get(f"/e/ENGURE/news?want=ideas.idea:{ref}").json["slices"][f"ideas.idea/{ref}"]


def test_an_idea_answers_a_challenge_and_everybody_sees_it(house: House) -> None:
    house.day("ideas")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    ref = write(
        anna,
        lasting="The boat stays.",
        own="1 000,00",
        uses="S1",
        **costs(("Boat", "5 400,00"), ("", ""), ("Paint", "€ 100.50")),
    )
    page = bert.get(f"{IDEAS}/{ref}").text
    for words in ("A boat for all", "The boat stays.", "€5,500.50", "€4,500.50", "Smoking fish", "Anna", "How to sell"):
        assert words in page
    assert bert.get(IDEAS).text.index("A boat for all") < bert.text().index("Idea 3")
    facts = card(bert, ref)
    assert (facts["total_cents"], facts["requested_cents"], facts["team"]) == (550_050, 450_050, 1)
    assert facts["challenge"] == {"ref": "C1", "text": {"lv": "Kā pārdot visu gadu?", "en": "How to sell all year?"}}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "ab"}, "Write a little more: at least 3 characters."),
        ({"title": "x" * 81}, "The text is too long (at most 80 characters)."),
        ({"title": "\u202e \u200b"}, "This field is required."),
        ({"summary": "Too short."}, "Write a little more: at least 20 characters."),
        ({"summary": "x" * 601}, "The text is too long (at most 600 characters)."),
        ({"lasting": "x" * 401}, "The text is too long (at most 400 characters)."),
        ({"challenge": "C9"}, "Choose the one challenge that the idea answers."),
        ({"challenge": ""}, "Choose the one challenge that the idea answers."),
        ({"challenge": ["C1", "C2"]}, "Choose the one challenge that the idea answers."),
        (costs(("Boat", "abc")), "This is not a sum."),
        (costs(("Boat", "-5")), "A sum cannot be below zero."),
        (costs(("Boat", "1e9")), "This is not a sum."),
        (costs(("Boat", "12,345.67")), "Is this a thousands mark or a decimal mark?"),
        (costs(("Boat", "1.999")), "Is this a thousands mark or a decimal mark?"),
        (costs(("Boat", "0.999")), "Write at most two decimals"),
        (costs(("", "50")), "Say what this sum is for."),
        (costs(("Boat", "")), "Write how much it costs, or 0."),
        (costs(("x" * 81, "50")), "The text is too long (at most 80 characters)."),
        ({**costs(("Boat", "5")), "own": "many"}, "This is not a sum."),
    ],
)
def test_what_is_not_well_is_said_and_kept(house_sqlite: House, fields: dict[str, Any], sentence: str) -> None:
    house = house_sqlite
    house.day("ideas")
    answer = house.phone("Anna").post(IDEAS, **{**WELL, **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    typed = {name: words for name, words in {**WELL, **fields}.items() if name != "challenge"}
    assert all(words.strip("\u202e\u200b ") in answer.text for words in typed.values())
    assert count(house) == 3


def test_a_challenge_of_another_gathering_is_no_challenge(house: House) -> None:
    house.day("ideas")
    with house.inside():
        db.session.scalars(select(Challenge)).one().ref = "C2"
    assert house.phone("Anna").post(IDEAS, **WELL).status_code == 422


@pytest.mark.parametrize(("total", "own", "missing"), [("6 000,01", "", "€0.01"), ("18 500", "2 500", "€10,000.00")])
def test_more_than_the_envelope_asks_for_the_source(house: House, total: str, own: str, missing: str) -> None:
    house.day("ideas", envelope=600_000)
    anna = house.phone("Anna")
    answer = anna.post(IDEAS, **WELL, own=own, **costs(("House", total)))
    assert answer.status_code == 422
    assert f"This is {missing} more than the €6,000.00 that the event can give." in answer.text
    ref = write(anna, own="12 500,00", **costs(("House", total)))
    assert card(anna, ref)["requested_cents"] <= 600_000


def test_html_is_shown_as_text_in_both_places(house: House) -> None:
    house.day("ideas")
    anna = house.phone("Anna")
    bad = {"title": "<b>Boat</b>", "summary": "<script>alert(1)</script> and more words"}
    ref = write(anna, **bad, **costs(("<i>x</i>", "5")))
    for path in (IDEAS, f"{IDEAS}/{ref}", f"{IDEAS}/{ref}/edit"):
        assert not any(bad in anna.get(path).text for bad in ("<b>Boat", "<script>alert", "<i>x"))
        assert "&lt;b&gt;Boat&lt;/b&gt;" in anna.text()


def test_ten_megabytes_are_refused_with_a_sentence(house: House) -> None:
    house.day("ideas")
    answer = house.phone("Anna").post(IDEAS, **{**WELL, "summary": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "That is too much text at once." in answer.text
    assert count(house) == 3


def test_the_same_form_twice_is_one_idea(house: House) -> None:
    house.day("ideas")
    anna = house.phone("Anna")
    places = {anna.post(IDEAS, key="k" * 20, **WELL).location for _ in range(2)}
    assert count(house) == 4
    assert len(places) == 1


@pytest.mark.parametrize("stage", ["mapping", "teams", "vote"])
def test_after_the_stage_the_words_are_kept_in_the_answer(house: House, stage: str) -> None:
    house.day(stage)
    answer = house.phone("Anna").post(IDEAS, **WELL)
    assert answer.status_code == 409
    assert "This is not open at this stage." in answer.text
    assert WELL["summary"] in answer.text
    assert WELL["title"] in answer.text
    assert count(house) == 3


def test_three_ideas_in_ten_minutes_and_the_fourth_is_kept_for_later(house: House) -> None:
    house.day("ideas")
    anna = house.phone("Anna")
    assert anna.post(IDEAS, **{**WELL, "title": "x"}).status_code == 422  # not stored, not counted
    for number in range(3):
        write(anna, title=f"Boat {number}")
    answer = anna.post(IDEAS, **WELL)
    assert answer.status_code == 429
    assert "That was quick." in answer.text
    assert WELL["summary"] in answer.text
    write(house.phone("Bert"))
    host = house.host()
    for number in range(5):
        write(host, title=f"From paper {number}")


def test_only_the_author_or_the_host_changes_an_idea(house: House) -> None:
    house.day("ideas")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    ref = write(anna)
    answer = bert.post(f"{IDEAS}/{ref}/edit", **WELL, version="1")
    assert answer.status_code == 403
    assert "Only the person who wrote this can change it." in answer.text
    assert bert.get(f"{IDEAS}/{ref}/edit").status_code == 403
    assert house.host().get(f"{IDEAS}/{ref}/edit").status_code == 200
    changed = {**WELL, "title": "Two boats", "version": "1", **costs(("Oars", "20"))}
    assert anna.post(f"{IDEAS}/{ref}/edit", **changed).status_code == 303
    assert "Two boats" in bert.get(f"{IDEAS}/{ref}").text
    assert card(bert, ref)["total_cents"] == 2000


def test_an_edit_replaces_the_cost_lines_and_keeps_official_words(house: House) -> None:
    house.day("ideas")
    host = house.host()
    page = host.get(f"{IDEAS}/I01/edit").text
    assert 'value="1000.00"' in page
    again = {"challenge": "C1", "title": "Idea 1", "summary": "Another and a longer description.", "version": "1"}
    assert host.post(f"{IDEAS}/I01/edit", **again, **costs(("Equipment", "1000"))).status_code == 303
    with house.inside():
        idea = queries.one(house.gathering().id, "I01")
        assert idea.title == {"lv": "Ideja 1", "en": "Idea 1"}
        assert idea.summary == {"en": "Another and a longer description."}
        assert [(line.label, line.amount_cents) for line in idea.costs] == [({"en": "Equipment"}, 100_000)]
        assert db.session.scalar(select(func.count()).select_from(CostLine)) == 3


@pytest.mark.parametrize("seen", ["1", "", "x", "99999999999999999999"])
def test_a_newer_edit_is_not_written_over_unseen(house_sqlite: House, seen: str) -> None:
    house = house_sqlite
    house.day("ideas")
    anna, host = house.phone("Anna"), house.host()
    ref = write(anna)
    theirs = {**WELL, "summary": "The host has corrected a number in this text."}
    assert host.post(f"{IDEAS}/{ref}/edit", **theirs, version="1").status_code == 303
    mine = {**WELL, "summary": "Anna writes something else at the same time."}
    answer = anna.post(f"{IDEAS}/{ref}/edit", **mine, version=seen)
    assert answer.status_code == 409
    assert theirs["summary"] in answer.text
    assert mine["summary"] in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert theirs["summary"] in anna.get(f"{IDEAS}/{ref}").text
    assert anna.post(f"{IDEAS}/{ref}/edit", **mine, version="2").status_code == 303
    assert mine["summary"] in anna.get(f"{IDEAS}/{ref}").text


def test_support_counts_a_person_once(house: House) -> None:
    house.day("ideas")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    for client, on, seen in ((anna, "1", 1), (anna, "1", 1), (bert, "", 2), (anna, "0", 1), (bert, "", 0)):
        assert client.post(f"{IDEAS}/I01/support", on=on).status_code == 303
        assert card(anna, "I01")["supports"] == seen


def test_the_team_is_joined_and_left_but_not_by_its_author(house: House) -> None:
    house.day("teams")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    house.app.extensions.pop("paces", None)
    assert bert.post(f"{IDEAS}/I01/team", on="1").status_code == 303
    assert bert.post(f"{IDEAS}/I01/team", on="1").status_code == 303
    assert card(anna, "I01")["team"] == 1
    assert "Bert" in anna.get(f"{IDEAS}/I01").text
    assert bert.post(f"{IDEAS}/I01/team").status_code == 303
    assert "Bert" not in anna.get(f"{IDEAS}/I01").text
    assert house.mentor().post(f"{IDEAS}/I01/team").status_code == 403


def test_an_author_stays_in_the_team(house: House) -> None:
    house.day("ideas")
    anna = house.phone("Anna")
    ref = write(anna)
    assert anna.post(f"{IDEAS}/{ref}/team", on="1").status_code == 303
    assert anna.post(f"{IDEAS}/{ref}/team", on="0").status_code == 409
    assert "You wrote this idea, so you are in its team." in anna.text()
    assert card(anna, ref)["team"] == 1


def test_the_author_withdraws_and_it_is_gone_everywhere(house: House) -> None:
    house.day("ideas")
    anna, bert, host = house.phone("Anna"), house.phone("Bert"), house.host()
    ref = write(anna)
    bert.post(f"{IDEAS}/{ref}/comments", kind="comment", text="A splendid boat")
    for other in (bert, host):
        assert other.post(f"{IDEAS}/{ref}/withdraw").status_code == 403
    assert anna.post(f"{IDEAS}/{ref}/withdraw").status_code == 303
    for path in (IDEAS, "/e/ENGURE/news", "/e/ENGURE/news?want=comments.comment,ideas.idea"):
        assert not any(words in bert.get(path).text for words in ("A boat for all", "A splendid boat"))
    assert [client.get(f"{IDEAS}/{ref}").status_code for client in (anna, bert, host)] == [404, 404, 404]
    assert bert.post(f"{IDEAS}/{ref}/support").status_code == 404


def test_the_host_hides_with_a_reason_and_brings_back(house: House) -> None:
    house.day("ideas")
    anna, bert, host = house.phone("Anna"), house.phone("Bert"), house.host()
    ref = write(anna)
    bert.post(f"{IDEAS}/{ref}/comments", kind="comment", text="A splendid boat")
    assert bert.post(f"{IDEAS}/{ref}/hide", reason="I do not like it").status_code == 403
    assert host.post(f"{IDEAS}/{ref}/hide", reason="").status_code == 422
    assert host.post(f"{IDEAS}/{ref}/hide", reason="Not about the village.").status_code == 303
    news = "/e/ENGURE/news"
    for path in (IDEAS, news, news + "?want=comments.comment,ideas.idea", f"{IDEAS}/similar?title=A boat for all"):
        assert not any(words in bert.get(path).text for words in ("A splendid boat", "Not about the village.", ref))
    assert bert.get(f"{IDEAS}/{ref}").status_code == 404
    assert "Not about the village." in anna.get(f"{IDEAS}/{ref}").text
    assert "Not about the village." in anna.get(IDEAS).text
    assert anna.post(f"{IDEAS}/{ref}/support").status_code == 404
    assert host.post(f"{IDEAS}/{ref}/restore").status_code == 303
    assert "A splendid boat" in bert.get(f"{IDEAS}/{ref}").text


def test_similar_ideas_are_hinted_while_writing_and_after_posting(house: House) -> None:
    house.day("ideas", ideas=0)
    anna, bert = house.phone("Anna"), house.phone("Bert")
    ref = write(anna, title="Fish table in the harbour")
    found = bert.get(f"{IDEAS}/similar?title=Harbour fish table").json["similar"]
    assert [(one["title"], one["url"]) for one in found] == [("Fish table in the harbour", f"{IDEAS}/{ref}")]
    assert bert.get(f"{IDEAS}/similar?title=Bicycles to share").json == {"similar": []}
    assert bert.get(f"{IDEAS}/similar?title=Fi").json == {"similar": []}
    assert bert.get(f"{IDEAS}/similar?title=Harbour fish table&but={ref}").json == {"similar": []}
    answer = bert.post(IDEAS, **{**WELL, "title": "A table for fish in the harbour"})
    assert "Somebody has written something like this." in bert.get(answer.location).text
    assert "Fish table in the harbour" in bert.text()


def test_pitching_goes_by_number_then_by_coming(house: House) -> None:
    house.day("ideas", ideas=3)
    ref = write(house.phone("Anna"))
    with house.inside():
        gathering = house.gathering().id
        queries.one(gathering, "I01").pitch_order, queries.one(gathering, "I03").pitch_order = 3, 1
        db.session.flush()
        assert [idea.ref for idea in queries.pitching(gathering)] == ["I03", "I02", "I01", ref]
        assert [one["ref"] for one in queries.cards(gathering)] == [ref, "I03", "I02", "I01"]
        assert [one["ref"] for one in queries.cards(gathering, ["I02", "x y", "nobody"])] == ["I02"]


@pytest.mark.parametrize("ref", ["nobody", "%00", "..%2f", "I01 ", "<b>"])
def test_an_idea_that_is_not_there(house: House, ref: str) -> None:
    house.day("ideas")
    assert house.phone("Anna").get(f"{IDEAS}/{ref}").status_code == 404


def test_a_visitor_joins_first(house: House) -> None:
    house.day("ideas")
    visitor = house.visitor()
    assert visitor.get(IDEAS).location == "/j/ENGURE?next=/e/ENGURE/ideas"
    assert visitor.post(IDEAS, **WELL).status_code == 403
    assert visitor.get(f"{IDEAS}/similar?title=Idea one").status_code == 302
    assert count(house) == 3
