"""The talk under an idea: said, answered, taken back, hidden; and what is not kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from ideathon.clock import now
from ideathon.comments import queries
from ideathon.comments.models import Comment
from ideathon.extensions import db
from tests.houses import Client, House

IDEA = "/e/ENGURE/ideas/I01"
TALK = IDEA + "/comments"
NEWS = "/e/ENGURE/news"


def say(client: Client, text: str, kind: str = "comment", parent: str = "") -> str:
    """Words under the idea; their ref."""
    answer = client.post(TALK, text=text, kind=kind, parent=parent)
    assert answer.status_code == 303, answer.text
    place, _, ref = str(answer.location).partition("#")
    assert place == IDEA
    return ref


def facts(client: Client) -> dict[str, Any]:
    """What the news say of the talk."""
    slices = client.get(NEWS + "?want=comments.comment:I01").json["slices"]
    return {key.partition("/")[2]: value for key, value in slices.items()}


def count(house: House) -> int:
    with house.inside():
        return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def test_words_reach_everybody_with_the_name(house: House) -> None:
    house.day("ideas")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    ref = say(anna, "Who brings the ice?", "question")
    page = bert.get(IDEA).text
    assert "Who brings the ice?" in page
    assert "<bdi data-f=\"name\">Anna</bdi>" in page
    seen = facts(bert)[ref]
    assert (seen["text"], seen["name"], seen["role"], seen["kind"], seen["idea"], seen["parent"]) == (
        {"en": "Who brings the ice?"}, "Anna", "resident", "question", "I01", None)
    assert bert.get(NEWS + "?want=ideas.idea").json["slices"]["ideas.idea/I01"]["comments"] == 1
    assert facts(bert).keys() == {ref}
    assert bert.get(NEWS + "?want=comments.comment:I02").json["slices"] == {}


def test_advice_is_the_mentors_and_bears_the_field_not_the_name(house: House) -> None:
    house.day("ideas")
    anna, mentor = house.phone("Anna"), house.mentor()
    ref = say(mentor, "Ask the food office first.", "advice")
    seen = facts(anna)[ref]
    assert seen["label"] == {"lv": "Mentors: pārtika", "en": "Mentor: food"}
    assert (seen["name"], seen["role"]) == (None, "mentor")
    assert "Mentor: food" in anna.get(IDEA).text
    answer = anna.post(TALK, text="I know better.", kind="advice")
    assert answer.status_code == 403
    assert "I know better." in answer.text
    ref = say(house.host(), "Five minutes left.")
    assert (facts(anna)[ref]["role"], facts(anna)[ref]["name"]) == ("host", None)
    assert count(house) == 2


def test_an_answer_stands_one_level_below(house: House) -> None:
    house.day("ideas")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    top = say(anna, "Who brings the ice?", "question")
    below = say(bert, "I do.", parent=top)
    deeper = say(anna, "Thank you!", parent=below)
    assert [facts(anna)[ref]["parent"] for ref in (top, below, deeper)] == [None, top, top]
    with house.inside():
        (first,) = queries.thread(queries.one(house.gathering().id, top).idea_id)
        assert [answer["ref"] for answer in first["answers"]] == [below, deeper]
    page = bert.get(IDEA).text
    assert page.index("Who brings the ice?") < page.index("I do.") < page.index("Thank you!")


def test_an_answer_outlives_what_it_answers(house: House) -> None:
    house.day("ideas")
    anna, bert, host = house.phone("Anna"), house.phone("Bert"), house.host()
    top = say(anna, "Who brings the ice?", "question")
    below = say(bert, "I bring the ice.", parent=top)
    host.post(f"/e/ENGURE/comments/{top}/hide", reason="Said twice.")
    assert facts(anna).keys() == {below}
    assert facts(anna)[below]["parent"] is None
    assert "I bring the ice." in anna.get(IDEA).text
    host.post(f"/e/ENGURE/comments/{top}/restore")
    assert facts(anna)[below]["parent"] == top


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "This field is required."), (" \u202e\u200b\n ", "This field is required."),
    ("x" * 501, "The text is too long (at most 500 characters)."),
])
def test_what_is_not_well_is_said_and_kept(house: House, text: str, sentence: str) -> None:
    house.day("ideas")
    answer = house.phone("Anna").post(TALK, text=text, kind="question")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert text.strip(" \u202e\u200b\n") in answer.text
    assert 'value="question" checked' in answer.text
    assert count(house) == 0


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"kind": "shout"}, "Choose what it is"),
    ({"kind": "comment", "parent": "nobody"}, "What you answer was taken back or hidden."),
])
def test_a_kind_or_a_parent_that_is_not_there(house: House, fields: dict[str, str], sentence: str) -> None:
    house.day("ideas")
    answer = house.phone("Anna").post(TALK, text="Words of mine", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Words of mine" in answer.text


def test_five_hundred_characters_are_counted_as_a_reader_counts(house: House) -> None:
    house.day("ideas")
    say(house.phone("Anna"), "👩‍👩‍👧‍👦" * 100 + "ž" * 400)
    assert count(house) == 1


def test_html_is_shown_as_text(house: House) -> None:
    house.day("ideas")
    anna = house.phone("<i>Anna</i>")
    say(anna, "<img src=x onerror=alert(1)>")
    page = house.phone("Bert").get(IDEA).text
    assert "<img" not in page
    assert "<i>Anna" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_ten_megabytes_are_refused_with_a_sentence(house: House) -> None:
    house.day("ideas")
    answer = house.phone("Anna").post(TALK, kind="comment", text="x" * 10_000_000)
    assert answer.status_code == 413
    assert "That is too much text at once." in answer.text
    assert count(house) == 0


def test_the_same_form_twice_is_one_comment(house: House) -> None:
    house.day("ideas")
    anna = house.phone("Anna")
    places = {anna.post(TALK, key="k" * 20, kind="comment", text="Hello").location for _ in range(3)}
    assert (count(house), len(places)) == (1, 1)


@pytest.mark.parametrize("stage", ["mapping", "vote", "count"])
def test_a_closed_talk_keeps_the_words_in_its_answer(house: House, stage: str) -> None:
    house.day(stage)
    anna = house.phone("Anna")
    answer = anna.post(TALK, kind="comment", text="Words of mine")
    assert answer.status_code == 409
    assert "Words of mine" in answer.text
    assert "This is not open at this stage." in answer.text
    assert "data-talk data-idea" not in anna.get(IDEA).text
    assert count(house) == 0


def test_five_at_once_and_then_one_in_three_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.day("ideas")
    anna = house.phone("Anna")
    assert anna.post(TALK, kind="comment", text="").status_code == 422        # not stored, not counted
    for number in range(5):
        say(anna, f"Words {number}")
    answer = anna.post(TALK, kind="comment", text="Words of mine")
    assert answer.status_code == 429
    assert "Words of mine" in answer.text
    assert "That was quick." in answer.text
    say(house.phone("Bert"), "Another person is not held up")
    book = house.app.extensions["paces"]
    later = book._clock() + 3
    monkeypatch.setattr(book, "_clock", lambda: later)
    say(anna, "Words of mine")
    assert anna.post(TALK, kind="comment", text="And more").status_code == 429
    assert count(house) == 7


def test_own_words_are_taken_back_within_five_minutes(house: House) -> None:
    house.day("ideas")
    anna, bert = house.phone("Anna"), house.phone("Bert")
    ref, old = say(anna, "Said too quickly"), say(anna, "Said long ago")
    for other in (bert, house.host()):
        assert other.post(f"/e/ENGURE/comments/{ref}/withdraw").status_code == 403
    with house.inside() as session:
        session.execute(update(Comment).where(Comment.ref == old).values(created_at=now() - timedelta(seconds=301)))
    assert anna.post(f"/e/ENGURE/comments/{old}/withdraw").status_code == 409
    assert "It can be taken back for five minutes only." in anna.text()
    house.move_to("vote")                                                      # the talk is closed; taking back is not
    assert anna.post(f"/e/ENGURE/comments/{ref}/withdraw").status_code == 303
    assert facts(bert).keys() == {old}
    assert "Said too quickly" not in bert.get(IDEA).text
    assert anna.post(f"/e/ENGURE/comments/{ref}/withdraw").status_code == 404


def test_hidden_words_are_in_no_payload_but_the_authors_and_the_hosts(house: House) -> None:
    house.day("ideas")
    anna, bert, host = house.phone("Anna"), house.phone("Bert"), house.host()
    ref = say(anna, "Something rude")
    assert bert.post(f"/e/ENGURE/comments/{ref}/hide", reason="I do not like it").status_code == 403
    assert host.post(f"/e/ENGURE/comments/{ref}/hide", reason=" ").status_code == 422
    hidden = host.post(f"/e/ENGURE/comments/{ref}/hide", reason="Be kind.", next="/e/ENGURE/desk")
    assert hidden.location == "/e/ENGURE/desk"
    for path in (IDEA, NEWS, NEWS + "?want=comments.comment", "/e/ENGURE/ideas", "/e/ENGURE"):
        for client in (bert, house.juror(), house.mentor()):
            assert not any(words in client.get(path).text for words in ("Something rude", "Be kind."))
    assert not any(words in anna.get(NEWS).text for words in ("Something rude", "Be kind."))
    assert "Be kind." in anna.get(IDEA).text
    assert "Something rude" in host.get(IDEA).text
    assert bert.get(NEWS + "?want=ideas.idea").json["slices"]["ideas.idea/I01"]["comments"] == 0
    assert bert.post(TALK, kind="comment", text="What was that?", parent=ref).status_code == 422
    assert host.post(f"/e/ENGURE/comments/{ref}/restore").status_code == 303
    assert "Something rude" in bert.get(IDEA).text


def test_a_host_cannot_bring_back_what_the_author_took_back(house: House) -> None:
    house.day("ideas")
    anna, host = house.phone("Anna"), house.host()
    ref = say(anna, "Something rude")
    anna.post(f"/e/ENGURE/comments/{ref}/withdraw")
    assert host.post(f"/e/ENGURE/comments/{ref}/restore").status_code == 404
    assert host.post(f"/e/ENGURE/comments/{ref}/hide", reason="Be kind.").status_code == 404


def test_the_newest_words_of_the_day_for_the_desk(house: House) -> None:
    house.day("ideas")
    anna = house.phone("Anna")
    refs = [say(anna, f"Words {number}") for number in range(4)]
    with house.inside():
        gathering = house.gathering().id
        assert [one["ref"] for one in queries.latest(gathering, 3)] == refs[:0:-1]
        assert queries.latest(gathering, 1)[0]["title"] == {"lv": "Ideja 1", "en": "Idea 1"}
        assert list(queries.counts(gathering).values()) == [4]


@pytest.mark.parametrize("path", ["/e/ENGURE/ideas/nobody/comments", "/e/ENGURE/ideas/%00/comments"])
def test_no_talk_under_an_idea_that_is_not_there(house: House, path: str) -> None:
    house.day("ideas")
    answer = house.phone("Anna").post(path, kind="comment", text="Words of mine")
    assert answer.status_code == 404
    assert "Words of mine" in answer.text


def test_a_visitor_says_nothing(house: House) -> None:
    house.day("ideas")
    assert house.visitor().post(TALK, kind="comment", text="Words of mine").status_code == 403
    assert house.juror().post(TALK, kind="comment", text="Words of mine").status_code == 403
    assert count(house) == 0
