"""What each part of each gateway was at its last heartbeat."""

import sqlalchemy as sa
from alembic import op

from ticketctl.store.db.columns import UtcTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the table; running gateways fill it."""
    op.create_table(
        "heartbeat",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("restarts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("gateway", "part", name=op.f("pk_heartbeat")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
