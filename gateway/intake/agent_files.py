"""Keeps files of an agent's mail from the customer if they are mails or contain internal text (I12)."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Sequence

from gateway.parse import html
from gateway.parse.charsets import decode
from gateway.parse.mail import Part
from gateway.parse.parse import parts_bytes
from gateway.trim.own_words import contains_internal
from ticketctl.write_guard import never_in_a_write

MAX_SIZE = 1_000_000
"""Bytes of the largest text file that is compared with internal text."""

_MAILS = (".eml", ".msg", ".mht", ".mbox")
_TEXTS = (".txt", ".html", ".htm", ".md", ".csv", ".log", ".rtf", ".json", ".xml", ".ics", ".vcf")


@never_in_a_write
def doubt(
    parts: Sequence[Part],
    public: Sequence[str],
    internal: Sequence[str],
    raw: Callable[[], bytes],
) -> str:
    """Return why these files may not go to the customer; "" if they may. `raw` loads the mail's bytes."""
    if any(one.type.startswith("message/") or _ends_with(one, _MAILS) for one in parts):
        return "a mail is attached to it"
    texts = [one for one in parts if one.type.startswith("text/") or _ends_with(one, _TEXTS)]
    if not texts or not internal:
        return ""
    if any(one.size > MAX_SIZE for one in texts):
        return "an attached text is too long to be compared with internal text"
    contents = parts_bytes(raw(), [one.path for one in texts])
    for content in contents.values():
        text = _decode(content)
        if contains_internal(text, public, internal) or contains_internal(
            html.strip_tags(text), public, internal
        ):
            return "an attached text contains words of an internal comment"
    return ""


def _decode(content: bytes) -> str:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    return decode.decode(content.replace(b"\0", b""))


def _ends_with(part: Part, endings: tuple[str, ...]) -> bool:
    return part.name.lower().endswith(endings)
