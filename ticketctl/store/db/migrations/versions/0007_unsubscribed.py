"""Addresses that have unsubscribed from reports or surveys."""

import sqlalchemy as sa
from alembic import op

from ticketctl.store.db.columns import UtcTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table; nobody has unsubscribed yet."""
    op.create_table(
        "unsubscribed",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", "mail", name=op.f("pk_unsubscribed")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
