"""Every setting of the rule has a sentence of its own, in every language."""

from __future__ import annotations

from typing import Any

import pytest

from ideathon.core.tally import Blend, Missing, Scope
from ideathon.results import rule_words
from ideathon.results.models import Formula
from tests.houses import House


def said(house: House, lang: str = "en", **settings: Any) -> str:
    rule = Formula(**{"jury_weight": 60, "resident_weight": 40, "threshold": 65, "min_jurors": 3, "blend": "points",
                      "recusal_scope": "idea", "missing": "leave_out", "threshold_votes": 0, "quorum": 0,
                      "tie_order": ["jury", "lot"], **settings})
    with house.app.test_request_context(f"/?lang={lang}"):
        return "\n".join(rule_words.formula(rule))


@pytest.mark.parametrize("lang", ["en", "lv"])
@pytest.mark.parametrize(("name", "values"), [
    ("blend", list(Blend)), ("missing", list(Missing)), ("recusal_scope", list(Scope)),
    ("threshold_votes", [0, 1, 7]), ("quorum", [0, 1, 40]), ("tie_order", [[], ["cost"], ["earlier", "cost"]])])
def test_no_setting_goes_unsaid(house_sqlite: House, lang: str, name: str, values: list[Any]) -> None:
    texts = {said(house_sqlite, lang, **{name: value}) for value in values}
    assert len(texts) == len(values)
    assert not any("%(" in text for text in texts)


def test_the_weights_are_not_named_where_they_do_not_count(house_sqlite: House) -> None:
    assert "60 %" in said(house_sqlite, blend="rank")
    assert "60 %" not in said(house_sqlite, blend="separate")
    assert "two prizes" in said(house_sqlite, blend="separate")


def test_a_number_that_asks_for_nothing_is_not_named(house_sqlite: House) -> None:
    assert "ballot" not in said(house_sqlite)
    assert "at least 40 ballots" in said(house_sqlite, quorum=40)
    assert "at least 1 vote." in said(house_sqlite, threshold_votes=1)
    assert "at least 65 jury points and the sheets of at least 3 jurors" in said(house_sqlite)
    assert "jury points and" not in said(house_sqlite, threshold=0)
    assert "needs the sheets of at least 3 jurors." in said(house_sqlite, threshold=0)


def test_twelve_ballots_in_latvian(house_sqlite: House) -> None:
    told = {quorum: said(house_sqlite, "lv", quorum=quorum) for quorum in (1, 2, 12)}
    for quorum, noun in ((1, "balsojums"), (2, "balsojumi"), (12, "balsojumu")):
        assert f"jāieskaita vismaz {quorum} {noun}." in told[quorum]
