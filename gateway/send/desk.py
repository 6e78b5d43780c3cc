"""What composing and sending need to know of the desk."""

from functools import lru_cache
from pathlib import Path

from gateway.send.compose import compose
from gateway.send.parts import LoadBlob
from ticketctl.domain.base.records import OutboxRow
from ticketctl.settings.table import Outgoing
from ticketctl.store.db import meta
from ticketctl.store.db.engine import Tx
from ticketctl.store.desk import definitions
from ticketctl.templating.render import MailTemplates


class Desk:
    """The desk as one transaction saw it."""

    def __init__(self, tx: Tx) -> None:
        self.definition = definitions.current(tx)
        self.key = meta.key(tx)
        self.instance = meta.instance(tx)

    def envelope(self, outgoing: Outgoing) -> str:
        """Where bounces go: as configured, else bounces@ the desk's domain."""
        return outgoing.envelope or f"bounces@{self.definition.settings.domain}"

    def compose(self, row: OutboxRow, load_blob: LoadBlob, site: Path | None) -> bytes:
        """The mail of a row, by the templates of the folder `site` and ours; errors as `compose.compose`."""
        return compose(
            row,
            self.definition,
            instance=self.instance,
            load_blob=load_blob,
            date=row.created_at,
            templates=_templates(site, self.definition.settings.language),
        )


@lru_cache(maxsize=8)
def _templates(site: Path | None, language: str) -> MailTemplates:
    """Kept, so that templates are compiled once; a changed file is still seen."""
    return MailTemplates(site, language)
