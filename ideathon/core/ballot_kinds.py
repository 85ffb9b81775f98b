"""The ways of voting: for each, what is wrong with a ballot, and its one canonical form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol, TypeGuard, TypeVar

from ideathon.core.ballot_forms import BallotForm, BallotProblem, Choices, Mark, Problem, Scale

Canonical = tuple[str, ...] | dict[str, Mark]
"""A ballot as it is stored: names in order, or marks in the order of the names."""

UNREADABLE = (Problem(BallotProblem.UNREADABLE, 0),)
_M = TypeVar("_M", int, int | Fraction, str)


class BallotKind(Protocol):
    """One way of voting. A further one is a class like `ApprovalBallot` and a line in `METHODS` and `FORMS`."""

    def check(self, form: BallotForm, choices: Choices) -> tuple[Problem, ...]:
        """Everything that is wrong with the choices; nothing when they form a ballot."""

    def canonical(self, form: BallotForm, choices: Choices) -> Canonical:
        """The same ballot in the one order in which it is stored."""


class ApprovalBallot:
    """Choose from `min_choices` to `max_choices` options; their order means nothing."""

    def check(self, form: BallotForm, choices: Choices) -> tuple[Problem, ...]:
        if not _names(choices):
            return UNREADABLE
        return (*how_many(form, len(choices)), *strangers(form, choices),
                *(Problem(BallotProblem.TWICE, len(choices), option=option) for option in _repeated(choices)))

    def canonical(self, form: BallotForm, choices: Choices) -> Canonical:
        return tuple(sorted(choices))


class RankingBallot(ApprovalBallot):
    """Name options from best to worst; what is not named stands below, equal. Complete where `min_choices` is all."""

    def canonical(self, form: BallotForm, choices: Choices) -> Canonical:
        return tuple(choices)


class BudgetBallot(ApprovalBallot):
    """Choose options until the sum is used up (knapsack voting: Goel, Krishnaswamy, Sakshuwong and Aitamurto 2019)."""

    def check(self, form: BallotForm, choices: Choices) -> tuple[Problem, ...]:
        problems = super().check(form, choices)
        return (*problems, *over_budget(form, choices)) if _names(choices) else problems


class PointsBallot:
    """Share out points: so many in all, so many on one at most; cumulative voting. Nothing and 0 are the same."""

    def check(self, form: BallotForm, choices: Choices) -> tuple[Problem, ...]:
        marks = _marks(choices, _whole)
        if marks is None:
            return UNREADABLE
        given = sum(mark for mark in marks.values() if mark > 0)
        problems = [*how_many(form, sum(mark > 0 for mark in marks.values())), *strangers(form, marks)]
        if given > form.points:
            problems.append(Problem(BallotProblem.OVER_POINTS, given, form.points))
        for option, mark in sorted(marks.items()):
            if mark < 0:
                problems.append(Problem(BallotProblem.OFF_SCALE, mark, 0, option))
            elif mark > form.on_one:
                problems.append(Problem(BallotProblem.OVER_ON_ONE, mark, form.on_one, option))
        return tuple(problems)

    def canonical(self, form: BallotForm, choices: Choices) -> Canonical:
        return {option: mark for option, mark in _pairs(choices) if mark}


class ScoreBallot:
    """A mark of the scale beside each option. What is not marked counts as the scale's `blank`, so both are one ballot;
    where the form is complete every option has a mark. `min_choices` and `max_choices` count marks that are not blank.
    """

    def check(self, form: BallotForm, choices: Choices) -> tuple[Problem, ...]:
        marks = _marks(choices, _exact)
        if marks is None:
            return UNREADABLE
        scale = _scale(form)
        off = [Problem(BallotProblem.OFF_SCALE, mark, _passed(scale, mark), option)
               for option, mark in sorted(marks.items()) if not scale.takes(mark)]
        return (*marked(form, marks, scale.blank), *strangers(form, marks), *off)

    def canonical(self, form: BallotForm, choices: Choices) -> Canonical:
        blank = _scale(form).blank
        return {option: _simple(mark) for option, mark in _pairs(choices) if form.complete or mark != blank}


class GradesBallot:
    """A grade in words beside each option (majority judgement: Balinski and Laraki 2007). No grade is the worst one,
    so both are one ballot; where the form is complete every option has a grade. `min_choices` and `max_choices` count
    grades above the worst.
    """

    def check(self, form: BallotForm, choices: Choices) -> tuple[Problem, ...]:
        marks = _marks(choices, _word)
        if marks is None:
            return UNREADABLE
        unknown = [Problem(BallotProblem.UNKNOWN_GRADE, len(marks), option=option)
                   for option, mark in sorted(marks.items()) if mark not in form.grades]
        return (*marked(form, marks, form.grades[0]), *strangers(form, marks), *unknown)

    def canonical(self, form: BallotForm, choices: Choices) -> Canonical:
        return {option: mark for option, mark in _pairs(choices) if form.complete or mark != form.grades[0]}


class StarBallot:
    """Choose options, up to so many or until the sum is used up, and star at most one: it counts double.

    A mark of 1 is a choice, of 2 the starred one. Source: Reykjavík's Hverfið mitt (a star doubles the vote).
    """

    def check(self, form: BallotForm, choices: Choices) -> tuple[Problem, ...]:
        marks = _marks(choices, _whole)
        if marks is None:
            return UNREADABLE
        stars = sum(mark == 2 for mark in marks.values())
        problems = [*how_many(form, len(marks)), *strangers(form, marks), *over_budget(form, marks)]
        if stars > 1:
            problems.append(Problem(BallotProblem.TOO_MANY_STARS, stars, 1))
        problems.extend(Problem(BallotProblem.OFF_SCALE, mark, 1 if mark < 1 else 2, option)
                        for option, mark in sorted(marks.items()) if mark not in {1, 2})
        return tuple(problems)

    def canonical(self, form: BallotForm, choices: Choices) -> Canonical:
        return dict(_pairs(choices))


METHODS: dict[str, BallotKind] = {
    "approval": ApprovalBallot(), "points": PointsBallot(), "score": ScoreBallot(), "grades": GradesBallot(),
    "ranking": RankingBallot(), "budget": BudgetBallot(), "star": StarBallot()}


def how_many(form: BallotForm, count: int) -> list[Problem]:
    """More or fewer options than may be chosen."""
    if count > form.max_choices:
        return [Problem(BallotProblem.TOO_MANY, count, limit=form.max_choices)]
    if count < form.min_choices:
        return [Problem(BallotProblem.TOO_FEW, count, limit=form.min_choices)]
    return []


def marked(form: BallotForm, choices: Mapping[str, Mark], blank: Mark) -> list[Problem]:
    """Marks left out where every option needs one; else more or fewer than may be marked otherwise than blank."""
    if form.complete:
        count = len(set(form.options) & set(choices))
        return [Problem(BallotProblem.UNMARKED, count, len(form.options))] if count < len(form.options) else []
    return how_many(form, sum(mark != blank for mark in choices.values()))


def strangers(form: BallotForm, choices: Iterable[str]) -> list[Problem]:
    """Options that the form does not offer. The list may come from anybody: each is named once, however often sent."""
    sent = list(choices)
    return [Problem(BallotProblem.UNKNOWN_OPTION, len(sent), option=option)
            for option in sorted(set(sent) - set(form.options))]


def over_budget(form: BallotForm, choices: Iterable[str]) -> list[Problem]:
    """What was chosen costs more than the form's budget; nothing where the form has none."""
    costs = dict(zip(form.options, form.costs, strict=False))
    spent = sum(costs.get(option, 0) for option in set(choices))
    return [Problem(BallotProblem.OVER_BUDGET, spent, form.budget)] if form.budget and spent > form.budget else []


def _names(choices: Choices) -> bool:
    return (not isinstance(choices, Mapping | str) and isinstance(choices, Sequence)
            and all(isinstance(choice, str) for choice in choices))


def _pairs(choices: Choices) -> list[tuple[str, Mark]]:
    return sorted(choices.items()) if isinstance(choices, Mapping) else []


def _marks(choices: Choices, fits: Callable[[object], TypeGuard[_M]]) -> dict[str, _M] | None:
    """The marks, when these are marks of one kind beside names; else nothing."""
    if not isinstance(choices, Mapping) or not all(isinstance(option, str) for option in choices):
        return None
    found = {option: mark for option, mark in choices.items() if fits(mark)}
    return found if len(found) == len(choices) else None


def _exact(mark: object) -> TypeGuard[int | Fraction]:
    return isinstance(mark, int | Fraction) and not isinstance(mark, bool)


def _whole(mark: object) -> TypeGuard[int]:
    return isinstance(mark, int) and not isinstance(mark, bool)


def _word(mark: object) -> TypeGuard[str]:
    return isinstance(mark, str)


def _simple(mark: Mark) -> Mark:
    return int(mark) if isinstance(mark, Fraction) and mark.denominator == 1 else mark


def _passed(scale: Scale, mark: int | Fraction) -> int | Fraction | None:
    return scale.lowest if mark < scale.lowest else scale.highest if mark > scale.highest else None


def _scale(form: BallotForm) -> Scale:
    if form.scale is None:
        raise ValueError("a score needs a scale")
    return form.scale


def _repeated(choices: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for choice in choices:
        (twice if choice in seen else seen).add(choice)
    return sorted(twice)
