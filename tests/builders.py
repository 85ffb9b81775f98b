"""What stands in the small Engure day of the tests, row by row; to be called inside a transaction of the house."""

from __future__ import annotations

import uuid
from datetime import date

from ideathon.clock import now
from ideathon.core.acts import Role
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering, Stage
from ideathon.ideas.models import CostLine, Idea
from ideathon.jury.models import Criterion
from ideathon.mapping.models import Challenge, ChallengeLink, MapItem
from ideathon.people import passwords, service as people
from ideathon.programmes.models import BudgetLine, Organisation, Partner, Programme, Project, Territory
from ideathon.results.models import Formula
from ideathon.voting.models import Round

PASSWORD = "a long sentence for tests"  # of nobody
KINDS = (
    "registration",
    "intro",
    "mapping",
    "ideas",
    "teams",
    "break",
    "work",
    "pitch",
    "vote",
    "count",
    "result",
    "close",
)
WEIGHTS = (25, 20, 25, 15, 15)
SECTORS = ("civil_society", "public", "private", "private", "civil_society")
HASH = passwords.hash_password(PASSWORD)


def project() -> Project:
    """A project of the fund, with one budget line."""
    programme = Programme(
        fund="EMFF",
        name={"lv": "Zivsaimniecības fonds", "en": "Fisheries Fund"},
        measure={"lv": "Sadarbība", "en": "Cooperation"},
        sentence={"lv": "Projektu finansē fonds.", "en": "The project is paid for by the fund."},
    )
    project = Project(
        programme=programme,
        number="19-00-F043.0443-000001",
        title={"lv": "Viedie ciemi", "en": "Smart villages"},
        short_title={"lv": "Viedie ciemi", "en": "Smart villages"},
        starts_on=date(2019, 8, 29),
        ends_on=date(2020, 12, 12),
        total_cents=5_000_000,
        fund_cents=5_000_000,
    )
    project.budget_lines = [BudgetLine(label={"lv": "Viss", "en": "All"}, amount_cents=5_000_000)]
    return project


def gathering(project: Project, envelope: int) -> Gathering:
    """The event with its territory and its running order."""
    organisation = Organisation(name="Partnerība", kind="LAG", country="LV")
    partner = Partner(project=project, organisation=organisation, role="lead")
    territory = Territory(partner=partner, name={"lv": "Engures apkaime", "en": "Engure"}, country="LV")
    gathering = Gathering(
        code="ENGURE",
        project=project,
        territory=territory,
        title={"lv": "Engures ideatons", "en": "Engure ideathon"},
        place={"lv": "Tautas nams", "en": "Community hall"},
        held_on=date(2020, 2, 22),
        envelope_cents=envelope,
        screen_key=uuid.uuid4().hex,
    )
    gathering.stages = [
        Stage(position=n, kind=kind, title={"lv": f"Posms {kind}", "en": f"Stage {kind}"}, minutes=30)
        for n, kind in enumerate(KINDS, 1)
    ]
    db.session.add_all([project, organisation, partner, territory, gathering])
    return gathering


def challenge(gathering: Gathering) -> Challenge:
    """One challenge out of a need and a skill."""
    need = MapItem(
        gathering_id=gathering.id,
        ref="N1",
        kind="need",
        theme="economy",
        created_at=now(),
        text={"lv": "Nav kur pārdot zivis.", "en": "There is nowhere to sell fish."},
    )
    skill = MapItem(gathering_id=gathering.id, ref="S1", kind="skill", created_at=now(), text={"en": "Smoking fish"})
    db.session.add_all([need, skill])
    db.session.flush()
    challenge = Challenge(
        gathering_id=gathering.id,
        ref="C1",
        created_at=now(),
        text={"lv": "Kā pārdot visu gadu?", "en": "How to sell all year?"},
        links=[ChallengeLink(item_id=need.id), ChallengeLink(item_id=skill.id)],
    )
    db.session.add(challenge)
    db.session.flush()
    return challenge


def idea(gathering: Gathering, challenge: Challenge, number: int) -> Idea:
    """An idea that costs its number in thousands of euros."""
    return Idea(
        gathering_id=gathering.id,
        challenge_id=challenge.id,
        ref=f"I{number:02}",
        pitch_order=number,
        title={"lv": f"Ideja {number}", "en": f"Idea {number}"},
        created_at=now(),
        summary={"lv": "Īss apraksts par ideju.", "en": "A short description of the idea."},
        costs=[CostLine(position=1, label={"en": "Equipment"}, amount_cents=100_000 * number)],
    )


def rules(gathering: Gathering) -> None:
    """The jury's criteria, the round and the formula."""
    for position, weight in enumerate(WEIGHTS, 1):
        db.session.add(
            Criterion(
                gathering_id=gathering.id,
                ref=f"K{position}",
                position=position,
                weight=weight,
                label={"lv": f"Kritērijs {position}", "en": f"Criterion {position}"},
                eliminatory=position == 1,
            )
        )
    db.session.add(Round(gathering_id=gathering.id))
    db.session.add(
        Formula(gathering_id=gathering.id, tie_order=["jury", "first_criterion", "votes", "lot"], lot_seed="seed")
    )


def staff(gathering: Gathering, jurors: int) -> None:
    """A host, a manager and an administrator with a password; jurors and a mentor."""
    moment = now()
    for name, role, scope, scope_id in (
        ("Host", Role.HOST, "gathering", gathering.id),
        ("Manager", Role.MANAGER, "project", gathering.project_id),
        ("Admin", Role.ADMIN, "system", 0),
    ):
        person = people.new_person(name, "en", moment)
        person.sign_in_name = name.lower()
        person.password_hash = HASH
        people.grant(person, role, scope, scope_id, moment)
    for number in range(1, jurors + 1):
        person = people.new_person(f"Juror {number}", "en", moment)
        people.grant(
            person,
            Role.JUROR,
            "gathering",
            gathering.id,
            moment,
            sector=SECTORS[(number - 1) % 5],
            country="LV",
            label={"lv": f"{number}. žūrijas loceklis", "en": f"Juror {number}"},
        )
    person = people.new_person("Mentor 1", "en", moment)
    people.grant(
        person,
        Role.MENTOR,
        "gathering",
        gathering.id,
        moment,
        label={"lv": "Mentors: pārtika", "en": "Mentor: food"},
        country="IS",
    )
