"""Schulze: the project that no other beats by a stronger path of pairwise wins."""

from ideathon.core.tally.choosing import CountSettings, Run, Step
from ideathon.core.tally.contest import contest, pair_steps, pairwise
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.settings import Number

Strengths = dict[int, dict[int, int]]


class Schulze:
    """A path is as strong as its weakest link, a link as strong as the ballots for its winner (winning votes).

    One project beats another when its strongest path to it is stronger than the strongest one back; who is beaten by
    nobody may win, and of several such the declared breakers choose one. `points` are how many others do not beat it.
    Steps: `pair` for each two projects, how many ballots put each above the other (`for`, `against`); `path` for each
    two, the strongest paths (`route`, `back`) and their strengths (`strength`, `strength_back`), 0 where there is none.
    The threshold counts the ballots that name a project.
    """

    name = "schulze"
    source = "Schulze 2011 (Social Choice and Welfare 36), winning votes"
    kinds = frozenset({Kind.RANKING})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        race, above = contest(given, settings), pairwise(given)
        strengths, before = _strongest(race.standing, above)
        ranked_by: list[Number] = [0] * len(given.projects)
        for one in race.standing:
            ranked_by[one] = sum(strengths[one][two] >= strengths[two][one] for two in race.standing if two != one)
        best = [one for one in race.standing if ranked_by[one] == len(race.standing) - 1]
        steps = pair_steps(race, above)
        for at, one in enumerate(race.standing):
            for other in race.standing[at + 1:]:
                steps.append(Step("path", given.projects[one].id, {
                    "to": given.projects[other].id, "strength": strengths[one][other],
                    "strength_back": strengths[other][one], "route": given.ids(_route(before, one, other)),
                    "back": given.ids(_route(before, other, one))}))
        return lambda parting: race.end(parting, best, steps, ranked_by)


def _strongest(standing: tuple[int, ...], above: list[list[int]]) -> tuple[Strengths, Strengths]:
    """The strength of the strongest path from one to the other, and the project before the other on it."""
    strength = {one: {other: above[one][other] if above[one][other] > above[other][one] else 0 for other in standing}
                for one in standing}
    before = {one: dict.fromkeys(standing, one) for one in standing}
    for middle in standing:
        onward = strength[middle]
        for one in standing:
            if one == middle or not strength[one][middle]:
                continue
            row, so_far = strength[one], strength[one][middle]
            for other in standing:
                through = min(so_far, onward[other])
                if other not in {one, middle} and through > row[other]:
                    row[other], before[one][other] = through, before[middle][other]
    return strength, before


def _route(before: Strengths, one: int, other: int) -> list[int]:
    """The projects along the strongest path, both ends included."""
    found = [other]
    while found[-1] != one:
        found.append(before[one][found[-1]])
    return found[::-1]
