"""Unicode's normal forms in linear time.

The standard library sorts the marks on one letter by insertion: a megabyte takes minutes that no signal ends.
"""

import re
from typing import Literal

# Pieces end before an ASCII character, with which nothing before it combines; text without any is cut hard.
_PIECE = re.compile(r"(?s:.{1,1000}(?=[\x00-\x7f]|\Z)|.{1,1000})")


def normal_form(form: Literal["NFC", "NFKD"], text: str) -> str:
    """The text in this form, but for what combines over more than a thousand characters."""
    if text.isascii() or (form == "NFC" and _is_latin_1(text)):
        return text
    import unicodedata

    return "".join(unicodedata.normalize(form, piece) for piece in _PIECE.findall(text))


def _is_latin_1(text: str) -> bool:
    """Is it in Latin-1, where all letters are composed?"""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True
