"""Automatic mail is counted by address without plus-detail, by domain, and for the whole desk."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column and its indexes; older mail keeps its whole address, which counts for a day at most."""
    op.add_column("delivery", sa.Column("base", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE delivery SET base = address")
    op.drop_index(op.f("ix_delivery_address_kind_created_at"), "delivery")
    for columns in (["address"], ["base", "kind", "created_at"], ["kind", "created_at"]):
        op.create_index(op.f("_".join(("ix_delivery", *columns))), "delivery", columns)
