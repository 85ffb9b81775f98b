"""Rounds, slips, ballots, the board."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards the newer form."""
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("min_choices", sa.Integer(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state IN ('draft','open','closed')", name=op.f("ck_round_state")),
        sa.CheckConstraint("min_choices >= 1 AND max_choices >= min_choices", name=op.f("ck_round_choices")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_round_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("gathering_id", name=op.f("uq_round_gathering_id")),
    )
    op.create_table(
        "slip",
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_slip_round_id")),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_slip")),
    )
    op.create_index(op.f("ix_slip_round_id"), "slip", ["round_id"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("void_reason", sa.String(length=30), nullable=False),
        sa.CheckConstraint("state IN ('cast','void')", name=op.f("ck_ballot_state")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ballot_round_id")),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_ballot")),
    )
    op.create_index("ix_ballot_round_id_state", "ballot", ["round_id", "state"], unique=False)
    op.create_table(
        "board_entry",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_board_entry_round_id")),
        sa.PrimaryKeyConstraint("round_id", "seq", name=op.f("pk_board_entry")),
    )
    op.create_table(
        "cast_key",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_cast_key_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cast_key")),
        sa.UniqueConstraint("round_id", "tag", "key", name=op.f("uq_cast_key_round_id_tag_key")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("cast_key")
    op.drop_table("board_entry")
    op.drop_table("ballot")
    op.drop_table("slip")
    op.drop_table("round")
