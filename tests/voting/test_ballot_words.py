"""Every reason why choices are no ballot has a sentence, and its numbers stand in it."""

from __future__ import annotations

import pytest

from ideathon.core.ballots import BallotProblem, Problem
from ideathon.voting.forms import problem_sentence
from tests.houses import House

P = BallotProblem


@pytest.mark.parametrize("lang", ["en", "lv"])
def test_every_problem_has_a_sentence_of_its_own(house_sqlite: House, lang: str) -> None:
    with house_sqlite.app.test_request_context(f"/?lang={lang}"):
        said = {problem_sentence([Problem(code, 7, 5, "I01")]) for code in BallotProblem}
        assert len(said) == len(BallotProblem)
        assert all(sentence.endswith(".") and "%" not in sentence for sentence in said)


@pytest.mark.parametrize(("problem", "sentence"), [
    (Problem(P.OVER_POINTS, 12, 10), "There are 10 points to give, and this ballot gives 12."),
    (Problem(P.OVER_POINTS, 2, 1), "There is 1 point to give, and this ballot gives 2."),
    (Problem(P.OVER_ON_ONE, 7, 6, "I01"), "Give one idea at most 6 points."),
    (Problem(P.UNMARKED, 2, 5), "Mark every idea: 3 are still without a mark."),
    (Problem(P.UNMARKED, 4, 5), "Mark every idea: 1 is still without a mark."),
    (Problem(P.OVER_BUDGET, 110_000, 100_000), "The chosen ideas cost €1,100.00, and there is €1,000.00."),
])
def test_the_numbers_stand_in_the_sentence(house_sqlite: House, problem: Problem, sentence: str) -> None:
    with house_sqlite.app.test_request_context("/?lang=en"):
        assert problem_sentence([problem]).replace("\N{NO-BREAK SPACE}", "").replace("EUR", "€").startswith(sentence)
