"""Whose Authentication-Results are believed of a mail, by its way in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; of mail that waits nobody's are believed, but a trusted relay's."""
    op.add_column("inbox", sa.Column("authserv_id", sa.Text(), nullable=False, server_default=""))
