"""Rubric, declarations, scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards the newer form."""
    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("scale_min", sa.Integer(), nullable=False),
        sa.Column("scale_max", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("eliminatory", sa.Boolean(), nullable=False),
        sa.CheckConstraint("scale_max > scale_min AND step > 0", name=op.f("ck_criterion_scale")),
        sa.CheckConstraint("weight > 0 AND weight <= 100", name=op.f("ck_criterion_weight")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_criterion_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("gathering_id", "position", name=op.f("uq_criterion_gathering_id_position")),
        sa.UniqueConstraint(
            "id", "scale_min", "scale_max", "step", name=op.f("uq_criterion_id_scale_min_scale_max_step")
        ),
        sa.UniqueConstraint("gathering_id", "ref", name=op.f("uq_criterion_gathering_id_ref")),
    )
    op.create_index(op.f("ix_criterion_gathering_id"), "criterion", ["gathering_id"], unique=False)
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_declaration_idea_id")),
        sa.ForeignKeyConstraint(["juror_id"], ["grant.id"], name=op.f("fk_declaration_juror_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("juror_id", "idea_id", "version", name=op.f("uq_declaration_juror_id_idea_id_version")),
    )
    op.create_index(op.f("ix_declaration_idea_id"), "declaration", ["idea_id"], unique=False)
    op.create_index(op.f("ix_declaration_juror_id"), "declaration", ["juror_id"], unique=False)
    op.create_table(
        "score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("scale_min", sa.Integer(), nullable=False),
        sa.Column("scale_max", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(points - scale_min) / step * step = points - scale_min", name=op.f("ck_score_on_step")),
        sa.CheckConstraint("points BETWEEN scale_min AND scale_max", name=op.f("ck_score_on_scale")),
        sa.ForeignKeyConstraint(
            ["criterion_id", "scale_min", "scale_max", "step"],
            ["criterion.id", "criterion.scale_min", "criterion.scale_max", "criterion.step"],
            name="fk_score_scale",
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_score_idea_id")),
        sa.ForeignKeyConstraint(["juror_id"], ["grant.id"], name=op.f("fk_score_juror_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("juror_id", "idea_id", "criterion_id", name=op.f("uq_score_juror_id_idea_id_criterion_id")),
    )
    op.create_index(op.f("ix_score_idea_id"), "score", ["idea_id"], unique=False)
    op.create_index(op.f("ix_score_juror_id"), "score", ["juror_id"], unique=False)
    op.create_table(
        "jury_state",
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_jury_state_gathering_id")),
        sa.PrimaryKeyConstraint("gathering_id", name=op.f("pk_jury_state")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("jury_state")
    op.drop_table("score")
    op.drop_table("declaration")
    op.drop_table("criterion")
