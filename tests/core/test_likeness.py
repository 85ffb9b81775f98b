"""Similar ideas are found, different ones are not."""

from itertools import combinations

import pytest
from hypothesis import given, strategies as st

from ideathon.core.likeness import Match, likeness, similar

SAME_IDEA = [
    ("Zivju galds ostā", "Zivju galdi ostas laukumā"),
    ("Zivju galds ostā", "Zivju tirgus galds Engures ostā"),
    ("Kopienas kūpinātava un meistarklases", "Kūpinātava kopienai"),
    ("Takas stāsti", "Stāsti par takām"),
    ("Šķiro pludmalē", "Atkritumu šķirošana pludmalē"),
    ("Neighbours' ride-share", "Ride sharing with neighbours"),
    ("Shared cargo bikes", "Cargo bikes to share"),
    ("Co-working by the sea", "A co-working room near the sea"),
]


@pytest.mark.parametrize(("first", "second"), SAME_IDEA)
def test_the_same_idea_in_other_words_is_found(first, second):
    assert similar(first, [("x", second)]) == (Match("x", likeness(first, second)),)


@pytest.mark.parametrize("language", ["lv", "en"])
def test_no_two_demo_ideas_look_alike(engure, language):
    titles = [idea["title"][language] for idea in engure.data["ideas"]]
    assert max(likeness(a, b) for a, b in combinations(titles, 2)) < 35


def test_the_least_likeness_is_enough():
    exact = likeness(*SAME_IDEA[0])
    first, second = SAME_IDEA[0]
    assert len(similar(first, [("x", second)], least=exact)) == 1
    assert similar(first, [("x", second)], least=exact + 1) == ()


def test_case_accents_and_punctuation_do_not_count():
    assert likeness("ZIVJU GALDS OSTA!", "zivju, galds: ostā") == 100


def test_the_most_alike_come_first_and_equal_ones_by_key():
    others = [("c", "Zivju galds"), ("b", "Zivju galds ostā"), ("a", "Zivju galds ostā"), ("d", "Takas stāsti")]
    assert [match.key for match in similar("zivju galds ostā", others)] == ["a", "b", "c"]
    assert [match.key for match in similar("zivju galds ostā", others, most=1)] == ["a"]


@pytest.mark.parametrize("empty", ["", "  ", "!?", "\u0301"])
def test_nothing_is_like_nothing(empty):
    assert likeness(empty, "Zivju galds") == likeness(empty, empty) == 0


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_symmetric_and_in_range(first, second):
    assert 0 <= likeness(first, second) == likeness(second, first) <= 100


def test_a_huge_text_is_looked_at_in_part():
    assert likeness("gald " * 1_000_000, "gald") == 100
