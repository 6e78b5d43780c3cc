"""Databases of an older schema."""

from alembic import command

from ticketctl.store.db import alchemy, migrate
from ticketctl.store.db.tx import Tx


def upgrade_to(tx: Tx, revision: str) -> None:
    """Run the migrations up to this one."""
    config = migrate._config()
    with alchemy.connected(tx) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
