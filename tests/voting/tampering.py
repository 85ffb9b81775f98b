"""Every way of tampering with a vote's board. Whoever does it makes all marks anew; what others hold stays as it was.

The forgeries at the end are coherent: ballots, accounts and result fit, the one who forges holds all of it, and what
cannot be is caught by one rule alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

from ideathon.voting import board
from ideathon.voting.verifying import Question as Q
from tests.voting import boards

Tampering = Callable[[boards.Vote, Random], None]


def _of_kind(given: boards.Vote, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in given.board["entries"] if entry["kind"] == kind]


def _counted(given: boards.Vote) -> list[dict[str, Any]]:
    """The votes that are the last word of their slip."""
    last = {entry["tag"]: entry for entry in _of_kind(given, "vote")}
    return list(last.values())


def change_a_ballot(given: boards.Vote, dice: Random) -> None:
    one = dice.choice(given.openings["openings"])
    one["choices"] = ["I06"] if one["choices"] != ["I06"] else ["I05"]


def drop_a_ballot(given: boards.Vote, dice: Random) -> None:
    given.openings["openings"].pop(dice.randrange(len(given.openings["openings"])))


def double_a_ballot(given: boards.Vote, dice: Random) -> None:
    given.openings["openings"].append(copy.deepcopy(dice.choice(given.openings["openings"])))


def raise_a_total(given: boards.Vote, dice: Random) -> None:
    given.board["entries"][-1]["totals"][dice.choice(boards.OPTIONS)] += 1


def raise_the_turnout(given: boards.Vote, _dice: Random) -> None:
    given.board["entries"][-1]["ballots"] += 1


def unknown_credential(given: boards.Vote, dice: Random) -> None:
    dice.choice(_counted(given))["tag"] = boards.digits(dice)


def vote_after_the_close(given: boards.Vote, dice: Random) -> None:
    entries = given.board["entries"]
    entries.insert(-1, copy.deepcopy(dice.choice(_counted(given))))


def one_more_slip(given: boards.Vote, dice: Random) -> None:
    given.board["slips"].append(boards.digits(dice))


def drop_an_entry(given: boards.Vote, dice: Random) -> None:
    given.board["entries"].remove(dice.choice(_counted(given)))


def swap_two_commitments(given: boards.Vote, dice: Random) -> None:
    one, other = dice.sample(_counted(given), 2)
    one["commit"], other["commit"] = other["commit"], one["commit"]


def raise_the_choices(given: boards.Vote, _dice: Random) -> None:
    given.board["entries"][0]["max_choices"] += 1


def void_a_voter(given: boards.Vote, dice: Random) -> None:
    """Coherently: the slip is void before it votes, its vote and its opening are gone, the result is made anew."""
    gone = dice.choice(_counted(given))
    entries = given.board["entries"]
    opened = next(one for one in given.openings["openings"]
                  if board.commitment(one["nonce"], board.canonical(one["choices"])) == gone["commit"])
    given.openings["openings"].remove(opened)
    given.board["entries"] = entries = [entry for entry in entries if entry.get("tag") != gone["tag"]]
    entries.insert(1, {"kind": "void", "tag": gone["tag"]})
    boards.count_anew(given)


def rewrite_it_all(given: boards.Vote, dice: Random) -> None:
    """Coherently: a ballot says something else, its commitment and the result are made anew."""
    entry = dice.choice(_counted(given))
    one = next(one for one in given.openings["openings"]
               if board.commitment(one["nonce"], board.canonical(one["choices"])) == entry["commit"])
    others: list[Any] = [{"I06": 1}, {"I01": 1}] if isinstance(one["choices"], dict) else [["I06"], ["I01"]]
    one["choices"] = next(other for other in others if other != one["choices"])
    entry["commit"] = board.commitment(one["nonce"], board.canonical(one["choices"]))
    boards.count_anew(given)


def lose_a_paper(given: boards.Vote, dice: Random) -> None:
    given.board["entries"].remove(dice.choice(_of_kind(given, "paper")))


def count_a_paper_twice(given: boards.Vote, dice: Random) -> None:
    paper = next(entry for entry in _of_kind(given, "paper") if entry.get("commit"))
    given.board["entries"].insert(-1, copy.deepcopy(paper))


def one_more_hand(given: boards.Vote, _dice: Random) -> None:
    _show(given)["totals"]["I01"] += 1


def another_outcome(given: boards.Vote, dice: Random) -> None:
    given.board["entries"][-1]["outcome"] = boards.digits(dice)


def _show(given: boards.Vote) -> dict[str, Any]:
    """The show of hands; a new one where there is none, of which there can be none."""
    if not _of_kind(given, "hands"):
        given.board["entries"].insert(-1, {"kind": "hands", "place": "Pape", "present": 5, "totals": {"I01": 5}})
    return _of_kind(given, "hands")[0]


def _method(given: boards.Vote) -> str:
    return str(given.board["entries"][0]["method"])


def _forged(given: boards.Vote, dice: Random, kind: str, tag: str, **more: Any) -> dict[str, Any]:
    """Another word of this tag, which counts: what it said before is opened no more."""
    before = next((entry.get("commit") for entry in reversed(given.board["entries"]) if entry.get("tag") == tag), None)
    opened: dict[str, dict[str, Any]] = {}
    made = boards.word(dice, _method(given), opened, kind, tag, **more)
    kept = [one for one in given.openings["openings"]
            if board.commitment(one["nonce"], board.canonical(one["choices"])) != before]
    given.openings["openings"] = [*kept, opened[tag]]
    return made


def _one_more_paper(given: boards.Vote, n: int = 1) -> None:
    """The account says so too: it adds up."""
    account = _of_kind(given, "account")[0]
    account["cast"], account["issued"] = account["cast"] + n, account["issued"] + n


def paper_over_a_vote(given: boards.Vote, dice: Random) -> None:
    tag = dice.choice(_counted(given))["tag"]
    given.board["entries"].insert(-1, _forged(given, dice, "paper", tag, place="Pape"))
    _one_more_paper(given)
    boards.count_anew(given)


def paper_written_over(given: boards.Vote, dice: Random) -> None:
    """One that counted says something else, or one that was void counts."""
    tag = dice.choice(_of_kind(given, "paper"))["tag"]
    given.board["entries"].insert(-1, _forged(given, dice, "paper", tag, place="Pape"))
    _one_more_paper(given)
    boards.count_anew(given)


def vote_over_a_paper(given: boards.Vote, dice: Random) -> None:
    """Somebody voted on paper, and after that "by phone"."""
    entries, tag = given.board["entries"], dice.choice(_counted(given))["tag"]
    first = next(number for number, entry in enumerate(entries) if entry["kind"] == "vote" and entry["tag"] == tag)
    void: dict[str, Any] = {"kind": "paper", "tag": tag, "place": "Pape", "void": "blank"}
    paper = boards.word(dice, _method(given), {}, "paper", tag, place="Pape")
    entries.insert(first, dice.choice([void, paper]))
    _one_more_paper(given)


def vote_changed_where_it_may_not(given: boards.Vote, dice: Random) -> None:
    """Each slip votes once, and the rules say so; then one votes again."""
    last = _counted(given)
    entries = given.board["entries"]
    entries[:] = [entry for entry in entries if entry["kind"] != "vote" or any(entry is one for one in last)]
    entries[0]["revote"] = False
    close = entries.index({"kind": "close"})
    entries.insert(close, _forged(given, dice, "vote", dice.choice(last)["tag"]))
    boards.count_anew(given)


def _hands(present: int, **totals: int) -> Tampering:
    def change(given: boards.Vote, _dice: Random) -> None:
        _show(given).update(present=present, totals=totals)
        boards.count_anew(given)
    return change


def hands_where_none_can_be(given: boards.Vote, _dice: Random) -> None:
    if _method(given) == "approval":            # an array of names is a ballot of a ranking as well
        given.board["entries"][0]["method"] = "ranking"
    _show(given)
    boards.count_anew(given)


def hands_below_nothing(given: boards.Vote, _dice: Random) -> None:
    _show(given)["totals"] = {}
    boards.count_anew(given)
    totals = given.board["entries"][-1]["totals"]
    most = max(totals, key=totals.__getitem__)
    others = [option for option in boards.OPTIONS if option != most]
    _show(given)["totals"] = {most: -1, **dict.fromkeys(others[:3], 2)}
    boards.count_anew(given)


def hands_counted_twice(given: boards.Vote, _dice: Random) -> None:
    given.board["entries"].insert(-1, copy.deepcopy(_show(given)))
    boards.count_anew(given)


def papers_of_no_place(given: boards.Vote, dice: Random) -> None:
    """Papers that nobody handed out: their place has no account."""
    for number in range(dice.randint(1, 3)):
        given.board["entries"].insert(-1, _forged(given, dice, "paper", f"paper:N{number}", place="Nowhere"))
    boards.count_anew(given)


def two_accounts(given: boards.Vote, _dice: Random) -> None:
    given.board["entries"].insert(-1, copy.deepcopy(_of_kind(given, "account")[0]))


def account_below_nothing(given: boards.Vote, dice: Random) -> None:
    """More papers in the box than were handed out, and the sum comes out all the same."""
    account = _of_kind(given, "account")[0]
    for number in range(account["unused"] + dice.randint(1, 3)):
        given.board["entries"].insert(-1, _forged(given, dice, "paper", f"paper:N{number}", place=account["place"]))
        account["cast"], account["unused"] = account["cast"] + 1, account["unused"] - 1
    boards.count_anew(given)


def account_of_no_numbers(given: boards.Vote, dice: Random) -> None:
    account = _of_kind(given, "account")[0]
    odd = dice.choice([True, float(account["unused"]), account["unused"] + 0.5])
    account |= {"unused": odd, "issued": account["cast"] + account["spoiled"] + odd}


def slip_drawn_again(given: boards.Vote, dice: Random) -> None:
    again = dice.choice(given.board["slips"])
    given.board["entries"].insert(1, {"kind": "slips", "tags": [again]})
    for void in [entry for entry in _of_kind(given, "void") if entry["tag"] == again]:
        given.board["entries"].remove(void)     # it is good, and stays good


def slip_twice_in_one_draw(given: boards.Vote, dice: Random) -> None:
    drawn = _of_kind(given, "slips")[0]["tags"]
    drawn.append(dice.choice(drawn))


def void_slip_votes(given: boards.Vote, dice: Random) -> None:
    """It is drawn once more, and then votes."""
    tag, entries = dice.choice(_of_kind(given, "void"))["tag"], given.board["entries"]
    close = entries.index({"kind": "close"})
    entries[close:close] = [{"kind": "slips", "tags": [tag]}, _forged(given, dice, "vote", tag)]
    boards.count_anew(given)


FORGERIES: dict[str, tuple[Tampering, set[Q]]] = {
    "a paper over a vote": (paper_over_a_vote, {Q.CREDENTIALS}),
    "a paper written over": (paper_written_over, {Q.CREDENTIALS}),
    "a vote over a paper": (vote_over_a_paper, {Q.CREDENTIALS}),
    "a vote changed where it may not": (vote_changed_where_it_may_not, {Q.CREDENTIALS}),
    "hands where none can be": (hands_where_none_can_be, {Q.HANDS}),
    "more hands for an idea than people": (_hands(2, I01=3, I02=1), {Q.HANDS}),
    "more hands in all than the rules allow": (_hands(2, I01=2, I02=2, I03=2, I04=2, I05=2, I06=2), {Q.HANDS}),
    "fewer hands in all than the rules ask": (_hands(5, I01=2, I02=2), {Q.HANDS}),
    "hands below nothing": (hands_below_nothing, {Q.HANDS}),
    "hands of nobody": (_hands(0), {Q.HANDS}),
    "hands for what is on no ballot": (_hands(2, I01=2, I99=0), {Q.HANDS}),
    "hands counted twice at a place": (hands_counted_twice, {Q.HANDS}),
    "papers of a place without an account": (papers_of_no_place, {Q.PAPERS}),
    "two accounts of a place": (two_accounts, {Q.PAPERS}),
    "an account below nothing": (account_below_nothing, {Q.PAPERS}),
    "an account of no numbers": (account_of_no_numbers, {Q.PAPERS}),
    "a slip drawn again": (slip_drawn_again, {Q.SLIPS}),
    "a slip twice in one draw": (slip_twice_in_one_draw, {Q.SLIPS}),
    "a void slip votes": (void_slip_votes, {Q.SLIPS}),
}
"""Coherent, and which question alone notices."""

TAMPERINGS: dict[str, Tampering] = {
    one.__name__.replace("_", " "): one for one in (
        change_a_ballot, drop_a_ballot, double_a_ballot, raise_a_total, raise_the_turnout, unknown_credential,
        vote_after_the_close, one_more_slip, drop_an_entry, swap_two_commitments, raise_the_choices, void_a_voter,
        rewrite_it_all, lose_a_paper, count_a_paper_twice, one_more_hand, another_outcome)
} | {name: forge for name, (forge, _) in FORGERIES.items()}
"""Every kind, by what it is."""


def by_chance(seed: int) -> tuple[boards.Vote, list[str]]:
    """An honest vote of any kind, or one that was tampered with once or twice; and in which ways."""
    given, dice, done = boards.any_vote(seed), Random(f"tamper {seed}"), []  # noqa: S311  # a test's own chance
    for name in dice.sample(sorted(TAMPERINGS), dice.choice((0, 0, 1, 1, 2))):
        trial = given.copy()
        try:
            TAMPERINGS[name](trial, dice)
        except (IndexError, ValueError, StopIteration):     # no paper there, no vote, no close
            continue
        given, done = trial, [*done, name]
    return given, done
