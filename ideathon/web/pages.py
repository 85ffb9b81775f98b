"""What every template may use: helpers, filters, the hidden keys of a form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from ideathon.config import LANGUAGES
from ideathon.core.acts import Act
from ideathon.core.permissions import Seat, may

from . import idempotency, nameless
from .headers import nonce
from .language import current, say

DAYS = {"lv": "dd.MM.y.", "en": "d MMMM y"}


def safe_next(target: str | None) -> str:
    """A way back that stays in this house: a path, else the first page."""
    if not target or not target.startswith("/") or target.startswith("//") or urlsplit(target).netloc:
        return "/"
    if any(letter <= " " or letter == "\\" for letter in target):        # browsers drop or turn these, and may leave
        return "/"
    return target


def way_here() -> str:
    """Where a reader who changes the language finds this page again: its address without the language; the first page
    where the answer to a form has none of its own."""
    adapter = current_app.create_url_adapter(request) if has_request_context() else None
    if adapter is None or not adapter.test(request.path, "GET"):
        return "/"
    asked = urlencode([pair for pair in request.args.items(multi=True) if pair[0] != "lang"])
    return f"{request.path}?{asked}" if asked else request.path


def form_keys(key: str = "") -> Markup:
    """The two hidden fields of every POST form: the CSRF token, tied to the session (where nobody is known there is
    none), and the idempotency key, a fresh one unless it is the same act once more."""
    fields = [("key", key or idempotency.new_key())]
    if not nameless.here():
        idempotency.sender()
        fields.insert(0, ("csrf_token", generate_csrf()))
    return Markup("").join(Markup('<input type="hidden" name="{}" value="{}">').format(*pair) for pair in fields)


def static(path: str) -> str:
    """The address of a static file; it changes with the file's content, so browsers may keep it for ever."""
    return f"{current_app.static_url_path}/{path}"


def money(cents: int | None, currency: str = "EUR") -> str:
    """Cents by the reader's custom: 5 400,00 €; EUR 5,400.00 in English."""
    return "" if cents is None else _money(cents, currency, current())


@lru_cache(maxsize=4096)
def _money(cents: int, currency: str, language: str) -> str:
    """Babel takes a tenth of a millisecond for one sum, and a page of ideas is full of them."""
    return format_currency(Decimal(cents) / 100, currency, locale=language, format_type="standard")


def day(moment: date | None) -> str:
    """A date as product.md 5 writes it: 21.10.2019. in Latvian, 21 October 2019 in English."""
    return format_date(moment, format=DAYS.get(current(), "long"), locale=get_locale()) if moment else ""


def clock_time(moment: datetime | int | None, zone: str = "Europe/Riga") -> str:
    """Hours and minutes in the event's zone, of a moment or of epoch milliseconds."""
    if isinstance(moment, int):
        moment = datetime.fromtimestamp(moment / 1000, UTC)
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M") if moment else ""


def num2(value: Any) -> str:
    """A number with two decimals by the reader's custom; takes "90.76" or a number."""
    return format_decimal(Decimal(str(value)), format="0.00", locale=get_locale()) if value not in (None, "") else ""


def allowed(act: str) -> bool:
    """Whether the reader's seat may do an act: the same table that the door will ask."""
    here = g.get("here")
    return may(Act(act), here.seat if here else Seat())


def _shared() -> dict[str, Any]:
    here = g.get("here")
    return {
        "lang": current(), "languages": list(LANGUAGES.items()), "nonce": nonce(), "static": static,
        "form_keys": form_keys, "way_here": way_here, "allowed": allowed, "place": getattr(here, "place", None),
        "me": getattr(here, "me", None), "nameless": has_request_context() and nameless.here(),
    }


def init_app(app: Flask) -> None:
    """Bind filters and helpers."""
    app.context_processor(_shared)
    app.jinja_env.filters.update(say=say, money=money, day=day, clock=clock_time, num2=num2)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
