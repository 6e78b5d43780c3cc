"""From an outbox row to the bytes of a mail.

The same row gives the same bytes, whenever and wherever it is composed: the date is the caller's, the boundaries come
from the Message-ID. So a retry after a crash repeats the mail, it does not make another one (L2, L11).
"""

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from gateway.send import headers, parts, thread_headers
from gateway.send.parts import LoadBlob
from ticketctl.domain.base import reference
from ticketctl.domain.base.records import OutboxRow
from ticketctl.domain.definition.definition import Definition
from ticketctl.errors import Refused
from ticketctl.templating.render import MailTemplates, MailText

AUTO_REPLIED, AUTO_GENERATED = "auto-replied", "auto-generated"

# How a mail calls itself (RFC 3834, L6). What is not here was written by a person and carries no mark.
_AUTOMATIC = {
    "ack": AUTO_REPLIED,
    "error": AUTO_REPLIED,
    "notification": AUTO_GENERATED,
    "escalation": AUTO_GENERATED,
    "survey": AUTO_GENERATED,
    "report": AUTO_GENERATED,
}

_LONGEST_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_REPLY_MARK = re.compile(
    r"\s*+(?:re|aw|sv|vs|antw|odp|rv)\s*+(?:[\[(]\d++[\])])?\s*+:", re.IGNORECASE
)
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
    templates: MailTemplates | None = None,
) -> bytes:
    """The mail of `row` without Reply-To, which each recipient has his own of; `templates` default to ours.

    Refused where template and data do not fit, NotFound for an attachment that is not there.
    """
    templates = templates or MailTemplates(language=definition.settings.language)
    if row.kind == "report":
        text = _filled_in_already(row, load_blob)
    else:
        name = row.data.get("template", row.kind)
        text = templates.render(name, row.language, _values(row, definition))
    body = parts.build(text, row.data.get("attachments", ()), load_blob, row.message_id)
    answered = row.data.get("answers")
    marks = thread_headers.conversation(load_blob(answered)) if answered else b""
    return _head(row, definition, text, instance, date) + marks + body.as_bytes()


def for_recipient(content: bytes, row: OutboxRow, address: str, key: bytes) -> bytes:
    """The mail as one recipient gets it: with the Reply-To that is bound to him (L4, L18)."""
    purpose = row.data.get("purpose", "")
    if not purpose or row.ticket is None:
        return content
    answer = _answer_address(row, purpose, row.ticket, address, key)
    if len(answer.rpartition("@")[0]) > _LONGEST_LOCAL_PART:
        return content  # the mailbox itself; the answer is known by its In-Reply-To
    return headers.addresses("Reply-To", [("", headers.address(answer))]) + content


def _answer_address(row: OutboxRow, purpose: str, ticket: int, address: str, key: bytes) -> str:
    if purpose == reference.SURVEY:
        return reference.survey_address(key, row.mailbox, ticket, row.data["survey"], address)
    return reference.reply_address(key, row.mailbox, purpose, ticket, address)


def envelope_sender(row: OutboxRow, delivery: int, envelope: str, key: bytes) -> str:
    """Where bounces of one delivery go: its own signed address (L12, F3); nowhere ("") for an error mail."""
    return "" if row.kind == "error" else reference.bounce_address(key, envelope, delivery)


def needs_utf8(row: OutboxRow, recipient: str) -> bool:
    """Does the mail hold an address that only a server with SMTPUTF8 takes (RFC 6531, L19)?"""
    shown = (row.mailbox, *row.to, *row.cc, recipient)
    return any(not one.rpartition("@")[0].isascii() for one in shown)


def is_automatic(row: OutboxRow) -> str:
    """What Auto-Submitted says of the mail, "" for one that a person wrote."""
    if row.kind == "resolution":
        return "" if row.data.get("text") else AUTO_GENERATED
    return _AUTOMATIC.get(row.kind, "")


def _filled_in_already(row: OutboxRow, load_blob: LoadBlob) -> MailText:
    """A report says what was so when it was asked for, so its words were kept then."""
    text, html = (load_blob(row.data[name]).decode() for name in ("text_blob", "html_blob"))
    return MailText(row.subject, text, html, row.language)


def _values(row: OutboxRow, definition: Definition) -> dict[str, Any]:
    """What the template may see: the row's data, made clean, and how the desk calls itself."""
    shown = {name: value for name, value in row.data.items() if name != "answers"}
    return {name: _clean(name, value) for name, value in shown.items()} | {
        "mailbox_name": headers.one_line(_mailbox_name(row, definition)),
        "timezone": definition.settings.timezone,
        "subject": row.subject,
    }


def _clean(name: str, value: Any) -> Any:
    """Text at any depth without what no mail can carry (NUL, other controls, lone surrogates); names on one line."""
    if isinstance(value, str):
        if name in _ONE_LINE:
            return headers.one_line(value)
        return _NOT_TEXT.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {inner: _clean(inner, one) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(name, one) for one in value]
    return value


def _head(
    row: OutboxRow, definition: Definition, text: MailText, instance: str, date: datetime
) -> bytes:
    """Every header but those of MIME, in a fixed order."""
    automatic = is_automatic(row)
    lines = [
        headers.unstructured("Date", format_datetime(date)),
        headers.addresses("From", [(_speaker(row, definition), headers.address(row.mailbox))]),
        _recipients("To", row.to) or b"To: undisclosed-recipients:;\r\n",
        _recipients("Cc", row.cc),
        headers.unstructured(
            "Subject", one_tag(text.subject, definition.settings.name, row.ticket)
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
    if row.kind == "notification":
        lines.append(headers.unstructured("Precedence", "bulk"))
    return b"".join(lines)


def _recipients(name: str, people: Sequence[str]) -> bytes:
    """To or Cc; an address that mail cannot carry is left out, and fails by itself when it is sent to."""
    good = []
    for one in people:
        try:
            good.append(("", headers.address(one)))
        except Refused:
            continue
    return headers.addresses(name, good) if good else b""


def _speaker(row: OutboxRow, definition: Definition) -> str:
    """`Ana via Help desk` for what an agent wrote, else the mailbox's name (L1)."""
    name = _mailbox_name(row, definition)
    agent = row.data.get("agent_name") if row.kind in ("reply", "resolution") else None
    return f"{agent} via {name}" if agent else name


def _mailbox_name(row: OutboxRow, definition: Definition) -> str:
    box = definition.mailbox(row.mailbox)
    return (box.name if box else "") or definition.settings.name


def one_tag(subject: str, desk_name: str, ticket: int | None) -> str:
    """A subject with the ticket's tag once and at most one `Re:` (L5), whatever a template made of it."""
    rest = reference.without_tags(desk_name, headers.one_line(subject))
    answer = False
    while found := _REPLY_MARK.match(rest):
        answer, rest = True, rest[found.end() :]
    tag = reference.subject_tag(desk_name, ticket) if ticket is not None else ""
    return " ".join(word for word in ("Re:" if answer else "", tag, rest.strip()) if word)
