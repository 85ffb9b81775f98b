"""Votes, changes, retries and a close in any order: never counted twice, the last acknowledged choice counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings, strategies as st

from ideathon.voting import queries
from tests.houses import Client, House
from tests.voting import box

SLIPS, PHONES = 3, 2
OPTIONS = ("I01", "I02", "I03", "I04")

CHOICE = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=4, unique=True)
WHO = {"slip": st.integers(0, SLIPS - 1), "phone": st.integers(0, PHONES - 1)}
STEP = st.one_of(
    st.fixed_dictionaries({"do": st.just("cast"), **WHO, "choices": CHOICE, "stale": st.booleans()}),
    st.fixed_dictionaries({"do": st.just("retry"), **WHO, "which": st.integers(0, 9), "choices": CHOICE}),
    st.just({"do": "close"}),
)


@dataclass
class Truth:
    """What a careful clerk would have written down."""

    counts: dict[int, tuple[int, tuple[str, ...]]] = field(default_factory=dict)        # slip → (number, choices)
    pressed: list[tuple[int, str, str]] = field(default_factory=list)                   # slip, key, receipt
    taken: int = 0
    closed: bool = False


def press(house: House, phones: list[Client], codes: list[str], truth: Truth, step: dict) -> None:
    """One cast, and whether its answer is the clerk's."""
    slip, key = step["slip"], f"{len(truth.pressed):032}"
    at = truth.counts.get(slip, (0, ()))[0]
    expect = at + 1 if step["stale"] else at
    answer = box.cast(phones[step["phone"]], codes[slip], *step["choices"], expect=expect, key=key)
    good = not truth.closed and not step["stale"] and len(step["choices"]) <= 3
    assert answer.status_code == (303 if good else 409 if truth.closed else 412 if step["stale"] else 422)
    if good:
        truth.taken += 1
        number = int(answer.location.split("/")[-2])
        assert number == truth.taken
        truth.counts[slip] = number, tuple(sorted(step["choices"]))
        truth.pressed.append((slip, key, answer.location))


def retry(phones: list[Client], codes: list[str], truth: Truth, step: dict) -> None:
    """An old press comes again, from any phone and also after the close: the same receipt and nothing else. With other
    ticks than those that stand it is not told to be stored."""
    if not truth.pressed:
        return
    slip, key, receipt = truth.pressed[step["which"] % len(truth.pressed)]
    answer = box.cast(phones[step["phone"]], codes[slip], *step["choices"], expect=0, key=key)
    number, ticks = truth.counts[slip]
    if number == int(receipt.split("/")[-2]) and ticks != tuple(sorted(step["choices"])):
        assert answer.status_code == (409 if truth.closed else 412)
    else:
        assert (answer.status_code, answer.location) == (303, receipt)


def check(house: House, truth: Truth) -> None:
    """The box against the clerk."""
    with house.inside():
        gathering = house.gathering().id
        said = [choice for _number, choices in truth.counts.values() for choice in choices]
        assert queries.votes(gathering) == {ref: said.count(ref) for ref in OPTIONS}
        figures = queries.figures(gathering)
        counted, told = len(truth.counts), queries.turnout(gathering)
        assert figures["counted"] == counted
        exact = truth.closed or counted == told["issued"]          # while it is open, in steps of five
        assert told["cast"] == (counted if exact else counted - counted % 5)
        assert (figures["cast"], figures["superseded"]) == (truth.taken, truth.taken - len(truth.counts))
    kinds = [entry["kind"] for entry in box.recount(house)]
    assert kinds == ["open", *["vote"] * truth.taken, *["close"] * truth.closed]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEP, max_size=14))
def _any_order(house: House, steps: list[dict]) -> None:
    codes, truth = box.fresh_round(house, SLIPS), Truth()
    phones = [house.visitor() for _ in range(PHONES)]
    for step in steps:
        if step["do"] == "close":
            box.close_now(house)
            truth.closed = True
        elif step["do"] == "cast":
            press(house, phones, codes, truth, step)
        else:
            retry(phones, codes, truth, step)
    check(house, truth)


def test_in_any_order_the_box_holds_what_was_acknowledged(house: House) -> None:
    house.day("vote", ideas=4)
    _any_order(house)
