"""What the data tell of the day, stage by stage, carried out through the rooms' own verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from ideathon.awards import service as awards
from ideathon.comments import service as comments
from ideathon.core.stages import Kind
from ideathon.extensions import db
from ideathon.gatherings import service as gatherings
from ideathon.ideas import service as ideas
from ideathon.ideas.models import Draft, Idea
from ideathon.jury import queries as jury_queries, service as jury
from ideathon.results import queries as result_queries, service as results
from ideathon.voting import codes, paper, paper_count, queries as voting_queries, service as voting

from . import data
from .data import Row, engure
from .day import Day

STAGES = ["registration", "ideas", "pitch", "vote", "result", "close"]
"""Where a loaded day can stand. At "result" it is sealed and nothing shown; at "close" shown, decided and awarded."""


def play_to(day: Day, kind: str) -> None:
    """The running stage is of this kind, and what the data tell of it and of all before it has happened."""
    happenings = {Kind.REGISTRATION: join, Kind.IDEAS: write, Kind.TEAMS: team_up, Kind.WORK: talk,
                  Kind.PITCH: declare, Kind.VOTE: score_and_vote, Kind.COUNT: count, Kind.CLOSE: show_and_award}
    for phase in engure()["event"]["phases"]:
        day.advance()
        if happening := happenings.get(Kind(phase["kind"])):
            happening(day)
        if phase["kind"] == kind:
            return


def draw_slips(day: Day) -> None:
    """The slips for the vote are drawn, and their codes kept with the links."""
    vote = voting_queries.round_of(day.gathering.id)
    day.links.slips = voting.draw_slips(vote, engure()["vote_round"][data.ISSUED], day.here())


def join(day: Day) -> None:
    """The village is in the hall."""
    for number in range(1, data.headcount() + 1):
        day.residents.append(gatherings.join(day.newcomer(), data.resident(number), data.language(number)))


def write(day: Day) -> None:
    """The ideas are there, by phone and on paper, in the order in which they will be pitched."""
    for author, row in zip(day.residents, data.in_pitch_order(), strict=False):
        paper = row["channel"] == "paper"
        idea = ideas.add_idea(day.here(day.host if paper else author), _draft(day, row), row["channel"])
        _complete(idea, row)
        day.ideas[row["id"]] = idea
        day.links.ideas[row["id"]] = idea.ref


def _draft(day: Day, row: Row) -> Draft:
    costs = [(line["label"]["lv"], line["amount_cents"]) for line in row["cost_lines"]]
    return Draft(day.village.challenges[row["challenge"]], "lv", row["title"]["lv"], row["summary"]["lv"], costs=costs,
                 own_cents=row["own_contribution_cents"], uses=[day.village.items[name] for name in row["uses_assets"]])


def _complete(idea: Idea, row: Row) -> None:
    """What the data say beyond what a phone's form asks, and the second language."""
    idea.title, idea.summary = row["title"], row["summary"]
    idea.target_groups, idea.municipality_role = row["target_groups"], row["municipality_role"]
    idea.months, idea.team_size, idea.pitch_order = row["months_to_implement"], row["team"]["size"], row["pitch_order"]
    for line, said in zip(idea.costs, row["cost_lines"], strict=True):
        line.label = said["label"]


def talk(day: Day) -> None:
    """Residents and mentors have spoken under the ideas."""
    for number, row in enumerate(engure()["comments"]):
        mentor = data.mentor_of(row)
        speaker = day.invited(day.links.mentors[mentor]).person if mentor else day.residents[number]
        kind = "advice" if mentor else data.kind_of(row)
        comments.add_comment(day.here(speaker), day.ideas[row["idea"]], kind, row["text"])


def team_up(day: Day) -> None:
    """The teams are complete."""
    for idea, (_author, others) in data.teams().items():
        for number in others:
            ideas.join_team(day.here(day.residents[number - 1]), day.ideas[idea])


def declare(day: Day) -> None:
    """Every juror has declared, before any score."""
    for name, secret in day.links.jurors.items():
        juror = day.invited(secret)
        conflicts = {day.ideas[idea].ref: reason for idea, reason in data.conflicts_of(name).items()}
        jury.declare(day.here(juror.person), juror, list(day.ideas.values()), conflicts)


def score_and_vote(day: Day) -> None:
    """The jurors' sheets are full; the residents' ballots are in, by phone and on paper, the void ones too."""
    criteria = {criterion.ref: criterion for criterion in jury_queries.rubric(day.gathering.id)}
    for name, secret in day.links.jurors.items():
        juror = day.invited(secret)
        here = day.here(juror.person)
        for idea, points in data.scores_of(name).items():
            for criterion, value in points.items():
                jury.score(here, juror, day.ideas[idea], criteria[criterion], value)
    _vote(day)


def _vote(day: Day) -> None:
    vote, here = voting_queries.round_of(day.gathering.id), day.here()
    codes_of = dict(zip(dict.fromkeys(slip for slip, _ in data.phone_ballots()), day.links.slips, strict=False))
    seen: dict[str, int] = {}
    for slip, ballot in data.phone_ballots():
        tag = codes.tag_of(vote.id, codes_of[slip])
        got = voting.cast(here, vote, tag, _refs(day, ballot), key=f"demo-{ballot['serial']}", expect=seen.get(slip, 0))
        seen[slip] = got.seq
    for reader in (here, day.here(day.helper())):
        for ballot in data.paper_ballots():
            reading = paper.Reading(data.place_of(ballot), _refs(day, ballot), ballot["channel"],
                                    ballot.get("void_reason", ""))
            paper.enter(reader, paper.tag_of(vote, ballot["serial"]), reading)
    for place, (issued, unused) in data.accounts().items():
        paper_count.set_account(here, place, issued=issued, unused=unused)


def _refs(day: Day, ballot: dict[str, Any]) -> list[str]:
    return [day.ideas[idea].ref for idea in ballot["choices"]]


def count(day: Day) -> None:
    """The result is sealed; nobody has seen it."""
    results.seal(day.here())


def show_and_award(day: Day) -> None:
    """Every place was shown; the winner is decided on, granted what it asked for, and has its first milestone."""
    for shown in range(result_queries.progress(day.gathering.id)["of"]):
        results.reveal_next(day.here(), shown)
    here, expected = day.here(day.manager()), engure()["expected"]["winner"]
    awards.decide(here, day.ideas[expected["idea"]], data.BODY)
    awards.grant(here, expected["awarded_cents"])
    awards.add_milestone(here, data.MILESTONE, date.fromisoformat(data.MILESTONE_DUE), data.MILESTONE_CENTS)
    db.session.flush()
