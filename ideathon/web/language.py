"""Which language a reader gets: the one chosen, else the browser's, else Latvian."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import get_locale, get_translations

from ideathon.config import LANGUAGES
from ideathon.extensions import babel

YEAR = 31_536_000       # seconds


def chosen() -> str:
    """The reader's language code."""
    if not has_request_context():
        return "lv"
    asked = request.args.get("lang") or request.cookies.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    return request.accept_languages.best_match(list(LANGUAGES)) or "lv"


def keep(answer: Response, language: str | None) -> Response:
    """The browser remembers the language, in a cookie that says nothing else: it is read where nobody is known, too."""
    if language in LANGUAGES:
        answer.set_cookie("lang", str(language), max_age=YEAR, httponly=True, samesite="Lax",
                          secure=current_app.config["SESSION_COOKIE_SECURE"])
    return answer


def current() -> str:
    """The language of the page being made."""
    locale = get_locale()
    return str(locale.language) if locale else "lv"


def say(text: dict[str, str] | None, language: str | None = None) -> str:
    """The reader's words from an official text; another language's when there are none, "" when there is nothing."""
    if not text:
        return ""
    return text.get(language or current()) or text.get("en") or text.get("lv") or next(iter(text.values()))


def _catalogue() -> Any:
    """The catalogue of the page being made. Flask-Babel looks it up for every sentence; a page has hundreds."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue


def init_app(app: Flask) -> None:
    """Bind Flask-Babel; templates keep the catalogue of their request at hand."""
    babel.init_app(app, locale_selector=chosen)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, n: _catalogue().ungettext(one, many, n),
        newstyle=True)
