"""What each question to a board minds: one change at a time, the questions that then fail and no other; the hashes."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from ideathon.voting import board, verifying
from ideathon.voting.verifying import Question as Q
from tests.voting import boards

Change = Callable[[boards.Vote], Any]


def of_kind(given: boards.Vote, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in given.board["entries"] if entry["kind"] == kind]


def before_the_end(given: boards.Vote, *more: dict[str, Any]) -> None:
    given.board["entries"][-1:-1] = copy.deepcopy(list(more))


def at_first(given: boards.Vote, *more: dict[str, Any]) -> None:
    given.board["entries"][1:1] = copy.deepcopy(list(more))


def listed_anew(given: boards.Vote) -> None:
    tags = given.board["slips"]
    given.board["entries"][0]["slips"] = {"count": len(tags), "list": board.list_hash(tags)}


def double_a_slip(given: boards.Vote) -> None:
    given.board["slips"].append(given.board["slips"][0])
    listed_anew(given)


def say_of_slips(**wrong: Any) -> Change:
    return lambda given: given.board["entries"][0]["slips"].update(wrong)


def void_after_all(given: boards.Vote) -> None:
    """The slip had voted: voiding it once more after the close is seen, though no total moves."""
    before_the_end(given, {"kind": "void", "tag": of_kind(given, "void")[0]["tag"]})


def again(kind: str) -> Change:
    return lambda given: before_the_end(given, of_kind(given, kind)[0])


def total(option: str, add: int) -> Change:
    def change(given: boards.Vote) -> None:
        given.board["entries"][-1]["totals"][option] = add
    return change


def account(**wrong: Any) -> Change:
    return lambda given: of_kind(given, "account")[0].update(wrong)


def a_spoilt_paper(given: boards.Vote) -> None:
    before_the_end(given, {"kind": "paper", "tag": "paper:P9", "place": "Pape", "void": "blank"})


def vote_of(tag: Callable[[boards.Vote], str]) -> Change:
    """A last vote goes to another tag: as many ballots, one of them by a stranger."""
    def change(given: boards.Vote) -> None:
        last = {entry["tag"]: entry for entry in of_kind(given, "vote")}
        list(last.values())[-1]["tag"] = tag(given)
    return change


HONEST: list[tuple[str, Change]] = [
    ("nothing", lambda given: None),
    ("an override", lambda given: at_first(given, {"kind": "override", "what": "age", "by": "host"})),
    ("more slips while it was open", lambda given: at_first(given, {"kind": "slips", "tags": ["ab" * 32]})),
    ("papers that do not add up, and why", account(issued=9, why="Two were torn.")),
    ("a late slip that is void", lambda given: at_first(
        given, {"kind": "slips", "tags": ["ab" * 32]}, {"kind": "void", "tag": "ab" * 32})),
]
CHANGES: list[tuple[str, Change, set[Q]]] = [
    ("an unknown entry", lambda given: before_the_end(given, {"kind": "hint"}), {Q.SHAPE}),
    ("opened twice", lambda given: at_first(given, given.board["entries"][0]), {Q.SHAPE}),
    ("closed twice", again("close"), {Q.SHAPE}),
    ("two results", again("result"), {Q.SHAPE}),
    ("never closed", lambda given: given.board["entries"].remove(of_kind(given, "close")[0]), {Q.SHAPE, Q.CLOSED}),
    ("something after the result", lambda given: given.board["entries"].append(
        {**given.board["entries"].pop(), "kind": "override"}), {Q.SHAPE}),
    ("a slip twice in the list", double_a_slip, {Q.SLIPS}),
    ("another number of slips", say_of_slips(count=11), {Q.SLIPS}),
    ("another list of slips", say_of_slips(list="0" * 64), {Q.SLIPS}),
    ("more said of the slips", say_of_slips(more=1), {Q.SLIPS}),
    ("a vote by nobody's slip", vote_of(lambda given: "cd" * 32), {Q.CREDENTIALS}),
    ("a vote by a void slip", vote_of(lambda given: of_kind(given, "void")[0]["tag"]), {Q.CREDENTIALS}),
    ("a paper twice", lambda given: before_the_end(given, of_kind(given, "paper")[0]), {Q.CREDENTIALS, Q.PAPERS}),
    ("a paper by nobody's slip", lambda given: of_kind(given, "paper")[0].update(tag="ef" * 32), {Q.CREDENTIALS}),
    ("a vote after the close", lambda given: before_the_end(given, of_kind(given, "vote")[-1]), {Q.CLOSED}),
    ("slips after the close", lambda given: before_the_end(given, {"kind": "slips", "tags": ["ab" * 32]}), {Q.CLOSED}),
    ("a void after the close", void_after_all, {Q.CLOSED}),
    ("more papers in the box than are on the board", account(cast=4, issued=7), {Q.PAPERS}),
    ("papers that do not add up", account(issued=7), {Q.PAPERS}),
    ("a spoilt paper too many", a_spoilt_paper, {Q.PAPERS}),
    ("another place's papers", account(place="Liepāja"), {Q.PAPERS}),
    ("no number of ballots", lambda given: given.board["entries"][-1].pop("ballots"), {Q.BALLOTS}),
    ("a total below nothing", total("I01", -1), {Q.TOTALS}),
    ("a total of what nobody could choose", total("I99", 1), {Q.TOTALS}),
]


def failed(given: boards.Vote, **held: Any) -> set[Q]:
    said = list(verifying.answers(given.board, **held))
    assert len(dict(said)) == len(said)
    assert {holds for _, holds in said} <= {True, False}
    return {question for question, holds in said if not holds}


@pytest.mark.parametrize("method", sorted(boards.METHODS))
@pytest.mark.parametrize(("what", "change"), HONEST, ids=lambda one: one if isinstance(one, str) else "")
def test_what_may_be_so_holds(method: str, what: str, change: Change) -> None:
    given = boards.vote(11, method)
    change(given)
    assert failed(given, openings=given.openings) == set(), what


@pytest.mark.parametrize(("what", "change", "minded"), CHANGES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_change_is_minded_by_these_questions_and_no_other(what: str, change: Change, minded: set[Q]) -> None:
    for method in boards.METHODS:
        given = boards.vote(11, method)
        change(given)
        assert failed(given) == minded, what


@pytest.mark.parametrize(("method", "each"), [("approval", 1), ("budget", 1), ("star", 2)])
def test_no_total_is_above_what_the_ballots_can_give(method: str, each: int) -> None:
    given = boards.vote(11, method)
    end = given.board["entries"][-1]
    for n, fails in ((0, set()), (each * end["ballots"], set()), (each * end["ballots"] + 1, {Q.TOTALS})):
        end["totals"]["I01"] = n
        assert failed(given) == fails


@pytest.mark.parametrize("off", [-1, 1])
def test_one_ballot_more_or_less_is_seen(off: int) -> None:
    given = boards.vote(11)
    given.board["entries"][-1]["ballots"] += off
    assert Q.BALLOTS in failed(given)


def test_a_mark_is_held_from_eight_digits_on_and_every_one_must_be_there() -> None:
    given = boards.vote(11)
    marks = verifying.heads(given.board["entries"])
    assert len(marks) == len(given.board["entries"])
    for head in marks:
        assert failed(given, held=[head]) == failed(given, held=[head[:8]]) == set()
        assert failed(given, held=[head[:7]]) == failed(given, held=[head[1:]]) == {Q.HELD}
        assert failed(given, held=[head, "0" * 64]) == {Q.HELD}


def test_an_older_copy_is_the_beginning_whole() -> None:
    given = boards.vote(11)
    entries = given.board["entries"]
    for length in (1, 2, len(entries) - 1, len(entries)):
        assert failed(given, previous={**given.board, "entries": entries[:length]}) == set()
    longer = {**given.board, "entries": [*entries, {"kind": "override"}]}
    other = {**given.board, "entries": [*entries[1:3]]}
    fewer = {**given.board, "slips": given.board["slips"][1:]}
    assert [failed(given, previous=one) for one in (longer, other, fewer)] == [{Q.PREFIX}] * 3


@pytest.mark.parametrize("method", sorted(boards.METHODS))
def test_the_openings_are_all_there_well_formed_and_give_the_totals(method: str) -> None:
    given = boards.vote(11, method)
    opened = given.openings["openings"]
    assert failed(given, openings={"openings": opened[1:]}) == {Q.OPENED, Q.COUNTED}
    assert failed(given, openings={"openings": [*opened, opened[0]]}) == {Q.OPENED, Q.COUNTED}
    end = given.board["entries"][-1]["totals"]
    dear = max(end, key=end.__getitem__)
    end[dear] -= 1
    assert failed(given, openings=given.openings) == {Q.COUNTED}
    end[dear] += 1
    given.board["entries"][0]["max_choices"] = 1
    assert failed(given, openings=given.openings) == {Q.ALLOWED}


def test_a_total_of_nothing_may_be_left_out() -> None:
    given = boards.vote(11)
    totals = given.board["entries"][-1]["totals"]
    none = "I07"
    given.board["entries"][0]["options"] = [*boards.OPTIONS, none]
    assert failed(given, openings=given.openings) == set()
    totals[none] = 0
    assert failed(given, openings=given.openings) == set()
    totals[none] = 1
    assert failed(given, openings=given.openings) == {Q.COUNTED}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_the_hashes_are_these() -> None:
    entry = {"b": [1, 2], "a": "Rīga", "c": {"z": 1, "y": None}}
    said = '{"a":"Rīga","b":[1,2],"c":{"y":null,"z":1}}'.encode()
    assert board.canonical(entry) == said
    assert board.genesis(entry) == sha(said)
    assert board.link("ab" * 32, entry) == sha(b"\xab" * 32 + said)
    assert board.commitment("cd" * 32, b'["I01"]') == sha(b"\xcd" * 32 + b'["I01"]')
    assert board.list_hash(["c", "a", "b"]) == board.list_hash(["a", "b", "c"]) == sha(b"a\nb\nc")
    assert verifying.heads([entry, entry]) == [sha(said), sha(bytes.fromhex(sha(said)) + said)]


def test_only_an_annulled_board_says_why() -> None:
    given = boards.vote(11)
    assert verifying.annulled(given.board) == []
    given.board["entries"] += [{"kind": "annul", "why": "One."}, {"kind": "annul", "why": "Two."}]
    assert verifying.annulled(given.board) == ["One.", "Two."]
