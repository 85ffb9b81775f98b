"""Programme, project, organisations, partners, territories, budget lines. Money is integer cents."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideathon.extensions import db
from ideathon.types import Text


class Programme(db.Model):
    """A fund's programme: whose rules and whose sentence stand on every page."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    fund: Mapped[str] = mapped_column(String(20))
    name: Mapped[Text] = mapped_column(JSON)
    measure: Mapped[Text] = mapped_column(JSON)
    sentence: Mapped[Text] = mapped_column(JSON)      # the fund's visibility sentence


class Project(db.Model):
    """One funded project. The fund's *amount* is kept; a rate is derived (product.md 0, point 10)."""

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("programme_id", "number"),
                      CheckConstraint("fund_cents >= 0 AND fund_cents <= total_cents", name="fund_within_total"),
                      CheckConstraint("ends_on >= starts_on", name="ends_after_start"))

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[str] = mapped_column(String(64))
    title: Mapped[Text] = mapped_column(JSON)
    short_title: Mapped[Text] = mapped_column(JSON)
    aim: Mapped[Text] = mapped_column(JSON, default=dict)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    total_cents: Mapped[int]
    fund_cents: Mapped[int]
    programme: Mapped[Programme] = relationship()
    partners: Mapped[list[Partner]] = relationship(back_populates="project", order_by="Partner.id")
    budget_lines: Mapped[list[BudgetLine]] = relationship(back_populates="project", order_by="BudgetLine.id")


class Organisation(db.Model):
    """A local action group, municipality, association, firm or network."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(2))
    seat: Mapped[str] = mapped_column(String(80), default="")


class Partner(db.Model):
    """An organisation's part in a project; exactly one leads, and the database refuses a second."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("project_id", "organisation_id"),
                      Index("uq_partner_one_lead", "project_id", unique=True, sqlite_where=text("role = 'lead'"),
                            postgresql_where=text("role = 'lead'")))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(10))     # lead | partner
    project: Mapped[Project] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship()


class Territory(db.Model):
    """A free area that a partner works in."""

    __tablename__ = "territory"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    name: Mapped[Text] = mapped_column(JSON)
    country: Mapped[str] = mapped_column(String(2))
    partner: Mapped[Partner] = relationship()


class BudgetLine(db.Model):
    """A line of the project's budget, in cents."""

    __tablename__ = "budget_line"
    __table_args__ = (CheckConstraint("amount_cents >= 0", name="not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    label: Mapped[Text] = mapped_column(JSON)
    amount_cents: Mapped[int]
    placeholder: Mapped[bool] = mapped_column(default=False)
    project: Mapped[Project] = relationship(back_populates="budget_lines")
