"""What the files of an agent's mail would carry to the customer: no mail, and no words of a comment (I12)."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Sequence

from gateway.parse import charset, html
from gateway.parse.mail import Part
from gateway.parse.parse import parts_bytes
from gateway.trim.cut import inside
from ticketctl.write_guard import never_in_a_write

READ = 1_000_000
"""Octets of a text file that is compared with what is internal."""

_MAILS = (".eml", ".msg", ".mht", ".mbox")
_TEXTS = (".txt", ".html", ".htm", ".md", ".csv", ".log", ".rtf", ".json", ".xml", ".ics", ".vcf")


@never_in_a_write
def doubt(
    parts: Sequence[Part],
    public: Sequence[str],
    internal: Sequence[str],
    raw: Callable[[], bytes],
) -> str:
    """Why these files may not go to the customer, "" where they may. `raw` gives the mail itself."""
    if any(one.type.startswith("message/") or _ends(one, _MAILS) for one in parts):
        return "it carries an attached mail"
    texts = [one for one in parts if one.type.startswith("text/") or _ends(one, _TEXTS)]
    if not texts or not internal:
        return ""
    if any(one.size > READ for one in texts):
        return "an attached text is too long to be compared with what is internal"
    contents = parts_bytes(raw(), [one.path for one in texts])
    for content in contents.values():
        text = _decoded(content)
        if inside(text, public, internal) or inside(html.stripped(text), public, internal):
            return "words of an internal comment are in an attached text"
    return ""


def _decoded(content: bytes) -> str:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    return charset.decode(content.replace(b"\0", b""))


def _ends(part: Part, endings: tuple[str, ...]) -> bool:
    return part.name.lower().endswith(endings)
