"""Joining."""

from __future__ import annotations

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from ideathon.web.forms import Form, LineField, between


class JoinForm(Form):
    """A display name and a tick under the notice; no e-mail, no personal code."""

    name = LineField(_l("What shall we call you?"), [between(1, 40)], render_kw={"autocomplete": "nickname"})
    notice = BooleanField(_l("I agree that my words are seen at this event under this name."))

    def validate_notice(self, field: BooleanField) -> None:
        """The tick is needed."""
        if not field.data:
            raise ValidationError(_("Tick the box to take part."))


class CodeForm(Form):
    """The event's code from the big screen."""

    code = LineField(_l("Event code"), [between(1, 20)],
                     render_kw={"autocapitalize": "characters", "autocomplete": "off"})
