"""Delivery-status fields (RFC 3464) and the returned mail's Message-ID, read from a message tree."""

import re
from collections.abc import Iterator
from email.message import Message

STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status", "text/delivery-status")
HEADER_TYPES = (
    "text/rfc822-headers",
    "message/rfc822-headers",
    "text/rfc822",
    "text/rfc822-header",
)
FIELD = re.compile(r"^([A-Za-z][\w-]{2,60})[ \t]*:[ \t]*(.*)$")
MESSAGE_ID = re.compile(r"^[> ]*message-id:\s*(<[^<>\s]{3,996}>)", re.IGNORECASE | re.MULTILINE)
OPENERS = ("original-recipient", "final-recipient")
READ = 200_000


def fields_of(tree: Message) -> list[dict[str, str]]:
    """The recipient blocks of every delivery-status part; names in lower case, values unfolded."""
    blocks: list[dict[str, str]] = []
    for part in _outer(tree):
        if part.get_content_type() in STATUS_TYPES:
            blocks += blocks_of(_text(part))
    return blocks


def blocks_of(text: str) -> list[dict[str, str]]:
    """Recipient blocks of a text of fields, by repeated fields: blank lines are missing or doubled (F1)."""
    blocks: list[dict[str, str]] = [{}]
    last = ""
    for line in text.splitlines():
        found = FIELD.match(line)
        if found:
            last = found[1].lower()
            if last in blocks[-1] and (last in OPENERS or last == "action"):
                blocks.append({})
            blocks[-1].setdefault(last, found[2].strip())
        elif line[:1] in (" ", "\t") and last:
            blocks[-1][last] = f"{blocks[-1][last]} {line.strip()}".strip()
    return [block for block in blocks if any(opener in block for opener in OPENERS)]


def original_message_id(tree: Message) -> str | None:
    """The Message-ID of the returned mail: in its own part, else the first one quoted in the text (F2)."""
    for part in _outer(tree):
        if part is not tree and part.get_content_type() in HEADER_TYPES:
            found = MESSAGE_ID.search(_text(part))
            if found:
                return found[1]
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            inner = part.get_payload(0)
            value = str(inner.get("message-id", "")) if isinstance(inner, Message) else ""
            if value.strip():
                return value.strip()
    for part in _outer(tree):
        if part.get_content_maintype() == "text" and (found := MESSAGE_ID.search(_text(part))):
            return found[1]
    return None


def _outer(tree: Message) -> Iterator[Message]:
    """The parts of a mail, without those inside the mail it returns: they speak of something else."""
    waiting = [tree]
    while waiting:
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting += [inner for inner in part.get_payload() if isinstance(inner, Message)]


def _text(part: Message) -> str:
    """The text of a part; the standard library makes blocks of delivery-status, which we undo."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(str(block) for block in payload)[:READ]
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace")[:READ] if isinstance(content, bytes) else ""
