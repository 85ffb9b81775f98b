"""What the seal keeps of a vote, who can open the ballots, and that a vote may be annulled and held again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STANDING = sa.text("state <> 'annulled'")


def upgrade() -> None:
    """Towards the newer form. A vote that stands keeps its state."""
    with op.batch_alter_table("round") as table:
        table.add_column(sa.Column("kept", sa.JSON(), nullable=True))
        table.add_column(sa.Column("scrubbed", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.drop_constraint(op.f("ck_round_state"), type_="check")
        table.create_check_constraint(op.f("ck_round_state"),
                                      "state IN ('draft','open','closed','sealed','annulled')")
        table.drop_constraint(op.f("uq_round_gathering_id"), type_="unique")
    op.create_index(op.f("ix_round_gathering_id"), "round", ["gathering_id"])
    op.create_index("uq_round_standing", "round", ["gathering_id"], unique=True, sqlite_where=STANDING,
                    postgresql_where=STANDING)
    op.create_table(
        "witness",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_witness_round_id")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_witness")),
    )
    op.create_table(
        "openings",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_openings_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_openings")),
    )
    op.create_table(
        "annulment",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_annulment_round_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_annulment_asked_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_annulment_confirmed_by")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_annulment")),
    )
    op.create_table(
        "annulled_outcome",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ledger_head", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_annulled_outcome_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_annulled_outcome")),
    )


def downgrade() -> None:
    """Back. A sealed vote is a closed one there; an annulled one has no place and goes with what hangs on it."""
    op.drop_table("annulled_outcome")
    op.drop_table("annulment")
    op.drop_table("openings")
    op.drop_table("witness")
    gone = "(SELECT id FROM round WHERE state = 'annulled')"
    for name in ("cast_key", "board_entry", "ballot", "slip"):
        op.execute(f"DELETE FROM {name} WHERE round_id IN {gone}")  # noqa: S608  # names of our own
    op.execute("DELETE FROM round WHERE state = 'annulled'")
    op.execute("UPDATE round SET state = 'closed' WHERE state = 'sealed'")
    op.drop_index("uq_round_standing", table_name="round")
    op.drop_index(op.f("ix_round_gathering_id"), table_name="round")
    with op.batch_alter_table("round") as table:
        table.create_unique_constraint(op.f("uq_round_gathering_id"), ["gathering_id"])
        table.drop_constraint(op.f("ck_round_state"), type_="check")
        table.create_check_constraint(op.f("ck_round_state"), "state IN ('draft','open','closed')")
        table.drop_column("scrubbed")
        table.drop_column("kept")
