"""What anybody needs to count again without us: the sealed bundle, and one page that counts in the browser."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from ideathon import config
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.ideas.models import Idea

from . import queries
from .models import SealedOutcome
from .service import canonical

FORM = "ideathon-sealed-1"
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">\n?')
_SCRIPT = re.compile(r'<script src="([^"]+)"></script>')
_FONT = re.compile(r"@font-face\s*\{[^}]*\}\s*")        # the one file loads nothing: it has the device's own letters


def bundle(gathering: Gathering, row: SealedOutcome) -> bytes:
    """The sealed outcome with names for readers. The whole file is canonical, so it holds the very bytes of the digest.

    The names and the head of the record are beside the outcome and not under its digest.
    """
    refs = [standing["idea"] for standing in row.outcome["standings"]]
    titles = select(Idea.ref, Idea.title).where(Idea.gathering_id == gathering.id, Idea.ref.in_(refs))
    return canonical({
        "form": FORM,
        "event": {"code": gathering.code, "title": gathering.title, "date": gathering.held_on.isoformat()},
        "titles": dict(db.session.execute(titles).all()),
        "criteria_titles": queries.criteria_words(gathering.id),
        "digest": row.digest,
        "ledger_head": row.ledger_head,
        "outcome": row.outcome,
    })


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
