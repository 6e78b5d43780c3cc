"""Composes the bytes of a mail from a row of the outbox.

The same row always gives the same bytes: the caller gives the date, and boundaries are made from the Message-ID. So a
retry after a crash repeats the same mail (L2, L11).
"""

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from gateway.send import headers, parts, thread_headers
from gateway.send.parts import LoadBlob
from ticketctl.domain.base import optional_mail, signed_addresses
from ticketctl.domain.base.records import OutboxRow
from ticketctl.domain.base.subject import (
    has_reply_prefix,
    subject_tag,
    without_reply_prefixes,
    without_tags,
)
from ticketctl.domain.definition.definition import Definition
from ticketctl.errors import Refused
from ticketctl.templating.render import MailTemplates, MailText

AUTO_REPLIED, AUTO_GENERATED = "auto-replied", "auto-generated"

# Auto-Submitted by kind of mail (RFC 3834, L6). Other kinds are written by a person and have no such header.
_AUTOMATIC = {
    "ack": AUTO_REPLIED,
    "error": AUTO_REPLIED,
    "notification": AUTO_GENERATED,
    "survey": AUTO_GENERATED,
    "report": AUTO_GENERATED,
}

# Variables that mail queued by an older version lacks.
_DEFAULTS = {"answer_by": ""}

_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ONE_LINE = frozenset(
    [
        "desk_name",
        "ticket_subject",
        "customer_name",
        "agent_name",
        "author",
        "owner",
        "tag",
        "name",
        "email",
        "subject",
    ]
)


def compose(
    row: OutboxRow,
    definition: Definition,
    *,
    instance: str,
    load_blob: LoadBlob,
    date: datetime,
    key: bytes,
    templates: MailTemplates | None = None,
) -> bytes:
    """Compose the mail of `row` without Reply-To, which differs by recipient. `templates` default to our own.

    Refused if the template does not fit the data, NotFound for a missing attachment.
    """
    templates = templates or MailTemplates(language=definition.settings.language)
    is_report = row.kind == "report"
    text = (
        _rendered_report(row, load_blob) if is_report else rendered(row, definition, key, templates)
    )
    body = parts.build(text, row.data.get("attachments", ()), load_blob, row.message_id)
    answered = row.data.get("answers")
    marks = thread_headers.conversation(load_blob(answered)) if answered else b""
    return _head(row, definition, text, instance, date) + marks + body


def rendered(
    row: OutboxRow, definition: Definition, key: bytes, templates: MailTemplates
) -> MailText:
    """Return subject and text of a mail made from a template, with its signature and what it quotes."""
    name = row.data.get("template", row.kind)
    return templates.render(name, row.language, _values(row, definition, key))


def channel_text(
    row: OutboxRow, definition: Definition, key: bytes, templates: MailTemplates
) -> tuple[str, str]:
    """Return what a row for another channel says, made from its template, and the language used."""
    return templates.channel_text(row.data["template"], row.language, _values(row, definition, key))


def for_recipient(content: bytes, row: OutboxRow, address: str, key: bytes) -> bytes:
    """Add the headers that are made for one recipient: List-Unsubscribe, Reply-To (L4, L18)."""
    return _list_unsubscribe(row, address, key) + _reply_to(row, address, key) + content


def _list_unsubscribe(row: OutboxRow, recipient: str, key: bytes) -> bytes:
    """Build List-Unsubscribe (RFC 2369): a mail to it needs no word more, as its address and its subject are signed.

    Without an https URI there is no List-Unsubscribe-Post (RFC 8058 section 3.1).
    """
    if row.kind not in optional_mail.BY_KIND:
        return b""
    to = _unsubscribe_address(row, recipient, key) or headers.address(row.mailbox)
    subject = f"unsubscribe%20{_unsubscribe_token(row, recipient, key)}"
    link = f"<mailto:{quote(to, safe='@+')}?subject={subject}>"
    return headers.identifiers("List-Unsubscribe", [link])


def _unsubscribe_address(row: OutboxRow, recipient: str, key: bytes) -> str:
    """Return the address by which one recipient unsubscribes; "" if it would be too long."""
    local, _, domain = headers.address(row.mailbox).rpartition("@")
    to = f"{local}+{_unsubscribe_token(row, recipient, key)}@{domain}"
    return to if signed_addresses.fits_local_part(to) else ""


def _unsubscribe_token(row: OutboxRow, recipient: str, key: bytes) -> str:
    mail = optional_mail.BY_KIND[row.kind]
    return signed_addresses.unsubscribe_token(key, mail, row.id, recipient)


def _reply_to(row: OutboxRow, address: str, key: bytes) -> bytes:
    purpose = row.data.get("purpose", "")
    if not purpose or row.ticket is None:
        return b""
    answer = _answer_address(row, purpose, row.ticket, address, key)
    if not signed_addresses.fits_local_part(answer):
        return b""  # the answer goes to the mailbox and is recognised by In-Reply-To
    return headers.addresses("Reply-To", [("", headers.address(answer))])


def _answer_address(row: OutboxRow, purpose: str, ticket: int, address: str, key: bytes) -> str:
    if purpose == signed_addresses.SURVEY:
        return signed_addresses.survey_address(
            key, row.mailbox, ticket, row.data["survey"], address
        )
    return signed_addresses.reply_address(key, row.mailbox, purpose, ticket, address)


def envelope_sender(row: OutboxRow, delivery: int, envelope: str, key: bytes) -> str:
    """Return the signed bounce address of one delivery (L12, F3); "" for an error mail, which must not bounce."""
    return "" if row.kind == "error" else signed_addresses.bounce_address(key, envelope, delivery)


def needs_utf8(row: OutboxRow, recipient: str) -> bool:
    """Does the mail contain an address that needs a server with SMTPUTF8 (RFC 6531, L19)?"""
    shown = (row.mailbox, *row.to, *row.cc, recipient)
    return any(not one.rpartition("@")[0].isascii() for one in shown)


def auto_submitted(row: OutboxRow) -> str:
    """Return the value of Auto-Submitted; "" for a mail that a person wrote."""
    if row.kind == "resolution":
        return "" if row.data.get("text") else AUTO_GENERATED
    if row.kind == "escalation":
        return AUTO_GENERATED if row.data.get("automatic") else ""
    if row.data.get("template") == "notice":  # it answers no mail
        return AUTO_GENERATED
    if row.data.get("template") == "transcript":  # it answers the agent's mail
        return AUTO_REPLIED
    return _AUTOMATIC.get(row.kind, "")


def _rendered_report(row: OutboxRow, load_blob: LoadBlob) -> MailText:
    """Load a report, which was rendered when it was requested."""
    text, html = (load_blob(row.data[name]).decode() for name in ("text_blob", "html_blob"))
    return MailText(row.subject, text, html, row.language)


def _values(row: OutboxRow, definition: Definition, key: bytes) -> dict[str, object]:
    """Return the values for the template: the row's data, cleaned, and the desk's names."""
    shown = {name: value for name, value in row.data.items() if name != "answers"}
    return (
        _DEFAULTS
        | {name: _clean(name, value) for name, value in shown.items()}
        | {
            "mailbox_name": headers.header_text(_mailbox_name(row, definition)),
            "timezone": row.data.get("timezone", definition.settings.timezone),
            "subject": headers.header_text(row.subject),
            "unsubscribe": _unsubscribe_address(row, row.to[0], key)
            if row.kind == "survey"
            else "",
        }
    )


def _clean(name: str, value: object) -> object:
    """Remove characters that mail cannot carry (NUL, other controls, lone surrogates); put names on one line."""
    if isinstance(value, str):
        if name in _ONE_LINE:
            return headers.header_text(value)
        return _NOT_TEXT.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {inner: _clean(inner, one) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(name, one) for one in value]
    return value


def _head(
    row: OutboxRow, definition: Definition, text: MailText, instance: str, date: datetime
) -> bytes:
    """Return all headers except those of MIME, in a fixed order."""
    automatic = auto_submitted(row)
    lines = [
        headers.unstructured("Date", format_datetime(date)),
        headers.addresses("From", [(from_name(row, definition), headers.address(row.mailbox))]),
        _recipients("To", row.to) or b"To: undisclosed-recipients:;\r\n",
        _recipients("Cc", row.cc),
        headers.unstructured(
            "Subject", with_one_tag(text.subject, definition.settings.name, row.ticket)
        ),
        headers.identifiers("Message-ID", [row.message_id]),
        headers.identifiers("In-Reply-To", [row.in_reply_to] if row.in_reply_to else []),
        headers.identifiers("References", row.references),
        headers.unstructured("Content-Language", text.language),
        headers.unstructured("X-Ticketctl-Loop", instance),
    ]
    if row.ticket is not None:
        lines.append(headers.unstructured("X-Ticketctl-Ticket", str(row.ticket)))
    if automatic:
        lines.append(headers.unstructured("Auto-Submitted", automatic))
        lines.append(headers.unstructured("X-Auto-Response-Suppress", "All"))
    if row.kind == "report":
        own = (f"{definition.settings.name} reports", f"reports.{definition.settings.domain}")
        lines.append(headers.addresses("List-Id", [own]))
    if row.kind in ("notification", "report") and automatic == AUTO_GENERATED:
        lines.append(headers.unstructured("Precedence", "bulk"))
    return b"".join(lines)


def _recipients(name: str, people: Sequence[str]) -> bytes:
    """Return To or Cc without invalid addresses; the delivery to those fails by itself."""
    good = []
    for one in people:
        try:
            good.append(("", headers.address(one)))
        except Refused:
            continue
    return headers.addresses(name, good) if good else b""


def from_name(row: OutboxRow, definition: Definition) -> str:
    """Return `Ana via Help desk` for an agent's mail, else the mailbox's name (L1)."""
    name = _mailbox_name(row, definition)
    agent = row.data.get("agent_name") if row.kind in ("reply", "resolution") else None
    return f"{agent} via {name}" if agent else name


def _mailbox_name(row: OutboxRow, definition: Definition) -> str:
    box = definition.mailbox(row.mailbox)
    return (box.name if box else "") or definition.settings.name


def with_one_tag(subject: str, desk_name: str, ticket: int | None) -> str:
    """Return the subject with one ticket tag and at most one `Re:` (L5), whatever the template made."""
    rest = without_tags(desk_name, headers.header_text(subject))
    bare = without_reply_prefixes(rest).strip()
    mark = "Re:" if has_reply_prefix(rest) else ""
    tag = subject_tag(desk_name, ticket) if ticket is not None else ""
    return " ".join(word for word in (mark, tag, bare) if word)
