"""Chooses the text among the parts of a multipart/alternative (H9)."""

import re
from collections.abc import Collection, Sequence
from itertools import islice

from msgspec import Struct

from gateway.parse import html

_STUB_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{4,}")
_SAMPLES = 40  # words of the plain text that are searched in the HTML
_LETTERS = 8  # of a word: a line may end inside it in languages without blanks


class Piece(Struct):
    """A leaf of text, and the multipart/alternative it belongs to."""

    choice: str | None
    text: str
    is_html: bool


def choose(pieces: Sequence[Piece]) -> list[Piece]:
    """Choose plain text, unless it is blank or a stub beside much more HTML; both if they differ."""
    plain = [piece for piece in pieces if not piece.is_html]
    rich = [piece for piece in pieces if piece.is_html]
    words = sum(len(piece.text.split(None, _STUB_WORDS + 1)) for piece in plain)
    if not rich:
        return plain
    if words > _STUB_WORDS:
        return plain if _is_same(plain, rich) else [*plain, *rich]
    if words == 0:
        return rich
    rich_words = sum(len(html.strip_tags(piece.text).split()) for piece in rich)
    return rich if rich_words >= 10 * words else plain


def _is_same(plain: Sequence[Piece], rich: Sequence[Piece]) -> bool:
    """Is the HTML blank, or does it contain at least a third of the plain text's words?"""
    text = " ".join(piece.text for piece in plain)
    found = (word[0][:_LETTERS] for word in islice(_WORD.finditer(text), _SAMPLES))
    samples = {word.lower(): word for word in found}
    shown = " ".join(piece.text for piece in rich)
    if _contains(shown, samples.values()):  # mostly so; lower case takes longer than all else here
        return True
    if _contains(shown.lower(), samples):
        return True
    shown = html.strip_tags(shown)
    return len(shown.split(None, _STUB_WORDS)) <= _STUB_WORDS or _contains(shown.lower(), samples)


def _contains(text: str, samples: Collection[str]) -> bool:
    """Does a text contain a third of these words?"""
    wanted = (len(samples) + 2) // 3
    return len(list(islice((word for word in samples if word in text), wanted))) == wanted
