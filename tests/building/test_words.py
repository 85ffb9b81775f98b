"""The words are whole: everything a page says is in every catalogue, and counted nouns follow each language's law."""

from __future__ import annotations

import ast
import gettext
import re
import tomllib
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ideathon.config import LANGUAGES
from tests.services import ROOT

FOLDER = ROOT / "ideathon/translations"
FILES = {lang: FOLDER / lang / "LC_MESSAGES/messages.po" for lang in LANGUAGES}
CALLS = {"_": 1, "_l": 1, "gettext": 1, "lazy_gettext": 1, "ngettext": 2}         # words at the front of each call
PLACES = re.compile(r"%\([a-z_]+\)[sd]|%%|\{[a-z_.]+\}")                        # what a program puts in, and a plain %
JINJA = re.compile(r"\{#.*?#\}|\{% block \w*(?:class|attrs|layout) %\}.*?endblock|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
WORD = re.compile(r"(?<![/\w])[^\W\d_]{2,}")                                      # "/winner" is an address
MADE = re.compile(r'[\w-]+="[^"]*"')                                              # attributes that a macro makes
SAID = ("aria-label", "title", "alt", "placeholder", "summary")                  # attributes that people read or hear
NO_WORDS = {"SHA", "QR"}                                                       # the same in every language
FORMS = {"lv": {0: 0, 1: 1, 2: 2, 10: 0, 11: 0, 21: 1, 111: 0, 121: 1}, "en": {0: 1, 1: 0, 2: 1, 11: 1, 21: 1}}


@cache
def said() -> frozenset[tuple[str, ...]]:
    """Every message that the program and its templates ask for, found as the documented command finds them."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(one["pattern"], one["method"]) for one in mappings]
    words = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
    found = extract_from_dir(ROOT, methods, keywords=words, directory_filter=_ours)
    return frozenset(_parts(message) for _file, _line, message, _comments, _context in found)


def _ours(folder: str | Path) -> bool:
    return Path(folder).relative_to(ROOT).parts[:1] in ((), ("ideathon",), ("templates",))


def _parts(message: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


@cache
def catalogue(lang: str) -> Catalog:
    """The catalogue as it is committed."""
    with FILES[lang].open("rb") as file:
        return read_po(file)


def messages(lang: str) -> list[Message]:
    return [one for one in catalogue(lang) if one.id]


def compiled(lang: str) -> gettext.GNUTranslations:
    """The catalogue as a running program reads it."""
    made = BytesIO()
    write_mo(made, catalogue(lang))
    made.seek(0)
    return gettext.GNUTranslations(made)


def test_the_search_finds_words_of_both_kinds() -> None:
    assert len(said()) > 500
    assert {("Voting is not open.",), ("%(num)s vote", "%(num)s votes"), ("Cast my vote",)} <= said()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_missing_or_empty_or_unsure(lang: str) -> None:
    whole = {_parts(one.id) for one in messages(lang) if all(text.strip() for text in _parts(one.string))}
    assert sorted(said() - whole) == [], "see docs/translations.md"
    assert [one.id for one in messages(lang) if one.fuzzy] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_program_puts_in_stays_in_every_form(lang: str) -> None:
    """One form can serve 1, 21 and 101, so each of them holds every placeholder, the number too."""
    wrong = [(one.id, text) for one in messages(lang) for text in _parts(one.string)
             if Counter(PLACES.findall(text)) != Counter(PLACES.findall(_parts(one.id)[-1]))]
    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_lone_percent_sign_cannot_break_a_page(lang: str) -> None:
    """Templates treat every message as a pattern."""
    lone = [text for one in messages(lang) for text in _parts(one.string) if "%" in PLACES.sub("", text)]
    assert lone == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counted_nouns_have_as_many_forms_as_the_language(lang: str) -> None:
    tags = [*Locale(lang).plural_form.tags, "other"]
    assert catalogue(lang).num_plurals == len(tags)
    assert [one.id for one in messages(lang) if one.pluralizable and len(one.string) != len(tags)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_header_follows_the_plural_law_of_the_language(lang: str) -> None:
    """The unicode consortium's rule, number by number; browsers count live numbers by the same rule."""
    order = [tag for tag in ("zero", "one", "two", "few", "many", "other")
             if tag in {*Locale(lang).plural_form.tags, "other"}]
    choose = compiled(lang).plural  # type: ignore[attr-defined]
    assert [n for n in range(1200) if choose(n) != order.index(Locale(lang).plural_form(n))] == []


@pytest.mark.parametrize("lang", FORMS)
def test_numbers_take_their_form(lang: str) -> None:
    words = compiled(lang)
    vote = catalogue(lang)["%(num)s vote"].string
    for number, form in FORMS[lang].items():
        assert words.ngettext("%(num)s vote", "%(num)s votes", number) == vote[form], number


@pytest.mark.parametrize(("number", "words"), [
    (0, "0 balsu"), (1, "1 balss"), (2, "2 balsis"), (10, "10 balsu"), (11, "11 balsu"), (21, "21 balss"),
    (111, "111 balsu"), (121, "121 balss")])
def test_latvian_votes(number: int, words: str) -> None:
    assert compiled("lv").ngettext("%(num)s vote", "%(num)s votes", number) % {"num": number} == words


def test_latvian_quotes_are_latvian() -> None:
    texts = [text for one in messages("lv") for text in _parts(one.string)]
    assert [text for text in texts if "“" in text or '"' in text or text.count("„") != text.count("”")] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_names_no_person_and_no_place_in_the_code(lang: str) -> None:
    """Addresses and line numbers would change with every edit; a name or an e-mail has no business here."""
    text = FILES[lang].read_text()
    assert [line for line in text.splitlines() if "@" in line or line.startswith(("#:", "#~", "#, fuzzy"))] == []
    assert "-Date:" not in text


def test_english_says_what_the_program_says() -> None:
    assert [one.id for one in messages("en") if _parts(one.id) != _parts(one.string)] == []


def _asked(source: Path) -> list[tuple[str, ...]]:
    """The messages of a Python file, read from its syntax and so also inside other calls."""
    calls = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Name) and node.func.id in CALLS]
    return [tuple(arg.value if isinstance(arg, ast.Constant) else "(not words, at "
                  f"{source.relative_to(ROOT)}:{node.lineno})" for arg in node.args[:CALLS[node.func.id]])  # type: ignore[attr-defined]
            for node in calls]


def test_no_word_hides_from_the_search() -> None:
    """The search passes over a message inside another message's call: give it a line of its own."""
    asked = {words for source in (ROOT / "ideathon").rglob("*.py") for words in _asked(source)}
    assert sorted(asked - said()) == []


class _Bare(HTMLParser):
    """Words that stand in a template as they are, and not through gettext."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.skipping += tag in ("script", "style", "kbd")
        for name, value in attrs:
            if name in SAID:
                self.handle_words(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.skipping -= tag in ("script", "style", "kbd")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.handle_words(MADE.sub(" ", data))

    def handle_words(self, text: str) -> None:
        self.found += [word for word in WORD.findall(text) if word not in NO_WORDS]


def bare(source: str) -> list[str]:
    parser = _Bare()
    parser.feed(JINJA.sub(" ", source))
    parser.close()
    return parser.found


def test_bare_words_are_found() -> None:
    page = '<p>{{ _("Said") }} plain {# note #}</p><a title="Aloud" href="{{ x }}">{% if a > b %}{{ y }}{% endif %}</a>'
    assert bare(page) == ["plain", "Aloud"]


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_say_nothing_past_the_catalogues(path: Path) -> None:
    assert bare(path.read_text()) == []
