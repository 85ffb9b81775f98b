"""What a well-formed ballot is, for every way of voting, and the one form in which it is stored and sealed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class BallotProblem(StrEnum):
    """Why choices do not form a ballot; the page has a sentence for each."""

    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    UNKNOWN_OPTION = "unknown_option"
    TWICE = "twice"


class BallotError(ValueError):
    """Choices that do not form a ballot were about to be stored or counted."""


@dataclass(frozen=True)
class BallotForm:
    """What the round asks: the method, the options on offer and how many may be chosen, both ends included."""

    method: str
    options: tuple[str, ...]
    min_choices: int
    max_choices: int

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"no such way of voting: {self.method}")
        if not 0 <= self.min_choices <= self.max_choices:
            raise ValueError("a ballot form needs 0 <= min_choices <= max_choices")
        if len(set(self.options)) != len(self.options):
            raise ValueError("an option stands twice on the ballot form")


@dataclass(frozen=True)
class Problem:
    """What is wrong: how many were chosen and how many may be, or the option that should not be there."""

    code: BallotProblem
    chosen: int
    limit: int | None = None
    option: str | None = None


class BallotKind(Protocol):
    """One way of voting. A further one is a class like `ApprovalBallot` and a line in `METHODS`."""

    def check(self, form: BallotForm, choices: Sequence[str]) -> tuple[Problem, ...]:
        """Everything that is wrong with the choices; nothing when they form a ballot."""

    def canonical(self, choices: Sequence[str]) -> tuple[str, ...]:
        """The same ballot in the one order in which it is stored."""


class ApprovalBallot:
    """Choose from `min_choices` to `max_choices` options; their order means nothing."""

    def check(self, form: BallotForm, choices: Sequence[str]) -> tuple[Problem, ...]:
        count, known = len(choices), set(form.options)
        problems: list[Problem] = []
        if count > form.max_choices:
            problems.append(Problem(BallotProblem.TOO_MANY, count, limit=form.max_choices))
        if count < form.min_choices:
            problems.append(Problem(BallotProblem.TOO_FEW, count, limit=form.min_choices))
        # The list may come from anybody: each option is named once, however often it was sent.
        for option in sorted(set(choices) - known):
            problems.append(Problem(BallotProblem.UNKNOWN_OPTION, count, option=option))
        problems.extend(Problem(BallotProblem.TWICE, count, option=option) for option in _repeated(choices))
        return tuple(problems)

    def canonical(self, choices: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(choices))


METHODS: dict[str, BallotKind] = {"approval": ApprovalBallot()}


def check(form: BallotForm, choices: Sequence[str]) -> tuple[Problem, ...]:
    """Everything that is wrong with the choices under this form; an empty tuple means a well-formed ballot."""
    return METHODS[form.method].check(form, choices)


def canonical(form: BallotForm, choices: Sequence[str]) -> tuple[str, ...]:
    """The choices in the one order in which they are stored. Raises `BallotError` when they are not a ballot."""
    problems = check(form, choices)
    if problems:
        raise BallotError(", ".join(problem.code for problem in problems))
    return METHODS[form.method].canonical(choices)


def canonical_bytes(form: BallotForm, choices: Sequence[str]) -> bytes:
    """The ballot as the bytes that a commitment is made over: a JSON array, UTF-8, no spaces, sorted for approval."""
    return json.dumps(canonical(form, choices), ensure_ascii=False, separators=(",", ":")).encode()


def _repeated(choices: Sequence[str]) -> list[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for choice in choices:
        (twice if choice in seen else seen).add(choice)
    return sorted(twice)
