"""One fault after the other meets the tests: collected once, then a forked process for each fault.

A fault lives in the memory of its process, never in a file. Where it lies in a function, the living function gets the
faulty code; where it lies in a module's own level (its tables), the program is imported with it from the start, so the
process that starts all others must not have imported the program.
"""

from __future__ import annotations

import ast
import gc
import importlib.machinery
import json
import os
import resource
import signal
import sys
import threading
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.reliability.mutants import Mutant

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 12   # that Hypothesis tries of a law, the same ones each time
ENOUGH = 60.0    # seconds of tests that a fault meets: what would be noticed later counts as not noticed
LOOKED = 30     # calls of a function in each test of which the lines are noted
SURVIVED, NOTICED, CANNOT = 0, 1, 9
LATE = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]      # some plugins were imported for all processes at once
ELSEWHERE = {"postgres", "house_postgres", "redis_url", "browser", "page", "opened", "home"}    # not for so many runs


def source(module: str) -> Path:
    """Where a module lies."""
    return ROOT / f"ideathon/{module}.py"


class Worker:
    """A pytest plugin that collects once and forks for whatever is to be done with what was collected."""

    def __init__(self, work: Callable[[Worker, pytest.Session], None]) -> None:
        self.work, self.failed = work, False

    def pytest_sessionstart(self) -> None:
        """Hypothesis tries the same examples each time, and does not make a failure smaller."""
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutation", deadline=None, derandomize=True, database=None, phases=phases,
                                             max_examples=EXAMPLES)
        hypothesis.settings.load_profile("mutation")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only what needs neither PostgreSQL nor a browser."""
        items[:] = [item for item in items if not _elsewhere(item)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Our own."""
        self.work(self, session)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What pytest says of each test."""
        self.failed |= report.failed

    def passes(self, items: Sequence[pytest.Item], known: dict[str, Any] | None = None) -> bool:
        """Run these; stop at the first that fails. One that takes far more than its time ends the process."""
        self.failed = False
        for item, following in zip(items, [*items[1:], None], strict=True):
            if known:
                signal.setitimer(signal.ITIMER_PROF, 2 + 4 * known[item.nodeid]["seconds"])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return False
        return True


def _elsewhere(item: pytest.Item) -> bool:
    given = getattr(getattr(item, "callspec", None), "params", {})
    return given.get("house") == "postgres" or bool(ELSEWHERE & set(getattr(item, "fixturenames", ())) - (
        {"postgres", "house_postgres"} if given.get("house") == "sqlite" else set()))


def forked(work: Callable[[], int], cpu: float = 3600) -> int:
    """What work in a process of its own came to: its number, or less than 0 when it was stopped."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu) + 1, int(cpu) + 3))
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        signal.alarm(30 + int(10 * cpu))        # a machine may be busy, and a test may wait
        os._exit(work())
    except BaseException:       # whatever a fault raises, it was noticed
        os._exit(1)


def quiet() -> None:
    """Nobody reads what thousands of failing tests say."""
    if not os.environ.get("MUTATION_LOUD"):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(nowhere, stream)


def run_pytest(words: Sequence[str], plugin: Any) -> int:
    """pytest in this process, without its terminal."""
    quiet()
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--capture=no", *LATE, *words],
                           plugins=[plugin]))


class Reached:
    """Which test comes by which function and line of some files, and how long it takes."""

    def __init__(self, files: Sequence[str]) -> None:
        self.files = frozenset(files)
        self.by_test: dict[str, dict[str, Any]] = {}
        self._now: set[tuple[str, str, int]] = set()
        self._calls: Counter[types.CodeType] = Counter()

    def _line(self, frame: types.FrameType, _event: str, _more: Any) -> Any:
        self._now.add((frame.f_code.co_filename, frame.f_code.co_qualname, frame.f_lineno))
        return self._line

    def _call(self, frame: types.FrameType, event: str, more: Any) -> Any:
        code = frame.f_code
        if code.co_filename not in self.files or self._calls[code] >= LOOKED:
            return None
        self._calls[code] += 1
        return self._line(frame, event, more)

    def look(self, worker: Worker, items: Sequence[pytest.Item]) -> None:
        """Run every test alone, and note."""
        for item in items:
            self._now, self._calls, began = set(), Counter(), time.process_time()
            threading.settrace(self._call)
            sys.settrace(self._call)
            good = worker.passes([item])
            sys.settrace(None)
            threading.settrace(None)        # type: ignore[arg-type]
            seconds = time.process_time() - began
            self.by_test[item.nodeid] = {"good": good, "seconds": seconds, "at": sorted(self._now)}


def _users(mutant: Mutant) -> set[str]:
    """For a fault in a module's own level: the functions that read what is assigned there."""
    tree = mutant.tree
    names = {name.id for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)
             and node.lineno <= mutant.line <= (node.end_lineno or 0) for name in ast.walk(node)
             if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
            and names & {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}}


def _concerned(known: dict[str, dict[str, Any]], file: str, mutant: Mutant) -> list[str]:
    """The tests to run for a fault, those first that come by its very line, the quick before the slow."""
    tests, users = [], set() if mutant.function else _users(mutant)
    for test, told in known.items():
        here = [(function, line) for name, function, line in told["at"] if name == file]
        lines = {line for function, line in here if (function + ".").startswith(mutant.function + ".")}
        near = mutant.line in lines if mutant.function else any(name.split(".")[-1] in users for name, _ in here)
        if told["good"] and (lines or not mutant.function):
            tests.append((not near, told["seconds"], test))
    spent, names = 0.0, []
    for _, seconds, test in sorted(tests):
        if spent + seconds <= ENOUGH or not names:
            spent, names = spent + seconds, [*names, test]
    return names


def _code_of(tree: ast.Module, file: str, function: str) -> types.CodeType | None:
    """A function's code in a module's tree."""
    waiting = [compile(ast.fix_missing_locations(tree), file, "exec")]
    while waiting:
        code = waiting.pop()
        if code.co_qualname == function:
            return code
        waiting += [each for each in code.co_consts if isinstance(each, types.CodeType)]
    return None


def _put_in(mutant: Mutant, file: str) -> bool:
    """The living function has the fault now; False when it cannot be put in so."""
    code = _code_of(mutant.tree, file, mutant.function)
    living = [each for each in gc.get_objects() if isinstance(each, types.FunctionType)
              and each.__code__.co_filename == file and each.__code__.co_qualname == mutant.function]
    if code is None or len(living) != 1 or code.co_freevars != living[0].__code__.co_freevars:
        return False
    living[0].__code__ = code
    return True


class Faulty(importlib.machinery.SourceFileLoader):
    """Imports a module with a fault in it."""

    tree: ast.Module

    def get_code(self, _fullname: str) -> types.CodeType:
        """The faulty code, whatever lies compiled on the disk."""
        return compile(ast.fix_missing_locations(self.tree), self.path, "exec")

    @classmethod
    def hook(cls, name: str, tree: ast.Module) -> None:
        """From now on this module comes so."""
        class Finder(importlib.machinery.PathFinder):
            @classmethod
            def find_spec(cls_, fullname: str, path: Any = None, target: Any = None) -> Any:
                spec = super().find_spec(fullname, path, target)
                if fullname == name and spec and spec.origin:
                    loader = cls(fullname, spec.origin)
                    loader.tree = tree
                    spec.loader = loader
                return spec
        sys.meta_path.insert(0, Finder)


def _patience(known: dict[str, Any], tests: Sequence[Any]) -> float:
    names = [getattr(test, "nodeid", test) for test in tests]
    return 5 + 4 * sum(float(known[name]["seconds"]) for name in names)


class Trial:
    """One part of the program against its tests."""

    def __init__(self, faults: Sequence[tuple[str, Mutant]], words: Sequence[str], tests: Sequence[str],
                 folder: Path) -> None:
        self.faults = [(str(source(module)), module, mutant) for module, mutant in faults]
        self.words, self.tests = words, tests
        self.known, self.found = folder / "tests.json", folder / "found.jsonl"
        self.schema = folder / "schema.db"
        self.done = 0

    def run(self, tell: Callable[[int, int, str], None]) -> Iterator[tuple[str, str, int]]:
        """Each fault with what became of it."""
        looking = os.fork()
        if not looking:
            os._exit(run_pytest([*self.words, *self.tests], Worker(self._in_functions)))
        while not os.waitpid(looking, os.WNOHANG)[0]:
            time.sleep(1)
            tell(self._lines(), len(self.faults), "")
        found = dict(map(json.loads, self.found.read_text().splitlines()))
        known = json.loads(self.known.read_text())
        self._control(known)
        for number, (file, module, mutant) in enumerate(self.faults):
            if found.get(number, CANNOT) == CANNOT:
                found[number] = self._from_the_start(known, file, module, mutant)
            tell(number + 1, len(self.faults), module)
            yield module, mutant.name, found[number]

    def _control(self, known: dict[str, Any]) -> None:
        """The tests pass where there is no fault, so it is the faults that they notice."""
        file, module, _ = self.faults[0]
        sound = Mutant("sound", "", 0, ast.parse(Path(file).read_text(encoding="utf-8")))
        failed = [test for test, told in known.items() if not told["good"]]
        assert not failed, f"without any fault there fails: {failed}"
        assert self._from_the_start(known, file, module, sound) == SURVIVED, f"{module} as it is was not accepted"

    def _lines(self) -> int:
        return len(self.found.read_text().splitlines()) if self.found.exists() else 0

    def _in_functions(self, worker: Worker, session: pytest.Session) -> None:
        """In the process that has collected the tests: look how each goes, then the faults that a function can take."""
        items = {item.nodeid: item for item in session.items}
        if session.testsfailed:
            return
        self._make_schema_once()
        forked(lambda: self._look(worker, session.items))
        known = json.loads(self.known.read_text())
        with self.found.open("a", encoding="utf-8") as notes:
            for number, (file, _, mutant) in enumerate(self.faults):
                if not mutant.function:
                    continue
                tests = [items[name] for name in _concerned(known, file, mutant)]
                code = forked(lambda file=file, mutant=mutant, tests=tests: CANNOT if not _put_in(mutant, file) else (
                    SURVIVED if worker.passes(tests, known) else NOTICED), _patience(known, tests))
                notes.write(json.dumps([number, code]) + "\n")
                notes.flush()

    def _look(self, worker: Worker, items: Sequence[pytest.Item]) -> int:
        reached = Reached([file for file, *_ in self.faults])
        reached.look(worker, items)
        self.known.write_text(json.dumps(reached.by_test))
        return 0

    def _from_the_start(self, known: dict[str, Any], file: str, module: str, mutant: Mutant) -> int:
        """A fault that is there when the program is imported."""
        names = _concerned(known, file, mutant)

        def listed(worker: Worker, session: pytest.Session) -> None:
            self._make_schema_once()
            items = {item.nodeid: item for item in session.items}
            if session.testsfailed:         # it could not even be collected
                os._exit(NOTICED)
            os._exit(SURVIVED if worker.passes([items[name] for name in names if name in items], known)
                     else NOTICED)

        def work() -> int:
            Faulty.hook("ideathon." + module.replace("/", "."), mutant.tree)
            code = run_pytest([*self.words, *sorted({name.split("::")[0] for name in names})], Worker(listed))
            return NOTICED if code else SURVIVED

        return forked(work, 20 + _patience(known, names))

    def _make_schema_once(self) -> None:
        """The empty database with its tables is made once, and copied where each process would make it anew."""
        databases = sys.modules.get("tests.databases")
        if databases is None:
            return
        made, whole = self.schema, databases.Builder._schema

        def schema(builder: Any, url: str) -> None:
            if made.exists():
                Path(url).write_bytes(made.read_bytes())
            else:
                whole(builder, url)

        databases.Builder._schema = schema
        if not made.exists():
            whole(databases.Builder(made.parent), str(made))
