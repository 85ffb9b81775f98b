"""One contribution to the talk; the same form whether it came by page or by socket."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ideathon.core.acts import Act, Role
from ideathon.core.permissions import Seat
from ideathon.web.forms import Form, LineField, ProseField, between

KIND_WORDS = {"comment": _l("Comment"), "question": _l("Question"), "advice": _l("Advice")}


class CommentForm(Form):
    """Words, their kind, and what they answer."""

    kind = RadioField(_l("What is it?"), choices=[], validate_choice=False)
    text = ProseField(_l("Your words"), [between(1, 500)])
    parent = LineField(_l("Answer to"))

    open_refs: frozenset[str] = frozenset()

    def offer(self, seat: Seat, open_refs: Iterable[str]) -> CommentForm:
        """What this seat may say, and which contributions of the idea can be answered."""
        mentor = Role.MENTOR in seat.roles
        kinds = [kind for kind in reversed(KIND_WORDS) if mentor] or ["comment", "question"]
        self.kind.choices = [SelectChoice(kind, str(KIND_WORDS[kind])) for kind in kinds]
        self.kind.data = self.kind.data or kinds[0]
        self.open_refs = frozenset(open_refs)
        return self

    def validate_kind(self, field: Any) -> None:
        """A kind that there is; whether this reader may use it is the permission table's question."""
        if field.data not in KIND_WORDS:
            raise ValidationError(_("Choose what it is: a comment or a question."))

    def validate_parent(self, field: Any) -> None:
        """What is answered must still be there."""
        if field.data and field.data not in self.open_refs:
            raise ValidationError(_("What you answer was taken back or hidden. Send your words without it."))

    @property
    def act(self) -> Act:
        """What the permission table is asked for: advice is the mentors'."""
        return Act.COMMENT_ADVISE if self.kind.data == "advice" else Act.COMMENT_ADD
