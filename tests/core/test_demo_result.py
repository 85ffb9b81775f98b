"""The demo day counted: every number that its data expect, to the last digit."""

from dataclasses import replace

import pytest

from ideathon.core.tally import (
    Member,
    Outcome,
    Recusal,
    Scope,
    ShareCode,
    decide,
    decision_problems,
    from_data,
    rounded,
    to_data,
    voting_shares,
)
from ideathon.core.tally.rules.jury import recused_jurors


def table(outcome: Outcome) -> list[dict]:
    return [
        {
            "place": s.place,
            "idea": s.idea,
            "jurors_counted": s.jurors_counted,
            "criterion_means": {criterion: rounded(mean) for criterion, mean in s.criterion_means},
            "jury_score": rounded(s.jury),
            "votes": s.votes,
            "resident_score": rounded(s.residents),
            "combined": rounded(s.combined),
            "over_threshold": outcome.over_threshold(s.idea),
        }
        for s in outcome.standings
    ]


def members(engure):
    return [Member(juror["id"], juror["sector"]) for juror in engure.data["jurors"]]


def test_ranking(engure):
    assert table(engure.outcome()) == engure.data["expected"]["ranking"]


def test_ranking_when_the_recusal_reaches_the_whole_event(engure):
    wide = replace(engure, settings=replace(engure.settings, recusal_scope=Scope.EVENT))
    assert table(wide.outcome()) == engure.data["expected"]["ranking_if_recusal_scope_event"]


def test_a_recusal_from_everything_is_the_same_as_the_widest_reach(engure):
    everything = replace(engure, recusals=(Recusal("J3", None),))
    assert table(everything.outcome()) == engure.data["expected"]["ranking_if_recusal_scope_event"]


def test_winner_and_reserve(engure):
    outcome, expected = engure.outcome(), engure.data["expected"]
    assert (outcome.winner, outcome.reserve) == (expected["winner"]["idea"], expected["reserve"])


def test_jury_order(engure):
    standings = sorted(engure.outcome().standings, key=lambda s: -s.jury)
    assert [s.idea for s in standings] == engure.data["expected"]["jury_order"]


def test_resident_order(engure):
    # I07 and I12 have 13 votes each; the jury's points part them here as in the ranking.
    standings = sorted(engure.outcome().standings, key=lambda s: (-s.votes, -s.jury))
    assert [s.idea for s in standings] == engure.data["expected"]["resident_order"]


def test_votes(engure):
    assert sum(engure.votes.values()) == engure.data["expected"]["total_votes"]


def test_the_idea_below_the_threshold_keeps_its_place_and_cannot_win(engure):
    standing = engure.outcome().standing("I06")
    assert (standing.place, standing.eligible, standing.bar) == (11, False, "below_threshold")


def test_scores_of_the_recused_juror_are_left_out_with_a_step(engure):
    assert [(step.kind, step.ideas, step.by) for step in engure.outcome().steps] == [("juror_recused", ("I02",), "J3")]


def test_shares_of_the_full_jury(engure):
    shares = voting_shares(members(engure))
    shown = {sector: rounded(share) for sector, share in shares.by_sector.items()}
    assert shown == engure.data["expected"]["jury_voting_share_by_sector_pct"]
    assert decision_problems(shares, quorum=5) == ()


def test_shares_for_the_idea_with_a_recused_juror(engure):
    recused = recused_jurors(Scope.IDEA, engure.ideas, engure.recusals)["I02"]
    shares = voting_shares(members(engure), recused)
    assert shares.by_sector == {"civil_society": 50, "private": 25, "public": 25}
    problems = decision_problems(shares, quorum=3)
    assert [(p.code, p.have, p.limit, p.sector) for p in problems] == [
        (ShareCode.SECTOR_OVER, 50, 49, "civil_society")
    ]


def test_sealed_and_read_back(engure):
    outcome = engure.outcome()
    data = to_data(outcome)
    assert from_data(data) == outcome
    assert data["standings"][0]["combined"] == {"exact": "2269/25", "shown": "90.76"}


@pytest.mark.parametrize("votes", [{}, dict.fromkeys(["I01", "I02"], 3)])
def test_votes_may_name_some_ideas_only(engure, votes):
    outcome = decide(engure.settings, engure.ideas, engure.scores, engure.recusals, votes)
    assert {s.idea: s.votes for s in outcome.standings if s.votes} == votes
