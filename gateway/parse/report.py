"""Parses delivery reports: the fields of each recipient (RFC 3464, F1), and the mail they are about (F2)."""

import re

from msgspec import Struct

from gateway.parse import charset, head, headers, message_ids, tree
from gateway.parse.limits import DEFAULT, Limits

_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_RETURNED_TYPES = {
    "message/rfc822",
    "message/global",
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
# The code in the remote server's own text, after its reply code: 550 5.7.1.
_REMOTE_CODE = re.compile(r"\b[245]\d\d[ -]#?([245]\.\d{1,3}\.\d{1,3})\b")
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
    """Parse `raw` as a report."""
    top = head.split(raw, limits)
    leaves = tree.leaves(tree.build(raw, top, limits)[0])
    recipients: list[ReportedRecipient] = []
    for leaf in leaves:
        if leaf.entity.type in _STATUS_TYPES:
            recipients.extend(recipients_in(charset.decode(leaf.entity.content()[0])))
    return DeliveryReport(recipients=tuple(recipients), message_id=_returned(leaves, limits))


def _returned(leaves: list[tree.Leaf], limits: Limits) -> str | None:
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
    text = charset.decode(content, leaf.entity.params.get("charset"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def recipients_in(text: str) -> list[ReportedRecipient]:
    """Return the recipients in the text of a delivery-status part.

    Blank lines between groups may be missing or doubled (F1), so a repeated field begins the next group.
    """
    groups: list[dict[str, str]] = [{}]
    for name, value in _fields(text):
        if name not in _PER_RECIPIENT:
            continue
        if name in groups[-1] or (name == "final-recipient" and "status" in groups[-1]):
            groups.append({})
        groups[-1][name] = value
    return [status for group in groups if (status := _status(group)) is not None]


def _fields(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t") and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip()}"[:4000])
        elif field := _FIELD.match(line):
            found.append((field[1].lower(), field[2].strip()))
    return found


def _status(group: dict[str, str]) -> ReportedRecipient | None:
    original = _address(group.get("original-recipient", ""))
    address = _address(group.get("final-recipient", "")) or original
    address = address or _address(group.get("x-actual-recipient", ""))
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
    if code := _REMOTE_CODE.search(diagnostic):
        return code[1]
    stated = _STATUS.search(status)
    if stated is None or stated[0].endswith(".0.0"):
        stated = _STATUS.search(diagnostic) or stated
    return stated[0] if stated else ""


def _after_type(value: str) -> str:
    type_, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and len(type_.split()) == 1 else value


def _address(value: str) -> str:
    return headers.text(_after_type(value)).strip("<> \t'\"").lower()
