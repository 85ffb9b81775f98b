"""Sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from ideathon.web.forms import Form, LineField, between


class SignInForm(Form):
    """Name and password of the staff."""

    name = LineField(_l("Name"), [between(1, 60)], render_kw={"autocomplete": "username", "autocapitalize": "none"})
    password = PasswordField(_l("Password"), [between(1, 128)], render_kw={"autocomplete": "current-password"})
