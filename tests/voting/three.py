"""Three programs that check a board, asked the same of the same boards: ours, the short one, the page in a browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from playwright.sync_api import Browser, Page

from ideathon.cli.verify import SENTENCES
from ideathon.results import recount
from ideathon.voting import verifying
from ideathon.voting.verifying import Question
from tests.services import ROOT
from tests.voting import boards, tampering

ALOUD = ROOT / "static/verify/verify.py"


def read_aloud() -> ModuleType:
    """The short one, as a module."""
    module = ModuleType("verify_aloud")     # an import would leave a compiled file among those that are served
    exec(compile(ALOUD.read_text(encoding="utf-8"), ALOUD, "exec"), module.__dict__)  # noqa: S102  # it is ours
    return module


VERIFY = read_aloud().verify

ASK = """(cases) => cases.map(({ files, held }) => {
  try {
    const given = Vote.open(files.map((text) => ({ text })));
    const { vote } = Vote.report(given, Board.marks(held.join("\\n")));
    const { facts } = vote.checks.find((one) => one.what === "slips");
    return { answers: vote.checks.map((one) => [one.what, one.holds]), head: vote.head, slips: facts };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return { refused: error.code };
  }
})"""
"""Run in the page on many votes at once: every answer, or why it refuses."""

Case = dict[str, Any]
ALONE = 8       # questions that a board answers alone


def opened(browser: Browser, folder: Path) -> Page:
    """The page opened from a file, without a network."""
    path = folder / "recount.html"
    path.write_bytes(recount.page())
    page = browser.new_context(offline=True).new_page()
    page.goto(path.as_uri())
    return page


def spelled(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False)


def case(given: boards.Vote, *, older: bool = True, openings: bool = True, held: bool = True) -> Case:
    """What is given to all three."""
    return {"board": given.board, "held": given.heads if held else [], "previous": given.older if older else None,
            "openings": given.openings if openings else None}


def files(one: Case) -> dict[str, Any]:
    """The same as the page takes it: texts, in no order that would tell which is which."""
    given = [one["openings"], one["previous"], one["board"]]
    return {"files": [spelled(part) for part in given if part is not None], "held": one["held"]}


def of_ours(one: Case) -> Any:
    """What the program's own verifier answers; nothing where it cannot read the board."""
    try:
        found = verifying.answers(one["board"], one["held"], one["previous"], one["openings"])
        return [[str(question), holds] for question, holds in found]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None


def of_theirs(one: Case) -> list[bool]:
    """What the short one says, sentence by sentence; of all marks together, as the others do."""
    said: list[str] = []
    VERIFY(one["board"], one["held"], one["previous"], one["openings"], said.append)
    answers, marks = [line.startswith("holds: ") for line in said[:-1]], len(one["held"])
    assert said[1].endswith(f": {SENTENCES[Question.SLIPS].format(**verifying.slips_told(one['board']))}")
    return [*answers[:ALONE], all(answers[ALONE: ALONE + marks]), *answers[ALONE + marks:]] if marks else answers


def agree(page: Page, cases: list[Case]) -> list[list[list[Any]]]:
    """Asks all three and wants one answer to every question; gives the answers. What the page refuses to read (a number
    that is not whole, or no number) does not hold for the others."""
    found = page.evaluate(ASK, [files(one) for one in cases])
    for one, said in zip(cases, found, strict=True):
        if said.get("refused") in ("not_plain", "wrong"):
            said["answers"] = of_ours(one)
            assert not all(of_theirs(one))
        assert said.get("answers") == of_ours(one), said
        assert [holds for _, holds in said["answers"]] == of_theirs(one), said
        assert said.get("head") in (verifying.heads(one["board"]["entries"])[-1], None)
        assert said.get("slips") in (verifying.slips_told(one["board"]), None)
    return [said["answers"] for said in found]


def tampered(name: str, seeds: range) -> list[boards.Vote]:
    """Votes of every method, each tampered with in this way."""
    made = []
    for seed in seeds:
        given = boards.vote(seed, sorted(boards.METHODS)[seed % 3])
        tampering.TAMPERINGS[name](given, Random(1000 + seed))  # noqa: S311  # a test's own chance
        made.append(given)
    return made


def missed(page: Page, names: Sequence[str], seeds: range) -> list[str]:
    """Kinds of tampering of which one got by, though a mark and the openings were held against it."""
    found = agree(page, [case(given, older=False) for name in names for given in tampered(name, seeds)])
    return [name for at, name in enumerate(names) for answers in found[at * len(seeds): (at + 1) * len(seeds)]
            if all(holds for _, holds in answers)]


def by_chance(page: Page, seeds: range) -> tuple[int, set[str]]:
    """Honest votes of every kind, and such as somebody tampered with once or twice, half of them with all that can be
    held against them: how many of these boards hold, and which questions did not of the others."""
    made = [tampering.by_chance(seed) for seed in seeds]
    found = agree(page, [case(given, older=seed % 4 < 2, openings=seed % 2 == 0, held=seed % 3 == 0)
                         for seed, (given, _) in zip(seeds, made, strict=True)])
    sound = [all(holds for _, holds in answers) for answers in found]
    assert all(holds for holds, (_, done) in zip(sound, made, strict=True) if not done)
    return sum(sound), {question for answers in found for question, holds in answers if not holds}
