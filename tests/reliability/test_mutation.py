"""The faults that are put in on purpose are the ones that are meant, and what is said of them is still true."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability import mutation
from tests.reliability.mutant_trial import SURVIVED, Trial, source
from tests.reliability.mutants import Mutant, mutants

SMALL = '''
"""A doc."""
TABLE = {"a": 1, "b": (2, True)}


def most(n: int | None = None) -> int:
    """A doc with 1 < 2."""
    if n is None or n < 3:
        raise ValueError(f"{n + 1} is too few")
    found = [each for each in range(n) if each % 2]
    found.append(n)
    return len(found) - 1
'''


def faulty() -> dict[str, str]:
    return {one.name: ast.unparse(one.tree) for one in mutants(SMALL)}


@pytest.mark.parametrize("part", [
    "n is not None or n < 3", "n is None or n <= 3", "n is None and n < 3", "if not (n is None or n < 3)", "n < 4",
    "n < 2", "if not each % 2", "each * 2", "each % 3", "len(found) + 1", "len(found) - 2", "return None",
    "{'b': (2, True)}", "{'a': 1}", "(True,)", "(2,)", "(2, False)", "'a': 2", "(1, True)"])
def test_these_faults_are_found(part: str) -> None:
    assert part not in ast.unparse(ast.parse(SMALL))
    assert sum(part in text for text in faulty().values()) == 1


def test_every_fault_is_one_change_that_compiles_and_has_a_name_of_its_own() -> None:
    texts = faulty()
    assert len(texts) == len(mutants(SMALL)) == len(set(texts.values()))
    for text in texts.values():
        compile(text, "small.py", "exec")
        assert "found.append(n)" in text or "pass" in text
        assert "{n + 1} is too few" in text or "pass" in text
        assert "int | None" in text


def test_every_module_and_test_that_is_named_is_there() -> None:
    for modules, tests, _ in mutation.PARTS.values():
        assert all(source(module).exists() for module in modules)
        assert all((mutation.ROOT / test).exists() for test in tests)


def test_every_fault_that_cannot_be_told_is_still_one_and_has_its_reason() -> None:
    known = json.loads(mutation.KNOWN.read_text(encoding="utf-8"))
    for module, reasons in known.items():
        names = {one.name for one in mutants(source(module).read_text(encoding="utf-8"))}
        assert set(reasons) <= names, module
        assert all(reasons.values())


PAUSED = "return Reason.PAUSED if seat.paused else None"
PLANTED = [     # before, after, in which function, whether it is a fault
    (PAUSED, "return None", "not_paused", True),
    (PAUSED, "return None if not seat.paused else Reason.PAUSED", "not_paused", False),
    ("Act.DESK_SEE: Rule(_STAFF)", "Act.DESK_SEE: Rule(_ANYBODY)", "", True),
    ("Act.DESK_SEE: Rule(_STAFF)", "Act.DESK_SEE: Rule(_STAFF, ())", "", False),
]


def planted_ones(folder: Path) -> list[bool]:
    """Which of them the tests of the permissions notice; for a process that has not imported the program."""
    text = source("core/permissions").read_text(encoding="utf-8")
    faults = []
    for before, after, function, _ in PLANTED:
        assert text.count(before) == 1
        line = text[:text.index(before)].count("\n") + 1
        faults.append(("core/permissions", Mutant(after, function, line, ast.parse(text.replace(before, after)))))
    _, tests, words = mutation.PARTS["permissions"]
    return [code != SURVIVED for *_, code in Trial(faults, words, tests, folder).run(lambda *_: None)]


def test_a_planted_fault_is_noticed_and_a_harmless_change_is_not(tmp_path: Path) -> None:
    words = "import sys, json, pathlib; from tests.reliability import test_mutation as t; " \
            "print(json.dumps(t.planted_ones(pathlib.Path(sys.argv[1]))))"
    ran = subprocess.run([sys.executable, "-c", words, str(tmp_path)], cwd=mutation.ROOT, timeout=300, check=False,
                         capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == [fault for *_, fault in PLANTED]
