"""Boards for tests: a whole vote as its public board and its openings; what is done to them stands in tampering.py."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field
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


def digits(dice: Random, length: int = 64) -> str:
    return f"{dice.getrandbits(4 * length):0{length}x}"


def choices_of(dice: Random, method: str) -> list[str] | dict[str, int]:
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
    """A vote by `slips` slips, of which most are used, some twice, one is void; papers at a place, a show of hands
    where there can be one."""
    dice = Random(seed)  # noqa: S311  # a test's own chance
    tags = sorted(digits(dice) for _ in range(slips))
    entries: list[dict[str, Any]] = [{"kind": "open", "form": verifying.FORM, "event": "ENGURE", "round": 1,
                                      "method": method, "options": [*OPTIONS], **copy.deepcopy(METHODS[method]),
                                      "slips": {"count": slips, "list": board.list_hash(tags)}}]
    opened: dict[str, dict[str, Any]] = {}
    late = digits(dice)
    entries.append({"kind": "slips", "tags": [late]})
    void = dice.choice(tags)
    entries.append({"kind": "void", "tag": void})
    voters = [tag for tag in [*tags, late] if tag != void]
    for tag in dice.choices(voters, k=slips + 6):
        entries.append(word(dice, method, opened, "vote", tag))
    entries.append({"kind": "close"})
    for serial in ("paper:P1", "paper:P2"):
        entries.append(word(dice, method, opened, "paper", serial, place="Pape"))
    entries.append({"kind": "paper", "tag": "paper:P3", "place": "Pape", "void": "blank"})
    entries.append({"kind": "account", "place": "Pape", "issued": 6, "cast": 3, "spoiled": 1, "unused": 2, "why": ""})
    if method == "approval":
        entries.append({"kind": "hands", "place": "Jūrmalciems", "present": 5, "totals": {"I01": 4, "I02": 1}})
    return _sealed(dice, tags, entries, opened)


def _sealed(dice: Random, tags: list[str], entries: list[dict[str, Any]], opened: dict[str, dict[str, Any]]) -> Vote:
    """The result ends the board; the ballots are shuffled."""
    shuffled = list(opened.values())
    dice.shuffle(shuffled)
    given = Vote({"form": verifying.FORM, "slips": tags, "entries": entries},
                 {"form": "ideathon-openings-1", "openings": shuffled}, [], {})
    entries.append({"kind": "result", "outcome": digits(dice)})
    count_anew(given)
    given.heads = [*verifying.heads(entries)[::len(entries) - 1]]
    given.older = {**given.board, "entries": entries[:len(entries) // 2]}
    return given


def count_anew(given: Vote) -> None:
    """The result says what the openings and the hands of the board give."""
    shows = [entry for entry in given.board["entries"] if entry["kind"] == "hands"]
    sums: Counter[str] = Counter()
    for choices in [*(one["choices"] for one in given.openings["openings"]), *(one["totals"] for one in shows)]:
        sums.update(choices)
    given.board["entries"][-1] |= {"ballots": len(given.openings["openings"]) + sum(one["present"] for one in shows),
                                   "totals": {option: sums[option] for option in OPTIONS}}


def word(dice: Random, method: str, opened: dict[str, dict[str, Any]], kind: str, tag: str,
          **more: Any) -> dict[str, Any]:
    choices, nonce = choices_of(dice, method), digits(dice)
    opened[tag] = {"nonce": nonce, "choices": choices}
    return {"kind": kind, "tag": tag, "commit": board.commitment(nonce, board.canonical(choices)), **more}


@dataclass
class _Making:
    """A vote of every kind that an honest house can hold, made by chance."""

    dice: Random
    method: str
    revote: bool
    tags: list[str]
    entries: list[dict[str, Any]] = field(default_factory=list)
    opened: dict[str, dict[str, Any]] = field(default_factory=dict)
    good: set[str] = field(default_factory=set)
    papers: Counter[str] = field(default_factory=Counter)
    said: set[str] = field(default_factory=set)         # on paper

    def slip(self) -> None:
        """One or two more, or one of those that have not voted is void."""
        silent = sorted(self.good - set(self.opened) - self.said)
        if silent and self.dice.random() < 0.4:
            gone = self.dice.choice(silent)
            self.good.discard(gone)
            self.entries.append({"kind": "void", "tag": gone})
        else:
            fresh = sorted(digits(self.dice) for _ in range(self.dice.randint(1, 2)))
            self.good.update(fresh)
            self.entries.append({"kind": "slips", "tags": fresh})

    def vote(self) -> None:
        """By a slip that did not vote on paper, and has not voted where a vote cannot be changed."""
        able = self.good - self.said - (set() if self.revote else set(self.opened))
        if able:
            tag = self.dice.choice(sorted(able))
            self.entries.append(word(self.dice, self.method, self.opened, "vote", tag))

    def paper(self) -> None:
        """With a serial, or of a slip that did not vote; some are void."""
        silent = sorted(self.good - set(self.opened) - self.said)
        tag = self.dice.choice(silent) if silent and self.dice.random() < 0.5 else f"paper:{len(self.entries)}"
        place = self.dice.choice(("Pape", "Nida", "Jūrmalciems"))
        self.papers[place] += 1
        self.said.add(tag)
        self.entries.append({"kind": "paper", "tag": tag, "place": place, "void": "blank"} if self.dice.random() < 0.3
                            else word(self.dice, self.method, self.opened, "paper", tag, place=place))

    def hands(self, place: str) -> None:
        """As many as the rule lets so many people raise."""
        rule, present, totals = METHODS[self.method], self.dice.randint(1, 9), dict.fromkeys(OPTIONS, 0)
        wanted = present * self.dice.randint(rule["min_choices"], rule["max_choices"])
        while sum(totals.values()) < wanted:
            option = self.dice.choice([option for option, n in totals.items() if n < present])
            totals[option] += 1
        self.entries.append({"kind": "hands", "place": place, "present": present, "totals": totals})

    def accounts(self) -> None:
        """Of every place with papers, and of one whose papers all came back."""
        for place in [*self.papers, *(["Bernāti"] if self.dice.random() < 0.3 else [])]:
            spoiled, unused, gone = (self.dice.randint(0, 3) for _ in range(3))
            cast = self.papers[place]
            self.entries.append({"kind": "account", "place": place, "cast": cast, "spoiled": spoiled, "unused": unused,
                                 "issued": cast + spoiled + unused + gone, "why": "Taken home." if gone else ""})


def any_vote(seed: int) -> Vote:
    """An honest vote of any kind: with slips drawn later, papers by slip and by serial before and after the close,
    votes that can be changed or not, hands where there can be some, papers that are missing and why."""
    dice = Random(f"any {seed}")  # noqa: S311  # a test's own chance
    method, revote = dice.choice(sorted(METHODS)), dice.random() < 0.6
    tags = sorted(digits(dice) for _ in range(dice.randint(0, 12)))
    rules = {"kind": "open", "form": verifying.FORM, "event": "ENGURE", "round": 1, "method": method,
             "options": [*OPTIONS], **copy.deepcopy(METHODS[method]),
             "slips": {"count": len(tags), "list": board.list_hash(tags)},
             **({} if revote else {"revote": False})}
    made = _Making(dice, method, revote, tags, [rules], good=set(tags))
    for step in dice.choices((made.vote, made.slip, made.paper), (6, 2, 1), k=dice.randint(0, 20)):
        step()
    made.entries.append({"kind": "close"})
    for _ in range(dice.randint(0, 4)):
        made.paper()
    for place in ("Pape", "Nida")[:dice.randint(0, 2)] if method == "approval" else ():
        made.hands(place)
    if dice.random() < 0.2:
        made.entries.append({"kind": "override", "what": "differs_from_paper", "tag": "paper:1", "by": "host"})
    made.accounts()
    return _sealed(dice, tags, made.entries, made.opened)
