"""The demo's personal links and pass phrases: kept in one file that only its owner may read, beside the database."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ideathon import config
from ideathon.errors import Misconfigured

STAFF = ("host", "manager", "admin", "helper")


@dataclass
class Links:
    """What opens the demo's doors. The database holds hashes of these alone."""

    code: str
    screen: str                                                     # the projector's key
    staff: dict[str, str] = field(default_factory=dict)             # host, manager, admin, helper: secret of the link
    jurors: dict[str, str] = field(default_factory=dict)            # J1 …: the same
    mentors: dict[str, str] = field(default_factory=dict)           # M1 …: the same
    phrases: dict[str, str] = field(default_factory=dict)           # host, manager, admin: pass phrase at /sign-in
    slips: list[str] = field(default_factory=list)                  # codes for the vote, when the load drew them
    ideas: dict[str, str] = field(default_factory=dict)             # I01 …: the public name of the idea


def links_file(url: str) -> Path:
    """Where the links of a database are kept: `links.json` for the usual one, else named after the database."""
    if not url.startswith("sqlite:///"):
        return config.data_folder() / f"{url.rpartition('/')[2].partition('?')[0]}.links.json"
    path = Path(url.removeprefix("sqlite:///"))
    usual = path == config.data_folder() / "ideathon.db"
    return path.with_name("links.json" if usual else f"{path.name}.links.json")


def keep(links: Links, path: Path) -> None:
    """The file holds the links, whole, mode 0600.

    Raises:
        Misconfigured: it cannot be written.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(links), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise Misconfigured(f"The links could not be kept in {path} ({error.strerror}). "
                            "Make its folder writable.") from error


def kept(path: Path) -> Links | None:
    """The links in the file; None when there is no such file.

    Raises:
        Misconfigured: it is there and is no file of links.
    """
    try:
        return Links(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise Misconfigured(f"{path} cannot be read as the demo's links. Move it away; "
                            "`ideathon link host` makes a new link for the host.") from error


def read_links(path: Path) -> Links:
    """The links of a file: one that a load kept, or what `ideathon demo load --json` printed.

    Raises:
        Misconfigured: it is not there, or neither of the two.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Links(**(found if "staff" in found else _from_addresses(found)))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Misconfigured(
            f"{path} holds no links of the demo ({type(error).__name__}). Name the right file with --links: it is what "
            "`ideathon demo load --json` prints, or links.json in the data folder.") from error


def _from_addresses(found: dict[str, Any]) -> dict[str, Any]:
    def secrets_of(named: dict[str, str]) -> dict[str, str]:
        return {name: url.rpartition("/")[2] for name, url in named.items()}

    return {"code": found["code"], "screen": found["screen"].rpartition("/")[2], "slips": found["slips"],
            "staff": secrets_of({name: found[name] for name in STAFF if name in found}),
            "jurors": secrets_of(found["jurors"]), "mentors": secrets_of(found["mentors"])}


def addresses(links: Links, base: str) -> dict[str, Any]:
    """Every address and code, for scripts: what `ideathon demo load --json` prints."""
    def personal(secrets_by_name: dict[str, str]) -> dict[str, str]:
        return {name: f"{base}/i/{secret}" for name, secret in secrets_by_name.items()}

    return {"code": links.code, "base": base, "join": f"{base}/j/{links.code}", "screen": f"{base}/s/{links.screen}",
            **personal(links.staff), "jurors": personal(links.jurors), "mentors": personal(links.mentors),
            "phrases": links.phrases, "slips": links.slips, "ideas": links.ideas}
