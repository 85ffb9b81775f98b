"""Puts the rooms together; the only file that knows them all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from whitenoise import WhiteNoise

from . import (
    awards,
    comments,
    config,
    extensions,
    gatherings,
    ideas,
    jury,
    live,
    mapping,
    people,
    programmes,
    reports,
    results,
    stage,
    voting,
    web,
)
from .core.acts import Act
from .core.permissions import RULES
from .errors import Misconfigured
from .live.wire import assert_every_event_has_a_rule

ROOMS = (web, people, programmes, gatherings, mapping, ideas, comments, jury, voting, results, awards, reports, stage)


def build(database: str | None = None, **overrides: Any) -> Flask:
    """The whole program, ready to serve; refuses to start when a door or an event has no rule."""
    app = Flask("ideathon", template_folder=str(config.house("templates")), static_folder=None)
    app.config.from_mapping(config.settings(database))
    app.config.from_mapping(overrides)
    app.url_rule_class = LateRule
    _serve_static(app)
    extensions.init_app(app)
    live.init_app(app)
    for room in ROOMS:
        room.init_app(app)
    check_doors(app)
    return app


class LateRule(Rule):
    """A way to a door, whose address is put into code when it is first asked for and not at the start: two programs
    for each of more than a hundred doors are most of what a start does after its imports."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def address(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(Rule._compile_builder(self, append_unknown))
            return made[0](rule, **values)
        return address


def check_doors(app: Flask) -> None:
    """Deny by default: every act has a line in the table, every address and every event a rule.

    Raises:
        Misconfigured: naming what has none.
    """
    if lacking := [act for act in Act if act not in RULES]:
        raise Misconfigured(f"No permission rule for: {', '.join(lacking)}")
    open_doors = [rule.endpoint for rule in app.url_map.iter_rules()
                  if not hasattr(app.view_functions[rule.endpoint], "rule")]
    if open_doors:
        raise Misconfigured(f"No access rule on: {', '.join(sorted(open_doors))}")
    assert_every_event_has_a_rule()


def _serve_static(app: Flask) -> None:
    """Static files under an address that changes with their content, precompressed, kept by browsers for ever."""
    folder = config.house("static")
    _drop_stale(folder)
    app.static_url_path = f"/static/{_digest(folder)}"      # type: ignore[misc]  # Flask's own attribute
    app.wsgi_app = WhiteNoise(                              # type: ignore[method-assign]  # the documented way
        app.wsgi_app, root=str(folder), prefix=app.static_url_path.strip("/") + "/", max_age=31_536_000,
        immutable_file_test=lambda _path, _url: True)


def _drop_stale(folder: Path) -> None:
    """A compressed copy that is older than its file would be served in its stead."""
    for small in folder.rglob("*.gz"):
        source = small.with_suffix("")
        if not source.exists() or source.stat().st_mtime > small.stat().st_mtime + 1:
            small.unlink(missing_ok=True)


def _digest(folder: Path) -> str:
    """A short fingerprint of every static file."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".gz", ".br"}:
            whole.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return whole.hexdigest()[:10]
