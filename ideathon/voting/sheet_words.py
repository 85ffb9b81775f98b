"""What is printed on slips and letters, in the reader's language: taken from the vote as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _, ngettext

from ideathon.gatherings.models import Gathering
from ideathon.people.voter_lines import Line
from ideathon.web.language import say
from ideathon.web.pages import money

from . import codes, electorate_queries as reading, honesty, queries
from .models import Round
from .sheets import One, Words


def words(vote: Round, gathering: Gathering, base: str, klass: str = "") -> Words:
    """A slip's words; on its back the ideas in pitch order, as they stand now."""
    ideas = [one for one in queries.options(vote) if not one["gone"]]
    costs = vote.method != "approval"
    options = tuple(f"{say(one['title'])} · {money(one['cents'])}" if costs else say(one["title"]) for one in ideas)
    return Words(title=say(gathering.title), phrase=queries.phrase(gathering), address=f"{base}/b",
                 scan=_("Scan to vote, or type this code at:"), how=how(vote, len(options)), options=options,
                 honest=tuple(str(point) for point in honesty.ON_PAPER), klass=reading.labels(vote).get(klass, ""))


def how(vote: Round, ideas: int) -> str:
    """What to do with the pen."""
    if vote.method != "approval" and vote.budget_cents:
        told = _("Put a cross before ideas that cost at most %(sum)s together.", sum=money(vote.budget_cents))
    elif vote.max_choices >= ideas:
        told = _("Put a cross before as many ideas as you like.")
    else:
        told = ngettext("Put a cross before up to %(num)s idea.", "Put a cross before up to %(num)s ideas.",
                        vote.max_choices)
    star = _("Draw a star beside one of them: it counts double.") if vote.method == "star" else ""
    return f"{told} {star}".strip()


def slips(drawn: Iterable[str], base: str) -> list[One]:
    """One for each code."""
    return [One(f"{base}/b#{code}", tuple(codes.groups(codes.short(code)))) for code in drawn]


def letter_words(vote: Round, gathering: Gathering, base: str) -> Words:
    """A letter's words."""
    return Words(title=say(gathering.title), phrase=queries.phrase(gathering), address=f"{base}/b/link",
                 scan=_("Scan, press the button and vote; it works once. Or type this code at:"))


def letters(given: Sequence[tuple[str, Line]], base: str) -> list[One]:
    """One for each token."""
    return [One(f"{base}/b/link#{token}", tuple(codes.groups(token)),
                tuple(line for line in (to.name, to.address) if line)) for token, to in given]
