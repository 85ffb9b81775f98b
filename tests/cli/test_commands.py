"""The other commands: help, doctor, link, demo load."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from ideathon import config
from ideathon.cli import checks
from ideathon.cli.box import Welcome, base_of, show
from ideathon.demo.links import Links

Command = Callable[..., int]


def test_help_names_every_command(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--help") == 0
    said = capsys.readouterr().out
    for name in ("run", "demo", "link", "material", "doctor"):
        assert f"\n  {name}" in said
    assert command("demo", "--help") == 0
    assert "play" in capsys.readouterr().out


def test_a_wrong_word_says_where_help_is(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("rum") == 2
    assert "--help" in capsys.readouterr().err


def test_the_demo_is_loaded_once_and_then_told(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("demo", "load", "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert command("demo", "load", "--json") == 0
    again = capsys.readouterr()
    assert json.loads(again.out) == first
    assert "is there already; nothing was changed" in again.err
    assert len(first["slips"]) == len(set(first["slips"])) == 131
    assert {"code", "base", "join", "screen", "host", "manager", "admin", "jurors", "mentors"} <= set(first)
    assert (len(first["jurors"]), len(first["mentors"])) == (5, 4)


def test_a_lost_links_file_says_what_to_do_and_a_new_link_is_made(
        command: Command, capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert command("demo", "load") == 0
    (data / "links.json").unlink()
    assert command("demo", "load") == 3
    assert "ideathon link host" in capsys.readouterr().err
    assert command("link", "host") == 0
    assert "/i/" in capsys.readouterr().out


def test_a_new_link_is_kept(command: Command, capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert command("demo", "load", "--json") == 0
    before = json.loads(capsys.readouterr().out)
    assert command("link", "manager", "--code", "engure") == 0
    fresh = capsys.readouterr().out.split("/i/")[1].strip()
    kept = json.loads((data / "links.json").read_text())
    assert kept["staff"]["manager"] == fresh
    assert before["host"].endswith(kept["staff"]["host"])
    assert (data / "links.json").stat().st_mode & 0o777 == 0o600


def test_playing_without_a_server_says_what_to_do(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("demo", "play") == 3
    assert "--links" in capsys.readouterr().err
    assert command("demo", "load") == 0
    assert command("demo", "play", "--url", "http://127.0.0.1:1") == 1
    assert "ideathon run" in capsys.readouterr().err


def test_a_link_for_an_event_that_is_not_there(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("link", "host", "--code", "NOWHERE") == 3
    assert "There is no such event" in capsys.readouterr().err


def test_the_material_waits_for_the_reveal_and_is_whole(
        command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("demo", "load", "--at", "vote") == 0
    capsys.readouterr()
    assert command("material", "engure") == 3
    assert "not shown yet" in capsys.readouterr().err
    assert command("material", "NOWHERE") == 3
    assert "There is no such event" in capsys.readouterr().err


def test_the_material_of_a_day_that_is_over(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("demo", "load", "--at", "close") == 0
    capsys.readouterr()
    assert command("material", "engure") == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["scores"]), len(found["jurors"]), found["ballots"]) == (295, 5, 114)
    assert found["form"] == "ideathon-material-1"


def test_the_doctor_finds_a_loaded_day_well(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("demo", "load") == 0
    capsys.readouterr()
    with socket.socket() as probe:
        probe.bind(("", 0))
        port = probe.getsockname()[1]
    code = command("doctor", "--port", str(port))
    said = capsys.readouterr().out
    assert code == 0, said
    for what in ("whole and its owner's alone", "WAL and synchronous=FULL", "as this program's", "Latviešu, English"):
        assert what in said


def test_the_doctor_makes_nothing_in_an_empty_folder(
        command: Command, capsys: pytest.CaptureFixture[str], data: Path) -> None:
    command("doctor", "--port", "0")
    assert "will be made at the first start" in capsys.readouterr().out
    assert list(data.iterdir()) == []


def test_the_doctor_says_what_to_mend(command: Command, capsys: pytest.CaptureFixture[str], data: Path,
                                      monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "secret.key").write_text("k" * 64)
    (data / "secret.key").chmod(0o644)
    (data / "ideathon.db").write_bytes(b"not a database " * 500)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert command("doctor", "--port", "0") == 1
    said = capsys.readouterr().out
    for what in ("chmod 600", "is damaged", "REDIS_URL does not answer", "To mend: "):
        assert what in said


def test_the_doctor_asks_a_server_too(command: Command, capsys: pytest.CaptureFixture[str], postgres: str) -> None:
    command("doctor", "--port", "0", "--database", postgres)
    said = capsys.readouterr().out
    assert "empty; `ideathon run` brings it to" in said
    assert "this machine and the database agree" in said
    assert "a power cut may lose acknowledged votes" in said      # the tests' server is faster than safe


@pytest.mark.parametrize(("finding", "state"), [
    (lambda: checks.clock(0.0), "bad"), (lambda: checks.network("127.0.0.1"), "warn"), (checks.python, "ok"),
])
def test_single_findings(finding: Callable[[], checks.Finding], state: str) -> None:
    assert finding().state == state


def test_a_port_of_another_program_is_bad() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = checks.port_of("127.0.0.1", taken.getsockname()[1])
    assert (found.state, "taken" in found.said) == ("bad", True)


@pytest.mark.parametrize(("public", "host", "port", "base"), [
    ("https://day.example.org", "0.0.0.0", 8000, "https://day.example.org"),  # noqa: S104  # only said
    ("", "192.0.2.7", 80, "http://192.0.2.7"), ("", "::1", 8000, "http://[::1]:8000"),
])
def test_the_address_for_phones(public: str, host: str, port: int, base: str) -> None:
    assert base_of(public, host, port) == base


def test_long_addresses_stay_whole(tmp_path: Path) -> None:
    staff = dict.fromkeys(("host", "manager", "admin"), "s" * 24)
    links = Links("ENGURE", "k" * 24, staff=staff, jurors={"J1": "j" * 24})
    welcome = Welcome("https://a-rather-long-name.of-a-municipality.example.org/", links, tmp_path / "links.json",
                      valid={"s" * 24})
    console = Console(record=True, width=60, file=(tmp_path / "out").open("w"))
    show(welcome, "", 8000, console)
    said = console.export_text()
    console.file.close()
    assert f"{welcome.public}/i/{'s' * 24}" in said
    assert "renewed since" in said


def test_the_usual_place_of_links_is_the_data_folder(data: Path) -> None:
    assert config.data_folder() == data
