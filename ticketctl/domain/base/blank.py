"""Tells whether a text says nothing: blanks, controls, and characters that show nothing, such as zero-width marks."""

import re

# Letters and signs that have no shape: the fillers of Hangul, the empty pattern of Braille.
_SHAPELESS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Blanks, line ends, controls, formats (zero-width, direction), lone surrogates, and marks that stand on nothing.
_SHOW_NOTHING = ("Z", "M", "Cc", "Cf", "Cs")


def is_blank(text: str) -> bool:
    """Is there nothing to see in a text (F-Q35)?"""
    if re.search(r"[!-~]", text):
        return False
    from unicodedata import category

    return all(one in _SHAPELESS or category(one).startswith(_SHOW_NOTHING) for one in text)
