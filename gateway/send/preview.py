"""A mail as its readers will see it, for whoever decides whether it goes."""

from pathlib import Path
from typing import NamedTuple

from gateway.send import compose
from gateway.send.desk_snapshot import DeskSnapshot
from ticketctl.domain.base.records import OutboxRow
from ticketctl.settings.table import Settings
from ticketctl.templating.render import MailTemplates


class MailPreview(NamedTuple):
    """The headers that a reader sees, and the plain text with signature and quotation."""

    headers: tuple[tuple[str, str], ...]
    text: str


def preview(row: OutboxRow, desk: DeskSnapshot, settings: Settings) -> MailPreview:
    """Return what the mail of `row` will say. Refused if its template does not fit."""
    folder = Path(settings.templates) if settings.templates else None
    name = desk.definition.settings.name
    templates = MailTemplates(folder, desk.definition.settings.language)
    said = compose.rendered(row, desk.definition, desk.key, templates)
    headers = (
        ("From", f"{compose.from_name(row, desk.definition)} <{row.mailbox}>"),
        ("To", ", ".join(row.to)),
        ("Cc", ", ".join(row.cc)),
        ("Bcc", ", ".join(row.bcc)),
        ("Subject", compose.with_one_tag(said.subject, name, row.ticket)),
    )
    return MailPreview(tuple(one for one in headers if one[1]), said.text.rstrip())
