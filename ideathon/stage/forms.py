"""What the desk may send: minutes, a scene for the big screen, a helper's name."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from ideathon.core.stages import Scene
from ideathon.web.forms import Form, LineField, between


class MinutesForm(Form):
    """More minutes or fewer for the running stage."""

    minutes = IntegerField(validators=[InputRequired(), NumberRange(-60, 60)])


class HelperForm(Form):
    """Who helps at the desk, by the name that the desk will know."""

    name = LineField(_l("The helper's name or office"), [between(2, 60)], render_kw={"autocomplete": "off"})


class SceneForm(Form):
    """A scene ("": as the day goes), and for the pitch screen an idea; a missing idea leaves the one that is on."""

    scene = SelectField(choices=[SelectChoice("", ""), *(SelectChoice(str(scene), str(scene)) for scene in Scene)])
    idea = SelectField(choices=[], default="")

    def __init__(self, pitching: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.idea.choices = [("", ""), *((ref, ref) for ref in pitching)]
