"""SQLAlchemy on a transaction of ours, for what needs it: alembic, and comparing a schema."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from ticketctl.store.db.tx import Tx


@contextmanager
def connected(tx: Tx) -> Iterator[Connection]:
    """A connection of SQLAlchemy to work within a transaction; it neither commits nor rolls it back.

    Errors are those of the driver.
    """
    engine = create_engine(
        "sqlite://" if tx.is_sqlite else "postgresql+psycopg://",
        creator=lambda: tx.driver,
        poolclass=StaticPool,
        skip_autocommit_rollback=True,
    )
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        except DBAPIError as error:
            raise (error.orig or error) from None
        finally:
            transaction.close()
