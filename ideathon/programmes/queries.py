"""Reading programmes: projects and their money in exact sums. A rate is derived for display and never stored."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ideathon.core.tally import rounded
from ideathon.errors import NotFound
from ideathon.extensions import db

from .models import Partner, Project


def projects(only: Iterable[int] | None = None) -> list[Project]:
    """Every project with its programme, newest first; with ``only`` those numbers alone."""
    query = select(Project).options(joinedload(Project.programme)).order_by(Project.starts_on.desc(), Project.id.desc())
    if only is not None:
        query = query.where(Project.id.in_(list(only)))
    return list(db.session.scalars(query))


def project(number: str) -> Project:
    """The project with this number, with partners and budget; of two programmes' equal numbers the newer.

    Raises:
        NotFound: there is none.
    """
    query = (select(Project).where(Project.number == number).order_by(Project.starts_on.desc()).limit(1)
             .options(joinedload(Project.programme), selectinload(Project.budget_lines),
                      selectinload(Project.partners).options(joinedload(Partner.organisation))))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("not_found")
    return found


def figures(found: Project) -> dict[str, Any]:
    """The money of a project in whole cents; ``rate`` is the fund's share in per cent with two decimals, as text.

    ``gap`` is the total less the budget lines: anything but 0 is an error to be shown (requirement V41).
    """
    lines = sum(line.amount_cents for line in found.budget_lines)
    rate = Fraction(100 * found.fund_cents, found.total_cents) if found.total_cents else Fraction(0)
    return {"total": found.total_cents, "fund": found.fund_cents, "own": found.total_cents - found.fund_cents,
            "rate": rounded(rate), "lines": lines, "gap": found.total_cents - lines}


def countries(found: Project) -> list[str]:
    """The partners' countries, each once; two or more make the project international."""
    return sorted({partner.organisation.country for partner in found.partners})


def facts(found: Project) -> dict[str, Any]:
    """What every page's fund line shows."""
    return {"number": found.number, "title": found.title, "short_title": found.short_title,
            "fund_sentence": found.programme.sentence}


def only_facts(found: list[Project]) -> dict[str, Any] | None:
    """The fund line of a page about all projects: that of the only one; of several each says its own beside itself."""
    return facts(found[0]) if len(found) == 1 else None
