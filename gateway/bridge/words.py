"""What an answer on another channel says: an agent's words, or those of a template in the customer's language."""

from functools import lru_cache
from pathlib import Path

from gateway.send import compose
from gateway.send.desk_snapshot import DeskSnapshot
from ticketctl.domain.base.records import OutboxRow
from ticketctl.settings.table import Settings
from ticketctl.templating.render import MailTemplates


def of(row: OutboxRow, desk: DeskSnapshot, settings: Settings) -> tuple[str, str]:
    """The text and its language. Refused if the template does not fit the data."""
    if "template" not in row.data:
        return row.data["text"], row.language
    templates = _templates(settings.templates, desk.definition.settings.language)
    return compose.channel_text(row, desk.definition, desk.key, templates)


@lru_cache(maxsize=8)
def _templates(folder: str, language: str) -> MailTemplates:
    return MailTemplates(Path(folder) if folder else None, language)
