"""A browser without scripts for the rehearsal: it reads pages, fills in the forms that are on them, and sends those."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

SECONDS = 30.0
TRIES = 4               # a busy server says so and is asked again; every form carries its key, so nothing is done twice

Value = str | list[str]


class PlayFailed(Exception):
    """The rehearsal met something that people would meet, too; the text says where and what."""


@dataclass
class Form:
    """One form of a page, with what its fields hold already."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str | None:
        """What a field holds."""
        return next((value for key, value in self.fields if key == name), None)

    def filled(self, values: dict[str, Value]) -> list[tuple[str, str]]:
        """All fields, with these values instead of the ones on the page."""
        kept = [pair for pair in self.fields if pair[0] not in values]
        lists = {name: [value] if isinstance(value, str) else value for name, value in values.items()}
        return kept + [(name, one) for name, several in lists.items() for one in several]


class _Reader(HTMLParser):
    """Collects forms and the text of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.codes: list[str] = []          # what stands in <code>, as the codes of slips do
        self._in_code = False
        self._form: Form | None = None
        self._area: list[str] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._name = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or a field of it."""
        has = {name: value or "" for name, value in attrs}
        self._in_code = tag == "code"
        if tag in ("script", "style", "template"):
            self._silent += 1
        elif tag == "form" and not self._silent:
            self._form = Form(has.get("action", ""), has.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, has, dict(attrs))

    def _field(self, tag: str, has: dict[str, str], given: dict[str, str | None]) -> None:
        name = has.get("name", "")
        if tag == "input" and name and "disabled" not in given:
            ticked = has.get("type", "text") not in ("checkbox", "radio") or "checked" in given
            if ticked and has.get("type") not in ("submit", "button", "image", "file"):
                self._form.fields.append((name, has.get("value", "on" if has.get("type") == "checkbox" else "")))
        elif tag == "textarea":
            self._name, self._area = name, []
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append((has.get("value", ""), "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        """A form or a field of it ends."""
        self._in_code = False
        if tag in ("script", "style", "template"):
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            if self._form is not None:
                self._form.fields.append((self._name, "".join(self._area).removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select:
            self._choose(*self._select)
            self._select = None

    def _choose(self, name: str, options: list[tuple[str, bool]]) -> None:
        chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
        if self._form is not None:
            self._form.fields += [(name, value) for value in chosen]

    def handle_data(self, data: str) -> None:
        """Words of the page, or of a text field."""
        if self._area is not None:
            self._area.append(data)
        elif not self._silent and data.strip():
            self.words.append(" ".join(data.split()))
            if self._in_code:
                self.codes.append(self.words[-1])


class Page:
    """An answer: its address, its forms, its words."""

    def __init__(self, answer: requests.Response) -> None:
        self.url, self.status, self.html = answer.url, answer.status_code, answer.text
        self.location = answer.headers.get("Location", "")
        reader = _Reader()
        reader.feed(self.html)
        self.forms, self.words, self.codes = reader.forms, reader.words, reader.codes

    def form(self, action: str, **holding: str) -> Form:
        """The form that is sent to an address that ends so, and holds these values.

        Raises:
            PlayFailed: the page has none.
        """
        for form in self.forms:
            if form.action.split("?")[0].endswith(action) and all(form.value(n) == v for n, v in holding.items()):
                return form
        raise PlayFailed(f"{self.url} has no form for {action} {holding or ''}. It says: {self.said()}")

    def said(self) -> str:
        """The beginning of what stands on the page, for a message."""
        return re.sub(r"\s+", " ", " · ".join(self.words))[:400]


class Browser:
    """One person's browser: its cookies, its language, the page it looks at."""

    def __init__(self, base: str, language: str = "lv") -> None:
        self.base = base
        self.page: Page | None = None
        self._http = requests.Session()
        self._http.trust_env = False            # the hall's own address needs no proxy
        self._http.headers["Accept-Language"] = language

    def open(self, path: str) -> Page:
        """The page at an address."""
        return self._take(self._http.get(urljoin(self.base, path), timeout=SECONDS))

    def json(self, path: str) -> Any:
        """Facts at an address."""
        answer = self._http.get(urljoin(self.base, path), timeout=SECONDS, headers={"Accept": "application/json"})
        if answer.status_code != 200:
            raise PlayFailed(f"{path} was answered with {answer.status_code}.")
        return answer.json()

    def send(self, page: Page, action: str, holding: dict[str, str] | None = None, **values: Value) -> Page:
        """A form of the page filled in and sent; gives the answer, a redirect not followed.

        Raises:
            PlayFailed: it was refused; the text holds what the page says.
        """
        form = page.form(action, **(holding or {}))
        target, filled = urljoin(page.url, form.action), form.filled(values)
        for _ in range(TRIES):
            answer = self._http.post(target, data=filled, timeout=SECONDS, allow_redirects=False)
            if answer.status_code != 503:
                break
        return self._take(answer)

    def _take(self, answer: requests.Response) -> Page:
        self.page = Page(answer)
        if answer.status_code >= 400:
            asked = f"{answer.request.method} {answer.url}"
            raise PlayFailed(f"{asked} was refused ({answer.status_code}): {self.page.said()}")
        return self.page

    @property
    def cookies(self) -> str:
        """The cookies as one header, for the socket."""
        return "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())

    def close(self) -> None:
        """The connection is given back."""
        self._http.close()
