"""From filled-in ballots of a form to the ballots of an `Election`."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from ideathon.core.ballots import BallotForm, Choices, canonical
from ideathon.core.tally.election import Election, Kind, Project, election
from ideathon.core.tally.settings import CountError, Number

KINDS: dict[str, Kind] = {
    "approval": Kind.APPROVAL, "budget": Kind.APPROVAL, "ranking": Kind.RANKING, "grades": Kind.GRADES,
    "points": Kind.POINTS, "score": Kind.POINTS, "star": Kind.POINTS}
"""How the counting rules see each way of voting; a star is a mark of 2 beside marks of 1."""


def from_ballots(form: BallotForm, projects: Iterable[Project], cast: Iterable[Choices],
                 budget: Number = 0) -> Election:
    """The election that these ballots decide; a score's option without a mark gets the scale's `blank`.

    Raises `BallotError` for choices that are no ballot of the form, `CountError` when the form offers other projects
    than these.
    """
    listed = tuple(projects)
    if {project.id for project in listed} != set(form.options):
        raise CountError("the ballot form offers other projects than those on the list")
    unnamed = form.scale.blank if form.method == "score" and form.scale else 0
    return election(listed, KINDS[form.method], (_read(form, choices) for choices in cast), budget, unnamed=unnamed,
                    places=min(form.max_choices, len(form.options)), grades=form.grades)


def _read(form: BallotForm, choices: Choices) -> tuple[str, ...] | dict[str, Number]:
    kept = canonical(form, choices)
    if not isinstance(kept, Mapping):
        return kept
    grades = {grade: number for number, grade in enumerate(form.grades)}
    return {option: mark if isinstance(mark, int | Fraction) else grades[mark] for option, mark in kept.items()}
