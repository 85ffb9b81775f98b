"""Whether a body may decide: quorum, and no public side or single interest with too many of the voting rights."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MOST_PERCENT = 49
LEAST_NON_PUBLIC_PERCENT = 50
PUBLIC = "public"


class ShareCode(StrEnum):
    """Why the body may not decide; the page has a sentence for each."""

    NO_QUORUM = "no_quorum"
    PUBLIC_OVER = "public_over"
    SECTOR_OVER = "sector_over"
    NON_PUBLIC_UNDER = "non_public_under"


@dataclass(frozen=True)
class Member:
    """A person who may vote in the decision, and the sector that they stand for."""

    id: str
    sector: str


@dataclass(frozen=True)
class Shares:
    """Who is left to vote and each sector's exact share in percent, 0 to 100, by the sector's name."""

    voters: int
    by_sector: dict[str, Fraction]

    @property
    def non_public(self) -> Fraction:
        """Share of everybody who does not stand for a public authority, in percent; 0 when nobody votes."""
        return sum((share for sector, share in self.by_sector.items() if sector != PUBLIC), Fraction(0))


@dataclass(frozen=True)
class ShareProblem:
    """What is wrong: percent or persons there are (`have`) and the limit, and the sector it concerns."""

    code: ShareCode
    have: Fraction
    limit: int
    sector: str = ""


def voting_shares(present: Iterable[Member], recused: Collection[str] = ()) -> Shares:
    """The shares among members present and not recused."""
    sectors = Counter(member.sector for member in present if member.id not in recused)
    voters = sectors.total()
    return Shares(voters, {sector: Fraction(100 * sectors[sector], voters) for sector in sorted(sectors)})


def decision_problems(shares: Shares, quorum: int) -> tuple[ShareProblem, ...]:
    """Everything that keeps the body from deciding; an empty tuple means that it may.

    At least `quorum` voters, public and every single sector at most 49 %, non-public at least 50 %.
    Source: Regulation (EU) 1303/2013, articles 32(2)(b) and 34(3)(b); counted after recusals.
    """
    problems: list[ShareProblem] = []
    if shares.voters < max(quorum, 1):
        problems.append(ShareProblem(ShareCode.NO_QUORUM, Fraction(shares.voters), max(quorum, 1)))
    for sector, share in shares.by_sector.items():
        if share > MOST_PERCENT:
            code = ShareCode.PUBLIC_OVER if sector == PUBLIC else ShareCode.SECTOR_OVER
            problems.append(ShareProblem(code, share, MOST_PERCENT, sector))
    if shares.voters and shares.non_public < LEAST_NON_PUBLIC_PERCENT:
        problems.append(ShareProblem(ShareCode.NON_PUBLIC_UNDER, shares.non_public, LEAST_NON_PUBLIC_PERCENT))
    return tuple(problems)
