"""Gatherings and their stages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards the newer form."""
    op.create_table(
        "gathering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("envelope_cents", sa.Integer(), nullable=False),
        sa.Column("screen_key", sa.String(length=40), nullable=False),
        sa.Column("screen_scene", sa.String(length=20), nullable=True),
        sa.Column("screen_focus", sa.String(length=12), nullable=True),
        sa.Column("current_stage_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_gathering_project_id")),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_gathering_territory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering")),
        sa.UniqueConstraint("code", name=op.f("uq_gathering_code")),
        sa.UniqueConstraint("screen_key", name=op.f("uq_gathering_screen_key")),
    )
    op.create_index(op.f("ix_gathering_project_id"), "gathering", ["project_id"], unique=False)
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("planned_start", sa.String(length=5), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remaining_ms", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_stage_minutes")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_stage_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("gathering_id", "position", name=op.f("uq_stage_gathering_id_position")),
    )
    op.create_index(op.f("ix_stage_gathering_id"), "stage", ["gathering_id"], unique=False)
    with op.batch_alter_table("gathering") as batch:  # the two tables point at each other
        batch.create_foreign_key("fk_gathering_current_stage_id", "stage", ["current_stage_id"], ["id"])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("gathering") as batch:
        batch.drop_constraint("fk_gathering_current_stage_id", type_="foreignkey")
    op.drop_table("stage")
    op.drop_table("gathering")
