"""Agents who watch tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table; nobody watches yet."""
    op.create_table(
        "watcher",
        sa.Column("ticket_id", _NUMBER, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_watcher_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "agent", name=op.f("pk_watcher")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_watcher_agent_ticket_id"), "watcher", ["agent", "ticket_id"])
