"""Set-up: each step once for its inputs, two at once take turns, a failure says which step and what to do."""
import gzip
import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.services import ROOT


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up program as a module, working in an empty folder."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = importlib.machinery.SourceFileLoader("go", str(ROOT / "go"))
    spec = importlib.util.spec_from_loader("go", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    for name, folder in {"ROOT": "", "VENV": ".venv", "STATIC": "static"}.items():
        (tmp_path / folder).mkdir(exist_ok=True)
        monkeypatch.setattr(module, name, tmp_path / folder)
    return module


class Step:
    """A small step of set-up that counts how often it was done."""

    def __init__(self, folder: Path) -> None:
        self.input, self.output, self.times, self.fails = folder / "input", folder / "output", 0, False
        self.input.write_text("one")

    def work(self) -> None:
        self.times += 1
        if self.fails:
            raise RuntimeError("the network is gone")
        self.output.write_text("made")

    def through(self, go: ModuleType) -> int:
        go.once("step", lambda: [self.input], self.work, [self.output])
        return self.times


@pytest.fixture
def step(tmp_path: Path) -> Step:
    return Step(tmp_path)


def test_a_step_is_done_once_for_its_inputs(go: ModuleType, step: Step, capsys: pytest.CaptureFixture[str]) -> None:
    assert step.through(go) == 1
    assert "step" in capsys.readouterr().out
    assert step.through(go) == 1
    assert capsys.readouterr().out == "", "a step that has nothing to do says nothing"
    step.input.write_text("two")
    assert step.through(go) == 2


def test_a_step_is_done_again_when_what_it_made_is_gone(go: ModuleType, step: Step) -> None:
    step.through(go)
    step.output.unlink()
    assert step.through(go) == 2


def test_a_half_done_step_never_looks_done(go: ModuleType, step: Step) -> None:
    """Even when the inputs go back to those of an earlier, whole run."""
    step.through(go)
    step.input.write_text("two")
    step.fails = True
    with pytest.raises(RuntimeError):
        step.through(go)
    step.input.write_text("one")
    step.fails = False
    assert step.through(go) == 3


def test_two_at_once_take_turns(tmp_path: Path) -> None:
    """Real processes: each writes "in" and "out"; the lock keeps the pairs whole."""
    script = ("import importlib.machinery, pathlib, sys, time\nsys.dont_write_bytecode = True\n"
              f"go = importlib.machinery.SourceFileLoader('go', {str(ROOT / 'go')!r}).load_module()\n"
              f"here = pathlib.Path({str(tmp_path)!r})\n"
              "with go.alone(here / 'lock'):\n"
              "    for word in ('in', 'out'):\n"
              "        with open(here / 'log', 'a') as log: log.write(word + ' ')\n"
              "        time.sleep(0.3)\n")
    words = [sys.executable, "-W", "ignore", "-c", script]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=30)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert (tmp_path / "log").read_text() == "in out in out "
    assert sum("waiting" in words for words in said) == 1


def test_a_failed_step_is_named_and_shows_its_last_words(go: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    words = [sys.executable, "-c", "print('no route to host'); raise SystemExit(3)"]
    with pytest.raises(go.Failed, match=r"The step 'uv' failed.*same command again"):
        go.command("uv", words)
    assert "no route to host" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["dance"], ["--help"]])
def test_an_unknown_word_gets_a_sentence_and_no_traceback(words: list[str]) -> None:
    done = subprocess.run([sys.executable, ROOT / "go", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "./go run | test" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_set_up_does_nothing_and_quickly() -> None:
    subprocess.run([ROOT / "go", "setup"], check=True, capture_output=True)
    began = time.monotonic()
    second = subprocess.run([ROOT / "go", "setup"], check=True, capture_output=True, text=True)
    assert second.stdout + second.stderr == ""
    assert time.monotonic() - began < 3


def test_static_files_are_squeezed_and_nothing_stale_stays(go: ModuleType) -> None:
    style, tiny, gone = go.STATIC / "app.css", go.STATIC / "tiny.txt", go.STATIC / "gone.js.gz"
    style.write_text("p { color: red } " * 50)
    tiny.write_text("x")
    gone.write_bytes(b"left over")
    go.squeeze()
    assert sorted(p.name for p in go.STATIC.iterdir()) == ["app.css", "app.css.gz", "tiny.txt"]
    style.write_text("p { color: blue } " * 50)
    os.utime(style, (1, 1))
    go.squeeze()
    assert gzip.decompress(Path(f"{style}.gz").read_bytes()) == style.read_bytes()
    assert Path(f"{style}.gz").stat().st_mtime == style.stat().st_mtime


def pins(name: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))


def test_run_and_test_lists_name_the_same_versions() -> None:
    """So that set-up for `run` changes nothing under tests that are running."""
    assert pins("run.txt") <= pins("test.txt")
    assert pins("node.txt") <= pins("test.txt")


def test_every_pin_has_hashes() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        entries = re.split(r"^(?=[\w.-]+==)", path.read_text(), flags=re.MULTILINE)[1:]
        assert entries
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
