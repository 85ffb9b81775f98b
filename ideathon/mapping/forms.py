"""What a resident writes onto the map, and the challenge that the host builds from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from ideathon.types import Text
from ideathon.web.forms import Form, LineField, ProseField, between

from .models import KINDS, THEMES

KIND_WORDS = {"need": _l("Need"), "resource": _l("Resource"), "skill": _l("Skill"), "value": _l("Value")}
THEME_WORDS = {"economy": _l("Work and business"), "social": _l("People and care"), "culture": _l("Culture"),
               "youth": _l("Youth"), "transport": _l("Getting around"), "environment": _l("Nature and environment"),
               "other": _l("Something else")}


class CountField(IntegerField):
    """A whole number; the sentence about anything else is ours."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Understand the digits, or say what to write."""
        try:
            if valuelist and len(valuelist[0].strip()) > 9:
                raise ValueError("too long for a count")
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Write a whole number from 1.")) from error


class MapItemForm(Form):
    """A need, resource, skill or value."""

    kind = RadioField(_l("What is it?"), choices=[SelectChoice(k, KIND_WORDS[k]) for k in KINDS], default="need")
    text = ProseField(_l("In your own words"), [between(3, 280)])
    theme = SelectField(_l("Theme"), choices=[SelectChoice(t, THEME_WORDS[t]) for t in THEMES], default="other")
    quantity = CountField(_l("How many"), [Optional(), NumberRange(1, 100_000, _l("Write a whole number from 1."))])
    unit = LineField(_l("Of what"), [between(0, 40)])
    private = BooleanField(_l("Only I and the host see this skill"))


class ChallengeForm(Form):
    """A challenge, in the languages of the event, with the map items behind it."""

    text_lv = ProseField(_l("The challenge in Latvian"), [between(0, 200)])
    text_en = ProseField(_l("The challenge in English"), [between(0, 200)])
    items = SelectMultipleField(_l("Needs and resources behind it"), choices=[], validate_choice=False)

    needs: frozenset[str] = frozenset()

    def offer(self, items: Iterable[dict[str, Any]]) -> ChallengeForm:
        """Only these items can stand behind the challenge; one that has left the map meanwhile is passed over."""
        there = {item["ref"]: item["kind"] for item in items}
        self.needs = frozenset(ref for ref, kind in there.items() if kind == "need")
        self.items.data = [ref for ref in self.items.data or [] if ref in there]
        return self

    def validate_text_lv(self, _field: Any) -> None:
        """One language is enough."""
        if not self.text_lv.data and not self.text_en.data:
            raise ValidationError(_("Write the challenge in at least one language."))

    def validate_items(self, field: Any) -> None:
        """A challenge without a need is refused (requirement V25)."""
        if not self.needs & set(field.data):
            raise ValidationError(_("A challenge grows from needs: tick at least one need."))

    def text(self) -> Text:
        """The words by language."""
        words = {"lv": self.text_lv.data, "en": self.text_en.data}
        return {language: text for language, text in words.items() if text}
