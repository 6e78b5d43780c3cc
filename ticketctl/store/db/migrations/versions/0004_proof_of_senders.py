"""How sure it is that a message's author wrote it; of older messages nobody asked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; what is there keeps none."""
    op.add_column("message", sa.Column("proof", sa.Text()))
