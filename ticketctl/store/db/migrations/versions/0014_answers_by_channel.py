"""Answers to other channels go out through a bridge: by which channel, and in which conversation there."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the columns; everything so far was mail."""
    op.add_column("outbox", sa.Column("channel", sa.Text(), nullable=False, server_default="email"))
    op.add_column("message", sa.Column("thread", sa.Text()))
