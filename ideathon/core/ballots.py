"""What a well-formed ballot is, for every way of voting, and the one form in which it is stored and sealed."""

import json
from fractions import Fraction
from typing import Any

from ideathon.core.ballot_forms import BallotError, BallotForm, BallotProblem, Choices, Mark, Problem, Scale
from ideathon.core.ballot_kinds import METHODS, Canonical


def check(form: BallotForm, choices: Choices) -> tuple[Problem, ...]:
    """Everything that is wrong with the choices under this form; an empty tuple means a well-formed ballot."""
    return METHODS[form.method].check(form, choices)


def canonical(form: BallotForm, choices: Choices) -> Canonical:
    """The choices in the one form in which they are stored: names in order, or marks in the order of the names.

    Raises `BallotError` when they are not a ballot.
    """
    problems = check(form, choices)
    if problems:
        raise BallotError(", ".join(problem.code for problem in problems))
    return METHODS[form.method].canonical(form, choices)


def canonical_bytes(form: BallotForm, choices: Choices) -> bytes:
    """The ballot as the bytes that a commitment is made over: JSON in UTF-8 without spaces.

    An array of names (sorted for approval and budget, in the order of preference for a ranking), or an object of marks
    sorted by name; a mark that is no whole number stands as text, "7/2". Raises `BallotError` as `canonical` does.
    """
    return json.dumps(canonical(form, choices), ensure_ascii=False, separators=(",", ":"), default=str).encode()


def from_bytes(form: BallotForm, sealed: bytes) -> Canonical:
    """The ballot that these bytes say, back from storage. Raises `BallotError` for anything but a canonical form."""
    try:
        read = json.loads(sealed)
        choices = {option: _mark(form, mark) for option, mark in read.items()} if isinstance(read, dict) else read
        if canonical_bytes(form, choices) == sealed:
            return canonical(form, choices)
    except (ValueError, TypeError, ZeroDivisionError) as error:
        raise BallotError("these bytes are no ballot of this form") from error
    raise BallotError("these bytes are not the canonical form of their ballot")


def _mark(form: BallotForm, mark: Any) -> Mark:
    """A mark as JSON holds it; in a score text is a fraction."""
    if isinstance(mark, str) and form.method == "score":
        return Fraction(mark)
    return mark     # type: ignore[no-any-return]


__all__ = ["METHODS", "BallotError", "BallotForm", "BallotProblem", "Canonical", "Choices", "Mark", "Problem", "Scale",
           "canonical", "canonical_bytes", "check", "from_bytes"]
