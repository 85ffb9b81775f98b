"""Every sentence about why an idea won or did not is true to the letter: its claims are read and counted again.

What the jury gave is taken from the single sheets, also where the result tells it to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings, strategies as st

from ideathon.core.tally import (
    Blend,
    Breaker,
    Criterion,
    Idea,
    Missing,
    Outcome,
    Recusal,
    Score,
    Settings,
    Standing,
    decide,
    explain,
    from_data,
    recused_jurors,
    to_public,
)
from ideathon.core.tally.ties import VALUES
from ideathon.results import queries, words
from tests.core.test_tally_laws import RUBRIC_OF_ONE, days, with_votes
from tests.houses import House

NAME = "“\u2068(\\w)\u2069”"
RULES = {str(words.BREAKERS[one]): one for one in Breaker}


def by_the_sheets(day: dict[str, Any]) -> dict[str, Fraction]:
    """What the jury gave each idea that any sheet counts for, from the single points: no count, nothing held back."""
    rule, found = day["settings"], {}
    recused = recused_jurors(rule.recusal_scope, day["ideas"], day["recusals"])
    for idea in day["ideas"]:
        expected = day["jurors"] if rule.missing is Missing.LOWEST else ()
        sheets: dict[str, dict[str, Any]] = {juror: {} for juror in expected if juror not in recused[idea.id]}
        for one in day["scores"]:
            if one.idea == idea.id and one.juror not in recused[idea.id]:
                sheets.setdefault(one.juror, {})[one.criterion] = one.points
        if rule.missing is Missing.LOWEST:
            sheets = {name: {k.id: k.scale_min for k in rule.criteria} | sheet for name, sheet in sheets.items()}
        full = [sheet for sheet in sheets.values() if len(sheet) == len(rule.criteria)]
        given_ = [sum(Fraction(k.weight) * sheet[k.id] / k.scale_max for k in rule.criteria) for sheet in full]
        if full:
            found[idea.id] = 100 * sum(given_, Fraction(0)) / len(full) / sum(Fraction(k.weight) for k in rule.criteria)
    return found


class Claims:
    """One sentence, the idea that it is about, and the count that it speaks of."""

    def __init__(self, day: dict[str, Any], outcome: Outcome, own: Standing, said: str) -> None:
        self.day, self.outcome, self.own, self.said = day, outcome, own, said
        self.others = [one for one in outcome.standings if one.idea != own.idea]
        self.able = [one for one in self.others if one.eligible]
        self.sheets = by_the_sheets(day)

    def has(self, pattern: str) -> re.Match[str] | None:
        return re.search(pattern.replace("NAME", NAME), self.said)

    def named(self, pattern: str) -> Standing:
        found = self.has(pattern)
        assert found, (pattern, self.said)
        return self.outcome.standing(found[1])

    def leads(self, value: Callable[[Standing], Any], among: list[Standing], one: Standing | None = None) -> bool:
        """Whether the idea has more than each of these, which are more than none."""
        mine = one or self.own
        rest = [other for other in among if other.idea != mine.idea]
        return all(value(mine) > value(other) for other in rest)

    def sole_first(self, value: Callable[[Standing], Any]) -> bool:
        return any(self.leads(value, list(self.outcome.standings), one) for one in self.outcome.standings)

    def jury(self, one: Standing) -> Fraction:
        return self.sheets.get(one.idea, Fraction(0))

    def untold(self) -> bool:
        """Whether the jury's points of any idea stand in no result."""
        return any(one.jury != self.jury(one) for one in self.outcome.standings)

    def wins_with(self, more: int) -> bool:
        return decide(**with_votes(self.day, self.own.idea, more)).winner == self.own.idea

    def has_prize_with(self, more: int) -> bool:
        return decide(**with_votes(self.day, self.own.idea, more)).audience == (self.own.idea,)

    def parted(self, rule: str, first: Standing, second: Standing) -> None:
        breaker, seed = RULES[rule], self.outcome.settings.seed
        before = self.outcome.settings.ties[: self.outcome.settings.ties.index(breaker)]
        assert VALUES[breaker](first, seed) > VALUES[breaker](second, seed), self.said
        assert all(VALUES[name](first, seed) == VALUES[name](second, seed) for name in before), self.said


def _votes(one: Standing) -> int:
    return one.votes


def of_the_winner(c: Claims) -> None:
    won = c.own.idea == c.outcome.winner
    assert bool(c.has(r"^It won|and won by")) == won, c.said
    if c.has("residents gave it the most votes"):
        assert c.leads(_votes, c.others), c.said
    if c.has("the jury scored it highest"):
        limited = c.has("highest of the ideas that can win")
        assert c.leads(c.jury, c.able if limited else c.others), c.said
    if c.has("the jury scored NAME highest"):
        other, limited = c.named("the jury scored NAME highest"), c.has("highest of the ideas that can win")
        assert c.leads(c.jury, [c.own, *c.able] if limited else list(c.outcome.standings), other), c.said
    if c.has("NAME had more votes"):
        assert c.named("NAME had more votes").votes > c.own.votes, c.said
    assert not (c.has("no idea alone had the most votes") and c.sole_first(_votes)), c.said
    assert not (c.has("the jury had no single favourite") and c.sole_first(c.jury)), c.said
    if c.has("of the ideas that can win the jury put none first alone"):
        assert not any(c.leads(c.jury, [c.own, *c.able], one) for one in [c.own, *c.able]), c.said
    if c.has("neither put it first alone"):
        assert not c.leads(_votes, c.others), c.said
        assert not c.leads(c.jury, c.others), c.said
    if c.has("of the ideas that can win,? it has the most points"):
        assert c.leads(lambda s: s.combined, c.able), c.said
    if c.has("no other idea met the conditions"):
        assert not c.able, c.said


def of_conditions(c: Claims) -> None:
    before = [one for one in c.others if one.place and c.own.place and one.place < c.own.place]
    if c.has("NAME, which stands before it"):
        assert c.named("NAME, which stands before it") in before, c.said
        assert [one.eligible for one in before] == [False], c.said
    if found := c.has(r"(\d+) ideas that stand before it"):
        assert len(before) == int(found[1]), c.said
        assert not any(one.eligible for one in before), c.said
    if found := c.has(r"shares place (\d+)"):
        assert (c.own.place, all(not one.eligible for one in before)) == (int(found[1]), True), c.said
    if c.has("shares the first place"):
        assert (c.own.place, c.own.idea in c.outcome.winners) == (1, True), c.said
    if found := c.has(r"the jury gave ([\d.]+) points, and at least ([\d.]+)"):
        assert Fraction(found[1]) < Fraction(found[2]), c.said


def of_ties(c: Claims) -> None:
    if found := c.has("^It had as many points as NAME and won by (.+?)\\.(?: |$)"):
        other = c.outcome.standing(found[1])
        assert (other.combined, other.eligible) == (c.own.combined, True), c.said
        c.parted(found[2], c.own, other)
    if found := c.has("t had as many points as NAME, which went first by (.+?)\\.(?: |$)"):
        other = c.outcome.standing(found[1])
        assert (other.combined, other.idea in c.outcome.winners) == (c.own.combined, True), c.said
        c.parted(found[2], other, c.own)
    if found := c.has("as many votes as NAME \\((\\d+)\\) and went first by (.+?)\\.(?: |$)"):
        other = c.outcome.standing(found[1])
        assert other.votes == c.own.votes == int(found[2]), c.said
        c.parted(found[3], c.own, other)


def of_distance(c: Claims) -> None:
    if found := c.has("([\\d.]+) points (?:of the jury )?behind NAME"):
        other = c.outcome.standing(found[2])
        assert other.idea in c.outcome.winners, c.said
        assert Fraction(found[1]) > 0, c.said
        assert abs(other.combined - c.own.combined - Fraction(found[1])) <= Fraction(1, 100), c.said
    if c.has("with more votes alone it could not have won|more votes alone would not have put it first"):
        assert not any(c.wins_with(more) for more in (1, 2, 5, 50, 5000)), c.said
    if found := c.has(r"with (\d+) in all it would have won"):
        more = int(found[1]) - c.own.votes
        assert c.wins_with(more), c.said
        assert not c.wins_with(more - 1), c.said
    if found := c.has(r"With (\d+) more votes? it would have won"):
        assert c.wins_with(int(found[1])), c.said
        assert not c.wins_with(int(found[1]) - 1), c.said
    elif c.has("^It had as many points as NAME, which|shares the first place|It shares place"):
        assert not any(c.wins_with(more) for more in (1, 2, 5, 50, 5000)), c.said
    if found := c.has(r"and (\d+) votes? short of the audience prize"):
        assert c.has_prize_with(int(found[1])), c.said
        assert not c.has_prize_with(int(found[1]) - 1), c.said


def of_the_audience(c: Claims) -> None:
    prize = c.outcome.audience
    if c.has("It has the audience prize|both prizes"):
        assert prize == (c.own.idea,), c.said
    if c.has("the most votes of the ideas that can win|from the jury and the most votes"):
        assert c.leads(_votes, c.able), c.said
    if c.has("It shares the audience prize with NAME"):
        assert {c.own.idea, c.named("prize with NAME").idea} <= set(prize), c.said
        assert c.named("prize with NAME").votes == c.own.votes, c.said
    assert bool(c.has("shares the audience prize")) == (len(prize) > 1 and c.own.idea in prize), c.said
    if c.own.idea in prize and c.own.idea not in c.outcome.winners:
        assert "audience prize" in c.said, c.said


def is_told_where_it_holds(c: Claims) -> None:
    """Whoever leads all others in both is told so, unless something else decided first."""
    other = c.has("no other idea met|as many points as|stand(s)? before it|prize|of the ideas that can win it has")
    if c.own.idea == c.outcome.winner and not other:
        assert bool(c.has("residents gave it the most votes")) == c.leads(_votes, c.others), c.said
        told = c.has("the jury scored it highest(?! of)")
        limited = c.has("highest of the ideas that can win|of the ideas that can win the jury")
        assert limited or bool(told) == (c.leads(c.jury, c.others) and bool(c.others)), c.said
        assert not limited or any(one.held_back for one in c.outcome.standings), c.said
        assert not (told and c.untold()), c.said


def check(day: dict[str, Any]) -> int:
    outcome = decide(**day)
    places = [{"ref": one.idea, "title": {"en": one.idea}} for one in outcome.standings]
    criteria = {one.id: {"en": one.id} for one in day["settings"].criteria}
    reasons = explain(outcome)
    assert explain(from_data(to_public(outcome))) == reasons        # so none tells what is not in the sealed result
    for reason in reasons:
        said = words.why(queries._reason(reason), places, criteria)
        claims = Claims(day, outcome, outcome.standing(reason.idea), said)
        assert "%(" not in said
        assert "None" not in said
        for law in (of_the_winner, of_conditions, of_ties, of_distance, of_the_audience, is_told_where_it_holds):
            law(claims)
    return len(places)


def test_every_sentence_is_true_of_any_day(house_sqlite: House) -> None:
    @settings(max_examples=200)
    @given(days(), st.sampled_from([0, 3]), st.sampled_from([None, *Blend]))
    def law(day: dict[str, Any], means_from: int, blend: Blend | None) -> None:
        rule = replace(day["settings"], means_from=means_from, blend=blend or day["settings"].blend)
        check(dict(day, settings=rule))

    with house_sqlite.app.test_request_context("/?lang=en"):
        law()


def case(points: dict[str, int], votes: dict[str, int], **rule: Any) -> dict[str, Any]:
    scores = [Score("J1", idea, "K1", given_) for idea, given_ in points.items()]
    made = Settings(**{"criteria": RUBRIC_OF_ONE, "ties": (), "jury_weight": 50, "resident_weight": 50, **rule})
    return {"settings": made, "ideas": [Idea(idea, "", 1, n) for n, idea in enumerate(points)], "scores": scores,
            "recusals": [], "votes": votes, "ballots": sum(votes.values()), "jurors": ("J1",)}


def held_back(conflicts: int, third: int, **rule: Any) -> dict[str, Any]:
    """Three jurors: A has 3 of 5 from all, B 5 of 5 from those without a conflict, C `third` of 5 from all."""
    made = Settings((Criterion("K1", 1, 5),), **{"ties": (), "means_from": 3, "threshold_jury": 30, "min_jurors": 3,
                                                 **rule})
    jurors = ("J1", "J2", "J3")
    recusals = [Recusal(juror, "B") for juror in jurors[3 - conflicts:]]
    scores = [Score(juror, idea, "K1", given_) for idea, given_ in (("A", 3), ("B", 5), ("C", third))
              for n, juror in enumerate(jurors) if idea != "B" or n < 2]
    return {"settings": made, "ideas": [Idea(idea, "", 1, n) for n, idea in enumerate("ABC")], "scores": scores,
            "recusals": recusals, "votes": {"A": 3, "B": 1, "C": 2}, "ballots": 20, "jurors": jurors}


def test_points_that_nobody_is_told_are_not_called_lower(house_sqlite: House) -> None:
    """B has 100 from two jurors, which no result tells: A, with 60, was not the one that the jury scored highest."""
    few, barred = held_back(1, 2), held_back(0, 2, missing=Missing.BAR, min_jurors=2)
    days_ = [few, barred, held_back(1, 3), held_back(1, 4, jury_weight=1, resident_weight=9)]
    days_ += [dict(day, votes={"A": votes, "B": 1, "C": 3}) for day in days_[:2] for votes in (2, 3)]
    days_ += [dict(day, votes={"A": 8, "B": 9, "C": 1}) for day in days_[:2]]
    with house_sqlite.app.test_request_context("/?lang=en"):
        assert all(check(day) == 3 for day in days_)
        for day in (few, barred):
            won = explain(decide(**day))[0]
            assert words.why(queries._reason(won), []) == (
                "It won: residents gave it the most votes (3), and the jury scored it highest of the ideas that can "
                "win.")


def test_the_days_that_once_had_a_false_sentence(house_sqlite: House) -> None:
    hundred, tie = {"A": 90, "B": 80, "C": 0}, {"A": 3, "B": 3, "C": 9}
    told = [
        case(hundred, {"A": 4, "B": 2, "C": 9}),                                    # C is out and has the most votes
        case({"A": 80, "B": 60, "C": 70}, {"A": 1, "B": 20, "C": 2}, threshold_jury=65),
        case({"A": 60, "B": 50, "C": 55}, {"A": 8, "B": 10, "C": 0}, ties=(Breaker.VOTES,), threshold_jury=55),
        case(hundred, tie, blend=Blend.SEPARATE, ties=(Breaker.JURY,)),             # both prizes, the votes by a tie
        case({"A": 90, "B": 90}, {"A": 1, "B": 2}, blend=Blend.SEPARATE, ties=(Breaker.EARLIER,)),
        case({"A": 90, "B": 80, "C": 70}, {"A": 0, "B": 2, "C": 2}, blend=Blend.SEPARATE),
        case({"A": 64_999, "B": 70_000}, {"A": 1, "B": 1}, threshold_jury=65, criteria=(
            replace(RUBRIC_OF_ONE[0], scale_max=100_000),)),
        case({"A": 70, "B": 70, "C": 60}, {"A": 1, "B": 1, "C": 9}, threshold_jury=65),
        case({"A": 80, "B": 60, "C": 0}, {"A": 6, "B": 8, "C": 10}, ties=(Breaker.JURY,)),      # B lost by one vote
        case({"A": 80, "B": 60, "C": 0}, {"A": 6, "B": 8, "C": 10}),                # and here both were one vote short
        case({"A": 90, "B": 80}, {"A": 2, "B": 2}, blend=Blend.SEPARATE),           # the winner shares the other prize
        case({"A": 90, "B": 90}, {"A": 2, "B": 2}, blend=Blend.SEPARATE),
    ]
    with house_sqlite.app.test_request_context("/?lang=en"):
        assert all(check(day) for day in told)
        said = [words.why(queries._reason(reason), []) for day in told[-4:] for reason in explain(decide(**day))[:2]]
    assert [("With 1 more vote it would have won." in one, "shares the audience prize" in one) for one in said] == [
        (False, False), (True, False), (True, False), (True, False), *[(False, True)] * 4]
