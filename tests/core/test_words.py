"""What a person typed, made safe."""

import time
import unicodedata

import pytest
from hypothesis import given, strategies as st

from ideathon.core.words import Problem, WordsProblem, check, clean, length

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
# Letters, marks, joiners, fillers, flags, tones and spaces, thickly mixed: where cleaning could trip over itself.
NASTY = st.text(
    st.sampled_from(
        "aZē\u0301\u0323\u20d0\u0344\ufb2c\u05bc\u0915\u094d\u200c\u200d\u200b\u202e\u2066\u200f"
        "\U0001f469\U0001f3fd\ufe0f\u2640\U0001f1f1\U0001f1fb\U0001f3f4\U000e0067\U000e007f"
        "\x00\t \n\r\u2028\u00a0\u3164\ud800\u1100\u1161\u11a8"
    ),
    max_size=30,
)
ANY = st.one_of(NASTY, st.text(st.characters(), max_size=60))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zivju   galds\tostā ", "Zivju galds ostā"),
        ("Z\u030civis", "Živis"),
        ("Anna\u202emoc.", "Annamoc."), ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("a\x00b\x07c\x1bd", "abcd"), ("a\ud800b\udfff", "ab"),
        ("An\u200bna", "Anna"), ("An\u200dna", "Anna"), ("\ufeffAnna\u00ad", "Anna"),
        ("\u3164\u115f\u2800\u00a0", ""), ("   \t\n ", ""),
        ("e" + "\u0323\u0302\u0301" * 40, unicodedata.normalize("NFC", "e\u0323\u0302")),
        ("a\nb\r\nc", "a b c"),
        (FAMILY, FAMILY), (WALES, WALES), ("a\U000e0067\U000e007fb", "ab"), ("\u2764\ufe0f", "\u2764\ufe0f"),
        (f"x\u200d{FAMILY}\u200d y", f"x{FAMILY} y"),
        ("<b>x</b> & 'y'", "<b>x</b> & 'y'"),
    ],
)
def test_cleans(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a\r\nb", "a\nb"), ("a \n\n \n\n b\n", "a\n\nb"), ("\n\na", "a"), ("a\u2028b\x85c", "a\nb\nc"), ("a  b", "a b")],
)
def test_keeps_lines_where_asked(typed, kept):
    assert clean(typed, multiline=True) == kept


@given(ANY, st.booleans())
def test_a_second_cleaning_changes_nothing(text, multiline):
    once = clean(text, multiline=multiline)
    assert clean(once, multiline=multiline) == once


@given(ANY, st.booleans())
def test_what_is_kept_is_safe_to_store_and_to_show(text, multiline):
    kept = clean(text, multiline=multiline)
    kept.encode()
    assert unicodedata.is_normalized("NFC", kept)
    assert not set(kept) & set("\x00\r\t\u200b\u200e\u200f\u202a\u202e\u2066\u2069\u3164")
    assert multiline or "\n" not in kept
    assert kept == kept.strip()
    assert "  " not in kept
    assert "\n\n\n" not in kept


@given(ANY)
def test_no_letter_carries_more_than_two_marks(text):
    run = 0
    for char in clean(text):
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        assert run <= 2


@given(ANY)
def test_length_counts_no_more_than_code_points(text):
    kept = clean(text)
    assert (0 if not kept else 1) <= length("a" + kept) <= 1 + len(kept)


@pytest.mark.parametrize(
    ("text", "size"),
    [("", 0), ("Žagars", 6), (FAMILY, 1), (FAMILY * 3, 3), ("\U0001f44d\U0001f3fd", 1), ("\U0001f1f1\U0001f1fb" * 2, 2),
     (WALES, 1), ("1\ufe0f\u20e3", 1), ("e\u0323\u0301", 1), ("\u2764\ufe0f jā", 4), ("a b", 3)],
)
def test_length_is_what_a_person_counts(text, size):
    assert length(text) == size


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem(WordsProblem.EMPTY, 0, 3)), ("ab", Problem(WordsProblem.TOO_SHORT, 2, 3)), ("abc", None),
        ("a" * 80, None), ("a" * 81, Problem(WordsProblem.TOO_LONG, 81, 80)), (FAMILY * 80, None),
    ],
)
def test_check(text, problem):
    assert check(text, 3, 80) == problem


def test_nothing_may_be_left_out_where_nothing_is_asked():
    assert check("", 0, 500) is None


@pytest.mark.parametrize(
    "piece", ["a", "ā", "e\u0301\u0323", "\u200d", "\U0001f44d\U0001f3fd", "\n ", "\u0301\u0323", "–"]
)
def test_time_grows_with_length_and_no_faster(piece):
    def seconds(times: int) -> float:
        started = time.process_time()
        length(clean(piece * times, multiline=True))
        return time.process_time() - started

    clean(piece * 10)
    assert seconds(200_000) < 40 * max(seconds(20_000), 0.005)


def test_ten_megabytes():
    assert check(clean("ā " * 2_600_000), 20, 600).code is WordsProblem.TOO_LONG
