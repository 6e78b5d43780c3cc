"""Since when each mail has been in its state, and what states it was in before."""

import sqlalchemy as sa
from alembic import op

from ticketctl.store.db.columns import UtcTime
from ticketctl.store.db.schema import Number

revision = "0010"
down_revision = "0009"

# What tells best when older mail got its state. A mail that was held and then filed counts as filed at once.
_FILED = (
    "UPDATE inbox SET since = coalesce((SELECT max(f.at) FROM filed f"
    " WHERE f.mailbox = inbox.mailbox AND f.inbox_id = inbox.id), received_at)"
    " WHERE state <> 'received'"
)
_TRIED = (
    "UPDATE outbox SET since = coalesce((SELECT max(d.at) FROM delivery d"
    " WHERE d.outbox_id = outbox.id), created_at) WHERE state NOT IN ('queued', 'sending')"
)


def upgrade() -> None:
    """Add the columns and the table."""
    for queue in ("inbox", "outbox"):
        op.add_column(queue, sa.Column("since", UtcTime(), nullable=True))
    op.create_table(
        "mail_state",
        sa.Column("id", Number, primary_key=True),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("mail_id", Number, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mail_state_queue_mail_id", "mail_state", ["queue", "mail_id"])
    op.execute(_TRIED)
    op.execute(_FILED)
