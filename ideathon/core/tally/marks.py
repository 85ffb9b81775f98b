"""Marks beside projects (scores, grades): how often each was given, and the order by medians that are removed."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ideathon.core.tally.choosing import Selection, Step
from ideathon.core.tally.contest import Contest
from ideathon.core.tally.election import Election
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.settings import Number


def tables(given: Election) -> list[dict[Number, int]]:
    """For each project how many ballots gave it each mark, the lowest mark first; a ballot that does not name it gave
    `unnamed`, so that every project has a mark of every ballot."""
    ballots = given.ballots
    found: list[dict[Number, int]] = [{} for _ in given.projects]
    for choice, marks, count in zip(ballots.choices, ballots.marks, ballots.counts, strict=True):
        for number, mark in zip(choice, marks, strict=True):
            found[number][mark] = found[number].get(mark, 0) + count
    cast = ballots.cast
    for table in found:
        left = cast - sum(table.values())
        if left:
            table[ballots.unnamed] = table.get(ballots.unnamed, 0) + left
    return [dict(sorted(table.items())) for table in found]


def word(given: Election, mark: Number) -> str:
    """The mark for people: the grade's word, or the number."""
    grades = given.ballots.grades
    return grades[int(mark)] if grades and mark in range(len(grades)) else str(mark)


def in_words(given: Election, table: dict[Number, int]) -> dict[str, int]:
    """A table with the marks in words, for a step."""
    return {word(given, mark): count for mark, count in table.items()}


@dataclass(frozen=True, slots=True)
class Medians:
    """One project's marks in order; `marks[i]` ends before place `ends[i]`."""

    marks: tuple[Number, ...]
    ends: tuple[int, ...]

    def after(self, removed: int) -> Number:
        """The lower median when so many medians were removed one by one, 0 to the number of marks less 1.

        From the middle the places go outward in turn: with an odd number of marks first downward, else first upward.
        """
        size = self.ends[-1]
        far = (removed + 1) // 2
        down = removed % 2 == size % 2
        return self.marks[bisect_right(self.ends, (size - 1) // 2 + (-far if down else far))]

    def turns(self) -> set[int]:
        """None, and after how many removals another mark may come up than two removals before."""
        size = self.ends[-1]
        middle, found = (size - 1) // 2, {0}
        for end in self.ends[:-1]:
            for place in (end - 1, end):
                far = abs(place - middle)
                found.add(2 * far - (1 if (place < middle) == (size % 2 == 1) else 0))
        return {removed for removed in found if 0 <= removed < size}


def medians(table: dict[Number, int]) -> Medians:
    """A project's table, ready for medians. It holds one mark at least."""
    return Medians(tuple(table), tuple(accumulate(table.values())))


@dataclass(frozen=True, slots=True)
class MedianRace:
    """The highest lower median wins; equal ones are compared again when a median was removed from each, until they
    differ or no mark is left. Source: Balinski and Laraki 2007, 2010 (the majority value).

    Steps: `marks` for each project, how often each was given (`marks`) and the `median`; `medians` where projects that
    were equal so far part: after so many removals (`removed`, from the whole list) each one's next median.
    """

    race: Contest
    tables: Sequence[dict[Number, int]]

    def run(self, parting: Parting) -> Selection:
        """One count."""
        given, of = self.race.given, {number: medians(self.tables[number]) for number in self.race.standing}
        ranked_by: list[Number] = [medians(table).after(0) if table else 0 for table in self.tables]
        steps = [Step("marks", given.projects[number].id, {"marks": in_words(given, self.tables[number]),
                                                           "median": word(given, ranked_by[number])})
                 for number in of]
        left = list(of)
        for removed in sorted(set().union(*(each.turns() for each in of.values()))):
            now = {number: of[number].after(removed) for number in left}
            best = max(now.values())
            if any(value != best for value in now.values()):
                steps.append(Step("medians", "", {"removed": removed, "medians": {
                    given.projects[number].id: word(given, value) for number, value in now.items()}}))
                left = [number for number in left if now[number] == best]
            if len(left) == 1:
                break
        return self.race.end(parting, left, steps, ranked_by)
