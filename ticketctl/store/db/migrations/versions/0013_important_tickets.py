"""An index of the important tickets, which a list shows first."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the index; without it, a list reads every other ticket of the month to find them."""
    there = sa.text("important = 1")
    op.create_index(
        op.f("ix_ticket_important_created_at_id"),
        "ticket",
        ["important", "created_at", "id"],
        sqlite_where=there,
        postgresql_where=there,
    )
