"""What holds for every count, whatever was scored and voted."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

from hypothesis import given, strategies as st

from ideathon.core.tally import (
    Blend,
    Breaker,
    Criterion,
    Idea,
    Missing,
    Outcome,
    Recusal,
    Scope,
    Score,
    Settings,
    decide,
    explain,
    from_data,
    recount,
    to_data,
    votes_to_audience,
    votes_to_win,
)

NAMES = ("A", "B", "C", "D", "E")
JURORS = ("J1", "J2", "J3")
WITHOUT_LOT = (Breaker.JURY, Breaker.FIRST_CRITERION, Breaker.VOTES)
RUBRIC_OF_ONE = (Criterion("K1", 1, 100, eliminatory=True),)
# Few different numbers, so that ties are common.
WEIGHTS = st.sampled_from([0, 1, 40, 60, Fraction(1, 3)])


NUMBERS = st.integers(0, 2)
VOTES = st.integers(0, 4)
POINTS = st.sampled_from([None, *(points for points in range(3) for _ in range(3))])     # None: no score, once in ten
IDEAS = st.lists(st.tuples(st.sampled_from(["", "C1"]), NUMBERS, NUMBERS), max_size=5)


@cache
def settings(breakers: tuple[Breaker, ...]) -> st.SearchStrategy[Settings]:
    """Built once: a strategy that is built at every draw takes longer than the draw."""
    return st.fixed_dictionaries({
        "weights": st.tuples(WEIGHTS, WEIGHTS).filter(any), "first": st.sampled_from([1, 25]),
        "eliminatory": st.booleans(), "threshold_jury": st.sampled_from([0, 25, 50]),
        "min_jurors": st.integers(1, 2), "recusal_scope": st.sampled_from(Scope),
        "ties": st.lists(st.sampled_from(breakers), unique=True).map(tuple), "blend": st.sampled_from(Blend),
        "threshold_votes": st.sampled_from([0, 0, 2]), "quorum": st.sampled_from([0, 0, 5]),
        "missing": st.sampled_from(Missing)}).map(_settings)


def _settings(drawn: dict) -> Settings:
    jury, residents = drawn.pop("weights")
    rubric = (Criterion("K1", drawn.pop("first"), 2, eliminatory=drawn.pop("eliminatory")), Criterion("K2", 1, 2))
    return Settings(criteria=rubric, jury_weight=jury, resident_weight=residents, seed="seed", **drawn)


@cache
def recusals(names: tuple[str, ...]) -> st.SearchStrategy[list[Recusal]]:
    conflicts = st.sampled_from([None, *names])
    return st.lists(st.builds(Recusal, st.sampled_from(JURORS), conflicts), max_size=2)


@cache
@st.composite
def days(draw, breakers=tuple(Breaker)) -> dict:
    """Everything that `decide` takes, by its parameters' names."""
    ideas = [Idea(name, *facts) for name, facts in zip(NAMES, draw(IDEAS), strict=False)]
    scores = [
        Score(juror, idea.id, criterion, points)
        for juror in JURORS for idea in ideas for criterion in ("K1", "K2") if (points := draw(POINTS)) is not None
    ]
    votes = {idea.id: draw(VOTES) for idea in ideas}
    return {
        "settings": draw(settings(breakers)),
        "ideas": ideas,
        "scores": scores,
        "recusals": draw(recusals(tuple(idea.id for idea in ideas))),
        "votes": votes,
        "ballots": max(votes.values(), default=0) + draw(NUMBERS),
        "jurors": JURORS,
    }


def with_votes(day: dict, idea: str, more: int) -> dict:
    """The day with further votes for one idea, each on a ballot of its own."""
    return dict(day, votes={**day["votes"], idea: day["votes"][idea] + more}, ballots=day["ballots"] + more)


def places(outcome: Outcome) -> dict[str, int | None]:
    return {standing.idea: standing.place for standing in outcome.standings}


@given(days(), st.randoms())
def test_the_order_of_the_material_changes_nothing(day, random):
    mixed = dict(day, votes=dict(sorted(day["votes"].items(), key=lambda _: random.random())))
    for part in ("ideas", "scores", "recusals", "jurors"):
        mixed[part] = random.sample(day[part], len(day[part]))
    assert decide(**mixed) == decide(**day)


@given(days(), st.sampled_from([2, Fraction(1, 7), 100]))
def test_only_the_shares_of_weights_count(day, factor):
    rules = day["settings"]
    scaled = replace(
        rules,
        criteria=tuple(replace(c, weight=c.weight * factor) for c in rules.criteria),
        jury_weight=rules.jury_weight * factor,
        resident_weight=rules.resident_weight * factor,
    )
    assert decide(**dict(day, settings=scaled)).standings == decide(**day).standings


@given(days(), st.data())
def test_points_of_a_recused_juror_have_no_influence(day, data):
    wide = dict(day, recusals=[*day["recusals"], Recusal("J1", None)])
    others = [score for score in day["scores"] if score.juror != "J1"]
    rewritten = [replace(s, points=data.draw(st.integers(0, 2))) for s in day["scores"] if s.juror == "J1"]
    assert decide(**wide) == decide(**dict(wide, scores=others)) == decide(**dict(wide, scores=others + rewritten))


@given(days(), st.integers(1, 3), st.data())
def test_more_votes_for_an_idea_never_lower_its_place(day, more, data):
    """Holds for the idea itself. Two others may change order, because the most votes are the measure: see below."""
    for name in day["votes"]:
        before, after = (places(decide(**one))[name] for one in (day, with_votes(day, name, more)))
        assert after == before if before is None else after <= before


def test_a_vote_for_the_leader_may_change_the_order_of_two_others():
    """An honest limit of `100 * votes / most votes`, kept here so that nobody is surprised by it."""
    rubric = (Criterion("K1", 1, 1000),)
    day = {
        "settings": Settings(criteria=rubric, jury_weight=60, resident_weight=40, ties=()),
        "ideas": [Idea("A"), Idea("B"), Idea("C")],
        "scores": [Score("J1", "A", "K1", 900), Score("J1", "B", "K1", 500), Score("J1", "C", "K1", 566)],
        "recusals": [],
    }
    assert places(decide(**day, votes={"A": 10, "B": 6, "C": 5})) == {"A": 1, "B": 2, "C": 3}
    assert places(decide(**day, votes={"A": 11, "B": 6, "C": 5})) == {"A": 1, "C": 2, "B": 3}


@given(days(WITHOUT_LOT), st.permutations(NAMES))
def test_names_decide_nothing_but_the_lot(day, names):
    new = dict(zip(NAMES, names, strict=True))
    renamed = dict(
        day,
        ideas=[replace(idea, id=new[idea.id]) for idea in day["ideas"]],
        scores=[replace(score, idea=new[score.idea]) for score in day["scores"]],
        recusals=[replace(r, idea=r.idea and new[r.idea]) for r in day["recusals"]],
        votes={new[idea]: count for idea, count in day["votes"].items()},
    )
    assert places(decide(**renamed)) == {new[idea]: place for idea, place in places(decide(**day)).items()}


@given(days())
def test_places_follow_points_and_equal_places_only_what_no_breaker_parts(day):
    outcome = decide(**day)
    ranked = [s for s in outcome.standings if s.place is not None]
    assert [s.combined for s in ranked] == sorted((s.combined for s in ranked), reverse=True)
    for at, standing in enumerate(ranked):
        assert standing.place == 1 + sum(s.place < standing.place for s in ranked)
        assert standing.place <= at + 1
    if Breaker.LOT in day["settings"].ties:
        assert [s.place for s in ranked] == list(range(1, len(ranked) + 1))


@given(days())
def test_points_are_exact_and_in_range(day):
    for standing in decide(**day).standings:
        for points in (standing.jury, standing.residents, standing.combined):
            assert isinstance(points, Fraction)
            assert 0 <= points <= 100


@given(days())
def test_any_outcome_can_be_sealed_and_explained(day):
    outcome = decide(**day)
    assert from_data(to_data(outcome)) == outcome
    assert [reason.idea for reason in explain(outcome)] == [standing.idea for standing in outcome.standings]


@given(days())
def test_what_is_sealed_is_enough_to_count_it_again_and_by_every_other_blend(day):
    """So anybody can recount the public outcome, although no juror's points are in it."""
    sealed = from_data(to_data(decide(**day)))
    assert recount(sealed) == sealed
    for blend in Blend:
        other = replace(day["settings"], blend=blend)
        assert recount(sealed, other) == decide(**dict(day, settings=other))


def least(holds, found: int | None) -> None:
    """The found number is the least from 1 for which it holds; None when it holds for none."""
    if found is None:
        assert not any(holds(n) for n in (1, 2, 3, 4, 5, 8, 1000))
    else:
        assert found >= 1
        assert holds(found)
        assert not any(holds(n) for n in range(1, min(found, 12)))
        assert found == 1 or not holds(found - 1)


@given(days())
def test_votes_to_win_are_the_least_by_whole_recount(day):
    """Under every blend, threshold, quorum and breaker."""
    outcome = decide(**day)
    for idea in day["votes"]:
        if outcome.winner != idea:
            least(lambda n, idea=idea: decide(**with_votes(day, idea, n)).winner == idea, votes_to_win(outcome, idea))


@given(days())
def test_votes_to_the_audience_prize_are_the_least_by_whole_recount(day):
    outcome = decide(**day)
    for idea in day["votes"]:
        if outcome.audience != (idea,):
            least(lambda n, idea=idea: decide(**with_votes(day, idea, n)).audience == (idea,),
                  votes_to_audience(outcome, idea))


@given(days())
def test_the_reserve_and_the_winner_can_win_and_a_quorum_bars_all_or_none(day):
    outcome = decide(**day)
    assert all(outcome.standing(idea).eligible for idea in (*outcome.winners, *outcome.audience))
    placed = [s for s in outcome.standings if s.place is not None]
    assert {s.bar == "no_quorum" for s in placed} <= {day["ballots"] < day["settings"].quorum}


@given(days())
def test_by_rank_only_the_order_of_points_and_votes_counts(day):
    """Votes squared, and a vote more where there was one, leave every place as it was."""
    ranked = replace(day["settings"], blend=Blend.RANK, threshold_votes=0, quorum=0)
    votes = {idea: count * count + (count > 0) for idea, count in day["votes"].items()}
    same = dict(day, settings=ranked), dict(day, settings=ranked, votes=votes, ballots=1000)
    assert places(decide(**same[0])) == places(decide(**same[1]))


@given(days())
def test_by_rank_the_points_of_each_side_add_up_to_fifty_an_idea(day):
    ranked = decide(**dict(day, settings=replace(day["settings"], blend=Blend.RANK)))
    placed = [s for s in ranked.standings if s.place is not None]
    if len(placed) > 1:
        assert sum(s.residents for s in placed) == sum(s.jury_side for s in placed) == 50 * len(placed)


@given(days())
def test_the_audience_prize_goes_by_votes_among_ideas_that_can_win(day):
    outcome = decide(**dict(day, settings=replace(day["settings"], blend=Blend.SEPARATE)))
    able = [s for s in outcome.standings if s.eligible and s.votes]
    most = max((s.votes for s in able), default=0)
    assert set(outcome.audience) <= {s.idea for s in able if s.votes == most}
    assert bool(outcome.audience) == bool(able)
    if Breaker.LOT in day["settings"].ties:
        assert len(outcome.audience) <= 1
