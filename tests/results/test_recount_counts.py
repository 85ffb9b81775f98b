"""The recount page's own counting, in a real browser: it agrees with the core on every day, and tells every change."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ideathon.core.tally import (
    Blend,
    Breaker,
    CountError,
    Criterion,
    Idea,
    Missing,
    Recusal,
    Score,
    Settings,
    rounded,
    stability,
    to_data,
)
from ideathon.results import recount
from tests.results.recounts import COUNT, Day, canonical, counted, days, first_form, material, sealed

MANY = 300


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page opened from a file, without a network."""
    path = tmp_path_factory.mktemp("recount") / "recount.html"
    path.write_bytes(recount.page())
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto(path.as_uri())
    yield opened
    context.close()


@pytest.fixture(scope="module")
def ask(page: Page) -> Callable[[list[Any]], list[Any]]:
    """Counts many things at once: each is one file, or a list of files that are opened together."""
    def texts(one: Any) -> Any:
        return [json.dumps(part) for part in one] if isinstance(one, list) else json.dumps(one)

    return lambda all_: page.evaluate(COUNT, [texts(one) for one in all_])


def the_same(found: list[Any], wanted: list[Any]) -> None:
    """Names the first that differs instead of printing hundreds."""
    wrong = [(at, one, other) for at, (one, other) in enumerate(zip(found, wanted, strict=True)) if one != other]
    assert not wrong, f"{len(wrong)} differ; the first, {wrong[0][0]}:\nthe page {wrong[0][1]}\nthe core {wrong[0][2]}"


def test_it_agrees_with_the_core_on_sealed_results(ask: Callable[[list[Any]], list[Any]]) -> None:
    outcomes = [day.outcome() for day in days(MANY, "sealed")]
    the_same(ask([sealed(to_data(one)) for one in outcomes]), [counted(one) for one in outcomes])


def test_it_agrees_with_the_core_on_single_sheets(ask: Callable[[list[Any]], list[Any]]) -> None:
    given = list(days(MANY, "material"))
    outcomes = [day.outcome() for day in given]
    the_same(ask([material(day) for day in given]), [counted(one) for one in outcomes])
    both = [[material(day), sealed(to_data(one))] for day, one in zip(given, outcomes, strict=True)]
    the_same(ask(both), [counted(one) for one in outcomes])


def test_the_days_hold_what_they_should() -> None:
    """A generator that never makes a tie or a bar would agree with anything."""
    outcomes = [day.outcome() for name in ("sealed", "material") for day in days(MANY, name)]
    kinds = {step.kind for one in outcomes for step in one.steps}
    bars = {standing.bar for one in outcomes for standing in one.standings}
    assert len(kinds) == 6
    assert len(bars) == 7
    assert {one.settings.blend for one in outcomes if one.winner} == set(Blend)
    assert {step.by for one in outcomes for step in one.steps if "broken" in step.kind} == set(Breaker)


def test_it_reads_the_first_form(ask: Callable[[list[Any]], list[Any]]) -> None:
    plain = {"blend": Blend.POINTS, "threshold_votes": 0, "quorum": 0, "missing": Missing.LEAVE_OUT,
             "ties": (Breaker.JURY, Breaker.LOT)}
    old = [replace(day, settings=replace(day.settings, **plain), ballots=None) for day in days(60, "first")
           if day.settings.jury_weight]
    outcomes = [day.outcome() for day in old]
    the_same(ask([sealed(first_form(to_data(one))) for one in outcomes]), [counted(one) for one in outcomes])


def test_ballots_themselves_are_counted(ask: Callable[[list[Any]], list[Any]]) -> None:
    ballots = [["A", "B"], ["B"], ["B", "C"], ["A"]]
    rule = Settings((Criterion("K", 1, 5),), blend=Blend.SHARE, seed="s")
    day = Day(rule, tuple(Idea(name) for name in "ABC"), tuple(Score("J", name, "K", 3) for name in "ABC"), (),
              {"A": 2, "B": 3, "C": 1}, 4, ())
    whole = material(day) | {"ballots": ballots}
    alone = {name: value for name, value in whole.items() if name != "votes"}
    lied = whole | {"votes": {"A": 3, "B": 3, "C": 1}}
    assert ask([whole, alone]) == [counted(day.outcome())] * 2
    assert ask([lied])[0]["refused"] == "ballots_differ"


def tie(seed: str = "seed", **rule: Any) -> Day:
    """Two ideas with the same points and votes: only a lot parts them."""
    settings = Settings((Criterion("K", 1, 5),), seed=seed, **rule)
    return Day(settings, (Idea("A", cost=5, order=1), Idea("B", cost=4, order=2)),
               tuple(Score(juror, idea, "K", 4) for juror in "JKL" for idea in "AB"), (), {"A": 3, "B": 3}, 6, ())


HAND_MADE = ((), (Breaker.LOT,), (Breaker.COST,), (Breaker.EARLIER,), (Breaker.VOTES, Breaker.LOT))


@pytest.mark.parametrize("ties", HAND_MADE, ids=lambda ties: "+".join(ties) or "none")
@pytest.mark.parametrize("blend", list(Blend))
def test_a_tie_by_hand(ask: Callable[[list[Any]], list[Any]], blend: Blend, ties: tuple[Breaker, ...]) -> None:
    outcome = tie(blend=blend, ties=ties).outcome()
    lots = {name: hashlib.sha256(f"seed|lot|{name}".encode()).hexdigest() for name in "AB"}
    first = {(): None, (Breaker.COST,): "B", (Breaker.EARLIER,): "A"}.get(ties, min("AB", key=lots.__getitem__))
    found = ask([sealed(to_data(outcome))])[0]
    assert found == counted(outcome)
    assert found["winner"] == first


def other_seed() -> str:
    """A seed whose lot falls the other way than "seed"'s."""
    won = tie().outcome().winner
    return next(seed for seed in map(str, range(99)) if tie(seed).outcome().winner != won)


def change(data: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    """The data with one thing changed."""
    made = copy.deepcopy(data)
    place: Any = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return made


def firm() -> dict[str, Any]:
    """How firm the tie's result is, as it is sealed with it."""
    found = stability.firmness(stability.Material(**vars(tie())))
    blends = [{"blend": one.name, "winners": list(one.winners)} for one in found.of(stability.Tried.BLEND)]
    return {"firmness": {"winners": list(found.winners), "blends": blends, "jurors": {}, "batches": []}}


def number(value: Fraction) -> dict[str, str]:
    """An exact number as it is sealed."""
    return {"exact": f"{value.numerator}/{value.denominator}", "shown": rounded(value)}


def lot_day() -> dict[str, Any]:
    """A sealed tie that a lot parted."""
    return to_data(tie().outcome())


FIRST = ("standings", 0)
CHANGES = {
    "a vote": (lambda data: change(data, *FIRST, "votes", to=4), {"residents", "combined"}),
    "a mean": (lambda data: change(data, *FIRST, "criterion_means", 0, 1, to=number(Fraction(13, 3))),
               {"jury", "combined"}),
    "an impossible mean": (lambda data: change(data, *FIRST, "criterion_means", 0, 1, to=number(Fraction(17, 4))),
                           {"means", "jury"}),
    "jury points": (lambda data: change(data, *FIRST, "jury", to=number(Fraction(81))), {"jury"}),
    "combined points": (lambda data: change(data, *FIRST, "combined", to=number(Fraction(1, 3))), {"combined"}),
    "a shown number": (lambda data: change(data, *FIRST, "combined", "shown", to="99.00"), {"shown"}),
    "the winner": (lambda data: change(data, "winner", to=data["reserve"]), {"winner"}),
    "the reserve": (lambda data: change(data, "reserve", to=None), {"reserve"}),
    "a place": (lambda data: change(data, *FIRST, "place", to=2), {"places"}),
    "the order": (lambda data: change(data, "standings", to=data["standings"][::-1]), {"places"}),
    "a bar": (lambda data: change(data, *FIRST, "bar", to="below_votes"), {"bars"}),
    "what parted them": (lambda data: change(data, "steps", 0, "by", to="votes"), {"ties"}),
    "a step left out": (lambda data: change(data, "steps", to=[]), {"ties"}),
    "the seed": (lambda data: change(data, "settings", "seed", to=other_seed()), {"places", "winner", "ties"}),
    "a weight": (lambda data: change(data, "settings", "jury_weight", to=number(Fraction(10))), {"combined"}),
    "the threshold": (lambda data: change(data, "settings", "threshold_jury", to=number(Fraction(90))),
                      {"bars", "winner"}),
    "the blend": (lambda data: change(data, "settings", "blend", to="share"), {"residents", "combined"}),
    "an idea taken out": (lambda data: change(data, "standings", to=data["standings"][:1]), {"reserve", "ties"}),
    "a missing sheet": (lambda data: change(data, *FIRST, "jurors_missing", to=1), {"sheets"}),
    "out by a condition": (lambda data: change(data, *FIRST, "eliminated_by", to="K"), {"bars"}),
    "who would win otherwise": (lambda data: change(data | firm(), "firmness", "blends", 0, "winners", to=["A", "B"]),
                                {"firm"}),
    "how firm": (lambda data: change(data | firm(), "firmness", "winners", to=[]), {"firm"}),
    "counted ballots": (lambda data: change(data | {"figures": {"counted": 6}}, "ballots", to=5), {"turnout"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told(ask: Callable[[list[Any]], list[Any]], name: str) -> None:
    """With the digest left as it was, the digest tells too; whoever makes a new digest still cannot hide the sums."""
    made, expected = CHANGES[name]
    data = lot_day()
    left, again = ask([sealed(made(data), sealed(data)["digest"]), sealed(made(data))])
    assert {"digest", *expected} <= set(left["differs"])
    assert expected <= set(again["differs"])
    assert "digest" not in again["differs"]


def test_an_untouched_one_is_whole(ask: Callable[[list[Any]], list[Any]]) -> None:
    assert [one["differs"] for one in ask([sealed(lot_day()), sealed(lot_day() | firm())])] == [[], []]


SHEETS = {
    "a point": (lambda day: replace(day, scores=(replace(day.scores[0], points=5), *day.scores[1:])), {"single_means"}),
    "a vote": (lambda day: replace(day, votes={"A": 3, "B": 2}), {"votes", "residents", "winner"}),
    "a recusal": (lambda day: replace(day, recusals=(Recusal("J", "A"),)), {"recusals", "jurors"}),
    "a rule": (lambda day: replace(day, settings=replace(day.settings, min_jurors=2)), {"rule"}),
    "a ballot": (lambda day: replace(day, ballots=7), {"ballots"}),
}


@pytest.mark.parametrize("name", SHEETS)
def test_material_that_tells_another_story_than_the_seal(ask: Callable[[list[Any]], list[Any]], name: str) -> None:
    made, expected = SHEETS[name]
    assert expected <= set(ask([[material(made(tie())), sealed(lot_day())]])[0]["differs"])


def bad_days() -> list[Day]:
    """Material that the core refuses."""
    day = tie()
    score, rule = day.scores[0], day.settings
    return [
        replace(day, scores=(*day.scores, score)), replace(day, scores=(replace(score, points=6),)),
        replace(day, scores=(replace(score, points=Fraction(1, 2)),)), replace(day, scores=(replace(score, idea="Z"),)),
        replace(day, scores=(replace(score, criterion="Z"),)), replace(day, recusals=(Recusal("J", "Z"),)),
        replace(day, votes={"Z": 1}), replace(day, ideas=(*day.ideas, day.ideas[0])),
        replace(day, settings=replace(rule, quorum=1), ballots=None), replace(day, ballots=2),
        replace(day, settings=replace(rule, missing=Missing.BAR), jurors=()), replace(day, jurors=("J",)),
        replace(day, settings=replace(rule, ties=(Breaker.COST,)), ideas=(Idea("A"), Idea("B"))),
        replace(day, settings=replace(rule, ties=(Breaker.EARLIER,)), ideas=(Idea("A"), Idea("B"))),
    ]


def test_what_the_core_refuses_the_page_refuses(ask: Callable[[list[Any]], list[Any]]) -> None:
    bad = bad_days()
    for day in bad:
        with pytest.raises(CountError):
            day.outcome()
    assert [at for at, found in enumerate(ask([material(day) for day in bad])) if "refused" not in found] == []


def test_sha_256_is_sha_256(page: Page) -> None:
    texts = ["", "abc", "Āboliņš 🐟", *("x" * size for size in (55, 56, 57, 63, 64, 65, 119, 120, 1000)), "ž" * 5000]
    assert page.evaluate("(texts) => texts.map(Exact.sha256)", texts) == [
        hashlib.sha256(text.encode()).hexdigest() for text in texts]


def test_the_canonical_form_is_the_server_s(page: Page) -> None:
    values = {"b": [1, -2, 0, True, None, False], "a": 'quote " back \\ / \n\t\r\b\f \x00\x1f\x7f\u2028 ā 🐟', "🐟": {},
              "\ufffd": [], "é": {"z": {"y": [[]]}}, "10": 2**53 - 1, "9": "", "__proto__": 1, "constructor": {"x": 1}}
    assert page.evaluate("(text) => Exact.canonical(JSON.parse(text))", json.dumps(values)) == canonical(values)


def test_rounding_is_the_server_s(page: Page) -> None:
    numbers = [Fraction(n, d) for n in (-201, -1, 0, 1, 5, 199, 9999, 10**30) for d in (1, 2, 3, 8, 200, 400, 1000)]
    texts = [f"{one.numerator}/{one.denominator}" for one in numbers]
    script = "(all) => all.map((t) => Exact.rounded(Exact.over(...t.split('/').map(BigInt))))"
    assert page.evaluate(script, texts) == [rounded(one) for one in numbers]


LATER = ("?.", "??", "||=", "&&=", ".at(", "replaceAll", ".flat(", ".flatMap(", "structuredClone", "fromEntries",
         "import ", "export ", "await ", "fetch(", "XMLHttpRequest", "sendBeacon", "WebSocket", "innerHTML")


def test_an_older_phone_can_read_every_part() -> None:
    """BigInt came in 2018, the rest before: a later spelling would stop a whole script before its first line."""
    for path in Path("static/recount").glob("*.js"):
        lines = [line.split("//")[0] for line in path.read_text(encoding="utf-8").splitlines()]
        code = "\n".join(line for line in lines if not line.strip().startswith("/*"))
        assert [late for late in LATER if late in code] == [], path.name
        assert not re.search(r"\b[0-9]+n\b", code), path.name
