"""What becomes of money that a rule leaves over."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from ideathon.core.tally.buying import Parts, Record
from ideathon.core.tally.choosing import Verdict
from ideathon.core.tally.settings import Number


def by_points(record: Record, parting: Parts, sums: Sequence[Number], rest: Iterable[int]) -> None:
    """From the most points downward, whatever still fits; equal ones as `Parting` says where their order matters."""
    ranked = sorted(rest, key=lambda number: -sums[number])
    for _, group in groupby(ranked, key=lambda number: sums[number]):
        _equal(record, parting, sums, list(group))


def _equal(record: Record, parting: Parts, sums: Sequence[Number], equal: list[int]) -> None:
    while equal:
        refused = {number: record.envelope.refusal(number) for number in equal}
        for number in parting.in_order([number for number in equal if refused[number]]):
            record.refuse(number, refused[number] or Verdict.TOO_DEAR, points=sums[number])
        equal = [number for number in equal if refused[number] is None]
        takes = parting.in_order(equal) if record.envelope.all_fit(equal) else [
            parting.first(equal, ("left over", frozenset(record.chosen)))] if equal else []
        for number in takes:
            record.take("taken", number, points=sums[number])
        equal = [number for number in equal if number not in takes]
