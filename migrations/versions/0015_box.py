"""The whole ballot box: profiles, rehearsal, short codes, classes, names, paper by two hands, accounts, complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WIDE = "state IN ('draft','rehearsal','open','closed','counted','sealed','published','annulled')"
NARROW = "state IN ('draft','open','closed','sealed','annulled')"
PERSON, ROUND = "person.id", "round.id"


def _new_on_round() -> list[sa.Column]:
    return [
        sa.Column("profile", sa.String(length=8), server_default="room", nullable=False),
        sa.Column("age", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revote", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("shuffled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("publish", sa.String(length=8), server_default="totals", nullable=False),
        sa.Column("classes", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("costs", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("voted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("electorate", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.Column("overrides", sa.JSON(), server_default="[]", nullable=False),
    ]


def _round_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["round_id"], [ROUND], name=op.f(f"fk_{table}_round_id"))


def _person_key(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [PERSON], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Towards the newer form. Every round is one of the room's profile, as it was."""
    with op.batch_alter_table("round") as table:
        for column in _new_on_round():
            table.add_column(column)
        table.drop_constraint(op.f("ck_round_state"), type_="check")
        table.create_check_constraint(op.f("ck_round_state"), WIDE)
    op.execute("UPDATE round SET voted = (SELECT count(*) FROM ballot WHERE ballot.round_id = round.id "
               "AND ballot.channel = 'phone')")
    with op.batch_alter_table("slip") as table:
        table.add_column(sa.Column("short", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("klass", sa.String(length=20), server_default="", nullable=False))
        table.create_unique_constraint(op.f("uq_slip_short"), ["short"])
    with op.batch_alter_table("ballot") as table:
        table.add_column(sa.Column("klass", sa.String(length=20), server_default="", nullable=False))
        table.add_column(sa.Column("shown", sa.JSON(), nullable=True))
    _names_and_links()
    _paper()
    _after()


def _names_and_links() -> None:
    op.create_table(
        "voter_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=120), server_default="", nullable=False),
        sa.Column("klass", sa.String(length=20), server_default="", nullable=False),
        sa.Column("given", sa.String(length=8), server_default="", nullable=False),
        sa.CheckConstraint("given IN ('','slip','paper','link')", name=op.f("ck_voter_name_given")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_voter_name_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voter_name")),
    )
    op.create_index(op.f("ix_voter_name_gathering_id"), "voter_name", ["gathering_id"])
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("klass", sa.String(length=20), server_default="", nullable=False),
        sa.Column("used", sa.Boolean(), server_default=sa.false(), nullable=False),
        _round_key("invitation"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_round_id"), "invitation", ["round_id"])


def _paper() -> None:
    op.create_table(
        "paper_entry",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("void_reason", sa.String(length=30), server_default="", nullable=False),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_paper_entry_number")),
        _round_key("paper_entry"), _person_key("paper_entry", "by_id"),
        sa.UniqueConstraint("round_id", "tag", "by_id", name=op.f("uq_paper_entry_round_id_tag_by_id")),
        sa.PrimaryKeyConstraint("round_id", "tag", "number", name=op.f("pk_paper_entry")),
    )
    op.create_table(
        "paper_account",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("spoiled", sa.Integer(), nullable=False),
        sa.Column("unused", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), server_default="", nullable=False),
        sa.CheckConstraint("issued >= 0 AND spoiled >= 0 AND unused >= 0", name=op.f("ck_paper_account_counts")),
        _round_key("paper_account"),
        sa.PrimaryKeyConstraint("round_id", "place", name=op.f("pk_paper_account")),
    )
    op.create_table(
        "hands_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("counts", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_hands_count_number")),
        _round_key("hands_count"), _person_key("hands_count", "by_id"),
        sa.UniqueConstraint("round_id", "place", "by_id", name=op.f("uq_hands_count_round_id_place_by_id")),
        sa.PrimaryKeyConstraint("round_id", "place", "number", name=op.f("pk_hands_count")),
    )
    op.create_table(
        "paper_recheck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("differing", sa.JSON(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        _round_key("paper_recheck"), _person_key("paper_recheck", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_recheck")),
    )
    op.create_index(op.f("ix_paper_recheck_round_id"), "paper_recheck", ["round_id"])


def _after() -> None:
    op.create_table(
        "complaint",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _round_key("complaint"), _person_key("complaint", "answered_by"),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_complaint")),
    )


def downgrade() -> None:
    """Back. A rehearsal is a draft there and leaves nothing; what was counted is closed, what was published sealed."""
    for name in ("complaint", "paper_recheck", "hands_count", "paper_account", "paper_entry", "invitation",
                 "voter_name"):
        op.drop_table(name)
    rehearsed = "(SELECT id FROM round WHERE state = 'rehearsal')"
    for name in ("cast_key", "board_entry", "ballot"):
        op.execute(f"DELETE FROM {name} WHERE round_id IN {rehearsed}")  # noqa: S608  # names of our own
    op.execute("DELETE FROM slip WHERE state = 'test'")
    op.execute("UPDATE round SET state = 'draft', seq = 0, head = '', rules_hash = '' WHERE state = 'rehearsal'")
    op.execute("UPDATE round SET state = 'closed' WHERE state = 'counted'")
    op.execute("UPDATE round SET state = 'sealed' WHERE state = 'published'")
    with op.batch_alter_table("ballot") as table:
        table.drop_column("shown")
        table.drop_column("klass")
    with op.batch_alter_table("slip") as table:
        table.drop_constraint(op.f("uq_slip_short"), type_="unique")
        table.drop_column("klass")
        table.drop_column("short")
    with op.batch_alter_table("round") as table:
        table.drop_constraint(op.f("ck_round_state"), type_="check")
        table.create_check_constraint(op.f("ck_round_state"), NARROW)
        for column in reversed(_new_on_round()):
            table.drop_column(column.name)
