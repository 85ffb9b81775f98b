"""What in a file of an election looks odd: counted with a note on how many and where, or refused with its line."""

import os
import threading
from fractions import Fraction
from pathlib import Path

import pytest

from ideathon.core.tally import files
from ideathon.core.tally.election import points, votes
from ideathon.core.tally.files import pabulib
from ideathon.core.tally.files.stated import stated
from ideathon.core.tally.files.tables import LONGEST_LINE, exact
from ideathon.core.tally.remarks import Remark, gettext, ngettext
from tests.core.elections import PROJECTS, VOTES, file_of, line_of, put

PLAIN = file_of()


def election(text: str) -> files.Read:
    return files.election_of(pabulib.parse(text.encode()))


def refused(text: str) -> files.BadFile:
    def both() -> None:
        tables = pabulib.parse(text.encode())
        stated(tables)
        files.election_of(tables)

    with pytest.raises(files.BadFile) as wrong:
        both()
    assert isinstance(wrong.value.reason, Remark)       # so that it can be said in any language
    return wrong.value


@pytest.mark.parametrize("key", ["num_votes", "num_projects", "max_length", "min_project_score_threshold", "budget"])
@pytest.mark.parametrize("said", ["²", "zwei", "1e99", "1e-99", "9" * 5000, "-3", "10,000"])
def test_a_number_that_is_none_is_refused_where_it_stands(key: str, said: str) -> None:
    text = file_of({"vote_type": "ordinal", key: said})      # what places are worth depends on max_length
    wrong = refused(text)
    assert wrong.line == line_of(text, f"{key};")
    assert key in wrong.reason
    assert len(wrong.reason) < 300


ADVICE = ["²", "zwei", "1e99", "1e-99", "9" * 5000, "10,000", "unlimited", "None"]


@pytest.mark.parametrize("key", ["max_length", "min_length", "max_sum_cost", "min_sum_cost"])
@pytest.mark.parametrize("said", ADVICE)
def test_a_bound_that_only_advises_and_is_no_number_is_told_with_its_line(key: str, said: str) -> None:
    text = file_of({key: said})
    (note,) = election(text).notes
    assert note.startswith(f"{key} is '{said[:80]}")
    assert f"(line {line_of(text, f'{key};')})" in note
    assert len(note) < 300
    assert votes(election(text).election) == [3, 2, 2]


@pytest.mark.parametrize("key", ["max_points", "min_points", "max_sum_points", "min_sum_points"])
def test_a_bound_of_points_is_of_no_matter_where_none_are_given(key: str) -> None:
    assert election(file_of({key: "None"})).notes == ()
    text = file_of({**POINTS, key: "None"}, votes=MARKS)
    assert [note.startswith(f"{key} is 'None' (line ") for note in election(text).notes] == [True]


def test_points_below_0_need_a_bound_that_is_a_number() -> None:
    text = file_of({**POINTS, "min_points": "None"}, votes=["voter_id;vote;points", "1;A;-5", "2;A;1", "3;A;1"])
    assert refused(text).line == line_of(text, "1;A;-5")


def test_a_length_below_0_is_no_bound() -> None:
    assert [note.startswith("max_length is '-3'") for note in election(file_of({"max_length": "-3"})).notes] == [True]


def test_a_comment_with_a_semicolon_that_is_not_quoted_is_read_and_told() -> None:
    text = file_of({"comment": "#1: a; b; c"})
    tables = pabulib.parse(text.encode())
    assert tables.facts["comment"] == "#1: a; b; c"
    assert [str(note) for note in election(text).notes] == [
        f"The comment on line {line_of(text, 'comment')} is not quoted, and holds what parts fields: it is read to the "
        "end of its line."]
    assert pabulib.parse(pabulib.write(tables).encode()) == tables
    assert refused(file_of({"unit": "a; b"})).line == line_of(text, "comment")      # only a text that decides nothing


@pytest.mark.parametrize(("meta", "ballots"), [
    ({}, ["voter_id;vote", "1;A,C,", "2;B"]), ({"vote_type": "ordinal"}, ["voter_id;vote", "1;A,C,", "2;B"]),
    ({"vote_type": "cumulative"}, ["voter_id;vote;points", "1;A,C,;2,1,", "2;B;3"]),
    ({"vote_type": "cumulative"}, ["voter_id;vote;points", "1;A,C,;2,1", "2;B;3"])])
def test_a_vote_that_ends_with_a_comma_is_read_without_it(meta: dict[str, str], ballots: list[str]) -> None:
    text = file_of({**meta, "num_votes": "2"}, votes=ballots)
    read = election(text)
    assert votes(read.election) == [1, 1, 1]
    assert [str(note) for note in read.notes] == [
        f"1 ballot ends with a comma (line {line_of(text, 'A,C,')}), after which no project is named."]


@pytest.mark.parametrize("vote", [",A", "A,,C", ",", "A,,"])
def test_a_vote_with_nothing_before_a_comma_is_refused_in_these_words(vote: str) -> None:
    text = PLAIN.replace("2;A,C", f"2;{vote}")
    wrong = refused(text)
    assert (wrong.line, wrong.reason) == (line_of(text, f"2;{vote}"),
                                          "this vote has a comma with no project before it")


def test_the_default_of_a_score_is_a_number() -> None:
    text = file_of({"vote_type": "scoring", "default_score": "zwei", "num_votes": "1"},
                   votes=["voter_id;vote;points", "1;A;3"])
    assert refused(text).line == line_of(text, "default_score")


POINTS = {"vote_type": "cumulative", "num_votes": "3"}
MARKS = ["voter_id;vote;points", "1;A;3", "2;A,B;4,0.5", "3;C;9"]
ODD: dict[str, tuple[dict[str, str], list[str] | None, str, str]] = {    # which row is the first one, and what is told
    "a voter twice": ({"num_votes": "5"}, ["voter_id;vote", "7;A", "7;B", "8;A", "7;C", "9;A"], "7;B",
                      "2 ballots have the voter_id of an earlier one (first on line #)"),
    "nobody twice": ({"num_votes": "2"}, ["voter_id;vote", ";A", " ;B"], "", ""),
    "too many": ({"max_length": "1"}, None, "1;A,B",
                 "3 ballots name more than 1 projects (max_length; first on line #)"),
    "too few": ({"min_length": "2"}, None, "3;A", "1 ballot names fewer than 2 projects (min_length; line #)"),
    "choose-1": ({"vote_type": "choose-1", "num_votes": "3"}, ["voter_id;vote", "1;A", "2;A,B", "3;A,C"], "2;A,B",
                 "2 ballots name several projects, and META says choose-1 (first on line #)"),
    "cost": ({"max_sum_cost": "99"}, None, "1;A,B",
             "2 ballots name projects that cost more than 99 together (max_sum_cost; first on line #)"),
    "little cost": ({"min_sum_cost": "61"}, None, "3;A",
                    "1 ballot names projects that cost less than 61 together (min_sum_cost; line #)"),
    "points": ({**POINTS, "max_points": "3"}, MARKS, "2;A,B",
               "2 ballots give a project more than 3 points (max_points; first on line #)"),
    "few points": ({**POINTS, "min_points": "1"}, MARKS, "2;A,B",
                   "1 ballot gives a project fewer than 1 points (min_points; line #)"),
    "points in all": ({**POINTS, "max_sum_points": "4.4"}, MARKS, "2;A,B",
                      "2 ballots give more than 4.40 points in all (max_sum_points; first on line #)"),
    "few in all": ({**POINTS, "min_sum_points": "4"}, MARKS, "1;A;3",
                   "1 ballot gives fewer than 4 points in all (min_sum_points; line #)"),
    "points below 0 where META allows it": ({**POINTS, "min_points": "-5"}, [
        "voter_id;vote;points", "1;A;-5", "2;A;1", "3;A;1"], "", ""),
    "the same ballot twice": ({}, ["voter_id;vote", "1;A", "2;B,B", "3;B,B", "4;A"], "2;B,B",
                              "2 ballots name a project twice (first on line #)"),
}


@pytest.mark.parametrize("name", ODD)
def test_ballots_beyond_the_file_s_own_bounds_are_counted_and_told(name: str) -> None:
    meta, ballots, first, told = ODD[name]
    text = file_of(meta, votes=ballots)
    read = election(text)
    assert read.election.ballots.cast == len((ballots or VOTES)[1:])
    if not told:
        assert read.notes == ()
        return
    (note,) = read.notes
    assert note.startswith(told.replace("#", str(line_of(text, first))))


def test_a_cumulative_ballot_that_takes_points_away_makes_no_sense() -> None:
    text = file_of(POINTS, votes=["voter_id;vote;points", "1;A;3", "2;A,B;-50,1000000", "3;C;1"])
    assert refused(text).line == line_of(text, "-50")
    scored = file_of({**POINTS, "vote_type": "scoring"}, votes=["voter_id;vote;points", "1;A;3", "2;A;-5", "3;C;1"])
    assert points(election(scored).election) == [-2, 0, 1]


def test_a_name_with_a_comma_cannot_be_told_from_two() -> None:
    text = PLAIN.replace("C;40", "A,B;40").replace("2;A,C", "2;A,B").replace("4;C,B", "4;B")
    assert refused(text).line == line_of(text, "A,B;40")


@pytest.mark.parametrize(("said", "number"), [
    ("1 234,567", Fraction(1234567, 1000)), ("0,125", Fraction(1, 8)), ("12,50", Fraction(25, 2)), ("1000,000", 1000),
    ("1\u00a0000", 1000), ("10.000", 10), ("9" * 30, 10**30 - 1), ("1e-30", Fraction(1, 10**30))])
def test_a_comma_parts_decimals_where_nothing_else_can_be_meant(said: str, number: Fraction) -> None:
    assert exact(said) == number


@pytest.mark.parametrize("said", ["10,000", "1,500", "-250,000", "999,999"])
def test_a_comma_before_three_digits_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="thousands or for decimals"):
        exact(said)


def test_a_point_before_three_digits_is_told() -> None:
    read = election(PLAIN.replace("budget;100", "budget;100.000").replace("B;50", "B;50.000"))
    assert (read.election.budget, read.election.projects[1].cost) == (100, 50)
    assert [str(note) for note in read.notes] == [
        "2 amounts have a point before three digits (100.000, first on line 6): they are read as decimals."]


def test_a_quote_within_a_field_opens_none() -> None:
    rows = [PROJECTS[0], 'A;60;Disk 19" new;1', 'B;50;"say ""so""\nVOTES\n";0', 'C;40;5" and 6";1']
    found = election(file_of(projects=rows)).election
    assert [project.name for project in found.projects] == ['Disk 19" new', 'say "so"\nVOTES', '5" and 6"']
    assert votes(found) == [3, 2, 2]


def test_a_last_ballot_that_may_be_cut_is_told() -> None:
    whole = PLAIN.removesuffix("\n")
    (note,) = election(whole).notes
    assert note.endswith(f"nothing tells whether its last ballot (line {PLAIN.count(chr(10))}) is whole.")
    assert election(f'{whole.removesuffix("C,B")}"C,B"').notes == ()
    assert election(file_of(votes=["vote;age", "A,B;1", "A,C;2", "A;3", "C,B;41"]).removesuffix("1\n")).notes == ()
    rows = ["project_id;cost;votes", "A;60;3", "B;50;2", "C;40;2"]
    summed = file_of(projects=rows).removesuffix("\n")
    assert election(summed).notes == ()         # the file's own sums agree with it
    assert len(election(summed.removesuffix(",B")).notes) == 2


def test_an_endless_file_is_refused_at_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    with pytest.raises(files.BadFile, match="larger than 1000 bytes"):
        files.read(put(tmp_path, PLAIN + "9;A\n" * 300))
    with pytest.raises(files.BadFile, match="larger than 1000 bytes"):
        files.read(put(tmp_path, b"[" * 2000, "x.json"))
    with pytest.raises(files.BadFile, match="device"):
        files.read(Path(os.devnull))


def test_a_pipe_is_read_no_further_than_its_first_endless_line(tmp_path: Path) -> None:
    """Nobody knows a pipe's size before its end, and this one has none."""
    path = tmp_path / "endless.pb"
    os.mkfifo(path)

    def pour() -> None:
        with path.open("wb") as pipe:
            try:
                pipe.write(PLAIN.encode())
                while True:
                    pipe.write(b"9" * LONGEST_LINE)
            except BrokenPipeError:
                pipe.raw.close()        # what waits in its buffer has nowhere to go

    pouring = threading.Thread(target=pour, daemon=True)
    pouring.start()
    with pytest.raises(files.BadFile, match="longer than") as wrong:
        files.read(path)
    pouring.join(5)
    assert wrong.value.line == PLAIN.count("\n") + 1


def test_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    parts: list[float] = []
    ballots = (f"{voter};A" for voter in range(50_000))
    files.read(put(tmp_path, file_of(votes=["voter_id;vote", *ballots])), parts.append)
    assert len(parts) > 4
    assert parts == sorted(parts)
    assert 0 <= parts[0] <= parts[-1] <= 1


def test_a_remark_is_its_english_and_keeps_its_pattern() -> None:
    one = ngettext("%(num)s ballot is odd.", "%(num)s ballots are odd.", 1)
    many = ngettext("%(num)s ballot is odd.", "%(num)s ballots are odd.", 3)
    assert (one, many) == ("1 ballot is odd.", "3 ballots are odd.")
    inner = gettext("the sum %(sum)s", sum=Fraction(5, 2))
    outer = gettext("see %(what)s: %(text)s", what=inner, text="x" * 500)
    assert outer == f"see the sum 2.50: {'x' * 80}…"
    assert outer.facts["what"].facts == {"sum": Fraction(5, 2)}
    assert outer.one == "see %(what)s: %(text)s"
