"""Parses delivery reports: the fields of each recipient (RFC 3464, F1), and the mail they are about (F2)."""

import re

from msgspec import Struct

from gateway.parse import head, headers, message_ids, tree
from gateway.parse.charsets import decode
from gateway.parse.limits import DEFAULT, Limits

_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_MAIL_TYPES = {"message/rfc822", "message/global"}
_RETURNED_TYPES = {
    *_MAIL_TYPES,
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
}
_PER_RECIPIENT = {
    "final-recipient",
    "original-recipient",
    "action",
    "status",
    "diagnostic-code",
    "remote-mta",
    "last-attempt-date",
    "final-log-id",
    "will-retry-until",
    "x-actual-recipient",
}
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,40})[ \t]*:[ \t]*(.*)")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# The code in the remote server's own text, after its reply code: 550 5.7.1, 550-"5.7.1 ...".
REMOTE_CODE = re.compile(
    r"(?<!\d)[245]\d\d[ -]{1,2}[\"'“„‘«(<#]?([245]\.\d{1,3}\.\d{1,3})(?![\d.])"
)
# A Message-ID line quoted in the text, its value perhaps on the next line.
_QUOTED_ID = re.compile(
    r"^[> \t|]{0,20}Message-ID:[ \t]*(?:\r?\n[ \t>]{1,20})?(<[^<>\s]{1,998}>)",
    re.IGNORECASE | re.MULTILINE,
)


class ReportedRecipient(Struct, frozen=True, kw_only=True):
    """What a report says about one recipient. `address`: the final recipient; `original`: the address we wrote to."""

    address: str
    action: str  # failed, delayed, delivered, relayed, expanded; lower case
    status: str  # 5.1.1, or an empty string
    diagnostic: str  # the remote server's text, without its type
    original: str = ""


class DeliveryReport(Struct, frozen=True, kw_only=True):
    """The recipients in all delivery-status parts of a mail (F1), and the Message-ID of the mail it returns (F2).

    Empty and None if the mail is not a report.
    """

    recipients: tuple[ReportedRecipient, ...]
    message_id: str | None


def read(raw: bytes, limits: Limits = DEFAULT) -> DeliveryReport:
    """Parse `raw` as a report. If it has no fields itself, a report attached to it as a mail is read."""
    parts = leaves(raw, limits)
    if recipients := _reported(parts):
        return DeliveryReport(recipients=recipients, message_id=returned_id(parts, limits))
    for leaf in parts:
        if leaf.entity.type in _MAIL_TYPES:
            inner = leaves(leaf.entity.content()[0], limits)
            if recipients := _reported(inner):
                return DeliveryReport(recipients=recipients, message_id=returned_id(inner, limits))
    return DeliveryReport(recipients=(), message_id=returned_id(parts, limits))


def leaves(raw: bytes, limits: Limits) -> list[tree.Leaf]:
    """Return the leaves of a mail, in order."""
    return tree.leaves(tree.build(raw, head.split(raw, limits), limits)[0])


def _reported(leaves: list[tree.Leaf]) -> tuple[ReportedRecipient, ...]:
    """Return the recipients in all delivery-status parts."""
    return tuple(
        recipient
        for leaf in leaves
        if leaf.entity.type in _STATUS_TYPES
        for recipient in recipients_in(decode.decode(leaf.entity.content()[0]))
    )


def returned_id(leaves: list[tree.Leaf], limits: Limits) -> str | None:
    """Return the Message-ID of a returned mail or of its head, else one that is quoted in the text."""
    for leaf in leaves:
        if leaf.entity.type in _RETURNED_TYPES:
            returned = head.split(leaf.entity.content()[0], limits)
            value = headers.text(headers.raw_text(returned.first("message-id")))
            if found := message_ids.message_id(value):
                return found
    for leaf in leaves:
        if leaf.entity.type.startswith(("text/", "multipart/")):
            quoted = _QUOTED_ID.search(_text(leaf, limits))
            if quoted:
                return message_ids.message_id(quoted[1])
    return None


def _text(leaf: tree.Leaf, limits: Limits) -> str:
    content = leaf.entity.content()[0][: limits.text_bytes]
    text = decode.decode(content, leaf.entity.params.get("charset"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def recipients_in(text: str) -> list[ReportedRecipient]:
    """Return the recipients in the text of a delivery-status part.

    Blank lines between groups may be missing or doubled (F1), so a repeated field begins the next group. So does
    Final-Recipient after a status and a blank line; without the blank line it belongs to the status above it.
    """
    groups: list[dict[str, str]] = [{}]
    blank = False
    for name, value in fields(text):
        blank = blank or not name
        if name not in _PER_RECIPIENT:
            continue
        ended = blank and name == "final-recipient" and "status" in groups[-1]
        if name in groups[-1] or ended:
            groups.append({})
        groups[-1][name] = value
        blank = False
    return [status for group in groups if (status := _status(group)) is not None]


def fields(text: str) -> list[tuple[str, str]]:
    """Return the fields in order, names in lower case; ("", "") for each blank line."""
    found: list[tuple[str, str]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t") and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip()}"[:4000])
        elif field := _FIELD.match(line):
            found.append((field[1].lower(), field[2].strip()))
        elif not line.strip():
            found.append(("", ""))
    return found


def _status(group: dict[str, str]) -> ReportedRecipient | None:
    original = recipient_of(group.get("original-recipient", ""))
    address = recipient_of(group.get("final-recipient", "")) or original
    address = address or recipient_of(group.get("x-actual-recipient", ""))
    if not address and "action" not in group:
        return None
    diagnostic = headers.text(_after_type(group.get("diagnostic-code", "")))
    action = group.get("action", "").split("(")[0].split()
    return ReportedRecipient(
        address=address,
        action=action[0].lower() if action else "",
        status=_code(group.get("status", ""), diagnostic),
        diagnostic=diagnostic,
        original=original,
    )


def _code(status: str, diagnostic: str) -> str:
    """Return the code in the remote server's text, which is more exact than the status (often 5.0.0)."""
    if code := REMOTE_CODE.search(diagnostic):
        return code[1]
    stated = _STATUS.search(status)
    if stated is None or stated[0].endswith(".0.0"):
        stated = _STATUS.search(diagnostic) or stated
    return stated[0] if stated else ""


def _after_type(value: str) -> str:
    type_, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and len(type_.split()) == 1 else value


def recipient_of(value: str) -> str:
    """Return the address in a field such as Final-Recipient, in lower case."""
    return headers.text(_after_type(value)).strip("<> \t'\"").lower()
