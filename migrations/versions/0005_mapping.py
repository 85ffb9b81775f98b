"""The map and its challenges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards the newer form."""
    op.create_table(
        "map_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("hidden_reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backing", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('need','resource','skill','value')", name=op.f("ck_map_item_kind")),
        sa.CheckConstraint("state IN ('visible','hidden','withdrawn')", name=op.f("ck_map_item_state")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_map_item_author_id")),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_map_item_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_item")),
        sa.UniqueConstraint("gathering_id", "ref", name=op.f("uq_map_item_gathering_id_ref")),
    )
    op.create_index(op.f("ix_map_item_gathering_id"), "map_item", ["gathering_id"], unique=False)
    op.create_table(
        "map_support",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["map_item.id"], name=op.f("fk_map_support_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_map_support_person_id")),
        sa.PrimaryKeyConstraint("item_id", "person_id", name=op.f("pk_map_support")),
    )
    op.create_index("ix_map_support_person_id", "map_support", ["person_id"], unique=False)
    op.create_table(
        "challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_challenge_gathering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("gathering_id", "ref", name=op.f("uq_challenge_gathering_id_ref")),
    )
    op.create_index(op.f("ix_challenge_gathering_id"), "challenge", ["gathering_id"], unique=False)
    op.create_table(
        "challenge_link",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_link_challenge_id")),
        sa.ForeignKeyConstraint(["item_id"], ["map_item.id"], name=op.f("fk_challenge_link_item_id")),
        sa.PrimaryKeyConstraint("challenge_id", "item_id", name=op.f("pk_challenge_link")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("challenge_link")
    op.drop_table("challenge")
    op.drop_table("map_support")
    op.drop_table("map_item")
