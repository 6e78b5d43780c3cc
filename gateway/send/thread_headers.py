"""Copies the headers by which Outlook and Exchange group a conversation into our answer (D17)."""

import re

from gateway.parse import head
from gateway.parse import headers as parsed_headers
from gateway.parse.limits import DEFAULT
from gateway.send import headers

_INDEX = re.compile(
    r"[A-Za-z0-9+/]{30,600}={0,2}"
)  # base64 of 22 bytes, and 5 more for each answer


def conversation(answered: bytes) -> bytes:
    """Return Thread-Topic and Thread-Index for an answer to this raw mail; b"" if it has none."""
    found = head.split(answered, DEFAULT)
    topic = parsed_headers.text(parsed_headers.raw_text(found.first("thread-topic")))
    index = "".join(found.first("thread-index").decode("ascii", "replace").split())
    lines = [headers.unstructured("Thread-Topic", topic)] if topic else []
    if _INDEX.fullmatch(index):
        lines.append(b"Thread-Index: " + _fold(index) + b"\r\n")
    return b"".join(lines)


def _fold(index: str) -> bytes:
    """Fold a long value into short lines; mail programs ignore the blanks."""
    return "\r\n ".join(index[at : at + 60] for at in range(0, len(index), 60)).encode()
