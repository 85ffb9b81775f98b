"""Every way of voting: what a well-formed ballot is, why one is not, and its one canonical form."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from ideathon.core.ballot_forms import FORMS
from ideathon.core.ballots import (
    METHODS,
    BallotError,
    BallotForm,
    BallotProblem,
    Problem,
    Scale,
    canonical,
    canonical_bytes,
    check,
    from_bytes,
)
from ideathon.core.tally.election import Kind, Project, election, points, votes
from ideathon.core.tally.from_ballots import KINDS, from_ballots
from ideathon.core.tally.settings import CountError

ABCD = ("A", "B", "C", "D")
HALVES = Scale(0, 3, Fraction(1, 2))
WORDS = ("poor", "fair", "good")
FORM = {
    "approval": BallotForm("approval", ABCD, 1, 2),
    "points": BallotForm("points", ABCD, 1, 3, points=10, on_one=6),
    "score": BallotForm("score", ABCD, 0, 4, scale=HALVES),
    "every score": BallotForm("score", ABCD, 0, 4, scale=Scale(-2, 2), complete=True),
    "grades": BallotForm("grades", ABCD, 1, 3, grades=WORDS),
    "every grade": BallotForm("grades", ABCD, 0, 4, grades=WORDS, complete=True),
    "ranking": BallotForm("ranking", ABCD, 1, 3),
    "every place": BallotForm("ranking", ABCD, 4, 4),
    "budget": BallotForm("budget", ABCD, 1, 4, costs=(60, 50, 40, 30), budget=100),
    "star": BallotForm("star", ABCD, 1, 3),
    "star in a budget": BallotForm("star", ABCD, 1, 4, costs=(60, 50, 40, 30), budget=100),
}
P = BallotProblem


@pytest.mark.parametrize(("form", "choices", "problems"), [
    ("points", {"A": 6, "B": 4}, []),
    ("points", {"A": 6, "B": 4, "C": 0, "D": 0}, []),
    ("points", {"A": 7, "B": 4}, [Problem(P.OVER_POINTS, 11, 10), Problem(P.OVER_ON_ONE, 7, 6, "A")]),
    ("points", {"A": -1, "B": 4}, [Problem(P.OFF_SCALE, -1, 0, "A")]),
    ("points", {"A": 1, "B": 1, "C": 1, "D": 1}, [Problem(P.TOO_MANY, 4, 3)]),
    ("points", {"A": 0}, [Problem(P.TOO_FEW, 0, 1)]),
    ("points", {"E": 1}, [Problem(P.UNKNOWN_OPTION, 1, option="E")]),
    ("points", {"A": Fraction(1, 2)}, [Problem(P.UNREADABLE, 0)]),
    ("points", {"A": True}, [Problem(P.UNREADABLE, 0)]),
    ("points", ["A"], [Problem(P.UNREADABLE, 0)]),
    ("score", {}, []),
    ("score", {"A": 3, "B": Fraction(5, 2), "C": 0}, []),
    ("score", {"A": Fraction(1, 3)}, [Problem(P.OFF_SCALE, Fraction(1, 3), None, "A")]),
    ("score", {"A": 4, "B": -1}, [Problem(P.OFF_SCALE, 4, 3, "A"), Problem(P.OFF_SCALE, -1, 0, "B")]),
    ("score", {"A": 1.5}, [Problem(P.UNREADABLE, 0)]),
    ("score", {"A": "good"}, [Problem(P.UNREADABLE, 0)]),
    ("every score", {"A": -2, "B": 0, "C": 2, "D": 1}, []),
    ("every score", {"A": 1, "B": 0, "E": 1}, [Problem(P.UNMARKED, 2, 4), Problem(P.UNKNOWN_OPTION, 3, option="E")]),
    ("grades", {"A": "good", "B": "poor"}, []),
    ("grades", {"A": "best", "B": "good"}, [Problem(P.UNKNOWN_GRADE, 2, option="A")]),
    ("grades", {"A": "poor"}, [Problem(P.TOO_FEW, 0, 1)]),
    ("grades", {"A": 1}, [Problem(P.UNREADABLE, 0)]),
    ("every grade", dict.fromkeys("ABC", "good"), [Problem(P.UNMARKED, 3, 4)]),
    ("ranking", ["C", "A"], []),
    ("ranking", ["C", "C"], [Problem(P.TWICE, 2, option="C")]),
    ("ranking", {"C": 1}, [Problem(P.UNREADABLE, 0)]),
    ("ranking", "ABC", [Problem(P.UNREADABLE, 0)]),
    ("every place", ["C", "A", "B"], [Problem(P.TOO_FEW, 3, 4)]),
    ("budget", ["A", "C"], []),
    ("budget", ["A", "B"], [Problem(P.OVER_BUDGET, 110, 100)]),
    ("budget", ["A", "E"], [Problem(P.UNKNOWN_OPTION, 2, option="E")]),
    ("budget", [1, 2], [Problem(P.UNREADABLE, 0)]),
    ("star", {"A": 1, "B": 2, "C": 1}, []),
    ("star", {}, [Problem(P.TOO_FEW, 0, 1)]),
    ("star", dict.fromkeys(ABCD, 1), [Problem(P.TOO_MANY, 4, 3)]),
    ("star", {"A": 1, "E": 1}, [Problem(P.UNKNOWN_OPTION, 2, option="E")]),
    ("star", {"A": 2, "B": 2}, [Problem(P.TOO_MANY_STARS, 2, 1)]),
    ("star", {"A": 3, "B": 0}, [Problem(P.OFF_SCALE, 3, 2, "A"), Problem(P.OFF_SCALE, 0, 1, "B")]),
    ("star in a budget", {"A": 2, "B": 1}, [Problem(P.OVER_BUDGET, 110, 100)]),
    ("star in a budget", {"A": 2, "C": 1}, []),
])
def test_what_is_wrong_is_said_with_its_numbers(form, choices, problems):
    assert list(check(FORM[form], choices)) == problems


@pytest.mark.parametrize(("form", "choices", "sealed"), [
    ("approval", ["B", "A"], b'["A","B"]'),
    ("budget", ["C", "A"], b'["A","C"]'),
    ("ranking", ["C", "A"], b'["C","A"]'),
    ("points", {"B": 4, "A": 6, "C": 0}, b'{"A":6,"B":4}'),
    ("score", {"B": Fraction(5, 2), "A": Fraction(2), "C": 0}, b'{"A":2,"B":"5/2"}'),
    ("every score", {"D": 0, "C": 0, "B": 1, "A": -2}, b'{"A":-2,"B":1,"C":0,"D":0}'),
    ("grades", {"B": "poor", "A": "good"}, b'{"A":"good"}'),
    ("star", {"B": 2, "A": 1}, b'{"A":1,"B":2}'),
])
def test_the_canonical_form_is_this(form, choices, sealed):
    assert canonical_bytes(FORM[form], choices) == sealed


@pytest.mark.parametrize("sealed", [
    b'["B","A"]', b'["A", "B"]', b'["A","A"]', b'{"A":1}', b"null", b"7", b"{", b"\xff"])
def test_other_bytes_are_no_ballot(sealed):
    with pytest.raises(BallotError):
        from_bytes(FORM["approval"], sealed)


@pytest.mark.parametrize("sealed", [b'{"A":0.5}', b'{"A":"1/0"}', b'{"A":"2/2"}', b'{"A":"0"}', b'{"A":NaN}'])
def test_other_marks_are_no_ballot(sealed):
    with pytest.raises(BallotError):
        from_bytes(FORM["score"], sealed)


def test_half_a_mark_is_stored_as_text_and_read_back():
    stored = canonical_bytes(FORM["score"], {"A": Fraction(1, 2), "B": 2})
    assert stored == b'{"A":"1/2","B":2}'
    assert from_bytes(FORM["score"], stored) == {"A": Fraction(1, 2), "B": 2}


@pytest.mark.parametrize("wrong", [
    {"method": "points"}, {"method": "points", "points": 3, "on_one": 4}, {"method": "score"}, {"method": "grades"},
    {"method": "grades", "grades": ("good", "good")}, {"method": "budget", "budget": 5},
    {"method": "budget", "budget": 0, "costs": (1, 1)}, {"method": "budget", "budget": 5, "costs": (0, 1)},
    {"method": "star", "budget": 5}, {"method": "approval", "complete": True},
    {"method": "score", "scale": Scale(0, 1), "complete": True, "max_choices": 1},
])
def test_a_form_that_lacks_what_its_method_needs_is_refused(wrong):
    with pytest.raises(ValueError, match=r"need|complete|every"):
        BallotForm(**{"options": ("A", "B"), "min_choices": 0, "max_choices": 2, **wrong})


@pytest.mark.parametrize("wrong", [(1, 1), (0, 5, 2), (0, 5, 0), (0, 5, 1, 7), (1, 5, 1, 0)])
def test_a_scale_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="scale"):
        Scale(*wrong)


@pytest.mark.parametrize("edge", [
    {"method": "approval", "min_choices": 2}, {"method": "approval", "min_choices": 0, "max_choices": 0},
    {"method": "points", "points": 1, "on_one": 1}, {"method": "points", "points": 3, "on_one": 3},
    {"method": "score", "scale": Scale(0, 1), "complete": True, "min_choices": 2},
    {"method": "grades", "grades": ("poor", "good")}, {"method": "budget", "budget": 1, "costs": (1, 1)},
    {"method": "star", "budget": 1, "costs": (1, 1)},
])
def test_a_form_at_the_edge_of_what_makes_sense_is_taken(edge):
    assert BallotForm(**{"options": ("A", "B"), "min_choices": 0, "max_choices": 2, **edge}).options == ("A", "B")


@pytest.mark.parametrize("wrong", [
    {"method": "points", "points": 3}, {"method": "points", "on_one": 1}, {"method": "grades", "grades": ("good",)},
    {"method": "budget", "budget": 5, "costs": (1,)}, {"method": "budget", "costs": (1, 1)},
    {"method": "points", "points": 3, "on_one": 1, "complete": True},
    {"method": "budget", "budget": 2, "costs": (1, 1), "complete": True}, {"method": "star", "complete": True},
    {"method": "score", "scale": Scale(0, 1), "complete": True, "options": ("A",), "min_choices": 2},
])
def test_a_form_just_past_the_edge_is_refused(wrong):
    with pytest.raises(ValueError, match=r"need|complete|every"):
        BallotForm(**{"options": ("A", "B"), "min_choices": 0, "max_choices": 2, **wrong})


def test_what_a_form_does_not_say_is_nothing():
    said = BallotForm("approval", ABCD, 1, 2, points=0, on_one=0, scale=None, grades=(), complete=False, costs=(),
                      budget=0)
    assert BallotForm("approval", ABCD, 1, 2) == said
    assert Scale(0, 5) == Scale(0, 5, step=1, unnamed=None)


@pytest.mark.parametrize("lowest", [0, 1, 2, -4])
def test_a_scale_takes_its_lowest_mark_and_whole_steps_from_there(lowest):
    scale = Scale(lowest, lowest + 9, 3)
    assert [mark - lowest for mark in range(lowest - 5, lowest + 15) if scale.takes(mark)] == [0, 3, 6, 9]


def test_a_name_is_sealed_as_it_is_written():
    form = BallotForm("approval", ("Rīga", "Ķekava"), 1, 2)
    assert canonical_bytes(form, ["Rīga", "Ķekava"]) == '["Rīga","Ķekava"]'.encode()
    assert from_bytes(form, '["Ķekava"]'.encode()) == ("Ķekava",)


def test_every_way_of_voting_is_known_everywhere():
    assert set(METHODS) == set(FORMS) == set(KINDS) == {form.method for form in FORM.values()}


# What anybody might send: right and wrong options, marks of every sort, lists and marks mixed up.
OPTIONS = st.sampled_from([*ABCD, "E"])
NAMES = st.lists(OPTIONS, max_size=5)
MARKS = st.one_of(st.integers(-3, 8), st.sampled_from([Fraction(1, 2), Fraction(3, 2), Fraction(2), Fraction(1, 3)]))
SENT = st.one_of(
    NAMES, st.dictionaries(OPTIONS, MARKS, max_size=5), st.dictionaries(OPTIONS, st.integers(0, 2), max_size=4),
    st.dictionaries(OPTIONS, st.sampled_from([*WORDS, "best"]), max_size=5),
    st.dictionaries(OPTIONS, st.one_of(st.booleans(), st.floats(), MARKS), max_size=2))
ANY_FORM = st.sampled_from(sorted(FORM)).map(FORM.__getitem__)


@st.composite
def well_formed(draw, form=ANY_FORM):
    """A form and a ballot of it."""
    form = draw(form)
    options = draw(st.permutations(form.options))
    some = options[: draw(st.integers(form.min_choices, min(form.max_choices, len(options))))]
    if form.complete:
        some = options
    if form.method in {"budget", "star"} and form.costs:
        costs = dict(zip(form.options, form.costs, strict=True))
        while sum(costs[name] for name in some) > form.budget:
            some = some[:-1]
    if form.method in {"approval", "ranking", "budget"}:
        return form, some
    if form.method == "points":
        return form, {name: draw(st.integers(1, 3)) for name in some} | dict.fromkeys(options[len(some):], 0)
    if form.method == "score":
        steps = (form.scale.highest - form.scale.lowest) / form.scale.step
        return form, {name: form.scale.lowest + form.scale.step * draw(st.integers(0, int(steps))) for name in some}
    if form.method == "grades":
        return form, {name: draw(st.sampled_from(WORDS[0 if form.complete else 1:])) for name in some}
    starred = draw(st.sampled_from([None, *some]))
    return form, {name: 2 if name == starred else 1 for name in some}


@given(well_formed())
def test_a_well_formed_ballot_has_no_problem_and_can_be_stored_and_read_back(found):
    form, choices = found
    assert check(form, choices) == ()
    assert from_bytes(form, canonical_bytes(form, choices)) == canonical(form, choices)


@given(ANY_FORM, SENT)
def test_the_canonical_form_of_a_canonical_form_is_itself_and_nothing_else_has_one(form, choices):
    if check(form, choices):
        with pytest.raises(BallotError):
            canonical_bytes(form, choices)
    else:
        once = canonical(form, choices)
        assert canonical(form, once) == once
        assert canonical_bytes(form, once) == canonical_bytes(form, choices)


@given(well_formed(), st.randoms())
def test_where_order_means_nothing_it_is_not_stored(found, random):
    form, choices = found
    parts = list(choices.items() if isinstance(choices, dict) else choices)
    mixed = random.sample(parts, len(parts))
    same = canonical_bytes(form, dict(mixed) if isinstance(choices, dict) else mixed) == canonical_bytes(form, choices)
    assert same == (form.method != "ranking" or mixed == parts)


@given(st.sampled_from(["points", "score", "grades"]), st.data())
def test_a_mark_that_means_nothing_is_not_stored(name, data):
    form, choices = data.draw(well_formed(st.just(FORM[name])))
    blank = {"points": 0, "score": 0, "grades": "poor"}[name]
    padded = dict.fromkeys(ABCD, blank) | dict(choices)
    assert canonical_bytes(form, padded) == canonical_bytes(form, choices)


@given(ANY_FORM, SENT)
def test_each_problem_has_its_cause(form, choices):
    marks = choices if isinstance(choices, dict) else {}
    for problem in check(form, choices):
        assert CAUSES[problem.code](form, choices, marks, problem)


def _costs(form, choices):
    return sum(cost for option, cost in zip(form.options, form.costs, strict=True) if option in choices)


def _used(form, choices):
    blank = {"points": 0, "score": form.scale and form.scale.blank, "grades": form.grades and WORDS[0]}
    if form.method not in blank:
        return len(choices)
    worthless = (lambda mark: mark <= 0) if form.method == "points" else (lambda mark: mark == blank[form.method])
    return sum(not worthless(mark) for mark in choices.values())


CAUSES = {
    P.TOO_MANY: lambda f, c, m, p: p.chosen == _used(f, c) > p.limit == f.max_choices,
    P.TOO_FEW: lambda f, c, m, p: p.chosen == _used(f, c) < p.limit == f.min_choices,
    P.UNKNOWN_OPTION: lambda f, c, m, p: p.option in c and p.option not in f.options,
    P.TWICE: lambda f, c, m, p: list(c).count(p.option) > 1,
    P.UNREADABLE: lambda f, c, m, p: (f.method in {"approval", "ranking", "budget"}) == isinstance(c, dict) or any(
        not isinstance(each, str if f.method == "grades" else Fraction | int if f.method == "score" else int)
        or isinstance(each, bool) for each in m.values()),
    P.OVER_POINTS: lambda f, c, m, p: p.chosen == sum(max(0, each) for each in m.values()) > p.limit == f.points,
    P.OVER_ON_ONE: lambda f, c, m, p: p.chosen == m[p.option] > p.limit == f.on_one,
    P.OFF_SCALE: lambda f, c, m, p: p.chosen == m[p.option] and (
        not f.scale.takes(p.chosen) if f.scale else p.chosen < 0 or (f.method == "star" and p.chosen not in {1, 2})),
    P.UNKNOWN_GRADE: lambda f, c, m, p: m[p.option] not in f.grades,
    P.UNMARKED: lambda f, c, m, p: f.complete and p.chosen == sum(each in f.options for each in m) < p.limit == 4,
    P.OVER_BUDGET: lambda f, c, m, p: p.chosen == _costs(f, c) > p.limit == f.budget,
    P.TOO_MANY_STARS: lambda f, c, m, p: p.chosen == list(m.values()).count(2) > p.limit == 1,
}


def test_every_problem_has_a_cause_that_is_looked_at():
    assert set(CAUSES) == set(BallotProblem)


PROJECTS = tuple(Project(name) for name in ABCD)


@pytest.mark.parametrize(("form", "cast", "kind", "sums"), [
    ("approval", [["B", "A"], ["A"]], Kind.APPROVAL, [2, 1, 0, 0]),
    ("budget", [["A", "C"], ["D"]], Kind.APPROVAL, [1, 0, 1, 1]),
    ("points", [{"A": 6, "B": 4}, {"B": 1}], Kind.POINTS, [6, 5, 0, 0]),
    ("star", [{"A": 2, "B": 1}, {"B": 1}], Kind.POINTS, [2, 2, 0, 0]),
    ("score", [{"A": Fraction(1, 2)}, {"A": 1, "B": 3}], Kind.POINTS, [Fraction(3, 2), 3, 0, 0]),
    ("every score", [{"A": -2, "B": 0, "C": 2, "D": 1}], Kind.POINTS, [-2, 0, 2, 1]),
    ("grades", [{"A": "good", "B": "fair"}, {"A": "fair"}], Kind.GRADES, [3, 1, 0, 0]),
    ("ranking", [["C", "A"], ["A"]], Kind.RANKING, [5, 0, 3, 0]),
])
def test_ballots_become_an_election(form, cast, kind, sums):
    made = from_ballots(FORM[form], PROJECTS, cast)
    assert made.ballots.kind is kind
    assert points(made) == sums
    assert made.ballots.cast == len(cast)


def test_a_score_that_is_not_given_counts_as_the_form_says():
    form = BallotForm("score", ABCD, 0, 4, scale=Scale(1, 5, unnamed=3))
    assert points(from_ballots(form, PROJECTS, [{"A": 5}, {"B": 1, "A": 3}])) == [8, 4, 6, 6]
    lowest = BallotForm("score", ABCD, 0, 4, scale=Scale(1, 5))
    assert points(from_ballots(lowest, PROJECTS, [{"A": 5}])) == [5, 1, 1, 1]


def test_equal_ballots_are_kept_once_and_grades_keep_their_words():
    made = from_ballots(FORM["grades"], PROJECTS, [{"A": "good", "B": "poor"}, {"A": "good"}])
    assert (list(made.ballots.counts), made.ballots.grades) == ([2], WORDS)


def test_what_is_no_ballot_or_of_another_list_is_not_counted():
    with pytest.raises(BallotError):
        from_ballots(FORM["approval"], PROJECTS, [["A", "B", "C"]])
    with pytest.raises(CountError, match="other projects"):
        from_ballots(FORM["approval"], PROJECTS[:3], [["A"]])


@given(st.lists(st.permutations(ABCD).flatmap(lambda each: st.integers(1, 2).map(lambda n: each[:n]))))
def test_approvals_are_counted_as_they_were_cast(cast):
    made = from_ballots(FORM["approval"], PROJECTS, cast)
    assert votes(made) == votes(election(PROJECTS, Kind.APPROVAL, cast))
    assert json.loads(canonical_bytes(FORM["approval"], ["B", "A"])) == ["A", "B"]
