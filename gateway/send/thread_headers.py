"""What Outlook and Exchange group a conversation by, given back in our answer (D17)."""

import re

from gateway.parse import head
from gateway.parse import headers as words
from gateway.parse.limits import DEFAULT
from gateway.send import headers

_INDEX = re.compile(r"[A-Za-z0-9+/]{30,600}={0,2}")  # base64 of 22 bytes and 5 more an answer


def conversation(answered: bytes) -> bytes:
    """The lines Thread-Topic and Thread-Index of the raw mail that is answered; empty where it has none."""
    found = head.split(answered, DEFAULT)
    topic = words.text(words.raw_text(found.first("thread-topic")))
    index = "".join(found.first("thread-index").decode("ascii", "replace").split())
    lines = [headers.unstructured("Thread-Topic", topic)] if topic else []
    if _INDEX.fullmatch(index):
        lines.append(b"Thread-Index: " + _folded(index) + b"\r\n")
    return b"".join(lines)


def _folded(index: str) -> bytes:
    """A long one in lines that no server breaks; readers leave the blanks out."""
    return "\r\n ".join(index[at : at + 60] for at in range(0, len(index), 60)).encode()
