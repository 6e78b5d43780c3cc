"""What composing and sending mail need to know about the desk."""

from ticketctl.settings.table import Outgoing
from ticketctl.store.db import meta, signing_key
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import definitions


class DeskSnapshot:
    """The definition and the keys, as one transaction read them."""

    def __init__(self, tx: Tx) -> None:
        self.definition = definitions.current(tx)
        self.key = signing_key.read(tx)
        self.instance = meta.instance(tx)

    def bounce_address(self, outgoing: Outgoing) -> str:
        """Return the address for bounces: as configured, else bounces@ the desk's domain."""
        return outgoing.envelope or f"bounces@{self.definition.settings.domain}"
