"""An answer of another program to a survey keeps all its questions, and where it can be read there."""

import sqlalchemy as sa
from alembic import op

from ticketctl.store.db.columns import Json

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns; answers so far have neither."""
    op.add_column("rating", sa.Column("answers", Json()))
    op.add_column("rating", sa.Column("url", sa.Text()))
