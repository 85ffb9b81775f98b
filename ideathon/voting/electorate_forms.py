"""What is typed about the electorate: slips to draw, classes of residents, a code to make void, names, links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import FileField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, NumberRange, ValidationError

from ideathon.core import words
from ideathon.people.voter_lines import MOST, BadLine
from ideathon.people.voter_names import Added
from ideathon.web.forms import Form, LineField, between

from .forms import MOST_AT_ONCE
from .rule_forms import ON_THE_LIST

CLASSES, LABEL = 5, 30
KINDS = {"page": _l("A page to print here"), "pdf": _l("PDF, with the ballot on the back"),
         "large": _l("PDF in large print, with the ballot on the back")}
LETTERS = {"csv": _l("CSV for a mail merge"), "pdf": _l("PDF of letters to print")}
GIVEN = {"": _l("nothing yet"), "slip": _l("a slip"), "paper": _l("a ballot on paper"), "link": _l("a link")}
BAD_LINES: dict[str, Any] = {
    "no_name": _l("Line %(number)s has no name."),
    "long_name": _l("Line %(number)s: the name is longer than 80 letters: %(what)s"),
    "long_address": _l("Line %(number)s: the address is longer than 120 letters: %(what)s"),
    "columns": _l("Line %(number)s has more than three columns. Part them with semicolons: %(what)s"),
    "class": _l("Line %(number)s: there is no class of residents with this name: %(what)s"),
}
MOST_TOLD = 20


class _WithClass(Form):
    """A form that asks for a class of residents where the vote has some."""

    klass = SelectField(_l("Class of residents"), validate_choice=False, default="")

    def offer(self, labels: Mapping[str, str]) -> None:
        """What can be chosen; nothing to choose, no field."""
        if not labels:
            del self.klass
            return
        self.klass.choices = [SelectChoice("", _("No class")), *(SelectChoice(*pair) for pair in labels.items())]

    @property
    def chosen(self) -> str:
        """The class, "" for none."""
        return (self.klass.data or "") if "klass" in self else ""


class DrawForm(_WithClass):
    """How many slips to draw, for whom, and how they are printed."""

    n = IntegerField(_l("How many slips"), [NumberRange(1, MOST_AT_ONCE, _l("Write a whole number from 1 to 480."))])
    kind = SelectField(_l("How to print them"), [AnyOf(list(KINDS), ON_THE_LIST)], default="page",
                       choices=[SelectChoice(*pair) for pair in KINDS.items()], validate_choice=False)


class LinksForm(_WithClass):
    """Links for names, or so many for nobody in particular."""

    n = IntegerField(_l("How many links"), [NumberRange(1, MOST, _l("Write a whole number from 1 to 5000."))])
    kind = SelectField(_l("As what"), [AnyOf(list(LETTERS), ON_THE_LIST)], default="csv",
                       choices=[SelectChoice(*pair) for pair in LETTERS.items()], validate_choice=False)


class VoidForm(Form):
    """The code of a slip, scanned or typed."""

    code = LineField(_l("The code on the slip"), [between(1, 200)], render_kw={"autocomplete": "off"})

    @property
    def typed(self) -> str:
        """The code alone, also when a scanner has put its whole address here."""
        return str(self.code.data or "").rpartition("#")[2]


def class_labels(sent: Mapping[str, str]) -> tuple[list[dict[str, str] | None], bool]:
    """What was typed, an empty line being no class, and whether each fits. One language serves for both."""
    rows = [{lang: words.clean(str(sent.get(f"class-{place}-{lang}", ""))) for lang in ("lv", "en")}
            for place in range(1, CLASSES + 1)]
    labels = [_both(row) for row in rows]
    said = [label.casefold() for row in rows for label in {row["lv"], row["en"]} if label]
    return labels, all(len(label) <= LABEL for label in said) and len(set(said)) == len(said)


def _both(row: dict[str, str]) -> dict[str, str] | None:
    one = row["lv"] or row["en"]
    return {"lv": row["lv"] or one, "en": row["en"] or one} if one else None


class ListForm(Form):
    """Names, pasted or as a file; a file's text comes back in the field when something is wrong with it."""

    names = TextAreaField(_l("Names, one a line"))
    file = FileField(_l("Or a file (text or CSV)"))

    def take(self, file: Any) -> bool:
        """The text of the file stands in the field; False, with an error, when it is not UTF-8."""
        raw = file.read() if file and file.filename else b""
        if raw:
            try:
                self.names.data = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                self.file.errors = [_("This file is not in UTF-8. Save it as “CSV UTF-8” and choose it again.")]
                return False
        self.names.data = self.names.data or ""
        return True

    def tell(self, bad: list[BadLine], *, empty: bool) -> None:
        """What is wrong, line by line; nothing at all is wrong too."""
        told = [str(BAD_LINES[one.why]) % {"number": one.number, "what": one.what} for one in bad[:MOST_TOLD]]
        if len(bad) > MOST_TOLD:
            told.append(_("And %(n)s lines more.", n=len(bad) - MOST_TOLD))
        self.names.errors = told or ([_("Write at least one name, or choose a file.")] if empty else [])

    def left_out(self, made: Added) -> list[str]:
        """Which lines were not added, and why."""
        said = []
        if made.twice:
            said.append(_("Not added, because the same name and address are there already: lines %(lines)s. "
                          "If they are two people, write something beside one of the names.", lines=_told(made.twice)))
        if made.served:
            said.append(_("Not added, because this name was given a slip, a paper or a link already: lines %(lines)s. "
                          "If it is somebody else of the same name, write something beside the name.",
                          lines=_told(made.served)))
        return said


def _told(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:MOST_TOLD])) + (" …" if len(lines) > MOST_TOLD else "")


class SearchForm(Form):
    """Letters of a name."""

    q = LineField(_l("Name"), [], render_kw={"autocomplete": "off", "type": "search"})


class TickForm(Form):
    """Which name got what; the letters that were searched for, so that the list stays."""

    voter = IntegerField()
    what = HiddenField()
    q = StringField()

    def validate_voter(self, field: IntegerField) -> None:
        """A number that a database knows."""
        if not field.data or not 0 < field.data < 2**31:
            raise ValidationError(_("This form is incomplete. Load the page again and send it once more."))
