"""Replaces words, such as a person's names, in texts and JSON values."""

import re
from collections.abc import Iterable

BLOT = "(erased)"

_SHORTEST = 5  # characters: shorter words would match too much


class Blot:
    """Finds words as whole words, in any case: `ana@x.example`, but not in `diana@x.example`.

    `instead` replaces them.
    """

    def __init__(self, words: Iterable[str], instead: str = BLOT) -> None:
        self._instead = instead
        known = sorted({word for word in words if len(word) >= _SHORTEST}, key=len, reverse=True)
        one_of = "|".join(map(re.escape, known)) or r"(?!)"
        pattern = rf"(?<![\w.+-])(?:{one_of})(?![\w-]|\.\w)"
        self._words = re.compile(pattern, re.IGNORECASE)
        self._bytes = re.compile(pattern.encode(), re.IGNORECASE)

    def text(self, text: str) -> str:
        """A text without the words."""
        return self._words.sub(self._instead, text)

    def value(self, value: object) -> object:
        """A JSON value without the words, in names and in values."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(name): self.value(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        return value

    def holds(self, content: bytes) -> bool:
        """Does a raw mail contain one of the words?"""
        return self._bytes.search(content) is not None
