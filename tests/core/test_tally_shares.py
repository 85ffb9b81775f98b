"""Who may decide: quorum, 49 % and half from outside the public side."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from ideathon.core.tally import Member, decision_problems, voting_shares


def body(**sectors: int) -> list[Member]:
    return [Member(f"{sector}{n}", sector) for sector, count in sectors.items() for n in range(count)]


@pytest.mark.parametrize(
    ("sectors", "codes"),
    [
        ({"public": 1, "private": 2, "civil": 2}, []),
        ({"public": 1, "private": 1, "civil": 2}, ["sector_over"]),
        ({"public": 2, "private": 1, "civil": 1}, ["public_over"]),
        ({"public": 3, "private": 1, "civil": 1}, ["public_over", "non_public_under"]),
        ({"public": 49, "private": 49, "civil": 2}, []),
        ({"public": 50, "private": 49, "civil": 1}, ["public_over"]),
        ({"private": 1}, ["no_quorum", "sector_over"]),
        ({}, ["no_quorum"]),
    ],
)
def test_problems(sectors, codes):
    assert sorted(p.code for p in decision_problems(voting_shares(body(**sectors)), quorum=3)) == sorted(codes)


def test_recused_members_count_neither_for_the_quorum_nor_for_the_shares():
    shares = voting_shares(body(public=1, private=2, civil=2), {"private0"})
    assert (shares.voters, shares.by_sector["civil"], shares.non_public) == (4, 50, 75)
    first, *_ = decision_problems(shares, quorum=5)
    assert (first.code, first.have, first.limit) == ("no_quorum", 4, 5)


def test_nobody_decides_nothing_even_without_a_quorum():
    assert [p.code for p in decision_problems(voting_shares([]), quorum=0)] == ["no_quorum"]


@given(st.dictionaries(st.sampled_from(["public", "private", "civil", "other"]), st.integers(1, 30), min_size=1))
def test_shares_are_exact_and_add_up(sectors):
    shares = voting_shares(body(**sectors))
    assert sum(shares.by_sector.values()) == 100
    assert shares.by_sector == {s: Fraction(100 * n, sum(sectors.values())) for s, n in sectors.items()}
    assert shares.non_public == 100 - shares.by_sector.get("public", 0)
