"""Amounts as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from ideathon.core.money import MAX_CENTS, MoneyError, MoneyProblem, format_plain, parse_cents

CENTS = st.integers(0, MAX_CENTS)
SPACES = st.sampled_from([" ", "\u00a0", "\u2009", "\u202f"])


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("50 000.00EUR", 5000000), ("264 787,03 EUR", 26478703), ("50000,00", 5000000), ("€ 5 400", 540000),
        ("5400", 540000), ("5\u00a0400", 540000), ("5\u2009400,5", 540050), ("5\u202f400.05 €", 540005), ("0", 0),
        ("1,234,567", 123456700), ("1.234.567", 123456700), ("  7 eur ", 700), ("12 eiro", 1200), ("007", 700),
        ("1000000000", MAX_CENTS), ("0,01", 1), ("EUR 3,4", 340),
    ],
)
def test_reads(text, cents):
    assert parse_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"), ("   ", "empty"), ("EUR", "empty"), ("abc", "not_a_number"), ("1e9", "not_a_number"),
        ("+5", "not_a_number"), ("5.", "not_a_number"), (",5", "not_a_number"), ("5 USD", "not_a_number"),
        ("٥", "not_a_number"), ("nan", "not_a_number"), ("1_000", "not_a_number"), ("\ud800", "not_a_number"),
        ("-abc", "not_a_number"), ("x" * 10_000_000, "not_a_number"), ("5\x00", "not_a_number"),
        ("-5", "negative"), ("\u22125,00 EUR", "negative"), ("€ -5", "negative"), ("-€5", "negative"),
        ("12,345.67", "ambiguous"), ("12.345,67", "ambiguous"), ("12,345", "ambiguous"), ("5.400", "ambiguous"),
        ("12 34", "ambiguous"), ("1,23,456", "ambiguous"), ("1 2", "ambiguous"), ("5,4 00", "ambiguous"),
        ("1.234.56", "ambiguous"), ("1,234.567", "ambiguous"), ("0 345", "ambiguous"),
        ("1.234567", "too_precise"), ("0,345", "too_precise"), ("1234,567", "too_precise"),
        ("1000000000.01", "too_large"), ("9" * 50, "too_large"), ("9" * 1_000_000, "too_large"),
    ],
)
def test_refuses_with_a_reason(text, reason):
    with pytest.raises(MoneyError) as refused:
        parse_cents(text)
    assert refused.value.reason == MoneyProblem(reason)


@given(CENTS)
def test_plain_round_trip(cents):
    assert parse_cents(format_plain(cents)) == cents


@given(CENTS, SPACES, st.sampled_from([".", ","]), st.sampled_from(["{}", "{}EUR", "{} EUR", "€ {}", "€{}", " {} "]))
def test_grouped_round_trip(cents, space, point, frame):
    text = f"{cents // 100:,}".replace(",", space) + f"{point}{cents % 100:02d}"
    assert parse_cents(frame.format(text)) == cents


@given(st.integers(0, MAX_CENTS // 100), st.sampled_from([".", ","]))
def test_thousands_marks_are_read_only_where_they_repeat(euro, mark):
    text = f"{euro:,}".replace(",", mark)
    if text.count(mark) == 1:
        with pytest.raises(MoneyError, match="ambiguous"):
            parse_cents(text)
    else:
        assert parse_cents(text) == euro * 100


@given(st.text(max_size=80))
def test_any_text_gives_cents_or_a_reason(text):
    with suppress(MoneyError):  # any other error fails here
        cents = parse_cents(text)
        assert 0 <= cents <= MAX_CENTS
        assert parse_cents(format_plain(cents)) == cents


def test_a_remainder_below_nothing_is_written_with_its_sign():
    assert [format_plain(cents) for cents in (-5, -540000, 5, 0)] == ["-0.05", "-5400.00", "0.05", "0.00"]
