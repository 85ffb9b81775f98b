"""What a juror declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from ideathon.core import words
from ideathon.ideas.models import Idea
from ideathon.web.forms import length_sentence

SHORTEST, LONGEST = 3, 300


@dataclass
class DeclarationForm:
    """Conflicts of interest over a list of ideas: the ticked ones with their reasons, or none at all.

    Every idea has its own tick and reason, so this is no WTForms form; it keeps what was typed in the same way.
    """

    ideas: Sequence[Idea]
    ticked: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)
    none: bool = False
    errors: dict[str, str] = field(default_factory=dict)        # by an idea's ref; "" for the form as a whole

    @classmethod
    def typed(cls, ideas: Sequence[Idea], sent: MultiDict[str, str]) -> DeclarationForm:
        """The form as it was sent."""
        reasons = {idea.ref: words.clean(sent.get(f"reason-{idea.ref}", "")) for idea in ideas}
        ticked = {idea.ref for idea in ideas} & set(sent.getlist("conflict"))
        return cls(ideas, ticked, reasons, none=sent.get("none") == "all")

    def validate(self) -> bool:
        """Whether something clear is declared; what is not, stands in ``errors``."""
        if self.none and self.ticked:
            self.errors[""] = _("An idea is ticked. Take the tick away, or send the ticked conflicts.")
        if not self.none and not self.ticked:
            self.errors[""] = _("Tick the ideas that concern you, or say that you have no conflict with any.")
        for ref in self.ticked:
            if problem := words.check(self.reasons[ref], SHORTEST, LONGEST):
                self.errors[ref] = length_sentence(str(problem.code), SHORTEST, LONGEST)
        return not self.errors

    @property
    def conflicts(self) -> Mapping[str, str]:
        """The reason for each idea that the juror must not score."""
        return {ref: self.reasons[ref] for ref in self.ticked}
