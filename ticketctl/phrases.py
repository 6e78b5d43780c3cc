"""Searches texts for any of many phrases; `re` would try each of them at every character."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

# An opening bracket within a class is written with a backslash.
_TOKEN = re.compile(
    r"\\.|\[\^?(?:\\.|.)(?:\\.|[^\]\[\\])*+\]|\(\?(?::|<?[=!])|[?*+][?+]?|\{\d{0,4},?\d{0,4}\}[?+]?|.",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"[?*+][?+]?|\{.+")
_MAY_BE_ABSENT = re.compile(r"[?*].?|\{0?,.*")
_LETTER = re.compile(r"\\\W|[^\\\[.^$]")

Words = frozenset[str]
NONE = frozenset([""])  # what all texts have


class Phrases:
    """A regular expression of alternatives; it ignores case. `search` finds what `re.search` would find."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first phrase in the text."""
        folded = fold(text)
        if not has_word(self._shortest, folded):
            return None
        best = None
        for words, phrase in self.alternatives:
            found = phrase.search(text) if has_word(words, folded) else None
            if found and (best is None or found.start() < best.start()):
                best = found
        return best

    @cached_property
    def alternatives(self) -> tuple[tuple[Words, re.Pattern[str]], ...]:
        """Each phrase, with the words one of which is in all texts that it fits."""
        return tuple((needed_words(one), _compiled(one)) for one in split(self.pattern))

    @cached_property
    def _shortest(self) -> Words:
        return shortest(word for words, _ in self.alternatives for word in words)


def _compiled(phrase: str) -> re.Pattern[str]:
    return re.compile(phrase, re.IGNORECASE)


def has_word(words: Words, folded: str) -> bool:
    """Is one of the words in a folded text?"""
    for word in words:  # noqa: SIM110  # any() takes twice as long
        if word in folded:
            return True
    return False


def words_in(words: Words, folded: str) -> Words:
    """Return those of the words that are in a folded text."""
    return frozenset([word for word in words if word in folded])


def fold(text: str) -> str:
    """Return the text so that letters which a pattern takes for the same, ignoring case, are the same."""
    return text.casefold().replace("ı", "i").replace("i\u0307", "i")


def shortest(words: Iterable[str]) -> Words:
    """Leave out words that contain another."""
    kept: list[str] = []
    for word in sorted(set(words), key=len):
        if not any(one in word for one in kept):
            kept.append(word)
    return frozenset(kept)


def split(pattern: str) -> list[str]:
    """Return the alternatives of a pattern, without those inside its parentheses."""
    parts, depth = [""], 0
    for token in _TOKEN.findall(pattern):
        depth += (token[0] == "(") - (token == ")")
        if token == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += token
    return [part for part in parts if part]


def needed_words(pattern: str) -> Words:
    """Return folded words of which every text that fits the pattern has one; NONE if it needs no word."""
    return _of_alternatives(iter([*_TOKEN.findall(pattern), ")"]))


def _of_alternatives(tokens: Iterator[str]) -> Words:
    """Read up to the closing parenthesis."""
    found: list[Words] = []
    end = "|"
    while end == "|":
        pieces, end = _pieces(tokens)
        runs = "".join(one if isinstance(one, str) else "\0" for one in pieces).split("\0")
        groups = [one for one in pieces if isinstance(one, frozenset)]
        choices = [*(frozenset([fold(run)]) for run in runs), *groups]
        found.append(max(choices, key=lambda words: min(map(len, words))))
    return NONE if NONE in found else frozenset().union(*found)


def _pieces(tokens: Iterator[str]) -> tuple[list[str | Words], str]:
    """Read one alternative: letters, the words of groups, NONE for all else; and the token that ends it."""
    pieces: list[str | Words] = []
    for token in tokens:
        if token in "|)":
            return pieces, token
        if token[0] == "(":
            words = _of_alternatives(tokens)
            pieces.append(words if token in ("(", "(?:") else NONE)
        elif _QUANTIFIER.fullmatch(token):
            pieces[-1:] = [NONE] if _MAY_BE_ABSENT.fullmatch(token) else [pieces[-1], NONE]
        else:
            pieces.append(token[-1] if _LETTER.fullmatch(token) else NONE)
    raise ValueError("a parenthesis is not closed.")
