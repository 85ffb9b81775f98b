"""How alike two short texts are, so that a person who writes an idea sees the ones that are already there."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_LONGEST = 2_000


class Match(NamedTuple):
    """A text that resembles what was typed: its key and its likeness, 0 to 100."""

    key: str
    likeness: int


def likeness(first: str, second: str) -> int:
    """Share of three-letter pieces that the two texts have in common: 0 (none) to 100 (all), symmetric.

    Jaccard's index over sets of character trigrams of each word with one space around it; case, accents, punctuation
    and the order of words do not count. Only the first 2000 characters are looked at. Of the twelve demo titles no two
    reach 31 in either language, and the same idea told in other words reaches 38 and more: hence `least=35`.
    """
    return _overlap(_trigrams(first), _trigrams(second))


def similar(text: str, others: Iterable[tuple[str, str]], least: int = 35, most: int = 3) -> tuple[Match, ...]:
    """The `most` others that are at least `least` alike, the most alike first, equal ones by key.

    `others` are pairs of a key and a text; the keys come back in the matches.
    """
    pieces = _trigrams(text)
    found = (Match(key, _overlap(pieces, _trigrams(other))) for key, other in others)
    return tuple(sorted((m for m in found if m.likeness >= least), key=lambda m: (-m.likeness, m.key))[:most])


def _overlap(first: frozenset[str], second: frozenset[str]) -> int:
    if not first or not second:
        return 0
    return 100 * len(first & second) // len(first | second)


def _trigrams(text: str) -> frozenset[str]:
    letters = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    plain = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    padded = (f" {word} " for word in plain.split())
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))
