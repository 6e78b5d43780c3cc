"""Indexes of what a list shows first: breached tickets, those due soon, important ones."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_INDEXES = {
    ("important", "created_at", "id"): "important = 1",
    ("sla_state", "id"): "sla_state = 'breached'",
    ("warn_at", "id"): "warn_at IS NOT NULL",
}


def upgrade() -> None:
    """Add the indexes; without them, a list reads all active tickets of its month."""
    for columns, which in _INDEXES.items():
        op.create_index(
            op.f("_".join(("ix_ticket", *columns))),
            "ticket",
            list(columns),
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )
