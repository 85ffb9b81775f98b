"""A conflict with an idea that left the ballot still reaches as far as the rule lets it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ideathon.core import tally
from ideathon.gatherings.doors import here_for
from ideathon.ideas.models import Idea
from ideathon.jury import service as jury
from ideathon.people.models import Grant
from ideathon.results import queries
from ideathon.results.models import Formula
from ideathon.results.service import _jury
from tests.houses import House


@pytest.mark.parametrize(
    ("scope", "reached"),
    [("idea", set()), ("challenge", {"I02", "I03"}), ("event", {None})],
    ids=["idea", "challenge", "event"],
)
def test_a_conflict_with_a_withdrawn_idea(house: House, scope: str, reached: set[str | None]) -> None:
    gathering_id = house.day("pitch")
    with house.inside() as session:
        session.get(Formula, gathering_id).recusal_scope = scope
        idea = session.scalars(select(Idea).where(Idea.ref == "I01")).one()
        juror = session.scalars(select(Grant).where(Grant.role == "juror")).first()
        jury.declare(here_for(house.gathering(), juror.person), juror, [idea], {idea.ref: "My cousin's idea"})
        idea.state = "withdrawn"
        session.flush()
        refs = {ref: challenge for ref, challenge in queries.challenges_of_ideas(gathering_id).items() if ref != "I01"}
        found = _jury(here_for(house.gathering(), house.person("host")), refs)
    assert {recusal.idea for recusal in found.recusals} == reached
    assert all(isinstance(recusal, tally.Recusal) for recusal in found.recusals)
