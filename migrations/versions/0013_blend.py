"""How jury and residents come together, the least votes and ballots, and what becomes of missing points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards the newer form. A rule that stands keeps its meaning: the defaults are what was counted until now."""
    op.add_column("formula", sa.Column("blend", sa.String(length=10), server_default="points", nullable=False))
    op.add_column("formula", sa.Column("threshold_votes", sa.Integer(), server_default="0", nullable=False))
    op.add_column("formula", sa.Column("quorum", sa.Integer(), server_default="0", nullable=False))
    op.add_column("formula", sa.Column("missing", sa.String(length=10), server_default="leave_out", nullable=False))


def downgrade() -> None:
    """Back."""
    for name in ("missing", "quorum", "threshold_votes", "blend"):
        op.drop_column("formula", name)
