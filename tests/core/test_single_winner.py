"""Elections counted by hand in the literature, and what each rule makes of them."""

from fractions import Fraction

import pytest

from ideathon.core.tally.choosing import CountSettings, Step, Verdict
from ideathon.core.tally.counting import count
from ideathon.core.tally.election import Kind, election
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker, CountError
from tests.core.contests import RANKED, graded, named, possible, ranked, scored, tally

# The capital of Tennessee: Memphis, Nashville, Chattanooga, Knoxville; everybody wants it near.
TENNESSEE = ranked("MNCK", "42:MNCK 26:NCKM 15:CKNM 17:KCNM")
# Schulze 2011, example 1: 45 voters, five alternatives.
SCHULZE = ranked("ABCDE", "5:ACBED 5:ADECB 8:BEDAC 3:CABED 7:CAEBD 2:CBADE 7:DCEBA 8:EBADC")
# Condorcet 1785: a circle of three.
CIRCLE = ranked("ABC", "1:ABC 1:BCA 1:CAB")
# Borda 1781: 21 voters, the first by votes loses to each of the others.
BORDA = ranked("ABC", "1:ABC 7:ACB 7:BCA 6:CBA")


@pytest.mark.parametrize(("given", "rule", "winner"), [
    (TENNESSEE, "plurality", "M"), (TENNESSEE, "borda", "N"), (TENNESSEE, "irv", "K"), (TENNESSEE, "runoff", "N"),
    (TENNESSEE, "schulze", "N"), (TENNESSEE, "ranked-pairs", "N"),
    (SCHULZE, "schulze", "E"), (SCHULZE, "ranked-pairs", "A"),
    (BORDA, "plurality", "A"), (BORDA, "borda", "C"), (BORDA, "schulze", "C"), (BORDA, "irv", "B"),
])
def test_the_winner_is_the_known_one(given, rule, winner):
    assert possible(given, rule) == {winner}


@pytest.mark.parametrize(("given", "rule", "points"), [
    (TENNESSEE, "plurality", {"M": 42, "N": 26, "K": 17, "C": 15}),
    (TENNESSEE, "borda", {"N": 194, "C": 173, "M": 126, "K": 107}),
    (BORDA, "borda", {"C": 26, "B": 21, "A": 16}),
    (SCHULZE, "schulze", {"E": 4, "A": 3, "C": 2, "B": 1, "D": 0}),
    (TENNESSEE, "irv", {"K": 58, "M": 42, "N": 26, "C": 15}),
    (TENNESSEE, "runoff", {"N": 58, "M": 42, "K": 17, "C": 15}),
])
def test_the_points_are_the_known_ones(given, rule, points):
    assert {each.id: each.points for each in tally(given, rule).standings} == points


def test_the_paths_of_schulze_s_example_are_his():
    strengths = {("A", "B"): 28, ("A", "C"): 28, ("A", "D"): 30, ("A", "E"): 24, ("B", "A"): 25, ("B", "C"): 28,
                 ("B", "D"): 33, ("B", "E"): 24, ("C", "A"): 25, ("C", "B"): 29, ("C", "D"): 29, ("C", "E"): 24,
                 ("D", "A"): 25, ("D", "B"): 28, ("D", "C"): 28, ("D", "E"): 24, ("E", "A"): 25, ("E", "B"): 28,
                 ("E", "C"): 28, ("E", "D"): 31}
    found = {}
    for step in tally(SCHULZE, "schulze").steps:
        if step.kind == "path":
            found[step.project, step.facts["to"]] = step.facts["strength"]
            found[step.facts["to"], step.project] = step.facts["strength_back"]
    assert found == strengths


def test_the_locks_of_ranked_pairs_are_told_in_order():
    locks = [(step.kind, step.project, step.facts["over"], step.facts["margin"])
             for step in tally(SCHULZE, "ranked-pairs").steps if step.kind in {"locked", "skipped"}]
    assert locks == [
        ("locked", "B", "D", 21), ("locked", "E", "D", 17), ("locked", "A", "D", 15), ("locked", "C", "B", 13),
        ("skipped", "D", "C", 11), ("locked", "E", "B", 9), ("locked", "A", "C", 7), ("skipped", "B", "A", 5),
        ("locked", "C", "E", 3), ("skipped", "E", "A", 1)]


def test_the_rounds_of_ranked_choice_are_told():
    steps = [(step.kind, step.project, dict(step.facts)) for step in tally(TENNESSEE, "irv").steps]
    assert steps == [
        ("round", "", {"round": 1, "votes": {"M": 42, "N": 26, "C": 15, "K": 17}, "resting": 0}),
        ("eliminated", "C", {"round": 1, "votes": 15}),
        ("round", "", {"round": 2, "votes": {"M": 42, "N": 26, "K": 32}, "resting": 0}),
        ("eliminated", "N", {"round": 2, "votes": 26}),
        ("round", "", {"round": 3, "votes": {"M": 42, "K": 58}, "resting": 0}),
        ("won", "K", {"points": 58})]


@pytest.mark.parametrize("rule", RANKED)
def test_a_circle_stays_open_and_its_losers_are_tied(rule):
    counted = tally(CIRCLE, rule)
    assert (counted.winners, set(counted.possible)) == ((), {("A",), ("B",), ("C",)})
    assert {each.verdict for each in counted.standings} == {Verdict.TIED}


@pytest.mark.parametrize("rule", RANKED)
def test_a_declared_breaker_closes_the_circle(rule):
    assert possible(CIRCLE, rule, CountSettings(ties=(Breaker.EARLIER,))) == {"A"}


def test_equal_margins_leave_every_winner_of_some_order_possible():
    # 13 voters, discussed on the election-methods list in 2002: BC, AC, BD are locked, then AB, CD and DA have 3 each.
    given = ranked("ABCD", "5:ABCD 4:BDAC 3:CDAB 1:DBCA")
    assert possible(given, "ranked-pairs") == {"A", "B"}
    assert possible(given, "ranked-pairs", CountSettings(ties=(Breaker.LOT,), seed="s")) in ({"A"}, {"B"})


def test_more_support_can_harm_in_ranked_choice_and_in_a_run_off():
    before, after = "39:ABC 35:BCA 26:CAB", "49:ABC 25:BCA 26:CAB"      # ten of BCA put A first instead
    for rule in ("irv", "runoff"):
        assert possible(ranked("ABC", before), rule) == {"A"}
        assert possible(ranked("ABC", after), rule) == {"C"}


def test_ranked_choice_passes_over_the_middle_that_beats_everybody():
    given = ranked("LMR", "4:LMR 3:RML 2:MRL")
    assert (possible(given, "irv"), possible(given, "schulze")) == ({"R"}, {"M"})


def test_several_fall_out_at_once_only_when_no_order_of_them_could_save_one():
    steps = tally(ranked("ABCDE", "9:A 8:BA 3:CB 2:DC 1:EC"), "irv").steps
    assert [step.project for step in steps if step.kind == "eliminated" and step.facts["round"] == 1] == ["E", "D", "C"]
    steps = tally(ranked("ABCD", "9:A 5:BA 3:CB 2:DC"), "irv").steps      # 3 and 2 are not fewer than 5
    assert [step.project for step in steps if step.kind == "eliminated" and step.facts["round"] == 1] == ["D"]


def test_equal_last_ones_fall_out_in_every_way_or_as_the_breakers_say():
    given = ranked("ABC", "5:A 3:BC 3:CB")
    assert possible(given, "irv") == {"B", "C"}
    earlier = tally(given, "irv", CountSettings(ties=(Breaker.EARLIER,)))
    assert earlier.winners == ("B",)
    assert [(tie.projects, tie.by, tie.first) for tie in earlier.ties] == [(("B", "C"), Breaker.EARLIER, "B")]
    assert next(step.facts for step in earlier.steps if step.kind == "eliminated") == {
        "round": 1, "votes": 3, "equal": ("B", "C"), "by": "earlier"}


def test_ballots_without_a_further_name_rest():
    counted = tally(ranked("ABC", "4:A 3:BC 2:C"), "irv")
    assert [step.facts["resting"] for step in counted.steps if step.kind == "round"] == [0, 2]
    assert counted.winners == ("A",)


def test_what_a_short_ranking_does_not_name_shares_the_places_that_are_left():
    counted = tally(ranked("ABCDE", "1:A 1:BCD"), "borda")
    assert {each.id: each.points for each in counted.standings} == {"A": 3, "B": 4, "C": 3, "D": 2, "E": 0}
    assert {each.id: each.verdict for each in counted.standings}["E"] is Verdict.NO_VOTES   # it is not counted at all
    halves = tally(ranked("ABC", "1:A 1:BA 1:CBA"), "borda")
    assert halves.standings[0].points == Fraction(7, 2)


def test_plurality_has_one_vote_a_ballot():
    assert possible(election(named("ABC"), Kind.APPROVAL, [["A"], ["B"], ["B"], []]), "plurality") == {"B"}
    with pytest.raises(CountError, match="one vote a ballot"):
        tally(election(named("ABC"), Kind.APPROVAL, [["A", "B"]]), "plurality")


def test_approval_chooses_the_one_that_most_ballots_name():
    given = election(named("MNCK"), Kind.APPROVAL, [*["MN"] * 42, *["NC"] * 26, *["CK"] * 15, *["KC"] * 17])
    assert possible(given, "approval") == {"N"}
    assert {each.id: each.points for each in tally(given, "approval").standings} == {"N": 68, "C": 58, "M": 42, "K": 32}


# The four cities again, with scores from 0 to 5 by distance.
STAR = scored("MNCK", [(42, {"M": 5, "N": 2, "C": 1}), (26, {"N": 5, "C": 2, "K": 1}), (15, {"C": 5, "N": 3, "K": 4}),
                       (17, {"K": 5, "C": 4, "N": 2})])


def test_star_is_the_run_off_between_the_two_best_by_score():
    counted = tally(STAR, "runoff")
    assert counted.winners == ("N",)
    assert {each.id: each.points for each in counted.standings} == {"N": 293, "C": 237, "M": 210, "K": 171}
    assert Step("final", "", {"votes": {"N": 68, "C": 32}, "equal": 0}) in counted.steps


def test_star_can_choose_the_second_by_score_and_the_score_decides_an_equal_run_off():
    given = scored("AB", [(3, {"A": 3, "B": 2}), (2, {"B": 5})])
    assert (possible(given, "score"), possible(given, "runoff")) == ({"B"}, {"A"})
    assert possible(scored("AB", [(1, {"A": 5, "B": 1}), (1, {"B": 2})]), "runoff") == {"A"}


@pytest.mark.parametrize(("unnamed", "winner", "mean"), [(0, "A", Fraction(4)), (5, "B", Fraction(14, 3))])
def test_score_takes_what_is_not_named_at_the_declared_mark(unnamed, winner, mean):
    counted = tally(scored("AB", [(2, {"A": 4}), (1, {"A": 4, "B": 4})], unnamed), "score")
    assert (counted.winners, counted.standings[0].points) == ((winner,), mean)


def test_the_median_is_the_lower_one_and_equal_ones_part_when_medians_are_removed():
    # By hand: A 0 2 3 5, B 1 2 4 4: lower medians 2 and 2; without them 3 and 4.
    given = scored("AB", [(1, {"A": 0, "B": 1}), (1, {"A": 2, "B": 2}), (1, {"A": 3, "B": 4}), (1, {"A": 5, "B": 4})])
    counted = tally(given, "median")
    assert counted.winners == ("B",)
    assert Step("medians", "", {"removed": 1, "medians": {"A": "3", "B": "4"}}) in counted.steps
    assert possible(given, "score") == {"B"}
    assert possible(scored("AB", [(3, {"A": 3, "B": 2}), (2, {"B": 5})]), "median") == {"A"}


GRADES = ("reject", "poor", "acceptable", "good", "very good", "excellent")
# Balinski and Laraki's experiment at Orsay, 22 April 2007, in parts of a thousand: excellent down to reject.
ORSAY = graded(GRADES, {name: dict(zip(reversed(GRADES), numbers, strict=True)) for name, numbers in {
    "Royal": (167, 227, 191, 168, 122, 125), "Bayrou": (136, 307, 251, 148, 84, 74),
    "Sarkozy": (191, 198, 143, 115, 71, 282)}.items()})


def test_majority_judgement_at_orsay():
    counted = tally(ORSAY, "majority-judgement")
    assert counted.winners == ("Bayrou",)
    assert {step.project: step.facts["median"] for step in counted.steps if step.kind == "marks"} == dict.fromkeys(
        ("Royal", "Bayrou", "Sarkozy"), "good")
    # Without Bayrou the second is found: Royal, not Sarkozy, who has more of the best grade.
    without = election([project for project in ORSAY.projects if project.id != "Bayrou"], Kind.GRADES, [
        {ORSAY.projects[number].id: mark for number, mark in zip(choice, marks, strict=True) if number != 1}
        for choice, marks, many in zip(ORSAY.ballots.choices, ORSAY.ballots.marks, ORSAY.ballots.counts, strict=True)
        for _ in range(many)], grades=GRADES)
    assert possible(without, "majority-judgement") == {"Royal"}


def test_majority_judgement_removes_one_median_grade_after_the_other():
    # By hand, seven judges: A gggffpp, B ggffffp: medians f f g p g p g against f f f f g p g.
    words = ("p", "f", "g")
    given = graded(words, {"A": {"p": 2, "f": 2, "g": 3}, "B": {"p": 1, "f": 4, "g": 2}})
    counted = tally(given, "majority-judgement")
    assert counted.winners == ("A",)
    removed = [step.facts for step in counted.steps if step.kind == "medians"]
    assert removed == [{"removed": 2, "medians": {"A": "g", "B": "f"}}]


def test_projects_with_the_same_grades_stay_equal():
    given = graded(("p", "g"), {"A": {"p": 1, "g": 2}, "B": {"g": 2, "p": 1}, "C": {"p": 3}})
    assert possible(given, "majority-judgement") == {"A", "B"}
    counted = tally(given, "majority-judgement")
    assert {each.id: each.verdict for each in counted.standings} == {
        "A": Verdict.TIED, "B": Verdict.TIED, "C": Verdict.NO_VOTES}


@pytest.mark.parametrize("rule", RANKED)
def test_who_stays_below_the_threshold_cannot_win(rule):
    given = ranked("ABC", "5:AB 4:B 2:C")
    counted = tally(given, rule, CountSettings(threshold=3))
    assert {each.id: each.verdict for each in counted.standings}["C"] is Verdict.BELOW_THRESHOLD
    assert Step("out", "C", {"votes": 2, "threshold": 3}) in counted.steps
    nobody = tally(given, rule, CountSettings(threshold=100))
    assert (nobody.winners, nobody.possible, nobody.steps[-1]) == ((), ((),), Step("nobody"))


def test_a_sum_of_0_wins_nothing_and_is_said_to_be_below_the_threshold_when_somebody_was_for_it():
    counted = tally(scored("ABC", [(1, {"A": 2}), (1, {"A": -2, "B": -1})]), "score")
    assert counted.winners == ()
    assert {each.id: each.verdict for each in counted.standings} == {
        "A": Verdict.BELOW_THRESHOLD, "B": Verdict.NO_VOTES, "C": Verdict.NO_VOTES}


@pytest.mark.parametrize(("rule", "kind"), [(name, kind) for name, rule in ELECTION_RULES.items()
                                            if not rule.shares_money for kind in sorted(rule.kinds)])
def test_without_ballots_nobody_wins_and_a_lone_project_does(rule, kind):
    def one(names, ballots):
        return count(election(named(names), kind, ballots, grades=("p", "g")), ELECTION_RULES[rule], CountSettings())

    marked = kind in {Kind.POINTS, Kind.GRADES}
    assert one("AB", []).winners == one("", []).winners == one("AB", [{} if marked else []]).winners == ()
    assert one("A", [{"A": 1} if marked else ["A"]]).winners == ("A",)


def test_a_rule_refuses_ballots_that_it_cannot_read():
    with pytest.raises(CountError, match="ranking ballots"):
        tally(STAR, "irv")
    with pytest.raises(CountError, match="points"):
        tally(TENNESSEE, "score")
