"""A start that cannot go well is refused with a sentence, exit code 3, and nothing is changed."""

import contextlib
import fcntl
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import pytest

from ideathon.cli.opening import opened
from ideathon.config import database_url

Command = Callable[..., int]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database of this version, closed."""
    path = tmp_path_factory.mktemp("good") / "good.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDEATHON_DATA", str(path.parent))
        with opened(database_url(str(path))):
            pass
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


@pytest.fixture
def database(data: Path, good: bytes) -> Path:
    """A file of this version's database."""
    path = data / "day.db"
    path.write_bytes(good)
    return path


def assert_refused(command: Command, capsys: pytest.CaptureFixture[str], path: Path | str, *sentences: str) -> None:
    code = command("run", "--port", "0", "--database", str(path))
    said = capsys.readouterr().err
    assert code == 3, said
    for sentence in sentences:
        assert sentence in said
    assert "Traceback" not in said


def test_a_locked_file(command: Command, capsys: pytest.CaptureFixture[str], database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert_refused(command, capsys, database, "is locked by another program", "start again")


def test_a_file_that_is_served(command: Command, capsys: pytest.CaptureFixture[str], database: Path) -> None:
    with database.with_name("day.db.lock").open("a+") as lock:
        lock.write("4711\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert_refused(command, capsys, database, "Another ideathon (process 4711) uses the database", "--database")


def test_a_read_only_file(command: Command, capsys: pytest.CaptureFixture[str], database: Path) -> None:
    database.chmod(0o400)
    assert_refused(command, capsys, database, "is read-only", f"chmod u+w '{database}'")


def test_a_file_of_a_newer_version(command: Command, capsys: pytest.CaptureFixture[str], database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    assert_refused(command, capsys, database, "newer version of this program", "9999", "Install that version")


@pytest.mark.parametrize("harm", ["flipped", "cut", "text"])
def test_a_damaged_file(command: Command, capsys: pytest.CaptureFixture[str], database: Path, harm: str) -> None:
    content = bytearray(database.read_bytes())
    if harm == "flipped":
        content[4096:4104] = b"\xff" * 8            # the head of the second page
    harms = {"flipped": bytes(content), "cut": bytes(content[: len(content) // 2]), "text": b"not a database " * 500}
    harmed = harms[harm]
    database.write_bytes(harmed)
    assert_refused(command, capsys, database, "is damaged", "Nothing in it was changed")
    assert database.read_bytes() == harmed


def test_the_newest_copy_is_named_beside_a_damaged_file(
        command: Command, capsys: pytest.CaptureFixture[str], database: Path) -> None:
    database.with_name("day.db.copy-0009").write_bytes(database.read_bytes())
    database.write_bytes(b"not a database " * 500)
    assert_refused(command, capsys, database, "day.db.copy-0009: put that in its place")


def test_an_emptied_file_never_starts(command: Command, capsys: pytest.CaptureFixture[str], database: Path) -> None:
    database.write_bytes(b"")
    assert_refused(command, capsys, database, "is an empty file", "move day.db")


def test_a_lost_file_with_its_companion_never_starts_empty(
        command: Command, capsys: pytest.CaptureFixture[str], database: Path) -> None:
    database.rename(database.with_name("day.db-wal"))
    assert_refused(command, capsys, database, "is gone", "day.db-wal")
    assert not database.exists()


def test_a_file_of_another_program(command: Command, capsys: pytest.CaptureFixture[str], data: Path) -> None:
    path = data / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE recipe (name TEXT)")
        raw.commit()
    assert_refused(command, capsys, path, "another program's tables")


def test_a_folder_and_a_folder_that_is_not_there(
        command: Command, capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert_refused(command, capsys, data, "is a folder")
    assert_refused(command, capsys, data / "nowhere" / "day.db", "There is no folder")


def test_a_server_that_does_not_answer(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(command, capsys, "postgresql://somebody:hush@127.0.0.1:1/day", "does not answer", "DATABASE_URL")
    command("run", "--database", "postgresql://somebody:hush@127.0.0.1:1/day")
    assert "hush" not in capsys.readouterr().err


def test_a_taken_port_is_said_before_anything_is_loaded(
        command: Command, capsys: pytest.CaptureFixture[str], data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command("run", "--host", "127.0.0.1", "--port", str(port)) == 3
    assert f"Port {port} is taken by another program" in capsys.readouterr().err
    assert not (data / "ideathon.db").exists()


def test_a_key_that_others_can_read(command: Command, capsys: pytest.CaptureFixture[str], data: Path) -> None:
    (data / "secret.key").write_text("k" * 64)
    (data / "secret.key").chmod(0o644)
    assert_refused(command, capsys, data / "day.db", "secret.key can be read by others", "chmod 600")


def test_an_older_file_is_copied_before_it_is_brought_up_to_date(
        command: Command, data: Path, database: Path) -> None:
    with opened(database_url(str(database))) as app, app.app_context():
        flask_migrate.downgrade(revision="-1")
    older = version(database)
    assert command("demo", "load", "--database", str(database)) == 0
    assert version(data / f"day.db.copy-{older}") == older != version(database)


def version(database: Path) -> str:
    """Which migration the file has reached."""
    with contextlib.closing(sqlite3.connect(database)) as raw:
        return str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])
