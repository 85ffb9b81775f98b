"""Every reason has a sentence of its own, in which nothing is left unfilled."""

from __future__ import annotations

import pytest

from ideathon.core.tally import Breaker, Code
from ideathon.results import words
from tests.houses import House

PLACES = [{"ref": "I02", "title": {"en": "Boat yard", "lv": "Laivu darbnīca"}}]
FACTS = {"votes": 38, "missing": 3, "points": "2.41", "jury": "62.60", "threshold": "65.00", "criterion": "K1",
         "have": 2, "need": 3, "other": "I02", "by": "lot"}


@pytest.mark.parametrize("lang", ["en", "lv"])
def test_every_code_has_a_sentence(house_sqlite: House, lang: str) -> None:
    with house_sqlite.app.test_request_context(f"/?lang={lang}"):
        said = {words.why(FACTS | {"code": str(code)}, PLACES, {"K1": {"en": "Fits the need"}}) for code in Code}
        assert len(said) == len(Code)
        assert all(sentence.endswith(".") and "%(" not in sentence and "%" not in sentence for sentence in said)
        assert words.why(None, PLACES) == ""


def test_the_sentence_names_votes_and_the_other_idea(house_sqlite: House) -> None:
    with house_sqlite.app.test_request_context("/?lang=en"):
        assert "with 41 in all" in words.why(FACTS | {"code": "missing_votes"}, PLACES)
        assert "3 votes short" in words.why(FACTS | {"code": "missing_votes"}, PLACES)
        assert "1 vote short" in words.why(FACTS | {"code": "missing_votes", "missing": 1}, PLACES)
        assert "Boat yard" in words.why(FACTS | {"code": "lost_tie"}, PLACES)
        assert "Fits the need" in words.why(FACTS | {"code": "eliminated"}, PLACES, {"K1": {"en": "Fits the need"}})


def test_missing_votes_are_named_only_where_they_would_have_been_enough(house_sqlite: House) -> None:
    with house_sqlite.app.test_request_context("/?lang=en"):
        below = FACTS | {"code": "below_votes"}
        assert "with 41 in all" in words.why(below, PLACES)
        assert "would not have put it first" in words.why(below | {"missing": None}, PLACES)
        assert "at least 3 are needed" in words.why(below, PLACES)


def test_a_tie_for_the_audience_prize_is_told_from_a_tie_of_points(house_sqlite: House) -> None:
    with house_sqlite.app.test_request_context("/?lang=en"):
        told = {words.parted({"ideas": ["I02"], "by": by, "audience": prize}, PLACES)
                for by in ("", "cost") for prize in (False, True)}
    assert len(told) == 4
    assert sum("audience prize" in one for one in told) == 2


def test_every_breaker_has_words() -> None:
    assert set(words.BREAKERS) == set(Breaker)
