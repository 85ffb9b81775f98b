"""Sentences as data: an English pattern and what stands in it, to be said in any language.

A `Remark` is its own English text. `gettext` and `ngettext` are named so that the search for words finds the patterns.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

LONGEST = 80        # characters of somebody else's text within a sentence


class Remark(str):
    """One sentence or a part of one. `facts` are numbers, texts and further remarks; `one`, `many` are the patterns
    (`many` is "" where nothing is counted) and `number` is what is counted."""

    __slots__ = ("facts", "many", "number", "one")

    one: str
    many: str
    number: int
    facts: Mapping[str, Any]

    def __new__(cls, one: str, many: str, number: int, facts: Mapping[str, Any]) -> "Remark":
        """The English text, with the facts as they are."""
        pattern = many if many and number != 1 else one
        made = super().__new__(cls, pattern % {name: shown(fact) for name, fact in facts.items()})
        made.one, made.many, made.number, made.facts = one, many, number, MappingProxyType(dict(facts))
        return made


def gettext(pattern: str, **facts: Any) -> Remark:
    """A sentence; foreign texts in it are shortened."""
    return Remark(pattern, "", 0, {name: _short(fact) for name, fact in facts.items()})


def ngettext(one: str, many: str, number: int, **facts: Any) -> Remark:
    """A sentence about so many things, `%(num)s` in its patterns."""
    return Remark(one, many, number, {"num": number, **{name: _short(fact) for name, fact in facts.items()}})


def shown(fact: Any) -> str:
    """A fact as the English text has it; a number that is not whole with two decimals."""
    if isinstance(fact, Fraction) and fact.denominator != 1:
        return f"{float(fact):.2f}"
    return str(fact)


def _short(fact: Any) -> Any:
    if isinstance(fact, str) and not isinstance(fact, Remark) and len(fact) > LONGEST:
        return f"{fact[:LONGEST]}…"
    return fact
