"""R6: two phones with one slip on a bad line. Requests come late, twice or never; replies are lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from ideathon.voting.models import Ballot, CastKey
from tests.houses import House
from tests.reliability.hall import REFS
from tests.reliability.report import Tell
from tests.voting import box

PHONES = 2
PHONE = st.integers(0, PHONES - 1)
CHOICES = st.lists(st.sampled_from(REFS), min_size=1, max_size=3, unique=True).map(sorted)


@dataclass(frozen=True)
class Plan:
    """How much of it, on each database."""

    runs: int = 3000
    steps: int = 40


@dataclass
class Tap:
    """One press of a phone, on its way for as long as it likes."""

    phone: int
    key: str
    choices: list[str]
    expect: int
    seq: int = 0            # the board's number, once it was taken
    known: bool = False     # and the phone has been told


class TwoPhones(RuleBasedStateMachine):
    """The phones, the line between, and what a careful clerk has written down."""

    house: House
    met: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        (self.code,) = box.fresh_round(self.house, 1)
        self.phones = [self.house.visitor() for _ in range(PHONES)]
        self.sees, self.taps, self.length, self.closed = [0] * PHONES, list[Tap](), 0, False
        self.met["runs"] += 1

    @property
    def stands(self) -> Tap | None:
        """The tap that counts at present."""
        return max((tap for tap in self.taps if tap.seq), key=lambda tap: tap.seq, default=None)

    @rule(phone=PHONE, choices=CHOICES)
    def tap(self, phone: int, choices: list[str]) -> None:
        """Somebody presses; the request is under way."""
        self.taps.append(Tap(phone, f"{len(self.taps):032}", choices, self.sees[phone]))

    @rule(phone=PHONE)
    def look(self, phone: int) -> None:
        """The ballot's page is opened: it says what the slip says at present."""
        page = self.phones[phone].post("/b", code=self.code)
        stands = self.stands
        assert box.expect_of(page) == (stands.seq if stands else 0)
        assert box.ticked(page) == set(stands.choices if stands else [])
        self.sees[phone] = stands.seq if stands else 0

    @precondition(lambda self: self.taps)
    @rule(which=st.integers(0, 39), heard=st.booleans(), other=st.booleans())
    def arrive(self, which: int, heard: bool, other: bool) -> None:
        """A request arrives, perhaps once more, perhaps long after later ones; its reply may be lost."""
        tap = self.taps[-1 - which % len(self.taps)]
        again, stands = bool(tap.seq), self.stands
        answer = box.cast(self.phones[1 - tap.phone if other else tap.phone], self.code, *tap.choices,
                          expect=tap.expect, key=tap.key)
        if again and not (self.closed and answer.status_code == 409):
            assert answer.status_code == 303, answer.text
            assert int(answer.location.split("/")[-2]) == tap.seq, "the same press, another receipt"
        elif self.closed:
            assert answer.status_code == 409
        elif tap.expect != (stands.seq if stands else 0):
            assert answer.status_code == 412
        else:
            assert answer.status_code == 303, answer.text
            self.length += 1
            tap.seq = int(answer.location.split("/")[-2])
            assert tap.seq == self.length
        self.met["twice"] += again
        self.met["lost"] += not heard and not again and bool(tap.seq)
        self.met["late"] += which % len(self.taps) > 0
        if heard and answer.status_code == 303:
            tap.known = True
            self.sees[tap.phone] = max(self.sees[tap.phone], tap.seq)

    @precondition(lambda self: not self.closed and len(self.taps) > 3)
    @rule(sure=st.integers(0, 9))
    def close(self, sure: int) -> None:
        """Now and then the vote ends meanwhile."""
        if not sure:
            box.close_now(self.house)
            self.closed = True

    @invariant()
    def what_was_told_stands(self) -> None:
        """The last acknowledged tap, or a newer one, is what counts, and nothing else is stored."""
        with self.house.inside() as session:
            ballots = [(row.seq, row.choices) for row in session.scalars(select(Ballot))]
            keys = {row.key: row.seq for row in session.scalars(select(CastKey))}
        assert keys == {tap.key: tap.seq for tap in self.taps if tap.seq}
        stands = self.stands
        assert ballots == ([(stands.seq, stands.choices)] if stands else [])
        assert not stands or all(tap.seq <= stands.seq for tap in self.taps if tap.known)

    def teardown(self) -> None:
        """The board holds each tap that was taken, once."""
        kinds = [entry["kind"] for entry in box.recount(self.house)]
        assert kinds == ["open", *["vote"] * self.length, *["close"] * self.closed]


def run(house: House, plan: Plan, say: Tell) -> dict[str, Any]:
    """So many runs of so many steps; and the line was really bad."""
    met = dict.fromkeys(("runs", "twice", "lost", "late"), 0)

    def machine() -> TwoPhones:
        if not met["runs"] % 100:
            say(met["runs"], plan.runs, f"{met['lost']} replies lost, {met['twice']} requests twice")
        return made()

    made: Callable[[], TwoPhones] = type("Phones", (TwoPhones,), {"house": house, "met": met})
    run_state_machine_as_test(machine, settings=settings(
        max_examples=plan.runs, stateful_step_count=plan.steps, deadline=None, database=None,
        phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck)))
    assert min(met.values()) > 0, met
    return {**met, "steps at most": plan.steps}
