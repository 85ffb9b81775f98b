"""The demo's rows that no verb makes: programme, project, partners, the event with its running order, its rules."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from ideathon.extensions import db
from ideathon.gatherings.models import Gathering, Stage
from ideathon.jury.models import Criterion
from ideathon.programmes.models import BudgetLine, Organisation, Partner, Programme, Project, Territory
from ideathon.results.models import Formula
from ideathon.types import Text
from ideathon.voting.models import Round

from .data import Row, engure

SHORT_TITLE = {"lv": "Viedie ciemi piekrastē", "en": "Smart villages on the coast"}
TIES = ["jury", "first_criterion", "votes", "lot"]      # scoring_rule.tie_break of the data, in core.tally's names


def add_gathering() -> Gathering:
    """The project and its event stand, with rubric, round and formula; all stages wait."""
    project, territories = _add_project()
    gathering = _add_event(project, territories[engure()["event"]["territory"]])
    db.session.flush()
    for position, row in enumerate(engure()["criteria"], 1):
        db.session.add(_criterion(gathering.id, position, row))
    db.session.add(_round(gathering.id))
    db.session.add(_formula(gathering.id))
    db.session.flush()
    return gathering


def _sentence(programme: Row, rate: int) -> Text:
    fund, measure = programme["name"], programme["measure"]
    return {"lv": f"Projektu {rate} % finansē {fund['lv']}, pasākums „{measure['lv']}”.",
            "en": f"The {fund['en']} pays {rate} % of the project, under its measure “{measure['en']}”."}


def _add_project() -> tuple[Project, dict[str, Territory]]:
    programme, row = engure()["programme"], engure()["project"]
    project = Project(
        programme=Programme(**programme, sentence=_sentence(programme, row["fund_rate_bp"] // 100)),
        number=row["number"], title=row["title"], short_title=SHORT_TITLE, currency=row["currency"],
        starts_on=date.fromisoformat(row["starts_on"]), ends_on=date.fromisoformat(row["ends_on"]),
        total_cents=row["total_cents"], fund_cents=row["fund_cents"],
        budget_lines=[BudgetLine(**_without_id(line)) for line in engure()["budget_lines"]])
    partners = {partner["id"]: _partner(project, partner) for partner in engure()["partners"]}
    territories = {area["id"]: Territory(name=area["name"], country=area["country"], partner=partners[area["partner"]])
                   for area in engure()["territories"]}
    db.session.add_all([project, *partners.values(), *territories.values()])
    return project, territories


def _without_id(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


def _partner(project: Project, row: Row) -> Partner:
    organisation = Organisation(name=row["name"], kind=row["kind"], country=row["country"], seat=row.get("seat", ""))
    return Partner(project=project, organisation=organisation, role=row["role"])


def _add_event(project: Project, territory: Territory) -> Gathering:
    row = engure()["event"]
    gathering = Gathering(
        code=row["join_code"], project=project, territory=territory, kind=row["kind"], title=row["title"],
        place=row["place"], held_on=date.fromisoformat(row["date"]), zone=row["timezone"],
        envelope_cents=engure()["award_envelope_cents"], screen_key=secrets.token_urlsafe(18),
        stages=[Stage(position=position, kind=phase["kind"], title=phase["title"], minutes=phase["minutes"],
                      planned_start=phase["starts_at"]) for position, phase in enumerate(row["phases"], 1)])
    db.session.add(gathering)
    return gathering


def _criterion(gathering_id: int, position: int, row: Row) -> Criterion:
    return Criterion(gathering_id=gathering_id, position=position, ref=row["id"], **_without_id(row))


def _round(gathering_id: int) -> Round:
    row = engure()["vote_round"]
    return Round(gathering_id=gathering_id, method=row["method"], min_choices=row["min_choices"],
                 max_choices=row["max_choices"])


def _formula(gathering_id: int) -> Formula:
    rule = engure()["scoring_rule"]
    return Formula(gathering_id=gathering_id, jury_weight=60, resident_weight=40, threshold=rule["threshold_jury"],
                   min_jurors=rule["min_jurors_per_idea"], tie_order=TIES, lot_seed=engure()["meta"]["seed"])
