"""Why a host hides something: one field that every room with words asks for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from .forms import Form, LineField, between


class ReasonForm(Form):
    """The reason that the author of hidden words reads."""

    reason = LineField(_l("Reason (the author reads it)"), [between(3, 200)])
