"""Makes text storable and safe: NUL, lone surrogates, NFC, control and direction marks."""

import re

from ticketctl.normal_form import normal_form

# C0 and C1 controls, and the line and paragraph separators.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Marks that reverse the direction of text, and invisible marks (H19, H31).
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
# The two joiners are part of emoji and of Indic and Arabic writing; next to ASCII they only hide text.
_IDLE_JOINER = re.compile(
    "(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f\u200c\u200d])"
)


def storable(text: str) -> str:
    """Make text storable in any database: no NUL, no lone surrogates, NFC (H25, H31)."""
    if text.isascii():
        return text.replace("\0", "")
    try:
        text.encode()  # the fastest test for surrogates
    except UnicodeEncodeError:
        # Two halves that a broken encoder wrote separately become one character again.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return normal_form("NFC", text.replace("\0", ""))


def clean_header(text: str) -> str:
    """Make a header's value one safe line: storable, without control or direction marks (H19, H31)."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _CONTROL.sub(" ", text)
    if text.isascii():
        return text.strip()
    return storable(_IDLE_JOINER.sub("", _INVISIBLE.sub("", text))).strip()


def blanks_to_one(text: str) -> str:
    """Replace runs of white space by one blank, and strip the ends."""
    return " ".join(text.split())
