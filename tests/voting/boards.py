"""Boards for tests: a whole vote as its public board and its openings, and every way of tampering with them."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from ideathon.core import ballots
from ideathon.voting import board, verifying

METHODS: dict[str, dict[str, Any]] = {
    "approval": {"min_choices": 1, "max_choices": 3},
    "budget": {"min_choices": 1, "max_choices": 6, "costs": [100, 250, 400, 300, 150, 50], "budget": 600},
    "star": {"min_choices": 1, "max_choices": 6, "costs": [100, 250, 400, 300, 150, 50], "budget": 600},
}
OPTIONS = [f"I{number:02}" for number in range(1, 7)]


@dataclass
class Vote:
    """What lies before a reader: the public board, the openings of the witnesses, heads noted on the way, a copy made
    before the last entries."""

    board: dict[str, Any]
    openings: dict[str, Any]
    heads: list[str]
    older: dict[str, Any]

    def copy(self) -> Vote:
        """Another one like it."""
        return copy.deepcopy(self)


def _hex(dice: Random, length: int = 64) -> str:
    return f"{dice.getrandbits(4 * length):0{length}x}"


def _choices(dice: Random, method: str) -> list[str] | dict[str, int]:
    """A well-formed ballot: one to three options, dear ones left out until the sum is kept."""
    form = verifying.form_of({"method": method, "options": OPTIONS, **METHODS[method]})
    while True:
        chosen = sorted(dice.sample(OPTIONS, dice.randint(1, 3)))
        made = dict.fromkeys(chosen, 1) if method == "star" else chosen
        if isinstance(made, dict) and dice.random() < 0.7:
            made[dice.choice(chosen)] = 2
        if not ballots.check(form, made):
            return made


def vote(seed: int, method: str = "approval", slips: int = 12) -> Vote:
    """A vote by `slips` slips, of which most are used, some twice, one is void; papers at a place, a show of hands."""
    dice = Random(seed)  # noqa: S311  # a test's own chance
    tags = sorted(_hex(dice) for _ in range(slips))
    entries: list[dict[str, Any]] = [{"kind": "open", "form": verifying.FORM, "event": "ENGURE", "round": 1,
                                      "method": method, "options": OPTIONS, **METHODS[method],
                                      "slips": {"count": slips, "list": board.list_hash(tags)}}]
    opened: dict[str, dict[str, Any]] = {}
    late = _hex(dice)
    entries.append({"kind": "slips", "tags": [late]})
    void = dice.choice(tags)
    entries.append({"kind": "void", "tag": void})
    voters = [tag for tag in [*tags, late] if tag != void]
    for tag in dice.choices(voters, k=slips + 6):
        entries.append(_word(dice, method, opened, "vote", tag))
    entries.append({"kind": "close"})
    for serial in ("paper:P1", "paper:P2"):
        entries.append(_word(dice, method, opened, "paper", serial, place="Pape"))
    entries.append({"kind": "paper", "tag": "paper:P3", "place": "Pape", "void": "blank"})
    entries.append({"kind": "account", "place": "Pape", "issued": 6, "cast": 3, "spoiled": 1, "unused": 2, "why": ""})
    entries.append({"kind": "hands", "place": "Jūrmalciems", "present": 5, "totals": {"I01": 4, "I02": 1}})
    sums = Counter({"I01": 4, "I02": 1})
    for one in opened.values():
        sums.update(one["choices"] if isinstance(one["choices"], dict) else dict.fromkeys(one["choices"], 1))
    totals = {option: sums[option] for option in OPTIONS}
    entries.append({"kind": "result", "ballots": len(opened) + 5, "totals": totals, "outcome": _hex(dice)})
    shuffled = list(opened.values())
    dice.shuffle(shuffled)
    public = {"form": verifying.FORM, "slips": tags, "entries": entries}
    heads = verifying.heads(entries)
    older = {**public, "entries": entries[:len(entries) // 2]}
    return Vote(public, {"form": "ideathon-openings-1", "openings": shuffled}, [heads[0], heads[-1]], older)


def _word(dice: Random, method: str, opened: dict[str, dict[str, Any]], kind: str, tag: str,
          **more: Any) -> dict[str, Any]:
    choices, nonce = _choices(dice, method), _hex(dice)
    opened[tag] = {"nonce": nonce, "choices": choices}
    return {"kind": kind, "tag": tag, "commit": board.commitment(nonce, board.canonical(choices)), **more}


Tampering = Callable[[Vote, Random], None]


def _of_kind(given: Vote, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in given.board["entries"] if entry["kind"] == kind]


def _counted(given: Vote) -> list[dict[str, Any]]:
    """The votes that are the last word of their slip."""
    last = {entry["tag"]: entry for entry in _of_kind(given, "vote")}
    return list(last.values())


def change_a_ballot(given: Vote, dice: Random) -> None:
    one = dice.choice(given.openings["openings"])
    one["choices"] = ["I06"] if one["choices"] != ["I06"] else ["I05"]


def drop_a_ballot(given: Vote, dice: Random) -> None:
    given.openings["openings"].pop(dice.randrange(len(given.openings["openings"])))


def double_a_ballot(given: Vote, dice: Random) -> None:
    given.openings["openings"].append(copy.deepcopy(dice.choice(given.openings["openings"])))


def raise_a_total(given: Vote, dice: Random) -> None:
    given.board["entries"][-1]["totals"][dice.choice(OPTIONS)] += 1


def raise_the_turnout(given: Vote, _dice: Random) -> None:
    given.board["entries"][-1]["ballots"] += 1


def unknown_credential(given: Vote, dice: Random) -> None:
    dice.choice(_counted(given))["tag"] = _hex(dice)


def vote_after_the_close(given: Vote, dice: Random) -> None:
    entries = given.board["entries"]
    entries.insert(-1, copy.deepcopy(dice.choice(_counted(given))))


def one_more_slip(given: Vote, dice: Random) -> None:
    given.board["slips"].append(_hex(dice))


def drop_an_entry(given: Vote, dice: Random) -> None:
    given.board["entries"].remove(dice.choice(_counted(given)))


def swap_two_commitments(given: Vote, dice: Random) -> None:
    one, other = dice.sample(_counted(given), 2)
    one["commit"], other["commit"] = other["commit"], one["commit"]


def raise_the_choices(given: Vote, _dice: Random) -> None:
    given.board["entries"][0]["max_choices"] += 1


def void_a_voter(given: Vote, dice: Random) -> None:
    """Coherently: the slip is void before it votes, its vote and its opening are gone, the result is made anew."""
    gone = dice.choice(_counted(given))
    entries = given.board["entries"]
    opened = next(one for one in given.openings["openings"]
                  if board.commitment(one["nonce"], board.canonical(one["choices"])) == gone["commit"])
    given.openings["openings"].remove(opened)
    given.board["entries"] = entries = [entry for entry in entries if entry.get("tag") != gone["tag"]]
    entries.insert(1, {"kind": "void", "tag": gone["tag"]})
    _made_anew(given)


def rewrite_it_all(given: Vote, dice: Random) -> None:
    """Coherently: a ballot says something else, its commitment and the result are made anew."""
    entry = dice.choice(_counted(given))
    one = next(one for one in given.openings["openings"]
               if board.commitment(one["nonce"], board.canonical(one["choices"])) == entry["commit"])
    others: list[Any] = [{"I06": 1}, {"I01": 1}] if isinstance(one["choices"], dict) else [["I06"], ["I01"]]
    one["choices"] = next(other for other in others if other != one["choices"])
    entry["commit"] = board.commitment(one["nonce"], board.canonical(one["choices"]))
    _made_anew(given)


def _made_anew(given: Vote) -> None:
    sums: Counter[str] = Counter()
    for one in given.openings["openings"]:
        sums.update(one["choices"] if isinstance(one["choices"], dict) else dict.fromkeys(one["choices"], 1))
    present = 0
    for entry in _of_kind(given, "hands"):
        sums.update(entry["totals"])
        present += entry["present"]
    given.board["entries"][-1] |= {"ballots": len(given.openings["openings"]) + present,
                                   "totals": {option: sums[option] for option in OPTIONS}}


def lose_a_paper(given: Vote, dice: Random) -> None:
    given.board["entries"].remove(dice.choice(_of_kind(given, "paper")))


def count_a_paper_twice(given: Vote, dice: Random) -> None:
    paper = next(entry for entry in _of_kind(given, "paper") if entry.get("commit"))
    given.board["entries"].insert(-1, copy.deepcopy(paper))


def more_hands_than_people(given: Vote, _dice: Random) -> None:
    _of_kind(given, "hands")[0]["totals"]["I01"] += 1


def another_outcome(given: Vote, dice: Random) -> None:
    given.board["entries"][-1]["outcome"] = _hex(dice)


TAMPERINGS: tuple[Tampering, ...] = (
    change_a_ballot, drop_a_ballot, double_a_ballot, raise_a_total, raise_the_turnout, unknown_credential,
    vote_after_the_close, one_more_slip, drop_an_entry, swap_two_commitments, raise_the_choices, void_a_voter,
    rewrite_it_all, lose_a_paper, count_a_paper_twice, more_hands_than_people, another_outcome)


