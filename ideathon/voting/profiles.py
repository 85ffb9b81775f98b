"""Vote profiles as data: what a vote of each kind asks, from which its host may go on (product.md 4.6).

None of them checks who somebody is by an electronic identity; what is said of age and home is the voter's own word.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True, slots=True)
class Profile:
    """What a vote asks. ``most`` 0: as many as the money allows; ``budget``: a sum is shared out, of the envelope."""

    name: LazyString
    about: LazyString
    method: str = "approval"
    least: int = 1
    most: int = 3
    budget: bool = False
    age: int = 0
    revote: bool = True
    shuffled: bool = False


PROFILES: dict[str, Profile] = {
    "room": Profile(_l("In the room"),
                    _l("One slip at the door, one to three ideas, the last vote counts.")),
    "lv": Profile(_l("As in Latvian municipalities"),
                  _l("From 16 years, one idea, and a vote that was cast stays as it is."),
                  most=1, age=16, revote=False),
    "ee": Profile(_l("As in Estonian municipalities"),
                  _l("From 16 years, one to three ideas, the last vote counts."), age=16),
    "is": Profile(_l("As in Iceland"),
                  _l("From 15 years, ideas until the money is used up; one of them may have a star and counts double."),
                  method="star", most=0, budget=True, age=15, shuffled=True),
    "se": Profile(_l("As in Swedish villages"),
                  _l("From 16 years, one idea, the last vote counts; the board decides where ideas are equal."),
                  most=1, age=16),
}
"""By short name; "own" is whatever a host made of one."""
OWN = "own"
ALL = 99                # as many as there are


def columns(ref: str, envelope_cents: int) -> dict[str, object]:
    """What a round is to hold so that it asks what the profile says.

    Raises:
        KeyError: there is no such profile.
    """
    one = PROFILES[ref]
    return {"profile": ref, "method": one.method, "min_choices": one.least, "max_choices": one.most or ALL,
            "budget_cents": envelope_cents if one.budget else 0, "age": one.age, "revote": one.revote,
            "shuffled": one.shuffled}
