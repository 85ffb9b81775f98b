"""The base of every form: what is typed is made safe, measured in the reader's terms, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _, ngettext
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import TextInput

from ideathon.core import words
from ideathon.core.money import MoneyError, format_plain, parse_cents


class Form(FlaskForm):
    """A form whose CSRF token is checked by the application for every POST, and not once more here."""

    class Meta:
        """No second token; no built-in messages, since every validator here brings its own in gettext."""

        csrf = False
        locales = False


class LineField(StringField):
    """One line of text, cleaned (core.words)."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the cleaned words."""
        if valuelist:
            self.data = words.clean(str(valuelist[0]))


class ProseField(TextAreaField):
    """Several lines of text, cleaned (core.words)."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the cleaned words."""
        if valuelist:
            self.data = words.clean(str(valuelist[0]), multiline=True)


def between(low: int, high: int) -> Callable[[Form, Field], None]:
    """A validator: from ``low`` to ``high`` characters as a reader counts them; low 0 means it may stay empty."""

    def check(_form: Form, field: Field) -> None:
        problem = words.check(field.data or "", low, high)
        if problem is not None:
            raise StopValidation(length_sentence(str(problem.code), low, high))

    check.field_flags = {"maxlength": high, **({"required": True, "minlength": low} if low else {})}  # type: ignore[attr-defined]
    return check


def length_sentence(problem: str, low: int, high: int) -> str:
    """What is wrong with a length, and what to do."""
    if problem == "empty":
        return _("This field is required.")
    if problem == "too_short":
        return ngettext("Write a little more: at least %(num)s character.",
                        "Write a little more: at least %(num)s characters.", low)
    return ngettext("The text is too long (at most %(num)s character).",
                    "The text is too long (at most %(num)s characters).", high)


def money_sentence(reason: str) -> str:
    """Why a sum was not understood, and how to write it."""
    sentences = {
        "empty": _("Write a sum, for example 5400 or 5 400,00."),
        "negative": _("A sum cannot be below zero."),
        "ambiguous": _("Is this a thousands mark or a decimal mark? Write the sum like 12 345,67."),
        "too_precise": _("Write at most two decimals: euros and cents."),
        "too_large": _("This sum is too large for an idea of a village day."),
    }
    return sentences.get(reason, _("This is not a sum. Write it like 5400 or 5 400,00."))


class CentsField(StringField):
    """A sum of money as people write it; ``data`` is the text, ``cents`` the number."""

    cents: int | None = None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_plain(self.data) if isinstance(self.data, int) else (self.data or "")

    def pre_validate(self, _form: Any) -> None:
        """Understand the text, or say why not."""
        text = str(self.data or "").strip()
        if not text:
            self.cents = None
            return
        try:
            self.cents = parse_cents(text)
        except MoneyError as error:
            raise ValidationError(money_sentence(str(error.reason))) from error


class WholeField(IntegerField):
    """A whole number from `low` to `high`; the sentence about anything else is ours, and what was typed stays."""

    widget = TextInput()        # a number input would not even send what is no number

    def __init__(self, label: Any, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.low, self.high = low, high

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Understand the digits; `validate` says what is wrong."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None

    def pre_validate(self, _form: Any) -> None:
        """Within the bounds."""
        if self.data is None or not self.low <= self.data <= self.high:
            raise ValidationError(_("Write a whole number from %(low)s to %(high)s.", low=self.low, high=self.high))
