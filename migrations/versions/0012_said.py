"""What was said under an idempotency key, as a hash, so that other words under it are not taken for the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Towards the newer form."""
    op.add_column("done_request", sa.Column("said", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    """Back."""
    op.drop_column("done_request", "said")
