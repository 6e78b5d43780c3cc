"""Makes the bytes of a mail: what all its copies share, and the copy of each recipient."""

import logging
from functools import lru_cache
from pathlib import Path

from gateway.send import compose, sign
from gateway.send.desk_snapshot import DeskSnapshot
from gateway.send.parts import LoadBlob
from ticketctl.domain.base.records import OutboxRow
from ticketctl.errors import DeskError, NotFound, Refused
from ticketctl.settings.table import Settings
from ticketctl.templating.render import MailTemplates

log = logging.getLogger(__name__)


class Composer:
    """Composes with the templates and the DKIM key of the settings. Refused if the key cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(settings.templates) if settings.templates else None
        self._sign = sign.signer(settings.outgoing)

    def content(self, row: OutboxRow, desk: DeskSnapshot, load_blob: LoadBlob) -> bytes:
        """What all copies share; stored at the first attempt. Refused, in a sentence, if it cannot be composed."""
        try:
            return compose.compose(
                row,
                desk.definition,
                instance=desk.instance,
                load_blob=load_blob,
                date=row.created_at,
                key=desk.key,
                templates=_templates(self._folder, desk.definition.settings.language),
            )
        except (Refused, NotFound, LookupError, TypeError, ValueError) as wrong:
            log.warning("Mail %d cannot be composed: %s", row.id, wrong)
            name = "" if isinstance(wrong, DeskError) else f"{type(wrong).__name__}: "
            raise Refused(f"the mail cannot be composed: {name}{wrong}") from wrong

    def copy(self, content: bytes, row: OutboxRow, address: str, desk: DeskSnapshot) -> bytes:
        """The copy of one recipient as it goes over the wire: with headers of its own, and signed."""
        return self._sign(compose.for_recipient(content, row, address, desk.key))


@lru_cache(maxsize=8)
def _templates(folder: Path | None, language: str) -> MailTemplates:
    """Return templates, cached so that they are compiled once; changed files are noticed within a second."""
    return MailTemplates(folder, language)
