"""What a resident writes onto the map."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional

from ideathon.web.forms import Form, LineField, ProseField, between

from .models import KINDS, THEMES

KIND_WORDS = {"need": _l("Need"), "resource": _l("Resource"), "skill": _l("Skill"), "value": _l("Value")}
THEME_WORDS = {"economy": _l("Work and business"), "social": _l("People and care"), "culture": _l("Culture"),
               "youth": _l("Youth"), "transport": _l("Getting around"), "environment": _l("Nature and environment"),
               "other": _l("Something else")}


class MapItemForm(Form):
    """A need, resource, skill or value."""

    kind = RadioField(_l("What is it?"), choices=[(k, KIND_WORDS[k]) for k in KINDS], default="need")
    text = ProseField(_l("In your own words"), [between(3, 280)])
    theme = SelectField(_l("Theme"), choices=[(t, THEME_WORDS[t]) for t in THEMES], default="other")
    quantity = IntegerField(_l("How many"), [Optional(), NumberRange(1, 100_000, _l("Write a whole number from 1."))])
    unit = LineField(_l("Of what"), [between(0, 40)])
    private = BooleanField(_l("Only I and the host see this skill"))


class ChallengeForm(Form):
    """A challenge, in the languages of the event, with the map items behind it."""

    text_lv = ProseField(_l("The challenge in Latvian"), [between(0, 200)])
    text_en = ProseField(_l("The challenge in English"), [between(0, 200)])
    items = SelectMultipleField(_l("Needs and resources behind it"), choices=[])
