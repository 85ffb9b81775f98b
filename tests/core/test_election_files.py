"""Files of elections: what is read, what is written back, and what is refused with its line."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from ideathon.core.tally import files
from ideathon.core.tally.election import Kind, points, votes
from ideathon.core.tally.files import pabulib
from ideathon.core.tally.files.tables import LONGEST_LINE, exact
from tests.core.elections import FILES, PROJECTS, VOTES, file_of, line_of, needs_real, put


def election(text: str | bytes) -> files.Read:
    return files.election_of(pabulib.parse(text if isinstance(text, bytes) else text.encode()))


def test_a_plain_file_is_read() -> None:
    read = election(file_of())
    assert read.notes == ()
    assert read.election.budget == 100
    assert [(p.id, p.cost, p.name) for p in read.election.projects] == [
        ("A", 60, "Bridge"), ("B", 50, "Pier"), ("C", 40, "Sauna")]
    assert votes(read.election) == points(read.election) == [3, 2, 2]
    assert read.election.ballots.cast == 4


PLAIN = file_of()
RANKED = {"vote_type": "ordinal", "max_length": "3", "num_votes": "2"}


@pytest.mark.parametrize("data", [
    "\ufeff".encode() + PLAIN.encode(),
    PLAIN.replace("\n", "\r\n").encode(),
    PLAIN.replace("VOTES", "\n  votes  \n").replace("META", "meta;"),
    PLAIN.replace("A;60;Bridge;1", '"A";"60";"Bridge";1'),
    PLAIN.replace("voter_id;vote\n1;A,B", 'voter_id; vote\n1; A, B'),
    PLAIN.replace("rule;greedy", "rule: greedy"),
    PLAIN.replace("60;", "60,00;").replace("budget;100", "budget;100.0"),
    PLAIN.replace("META", "# counted by hand, twice\nMETA"),
    PLAIN.replace(";", "\t"),
    PLAIN.rstrip("\n"),
    PLAIN.replace("project_id;cost;name;selected", "project_id;cost;name;selected;").replace(";Bridge;1", ";Bridge;1;"),
], ids=["bom", "crlf", "titles", "quoted", "spaces", "colon", "commas", "comment", "tabs", "no last line", "no name"])
def test_what_published_files_look_like_is_read_the_same(data: str | bytes) -> None:
    found = election(data).election
    assert votes(found) == [3, 2, 2]
    assert [project.cost for project in found.projects] == [60, 50, 40]
    assert found.budget == 100


def test_a_field_may_hold_everything_when_it_is_quoted() -> None:
    text = file_of(projects=["project_id;cost;name", 'A;60;"Pier; the ""old"" one\nVOTES\n"', "B;50;b", "C;40;c"])
    found = election(text).election
    assert found.projects[0].name == 'Pier; the "old" one\nVOTES'
    assert votes(found) == [3, 2, 2]


def test_points_of_a_cumulative_vote_are_exact() -> None:
    ballots = ["voter_id;vote;points", "1;A,B;2.5,0.1", "2;A;1.3", "3;B;0.2", "4;C,B;0,1"]
    text = file_of({"vote_type": "cumulative"}, votes=ballots)
    found = election(text).election
    assert points(found) == [Fraction(38, 10), Fraction(13, 10), 0]
    assert votes(found) == [2, 3, 0]


def test_a_project_that_a_score_leaves_out_gets_the_default() -> None:
    text = file_of({"vote_type": "scoring", "default_score": "1", "num_votes": "2"},
                   votes=["voter_id;vote;points", "1;A,B;5,-1", "2;A;4"])
    assert points(election(text).election) == [9, 0, 2]


def test_a_ranking_has_as_many_points_as_places() -> None:
    text = file_of(RANKED, votes=["voter_id;vote", "1;C,A,B", "2;C"])
    found = election(text).election
    assert found.ballots.kind is Kind.RANKING
    assert points(found) == [2, 1, 6]


def test_grades_in_words_are_kept_by_their_number() -> None:
    meta = {"vote_type": "grades", "grades": "poor, fair, good", "num_votes": "2"}
    found = election(file_of(meta, votes=["voter_id;vote;points", "1;B,A;good,poor", "2;C;fair"])).election.ballots
    assert (found.kind, found.grades) == (Kind.GRADES, ("poor", "fair", "good"))
    assert sorted(zip(found.choices, found.marks, strict=True)) == [((0, 1), (0, 2)), ((2,), (1,))]


def test_a_short_ranking_is_counted_as_the_files_own_score_says() -> None:
    rows = ["project_id;cost;score", "A;60;2", "B;50;1", "C;40;4"]
    text = file_of(RANKED, rows, ["voter_id;vote", "1;C,A,B", "2;C"])
    read = election(text)
    assert points(read.election) == [2, 1, 4]
    assert any("own length" in note for note in read.notes)


def test_points_beside_a_ranking_count_when_they_are_not_its_places() -> None:
    same = election(file_of(RANKED, votes=["voter_id;vote;points", "1;C,A,B;3,2,1", "2;C,A;3,2"]))
    assert same.election.ballots.kind is Kind.RANKING
    other = election(file_of(RANKED, votes=["voter_id;vote;points", "1;C,A,B;5,3,1", "2;C,A;5,3"]))
    assert points(other.election) == [6, 1, 10]
    assert len(other.notes) == 1


def test_what_looks_odd_is_counted_and_told() -> None:
    rows = ["project_id;cost;votes", "A;60;3", "B;50;7", "C;40;2"]
    ballots = ["voter_id;vote", "1;A,B,A", "2;A,C", "3;A", "4;C,B"]
    read = election(file_of({"max_length": "1"}, rows, ballots))
    assert votes(read.election) == [3, 2, 2]
    told = " ".join(read.notes)
    assert "B 7, counted 2" in told
    assert "3 ballots name more than 1" in told
    assert "1 ballot names a project twice (line 17)" in told


def test_equal_ballots_are_kept_once() -> None:
    ballots = ["voter_id;vote", "1;A,B", "2;B,A", "3;B, A", "4;", "5;"]
    found = election(file_of({"num_votes": "5"}, votes=ballots)).election
    assert sorted(zip(found.ballots.choices, found.ballots.counts, strict=True)) == [((), 2), ((0, 1), 3)]


BAD = {
    "no section VOTES": (PLAIN.split("VOTES")[0], line_of(PLAIN, "VOTES") - 1, "VOTES"),
    "not a pb file": ("name,age\nA,3\n", 1, "META"),
    "something above META": ("hello\n" + PLAIN, 1, "above META"),
    "a section twice": (PLAIN + "VOTES\nvoter_id;vote\n", PLAIN.count("\n") + 1, "second time"),
    "wrong header": (PLAIN.replace("project_id;cost", "id;cost"), line_of(PLAIN, "project_id"), "project_id"),
    "no cost": (PLAIN.replace("project_id;cost", "project_id;price"), line_of(PLAIN, "project_id"), "cost"),
    "header of votes": (PLAIN.replace("voter_id;vote", "voter_id;choice"), line_of(PLAIN, "voter_id"), "vote"),
    "cut off inside of a row": (PLAIN.rstrip("\n").removesuffix(";C,B"), PLAIN.count("\n"), "cut off"),
    "cut off between rows": (file_of({"num_votes": "8"}), PLAIN.count("\n"), "cut off"),
    "an unquoted semicolon": (PLAIN.replace("Pier", "Pi;er"), line_of(PLAIN, "Pier"), "not quoted"),
    "a quote that stays open": (PLAIN.replace("Pier", '"Pier'), line_of(PLAIN, "Pier"), "quoted"),
    "an unknown project": (PLAIN.replace("3;A\n", "3;X\n"), line_of(PLAIN, "3;A"), "'X'"),
    "a project twice": (PLAIN.replace("B;50", "A;50"), line_of(PLAIN, "B;50"), "second time"),
    "a project without a name": (PLAIN.replace("B;50", ";50"), line_of(PLAIN, "B;50"), "project_id"),
    "cost 0": (PLAIN.replace("B;50", "B;0"), line_of(PLAIN, "B;50"), "above 0"),
    "cost below 0": (PLAIN.replace("B;50", "B;-50"), line_of(PLAIN, "B;50"), "above 0"),
    "cost no number": (PLAIN.replace("B;50", "B;fifty"), line_of(PLAIN, "B;50"), "'fifty' is not a number"),
    "cost nan": (PLAIN.replace("B;50", "B;nan"), line_of(PLAIN, "B;50"), "not a number"),
    "no budget": (file_of({"budget": ""}), 1, "budget"),
    "budget 0": (PLAIN.replace("budget;100", "budget;0"), line_of(PLAIN, "budget"), "above 0"),
    "budget in words": (PLAIN.replace("budget;100", "budget;much"), line_of(PLAIN, "budget"), "not a number"),
    "budget twice": (PLAIN.replace("budget;100", "budget;100\nbudget;200"), line_of(PLAIN, "budget") + 1,
                     "second time"),
    "no ballots": (file_of(votes=VOTES[:1]), PLAIN.count("\n") - 4, "no ballots"),
    "no projects": (file_of(projects=PROJECTS[:1]), line_of(PLAIN, "project_id"), "no projects"),
    "an unknown way of voting": (file_of({"vote_type": "shouting"}), line_of(PLAIN, "vote_type"), "'shouting'"),
    "grades without a list": (file_of({"vote_type": "grades"}), line_of(PLAIN, "vote_type"), "no grades"),
    "a grade that is none": (file_of({"vote_type": "grades", "grades": "bad,good"}, votes=[
        "voter_id;vote;points", "1;A;good", "2;A;fine", "3;A;bad", "4;A;bad"]), line_of(PLAIN, "2;A,C") + 1,
                         "'fine' is none of the grades"),
    "points without a column": (file_of({"vote_type": "cumulative"}), line_of(PLAIN, "voter_id"), "points"),
    "points that are no numbers": (file_of({"vote_type": "cumulative"}, votes=[
        "voter_id;vote;points", "1;A;1", "2;A;many", "3;A;1", "4;A;1"]), line_of(PLAIN, "2;A,C"), "points"),
    "fewer points than projects": (file_of({"vote_type": "cumulative"}, votes=[
        "voter_id;vote;points", "1;A;1", "2;A,B;1", "3;A;1", "4;A;1"]), line_of(PLAIN, "2;A,C"), "2 projects and 1"),
    "META with three fields": (PLAIN.replace("rule;greedy", "rule;greedy;stop"), line_of(PLAIN, "rule"), "3 fields"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_line(name: str) -> None:
    text, line, word = BAD[name]
    with pytest.raises(files.BadFile) as refused:
        election(text)
    assert refused.value.line == line, str(refused.value)
    assert word in refused.value.reason
    assert refused.value.reason[-1] not in ".\n"


def test_not_utf8_names_the_line() -> None:
    with pytest.raises(files.BadFile, match="UTF-8") as refused:
        election(PLAIN.replace("Pier", "Ķēķis").encode("windows-1257"))
    assert refused.value.line == line_of(PLAIN, "Pier")


def test_one_endless_line_is_refused_at_once() -> None:
    with pytest.raises(files.BadFile, match="longer than") as refused:
        pabulib.parse(PLAIN.encode() + b"9" * (100 * LONGEST_LINE))
    assert refused.value.line == PLAIN.count("\n") + 1


def test_an_empty_file_and_an_unknown_ending(tmp_path: Path) -> None:
    with pytest.raises(files.BadFile, match="empty"):
        files.read(put(tmp_path, " \n"))
    with pytest.raises(ValueError, match=r"\.xls is none of"):
        files.written(pabulib.parse(PLAIN.encode()), ".xls")


FORM = '{"form": "ideathon-election-1",\n'


@pytest.mark.parametrize(("text", "line", "word"), [
    ("{", 1, "not JSON"), ('{\n"form": "other"}', 2, "not an election"), ("[" * 100_000, 1, "JSON"),
    ("3", 1, "not an election"),
    (FORM + '"meta": 3}', 2, "'meta' is not a list"),
    (FORM + '"meta": [["budget", "1"],\n["a"]]}', 3, "2 texts"),
    (FORM + '"meta": [["budget",\n10]]}', 2, "not a list of texts: ['budget', 10]"),
    (FORM + '"meta": [],\n"projects": []}', 3, "'projects'"),
    (FORM + '"meta": [], "projects": {\n"columns": ["x"], "rows": []}}', 3, "project_id"),
    (FORM + '"meta": [["budget", "1"],\n["budget", "2"]]}', 3, "second time, and differently"),
    (FORM + '"meta": [],\n"meta": []}', 3, "'meta' is given a second time"),
    (FORM + '"meta": [["budget", "\\ud800"]]}', 2, "half of a character"),
    (FORM + '"meta": [["budget",\n' + "9" * 5000 + "]]}", 2, "not a list of texts"),
    (FORM + '"meta": NaN}', 2, "'meta' is not a list"),
    (FORM + '"comments": ["one",\n"two"], "meta": []}', 2, "begins with #"),
    (FORM + '"meta": [["a", "b"]\n["c", "d"]]}', 3, "not JSON"),
    (FORM + '"meta": []\n} and more', 3, "not JSON"), (FORM + '"meta": []\n', 3, "cut off here"),
    (FORM + "3: 4}", 2, "not JSON"), (FORM + '"meta":\n' + "[" * 100_000, 3, "too deeply"),
])
def test_bad_json_is_refused(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(files.BadFile) as refused:
        files.read(put(tmp_path, text, "x.json"))
    assert refused.value.line == line
    assert word in refused.value.reason


@pytest.mark.parametrize(("said", "number"), [
    ("12", 12), ("12.50", Fraction(25, 2)), ("12,5", Fraction(25, 2)), ("1 234 567", 1234567), ("-3", -3),
    ("1e3", 1000), (" 7 ", 7), ("0012", 12),
])
def test_numbers_are_exact(said: str, number: Fraction) -> None:
    assert exact(said) == number
    assert isinstance(exact(said), int) == (number == int(number))


@pytest.mark.parametrize("said", ["", "ten", "nan", "inf", "1/2", "1.2.3", "1,2,3", "1 23", "0x10", "1e400", "٣",
                                  "9" * 40])
def test_what_is_no_number_is_none(said: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        exact(said)


letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff")
words = st.text(letters, max_size=8) | st.sampled_from(
    ['a;b', 'say "so"', '19" disk', "two\nlines", "c\rr", "a,b", "META", "VOTES;", "#1", "\t", " ", ""])
NAMES = ["cost", "Name", " points", "AGE", "voting_method "]


@st.composite
def tables(draw: st.DrawFn) -> files.Tables:
    """Rows without a word too, capitals in the header, spaces around whatever, and keys like comments."""
    keys = draw(st.lists(words, unique_by=str.strip, max_size=4))
    meta = tuple((key, draw(words)) for key in keys)

    def table(needed: str) -> files.Table:
        header = draw(st.permutations([needed, *draw(st.lists(st.sampled_from(NAMES), unique=True))]))
        row = st.tuples(*[words] * len(header))
        return files.Table(tuple(header), draw(st.lists(row, max_size=4)))

    comments = draw(st.lists(st.sampled_from(["# a", "#", '# "x', "#META;1"]), max_size=2))
    return files.Tables(meta, table("project_id"), table("Vote"), tuple(comments))


@given(tables(), st.sampled_from(files.FORMS))
def test_a_round_trip_loses_nothing(made: files.Tables, suffix: str) -> None:
    data = files.written(made, suffix).encode()
    back = files.plain_json.parse(data) if suffix == ".json" else pabulib.parse(data)
    assert back == made


def test_a_comment_that_no_file_can_hold_is_not_written() -> None:
    made = pabulib.parse(PLAIN.encode())
    for comment in ("no mark", "# two\nlines"):
        with pytest.raises(ValueError, match="begins with #"):
            files.written(files.Tables(made.meta, made.projects, made.votes, (comment,)), ".pb")


@needs_real
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_files_come_back_byte_for_byte(path: Path, tmp_path: Path) -> None:
    read = files.read(path)
    assert files.written(read, ".pb").encode().rstrip(b"\n") == path.read_bytes().rstrip(b"\n")
    for suffix in files.FORMS:
        assert files.read(put(tmp_path, files.written(read, suffix), f"x{suffix}")) == read
    assert files.election_of(read).notes == ()
