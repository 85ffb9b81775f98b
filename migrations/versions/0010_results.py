"""The formula and the sealed outcome."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards the newer form."""
    op.create_table(
        "formula",
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("jury_weight", sa.Integer(), nullable=False),
        sa.Column("resident_weight", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("min_jurors", sa.Integer(), nullable=False),
        sa.Column("recusal_scope", sa.String(length=10), nullable=False),
        sa.Column("tie_order", sa.JSON(), nullable=False),
        sa.Column("lot_seed", sa.String(length=80), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("jury_weight + resident_weight = 100", name=op.f("ck_formula_weights")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_formula_gathering_id")),
        sa.PrimaryKeyConstraint("gathering_id", name=op.f("pk_formula")),
    )
    op.create_table(
        "sealed_outcome",
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ledger_head", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_sealed_outcome_gathering_id")),
        sa.PrimaryKeyConstraint("gathering_id", name=op.f("pk_sealed_outcome")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("sealed_outcome")
    op.drop_table("formula")
