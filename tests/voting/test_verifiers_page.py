"""The third verifier is the recount page: in a real browser it says of hundreds of boards what the other two say."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ideathon.voting import board, verifying
from tests.voting import boards, tampering, three
from tests.voting.three import ALONE, ASK, agree, by_chance, case, files, missed, of_ours, of_theirs, spelled, tampered

SEEDS, MANY = 20, 200
LARGE, TIMES = 12_000, 15


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page opened from a file, without a network."""
    found = three.opened(browser, tmp_path_factory.mktemp("recount"))
    yield found
    found.context.close()


@pytest.mark.parametrize("method", sorted(boards.METHODS))
def test_an_honest_vote_holds_in_all_three(page: Page, method: str) -> None:
    votes = [boards.vote(seed, method) for seed in range(SEEDS)]
    every = agree(page, [case(given) for given in votes])
    assert {question for answers in every for question, _ in answers} == set(verifying.Question)
    assert all(holds for answers in every for _, holds in answers)
    alone = agree(page, [case(given, older=False, openings=False, held=False) for given in votes])
    assert all(len(answers) == ALONE for answers in alone)


def test_every_tampering_is_told_by_all_three_in_the_same_words(page: Page) -> None:
    """The long form, 50 of each kind: `./go soak R20`."""
    assert missed(page, sorted(tampering.TAMPERINGS), range(SEEDS)) == []
    bare = [case(given, held=False, openings=False) for name in sorted(tampering.TAMPERINGS)
            for given in tampered(name, range(SEEDS // 4))]
    assert any(all(holds for _, holds in answers) for answers in agree(page, bare))   # marks and openings are needed


@pytest.mark.parametrize("kind", tampering.FORGERIES)
def test_a_coherent_forgery_is_noticed_by_its_rule_alone_in_the_page(page: Page, kind: str) -> None:
    cases = [case(given, older=False, held=False) for given in tampered(kind, range(SEEDS // 2))]
    for answers in agree(page, cases):
        assert {question for question, holds in answers if not holds} == tampering.FORGERIES[kind][1]


def test_boards_by_chance_are_told_alike(page: Page) -> None:
    """The long form, a thousand: `./go soak R20`."""
    sound, minded = by_chance(page, range(MANY))
    assert MANY / 4 < sound < MANY * 3 / 4
    assert {"slips", "credentials", "papers", "hands", "ballots", "held", "opened", "counted"} <= minded


ODD: tuple[Any, ...] = (None, True, False, 0, 1, -1, 7, 2.0, 10**30, "", "x", "close", "\ud800", [], ["I01"], [[]], {},
                        {"I01": 1}, {"I01": "1"}, {"I01": True})


def spots(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a thing, however deep."""
    for name, inner in list(thing.items() if isinstance(thing, dict) else enumerate(thing)):
        yield thing, name
        yield from spots(inner) if isinstance(inner, dict | list) else ()


def deface(given: boards.Vote, dice: Random) -> None:
    """Something of the board is lost, or is something that it should never be."""
    entries = given.board["entries"]
    part = dice.choice([entries[0], entries[-1], *entries, given.openings["openings"]])
    inside, name = dice.choice([*spots(part)] or [(entries[0], "method")])
    if isinstance(inside, dict) and dice.random() < 0.2:
        del inside[name]
    else:
        inside[name] = copy.deepcopy(dice.choice(ODD))


def test_what_is_no_board_is_refused_or_judged_alike(page: Page) -> None:
    """The page refuses more than Python does; what it answers, both others answer too. Nothing ends in a fault that our
    command would not tell in a sentence (`of_ours`); the short one tells every fault in one."""
    cases = []
    for seed in range(300):
        given = boards.any_vote(seed)
        deface(given, Random(seed))  # noqa: S311
        cases.append(case(given, older=False, openings=seed % 2 == 0, held=False))
    found = page.evaluate(ASK, [files(one) for one in cases])
    for one, said in zip(cases, found, strict=True):
        ours = of_ours(one)
        if "refused" in said:
            continue
        holds = all(holds for _, holds in said["answers"])
        assert holds == (ours is not None and all(holds for _, holds in ours)) == holds_aloud(one), (said, ours)
        assert ours in (said["answers"], None)
    assert 20 < sum("answers" in said for said in found) < 280


def holds_aloud(one: three.Case) -> bool:
    """What the short one says of everything together; a fault is a sentence and no."""
    try:
        return all(of_theirs(one))
    except Exception:
        return False


def test_the_same_kinds_of_entries_are_known(page: Page) -> None:
    given = boards.vote(1)
    cases = []
    for kind in sorted({*verifying.KINDS - set(verifying.ONCE) - {"slips", "void", "vote", "paper", "hands", "account"},
                        "stranger"}):
        made = given.copy()
        made.board["entries"].insert(3, {"kind": kind})
        cases.append(case(made, older=False, openings=False, held=False))
    known = {one["board"]["entries"][3]["kind"]: dict(said)["shape"]
             for one, said in zip(cases, agree(page, cases), strict=True)}
    assert known == {"override": True, "stranger": False}


LETTERS = ("\x00\x08\t\n\x0b\x0c\r\x1b\x1f \"\\/\x7f\x80\x9f\xad\u0101\u2028\u2029\ud7ff\ue000\ufeff\ufffd\uffff"
           "\U00010000\U0001f41f\U0010ffff09azAZ_")


def test_the_canonical_form_has_python_s_bytes(page: Page) -> None:
    dice = Random("letters")  # noqa: S311

    def word() -> str:
        return "".join(dice.choice(LETTERS) for _ in range(dice.randint(0, 4)))

    def thing(depth: int) -> Any:
        kind = dice.randrange(6 if depth else 4)
        if kind == 4:
            return [thing(depth - 1) for _ in range(dice.randint(0, 4))]
        if kind == 5:
            return {word(): thing(depth - 1) for _ in range(dice.randint(0, 6))}
        return (word(), dice.choice([0, -1, 2**53 - 1, 1 - 2**53]), dice.choice([True, False, None]), word())[kind]

    made = [thing(4) for _ in range(500)]
    made += [{"__proto__": 1, "constructor": 2, "10": 3, "9": 4, "é": 5, "e\u0301": 6, "\U00010000": 7, "\uffff": 8}]
    code = "(all) => all.map((text) => Exact.canonical(JSON.parse(text))).map((made) => [made, Exact.sha256(made)])"
    found = page.evaluate(code, [json.dumps(one) for one in made])
    for one, (text, mark) in zip(made, found, strict=True):
        assert text.encode() == board.canonical(one)
        assert mark == hashlib.sha256(board.canonical(one)).hexdigest()


@pytest.mark.parametrize("text", ['{"a": 1.0}', '{"a": 9007199254740992}', '{"a": 1, "a": 1}', '{"a": "\\ud83d"}',
                                  '{"\\udc00": 1}', '{"a": "\\ud83d\\ud83d\\udc1f"}'])
def test_what_has_no_one_spelling_is_refused(page: Page, text: str) -> None:
    """A number that the browser would round, a name that stands twice, half a letter: Python spells them otherwise."""
    whole = spelled(boards.vote(1).board).replace('{"kind": "close"}', f'{{"kind": "close", "more": {text}}}')
    assert page.evaluate(ASK, [{"files": [whole], "held": []}]) == [{"refused": "not_plain"}]


def test_sha256_of_every_length_and_behind_a_head(page: Page) -> None:
    words = ["ā" * length for length in range(70)] + ["x" * 100_000]
    heads = [hashlib.sha256(word.encode()).hexdigest() for word in words]
    found = page.evaluate("(all) => all.map(([word, head]) => [Exact.sha256(word), Exact.linked(head, word)])",
                          list(zip(words, heads, strict=True)))
    for (alone, behind), word, head in zip(found, words, heads, strict=True):
        assert alone == head
        assert behind == hashlib.sha256(bytes.fromhex(head) + word.encode()).hexdigest()


HASHED = """(text) => {
  const words = JSON.parse(text).entries.map((one) => JSON.stringify(one)), from = performance.now();
  words.reduce((head, word) => Exact.sha256(head + word), "");
  return performance.now() - from;
}"""


def test_a_large_board_takes_a_few_times_as_long_as_its_hashes(page: Page) -> None:
    """Whatever machine it is, and whatever else that has to do; what grew with the square would take thousands."""
    given = boards.vote(5, "star", slips=LARGE)
    assert len(given.board["entries"]) > LARGE
    timed = f"(all) => {{ const from = performance.now(); return [...({ASK})(all), performance.now() - from]; }}"
    before = page.evaluate(HASHED, spelled(given.board))
    said, took = page.evaluate(timed, [files(case(given))])
    after = page.evaluate(HASHED, spelled(given.board))
    assert all(holds for _, holds in said["answers"])
    assert said["head"] == given.heads[-1]
    assert took < TIMES * max(before, after), (before, took, after)


@pytest.mark.parametrize("typed", ["{0}\n{1}", "  {0} \n\n", "{2}"])
def test_marks_are_taken_as_they_are_typed(page: Page, typed: str) -> None:
    given = boards.vote(2)
    first, last = given.heads
    gaps = " ".join(last[:16].upper()[at: at + 4] for at in range(0, 16, 4))
    held = typed.format(first, last, gaps).split("\n")
    [said] = page.evaluate(ASK, [{"files": [spelled(given.board)], "held": held}])
    assert said["answers"][-1] == ["held", True]


@pytest.mark.parametrize("mark", ["f" * 16, "abc", "zzzzzzzzzzzz"])
def test_another_mark_is_not_on_the_board(page: Page, mark: str) -> None:
    given = boards.vote(2)
    [said] = page.evaluate(ASK, [{"files": [spelled(given.board)], "held": [given.heads[0], mark]}])
    assert said["answers"][-1] == ["held", False]


Change = Callable[[boards.Vote], list[Any]]


@pytest.mark.parametrize(("chosen", "code"), [
    (lambda given: [given.openings], "openings_alone"), (lambda given: [given.board] * 3, "too_many_boards"),
    (lambda given: [given.board, given.openings, given.openings], "too_many_boards"),
    (lambda given: [given.board | {"entries": []}], "no_entries"),
    (lambda given: [given.board | {"slips": 4}], "wrong"),
    (lambda given: [given.board | {"form": "ideathon-board-9"}], "newer_form"),
    (lambda _given: [{"form": "ideathon-bundle-1", "files": {}}], "list_alone")])
def test_what_cannot_be_put_together_is_refused(page: Page, chosen: Change, code: str) -> None:
    texts = [spelled(one) for one in chosen(boards.vote(3))]
    assert page.evaluate(ASK, [{"files": texts, "held": []}]) == [{"refused": code}]


def test_an_annulled_vote_is_told_with_its_reason(page: Page) -> None:
    given = boards.vote(5)
    given.board["entries"].append({"kind": "annul", "why": "The box was open."})
    one = case(given, older=False, openings=False, held=False)
    said = page.evaluate(ASK, [files(one)])[0]
    assert said["answers"] == of_ours(one)
    assert said["answers"][0] == ["shape", False]
    assert of_theirs(one) == [holds for _, holds in said["answers"]]
    lines = page.evaluate("(text) => Vote.report(Vote.open([{ text }]), []).vote.checks[0].lines", spelled(given.board))
    assert lines == [{"word": "annulled", "facts": {"why": "The box was open."}}]
