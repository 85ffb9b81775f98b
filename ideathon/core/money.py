"""Money as whole cents: reading what a person typed, and writing it back plainly."""

import re
from enum import StrEnum

MAX_CENTS = 10**11
"""The largest amount taken: one thousand million euro."""

_LONGEST = 60
_SPACES = re.compile(r"\s+")
_CURRENCY = re.compile(r"^(?:EUR|euro|eiro|€) ?| ?(?:EUR|euro|eiro|€)$", re.IGNORECASE)
_SHAPE = re.compile(r"[0-9](?:[0-9 .,]*[0-9])?")
_GROUPED = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?: [0-9]{3})+")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


class MoneyProblem(StrEnum):
    """Why an amount cannot be read; the page has a sentence for each."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    AMBIGUOUS = "ambiguous"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"


class MoneyError(ValueError):
    """What was typed is not an amount of money that we can be sure of."""

    def __init__(self, reason: MoneyProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


def parse_cents(text: str) -> int:
    """Read an amount in euro and give whole cents, 0 to `MAX_CENTS`.

    Taken: `5400`, `50000,00`, `50 000.00EUR`, `264 787,03 EUR`, `€ 5 400`, `1,234,567`, with any kind of space.
    Raises `MoneyError` with a `MoneyProblem`. An amount that two people could read differently is refused:
    `12,345` (twelve euro or twelve thousand?) and `12,345.67` are both `AMBIGUOUS`.
    """
    amount = _bare(text)
    if amount.startswith(("-", "\u2212")):
        rest = _bare(amount[1:])
        raise MoneyError(MoneyProblem.NEGATIVE if _SHAPE.fullmatch(rest) else MoneyProblem.NOT_A_NUMBER)
    if not _SHAPE.fullmatch(amount):
        raise MoneyError(MoneyProblem.NOT_A_NUMBER if amount else MoneyProblem.EMPTY)
    whole, decimals = _split(amount)
    cents = int(whole) * 100 + int(decimals.ljust(2, "0"))
    if cents > MAX_CENTS:
        raise MoneyError(MoneyProblem.TOO_LARGE)
    return cents


def format_plain(cents: int) -> str:
    """Write cents with a point and two decimals, no separators: 540000 gives `5400.00`. For files and form fields."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _bare(text: str) -> str:
    """The amount without its currency and with single plain spaces."""
    text = text.strip()
    if len(text) > _LONGEST:
        # Refused before any further work: int() of a million digits would hold the process for minutes.
        raise MoneyError(MoneyProblem.TOO_LARGE if text.isdecimal() else MoneyProblem.NOT_A_NUMBER)
    return _CURRENCY.sub("", _SPACES.sub(" ", text)).strip()


def _split(amount: str) -> tuple[str, str]:
    """Digits before and after the decimal sign; `amount` holds digits, spaces, points and commas only."""
    points, commas = amount.count("."), amount.count(",")
    if points and commas:
        raise MoneyError(MoneyProblem.AMBIGUOUS)
    if points + commas > 1:
        return _thousands(amount), ""
    whole, _, decimals = amount.partition("." if points else ",")
    if not _GROUPED.fullmatch(whole) or " " in decimals:
        raise MoneyError(MoneyProblem.AMBIGUOUS)
    if len(decimals) > 2:
        # "12,345" could be thousands; "1234,567" and "0,345" could not.
        raise MoneyError(MoneyProblem.AMBIGUOUS if _THOUSANDS.fullmatch(amount) else MoneyProblem.TOO_PRECISE)
    return whole.replace(" ", ""), decimals


def _thousands(amount: str) -> str:
    """The digits of `1,234,567`: the same sign twice can only part thousands."""
    if not _THOUSANDS.fullmatch(amount):
        raise MoneyError(MoneyProblem.AMBIGUOUS)
    return amount.replace(".", "").replace(",", "")
