"""`ideathon verify`: does a board hold, are the marks that people wrote down on it, do the ballots give its totals?"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import click
import pyrage

from ideathon.voting import verifying
from ideathon.voting.verifying import Question

SENTENCES = {
    Question.SHAPE: "The board opens once, closes once, ends with one result, and holds nothing unknown.",
    Question.SLIPS: "Slips fixed at the opening: {fixed}, drawn later: {later}, made void: {void}; none twice.",
    Question.CREDENTIALS: "Every vote is by a slip good at that time, and no slip or paper speaks again that may not.",
    Question.CLOSED: "After the close there is no vote and no slip.",
    Question.PAPERS: "Every place with papers has one account, and it adds up or says why not.",
    Question.HANDS: "Each place counted hands once at most, and as many as its people could raise.",
    Question.BALLOTS: "The result counts as many ballots as the board holds.",
    Question.TOTALS: "Its totals are of the options on the ballot, none more than so many ballots can give.",
    Question.HELD: "Every mark that you gave is on this board.",
    Question.PREFIX: "Your older copy is the beginning of this board.",
    Question.OPENED: "Every ballot of the board was opened, each once.",
    Question.ALLOWED: "Every opened ballot is one that the rules allow.",
    Question.COUNTED: "The totals are what the ballots say.",
}
NOT_ASKED = {
    Question.HELD: "that others saw this same board; give a mark of a receipt, the minutes or the screen: --head MARK",
    Question.PREFIX: "that it goes on from an older copy: --previous OLD",
    Question.COUNTED: "that the totals are what the ballots say; a witness can: --openings FILE --key KEYFILE",
}
MOST_BYTES = 200_000_000


class Unreadable(click.ClickException):
    """A file is no board, bundle or openings; the sentence names it."""

    exit_code = 2


def _parts(path: Path) -> dict[str, bytes]:
    """The files of a bundle, or the one file as its board.json."""
    if not zipfile.is_zipfile(path):
        return {"board.json": path.read_bytes()}
    with zipfile.ZipFile(path) as held:
        if sum(one.file_size for one in held.infolist()) > MOST_BYTES:
            raise Unreadable(f"{path}: the bundle unpacks to more than {MOST_BYTES} bytes, and no vote needs so many.")
        return {name: held.read(name) for name in held.namelist()}


def _read(path: Path, content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable(f"{path}: this is not JSON ({wrong}). Choose the bundle (.zip) or its board.json.") from None


def _board(path: Path) -> Any:
    try:
        parts = _parts(path)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as wrong:     # cut, locked, an odd method
        raise Unreadable(f"{path}: it cannot be opened ({wrong}).") from None
    if "board.json" not in parts:
        raise Unreadable(f"{path}: there is no board.json in this bundle.")
    if "manifest.json" in parts:
        listed = _read(path, parts["manifest.json"]).get("files", {})
        odd = [name for name, mark in listed.items()
               if hashlib.sha256(parts.get(name, b"")).hexdigest() != mark]
        if odd:
            raise Unreadable(f"{path}: {', '.join(sorted(odd))} in the bundle was changed or is missing.")
    return _read(path, parts["board.json"])


def _openings(path: Path, key: Path | None) -> Any:
    content = path.read_bytes()
    if content.startswith(b"age-encryption.org/"):
        if key is None:
            raise Unreadable(f"{path}: it is locked for the witnesses. Give the witness's key: --key KEYFILE")
        found = [line.strip() for line in key.read_text("utf-8").splitlines() if line.startswith("AGE-SECRET-KEY-")]
        try:
            content = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(one) for one in found])
        except (pyrage.DecryptError, pyrage.IdentityError) as wrong:
            raise Unreadable(f"{key}: this key does not open {path} ({wrong}).") from None
    return _read(path, content)


@click.command()
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", "held", multiple=True, metavar="MARK",
              help="A mark that you hold: from a receipt, the minutes or the big screen; at least 8 characters.")
@click.option("--previous", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An older copy.")
@click.option("--openings", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The opened ballots, or the file that is locked for the witnesses.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A witness's key, to open the locked file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of sentences.")
def command(bundle: Path, held: tuple[str, ...], *, previous: Path | None, openings: Path | None, key: Path | None,
            as_json: bool) -> None:
    """Check a vote's BUNDLE (.zip, or its board.json) without trusting anybody.

    Exit code: 0 when everything holds that could be asked, 1 when something does not, 2 when a file cannot be read.
    """
    marks = tuple(mark.replace(" ", "").lower() for mark in held)
    try:
        public = _board(bundle)
        older = _board(previous) if previous else None
        opened = _openings(openings, key) if openings else None
        found = dict(verifying.answers(public, marks, older, opened))
        head, slips = verifying.heads(public["entries"])[-1], verifying.slips_told(public)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as wrong:
        raise Unreadable(f"{bundle}: this is no board ({type(wrong).__name__}: {wrong}).") from None
    if not as_json:
        for why in verifying.annulled(public):      # the words of others: what a terminal would obey is spelled out
            click.echo(f"This vote was annulled. The reason given: {why!r}")
    told = {"head": head, "slips": slips, "totals": public["entries"][-1].get("totals", {})}
    _say(found, told, as_json=as_json)
    raise click.exceptions.Exit(0 if all(found.values()) else 1)


def _say(found: dict[Question, bool], told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"holds": all(found.values()), "checks": found, **told}))
        return
    for question, holds in found.items():
        click.echo(f"{'holds' if holds else 'DOES NOT HOLD'}: {SENTENCES[question].format(**told['slips'])}")
    for question, words in NOT_ASKED.items():
        if question not in found:
            click.echo(f"not checked: {words}")
    click.echo("not checked: that each voter was one person, and that nobody was watched or paid")
    click.echo(f"The last mark of this board: {told['head']}")
