"""What anybody needs to count again without us: the sealed bundle, and one page that counts in the browser."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from random import SystemRandom
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select

from ideathon import config
from ideathon.core import tally
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.ideas.models import Idea
from ideathon.voting import public, publishing, queries as voting

from . import queries
from .material import entries, of_jury
from .models import SealedOutcome
from .service import canonical

FORM = "ideathon-sealed-1"
BUNDLE_FORM = "ideathon-bundle-1"
MATERIAL_FORM = "ideathon-material-1"
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">\n?')
_SCRIPT = re.compile(r'<script src="([^"]+)"></script>')
_FONT = re.compile(r"@font-face\s*\{[^}]*\}\s*")        # the one file loads nothing: it has the device's own letters


def bundle(gathering: Gathering, row: SealedOutcome) -> bytes:
    """The sealed outcome with names for readers. The whole file is canonical, so it holds the very bytes of the digest.

    The names are in the outcome, under its digest; an older one was sealed without them, and they stand beside it.
    """
    refs = [standing["idea"] for standing in row.outcome["standings"]]
    beside = {} if "names" in row.outcome else queries.names(gathering, refs)
    return canonical({"form": FORM, **beside, "digest": row.digest, "ledger_head": row.ledger_head,
                      "outcome": row.outcome})


def vote_bundle(gathering: Gathering, row: SealedOutcome) -> bytes:
    """Everything that a stranger needs to check the vote and count the result again: a zip, the same bytes always.

    `board.json` (the public board), `result.json`, `verify.py`, `recount.html`; `manifest.json` has the SHA-256 of all.
    Where full publication was chosen before the opening, the ballots too: `openings.json` and `CODE.pb`.

    Raises:
        NotFound: a vote that was sealed before boards ended with a result.
    """
    vote = voting.round_of(gathering.id)
    if vote.state not in voting.FINAL:      # sealed before boards ended with a result
        raise NotFound("not_found")
    parts = {"board.json": canonical(public.public_board(vote)), "result.json": bundle(gathering, row),
             "verify.py": (config.house("static") / "verify" / "verify.py").read_bytes(), "recount.html": page(),
             **publishing.files(gathering, vote, voting.options(vote))}
    marks = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    manifest = canonical({"form": BUNDLE_FORM, "event": gathering.code, "head": vote.head, "files": marks})
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as made:
        for name, content in {"manifest.json": manifest, **parts}.items():
            made.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return held.getvalue()


def material(gathering: Gathering, row: SealedOutcome) -> bytes:
    """Everything that the sealed result was counted from, as it stands now: every sheet, every recusal, the votes.

    For whoever may see the single sheets; no page and no role of the program does. The jurors have other names in every
    copy, so that nothing but their marks stands in it; an older result names them by number, and then so does this.
    """
    sealed, every = row.outcome, queries.challenges_of_ideas(gathering.id)
    refs = {standing["idea"]: every[standing["idea"]] for standing in sealed["standings"]}
    left = of_jury(gathering.id, tally.Scope(sealed["settings"]["recusal_scope"]), refs, every)
    called = _called(left.jurors) if sealed["form"] == tally.FORM else {juror: juror for juror in left.jurors}
    ideas = db.session.scalars(select(Idea).where(Idea.gathering_id == gathering.id, Idea.ref.in_(refs)))
    votes = voting.votes(gathering.id)
    return canonical({
        "form": MATERIAL_FORM, **queries.names(gathering, list(refs)), "settings": sealed["settings"],
        "ideas": [vars(entry) for entry in entries(ideas)],
        "scores": sorted(({"juror": called[one.juror], "idea": one.idea, "criterion": one.criterion,
                           "points": _plain(one.points)} for one in left.scores), key=_in_order),
        "recusals": sorted(({"juror": called[one.juror], "idea": one.idea} for one in left.recusals), key=_in_order),
        "votes": {ref: votes.get(ref, 0) for ref in refs}, "ballots": voting.figures(gathering.id)["counted"],
        "jurors": sorted(called.values()),
    })


def _called(jurors: Collection[str]) -> dict[str, str]:
    """A name for each juror that tells nothing of the seat; drawn anew each time."""
    drawn = list(jurors)
    SystemRandom().shuffle(drawn)
    return {juror: f"J{number}" for number, juror in enumerate(drawn, 1)}


def _plain(points: tally.Number) -> int | str:
    return str(points) if isinstance(points, Fraction) and points.denominator > 1 else int(points)


def _in_order(row: dict[str, Any]) -> list[str]:
    """By juror, idea, criterion: the order in which they were written would tell who sat when."""
    return [str(row.get(name)) for name in ("juror", "idea", "criterion")]


@lru_cache(maxsize=1)
def page() -> bytes:
    """The recount as one file: its parts put inside, and a policy that lets a browser run these parts and load nothing.

    The same for every event, so that a copy taken before the day, or from elsewhere, counts as well.
    """
    folder = config.house("static") / "recount"
    source = (folder / "page.html").read_text(encoding="utf-8")
    style = "".join(_css(folder / name) for name in _STYLE.findall(source))
    scripts = {name: (folder / name).read_text(encoding="utf-8") for name in _SCRIPT.findall(source)}
    made = _SCRIPT.sub(lambda found: f"<script>{scripts[found[1]]}</script>", _STYLE.sub("", source))
    inside = f"{_policy(style, scripts.values())}\n<style>{style}</style>\n</head>"
    return made.replace("</head>", inside, 1).encode()


def _css(path: Path) -> str:
    return _FONT.sub("", path.resolve().read_text(encoding="utf-8"))


def _policy(style: str, scripts: Iterable[str]) -> str:
    """Only these very parts run; nothing is loaded, sent or framed, even if a part of the page wanted to."""
    run = " ".join(_source(script) for script in scripts)
    rules = (f"default-src 'none'; script-src {run}; style-src {_source(style)}; img-src data:; "
             "base-uri 'none'; form-action 'none'")
    return f'<meta http-equiv="Content-Security-Policy" content="{rules}">'


def _source(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
