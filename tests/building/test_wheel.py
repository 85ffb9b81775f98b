"""The wheel is whole: built without a network, installed elsewhere, it runs from an empty folder."""
import gzip
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.services import ROOT

UV = Path(sys.executable).with_name("uv")
VENDORED = {*json.loads((ROOT / "package.json").read_text())["vendor"], "licences.txt"}


def run(*words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=120)


def done(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    words = ["build", "--offline", "--wheel", "--no-build-isolation", "--python", sys.executable, "-o", target, source]
    return run(UV, *words, cwd=source)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done(build(ROOT, folder))
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `ideathon` command of a fresh environment that shares the packages of this one, but not the project."""
    folder = tmp_path_factory.mktemp("elsewhere")
    done(run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder))
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "shared.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    words: Sequence[str | Path] = ["pip", "install", "--offline", "--no-deps", "-p", folder / "bin/python", wheel]
    done(run(UV, *words, cwd=folder))
    return folder / "bin/ideathon"


def elsewhere(folder: Path) -> dict[str, str]:
    """The environment of somebody who has only the wheel."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL"}}
    return {**kept, "HOME": str(folder), "IDEATHON_DATA": str(folder / "data"), "COLUMNS": "200"}


def test_the_wheel_holds_all_that_pages_need(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    static = {p.relative_to(ROOT) for p in (ROOT / "static").rglob("*") if p.is_file() and p.suffix != ".tmp"}
    beside = {p.relative_to(ROOT) for folder in ("templates", "migrations") for p in (ROOT / folder).rglob("*")
              if p.is_file() and "__pycache__" not in p.parts}
    assert {f"ideathon/{path}" for path in static | beside} <= names
    assert {f"ideathon/static/vendor/{name}" for name in VENDORED} <= names
    assert "ideathon/static/vendor/socket.io.min.js.gz" in names
    assert any(name.startswith("ideathon/templates/") for name in names)
    assert any(name.startswith("ideathon/migrations/versions/") for name in names)
    catalogues = {f"{p.relative_to(ROOT).with_suffix('.mo')}" for p in ROOT.glob("ideathon/translations/*/*/*.po")}
    assert "ideathon/translations/lv/LC_MESSAGES/messages.mo" in catalogues
    assert catalogues <= names
    assert "ideathon/demo/engure.json" in names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"ideathon"}
    assert [n for n in names if n.endswith((".pyc", ".db", ".tmp")) or "node_modules" in n or "tests/" in n] == []


def test_the_wheel_says_its_name_and_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        (name,) = [n for n in content.namelist() if n.endswith(".dist-info/METADATA")]
        lines = content.read(name).decode().splitlines()
    assert {"Name: ideathon", "Version: 0.1.0", "License-Expression: EUPL-1.2", "Requires-Python: >=3.11"} <= set(lines)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A small checkout in which only the browser parts are missing."""
    source = tmp_path / "clone"
    for name in ("ideathon", "templates", "migrations", "static/css"):
        (source / name).mkdir(parents=True)
    (source / "ideathon/__init__.py").write_text('__version__ = "0.1.0"\n')
    for name in ("pyproject.toml", "hatch_build.py"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    (source / "README.md").write_text("A clone.\n")
    return source


def assert_refused(source: Path, sentence: str) -> None:
    refused = build(source, source.parent / "dist")
    assert refused.returncode != 0
    assert sentence in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
    assert not list(source.parent.glob("dist/*.whl"))


def test_without_the_browser_parts_no_wheel_is_built(clone: Path) -> None:
    assert_refused(clone, "static/vendor is empty: run ./go setup first")


def test_with_a_stale_compressed_file_no_wheel_is_built(clone: Path) -> None:
    (clone / "static/vendor").mkdir()
    (clone / "static/vendor/idb.js").write_text("export {};\n")
    (clone / "static/css/app.css").write_text("p { color: blue }")
    (clone / "static/css/app.css.gz").write_bytes(gzip.compress(b"p { color: red }"))
    assert_refused(clone, "static/ has changed since its files were compressed")


def test_a_catalogue_with_a_mistake_stops_the_build(clone: Path) -> None:
    folder = clone / "ideathon/translations/lv/LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    mistake = '#, python-format\nmsgid "%(num)s votes"\nmsgstr "%(numurs)s balsis"\n'
    (folder / "messages.po").write_text(header + mistake)
    assert_refused(clone, "The catalogues could not be compiled")


def test_the_installed_command_explains_itself(installed: Path, tmp_path: Path) -> None:
    said = done(run(installed, "--help", cwd=tmp_path, env=elsewhere(tmp_path)))
    assert all(word in said for word in ("run", "demo", "doctor"))


def test_the_installed_doctor_finds_everything_in_place(installed: Path, tmp_path: Path) -> None:
    done(run(installed, "doctor", cwd=tmp_path, env=elsewhere(tmp_path)))
