"""Which language a reader gets: the one chosen, else the browser's, else Latvian."""

from __future__ import annotations

from flask import Flask, has_request_context, request, session
from flask_babel import get_locale

from ideathon.config import LANGUAGES
from ideathon.extensions import babel


def chosen() -> str:
    """The reader's language code."""
    if not has_request_context():
        return "lv"
    asked = request.args.get("lang") or session.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    return request.accept_languages.best_match(list(LANGUAGES)) or "lv"


def current() -> str:
    """The language of the page being made."""
    return str(get_locale() or "lv")


def say(text: dict[str, str] | None, language: str | None = None) -> str:
    """The reader's words from an official text; another language's when there are none, "" when there is nothing."""
    if not text:
        return ""
    return text.get(language or current()) or text.get("en") or text.get("lv") or next(iter(text.values()))


def init_app(app: Flask) -> None:
    """Bind Flask-Babel."""
    babel.init_app(app, locale_selector=chosen)
