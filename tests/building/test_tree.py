"""What may lie in the tree: no address of this machine or a registry, nothing built, small files and functions."""
import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest

from tests.services import ROOT

TOP = {
    ".ci", ".gitattributes", ".gitignore", ".npmrc", "LICENSE", "Makefile", "README.md", "benchmarks", "docs", "go",
    "hatch_build.py", "ideathon", "migrations", "package-lock.json", "package.json", "pyproject.toml", "requirements",
    "static", "templates", "tests",
}
# a letter in brackets keeps each pattern from finding itself
REGISTRY = re.compile(r"[p]ypi\.org|[p]ythonhosted\.|[n]pmjs\.(org|com)|[r]egistry\.yarnpkg|--[i]ndex-url"
                      r'|"[r]esolved": "http|//\S+/[s]imple/')
MACHINE = re.compile(r"(?<![\w.])/([w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/")
SECRET = re.compile(r"-----[B]EGIN [A-Z ]*PRIVATE KEY")
BUILT = re.compile(r"(^|/)(node_modules|__pycache__|\.venv)/|^static/vendor/"
                   r"|\.(mo|gz|br|db|sqlite3?|pyc|whl|woff2?|key|pem)$")
FILE, FUNCTION, VIEW = 300, 40, 15  # lines at most


def in_git() -> list[str]:
    """Every file that git holds or would take, and that is there."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in said.split("\0") if name and (ROOT / name).is_file()]


def python_files(*folders: str) -> Iterator[tuple[str, str]]:
    for name in in_git():
        if name.endswith(".py") and name.startswith(folders):
            yield name, (ROOT / name).read_text(encoding="utf-8")


def forbidden_words(text: str) -> list[str]:
    return [found[0] for pattern in (REGISTRY, MACHINE, SECRET) for found in pattern.finditer(text)]


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def long_functions(source: str) -> list[str]:
    return [f.name for f in functions(source) if (f.end_lineno or 0) - f.lineno + 1 > FUNCTION]


def is_route(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in {
        "route", "get", "post", "put", "patch", "delete"}


def long_views(source: str) -> list[str]:
    """Functions with a route whose body, the docstring aside, has more lines than a door needs."""
    views = [f for f in functions(source) if any(map(is_route, f.decorator_list))]
    bodies = {f.name: f.body[1:] if ast.get_docstring(f) else f.body for f in views}
    return [name for name, body in bodies.items() if body and (body[-1].end_lineno or 0) - body[0].lineno + 1 > VIEW]


def test_only_known_things_lie_at_the_top() -> None:
    assert {PurePath(name).parts[0] for name in in_git()} <= TOP


def test_nothing_built_is_kept() -> None:
    assert [name for name in in_git() if BUILT.search(name)] == []


def test_no_registry_machine_or_secret_is_named() -> None:
    found = {name: forbidden_words((ROOT / name).read_text(encoding="utf-8", errors="ignore")) for name in in_git()}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_module_says_what_it_is_for() -> None:
    files = python_files("ideathon/", "tests/", "benchmarks/", "migrations/", "hatch_build")
    assert [name for name, source in files if source.strip() and not ast.get_docstring(ast.parse(source))] == []


def test_files_functions_and_views_are_small() -> None:
    files = list(python_files("ideathon/"))
    assert {name: source.count("\n") for name, source in files if source.count("\n") > FILE} == {}
    assert {name: found for name, source in files if (found := long_functions(source))} == {}
    assert {name: found for name, source in files if (found := long_views(source))} == {}


@pytest.mark.parametrize("line", [
    "see https://py" + "pi.org/project/x", "npm --registry https://registry.npm" + "js.org/", 'x = "/wo' + 'rk/main/x"',
    "cd /ro" + "ot/project", "open('/ho" + "me/somebody/x')", "-----BEGIN " + "PRIVATE KEY-----",
    "pip --index" + "-url x",
])
def test_a_forbidden_word_would_be_found(line: str) -> None:
    assert forbidden_words(f"first line\n{line}\n")


@pytest.mark.parametrize("line", ["a framework/library", "static/js/homework/x.js", "the network/route", "/api/work"])
def test_an_innocent_line_is_left_alone(line: str) -> None:
    assert forbidden_words(line) == []


def test_a_long_function_and_a_long_view_would_be_found() -> None:
    body = "    x = 1\n"
    view = '@bp.get("/")\n@requires(Act.SEE)\ndef page():\n    """Says."""\n'
    assert long_functions("def much():\n" + body * FUNCTION) == ["much"]
    assert long_functions("def enough():\n" + body * (FUNCTION - 1)) == []
    assert long_views(view + body * (VIEW + 1)) == ["page"]
    assert long_views(view + body * VIEW) == []
    assert long_views("def helper():\n" + body * (VIEW + 1)) == []


@pytest.mark.parametrize("name", ["static/vendor/idb.js", "ideathon/translations/lv/LC_MESSAGES/messages.mo", "x.db",
                                  "static/css/app.css.gz", "node_modules/x/y.js", "instance/secret.key"])
def test_a_built_file_would_be_found(name: str) -> None:
    assert BUILT.search(name)
    assert Path(ROOT / name).suffix in {".js", ".mo", ".db", ".gz", ".key"}
