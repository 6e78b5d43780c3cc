"""International domains are stored as A-labels (xn--…), so that both spellings of one domain are one address."""

import sqlalchemy as sa
from alembic import op

from ticketctl.domain.base.addresses import address_key

revision = "0008"
down_revision = "0007"

# Columns of addresses, and those where an address occurs once for each value of another column.
_PLAIN = (
    ("customer", "email"),
    ("customer_order", "email"),
    ("message", "author"),
    ("delivery", "base"),
)
_UNIQUE = (
    ("identity", "value", "kind"),
    ("participant", "address", "ticket_id"),
    ("delivery", "address", "outbox_id"),
    ("ban", "pattern", "pattern"),
)  # fmt: skip


def upgrade() -> None:
    """Rewrite the few addresses that are not ASCII. Where the ASCII form is there too, both stay: two customers can be
    merged, and the old form is found no more.
    """
    connection = op.get_bind()
    for name, column in _PLAIN:
        table = sa.table(name, sa.column(column))
        for old in connection.execute(sa.select(table.c[column]).distinct()).scalars():
            if _is_international(old):
                here = sa.update(table).where(table.c[column] == old)
                connection.execute(here.values({column: address_key(old)}))
    for name, column, owner in _UNIQUE:
        table = sa.table(name, *map(sa.column, {column, owner}))
        for old, whose in connection.execute(sa.select(table.c[column], table.c[owner])).all():
            if _is_international(old) and (owner != "kind" or whose == "email"):
                _rewrite(connection, table, column, old, () if owner == column else (owner, whose))


def _is_international(address: str) -> bool:
    return not address.isascii() and "@" in address


def _rewrite(
    connection: sa.Connection, table: sa.TableClause, column: str, old: str, beside: tuple[str, ...]
) -> None:
    same = table.c[beside[0]] == beside[1] if beside else sa.true()
    there = sa.select(table).where(table.c[column] == address_key(old), same)
    if connection.execute(there).first() is None:
        here = sa.update(table).where(table.c[column] == old, same)
        connection.execute(here.values({column: address_key(old)}))
