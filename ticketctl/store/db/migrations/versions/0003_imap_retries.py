"""When a mail on an IMAP server was first noted: its retries slow down from then on."""

import sqlalchemy as sa
from alembic import op

from ticketctl.store.db.columns import UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; for older rows the last note stands in for the first."""
    op.add_column("imap_mail", sa.Column("first_at", UtcTime()))
