"""The other forms of a word that is searched for: `refunds` also finds refund and refunded, `objednávek` objednávka.

The index has no stems. When a word is searched for, its forms are made in each of a few languages: what the word has in
common with its stem, with each ending of the language; of these, the ones with the same stem are forms of the word.
So `cart` finds carts but not cartridge, which `cart*` would.
"""

import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import Lock
from typing import Any

LEAST = 4  # letters of a word that has other forms here, and of what its forms have in common
_KEPT = 500  # words whose forms are remembered, for rules

# The endings of nouns, adjectives and common forms of verbs: those of a word that has none, and others.
_ENDINGS = {
    "czech": ("e ech em ů u ům y", "a á ách ám ami ce ci cí ě é ého ek en ému í i ka kou ku ky o ou ý ých ým ými"),
    "english": ("ed es ing s", "e ied ies y"),
    "french": ("e es s", "é ée ées er és"),
    "german": ("e en er ern es n s", "em et te ten ung ungen"),
    "spanish": ("es", "a ada adas ado ados ar as ción ciones e o os s"),
}  # fmt: skip


# A stemmer remembers the word it is at; threads that search at the same time take turns.
_alone = Lock()


@lru_cache(maxsize=_KEPT)
def forms(word: str) -> tuple[str, ...]:
    """The other forms of a word in lower case, with its accents; some are no word of any language."""
    with _alone:
        found = {form: None for language in _ENDINGS for form in _forms(language, word)}
    found.pop(word, None)
    return tuple(found)


def _forms(language: str, word: str) -> list[str]:
    stem_of = _stemmer(language).stemWord
    stem = stem_of(word)
    few, more = _ENDINGS[language]
    endings = few if stem == word else f"{few} {more}"
    return [
        form
        for start in dict.fromkeys(_starts(language, word, stem))
        if len(start) >= LEAST
        for ending in ("", *endings.split())
        if stem_of(form := start + ending) == stem
    ]


def _starts(language: str, word: str, stem: str) -> tuple[str, ...]:
    """What the endings are put to."""
    common = _common(word, stem)
    if len(common) < LEAST:
        return word, word[:-1], stem  # Paket, pedido; Häuser, whose stem is haus
    if language == "czech":
        return common, common[:-1]  # objednávka, objednávek
    if language == "english":
        return common.removesuffix("i"), common + common[-1]  # delivery; ship, shipped
    return (common,)


def _common(one: str, other: str) -> str:
    """The letters that both begin with."""
    ends = (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return one[: next(ends, min(len(one), len(other)))]


@lru_cache
def _stemmer(language: str) -> Any:
    """The stemmer of a language, without importing those of all others, which takes 60 ms."""
    package = "snowballstemmer"
    spec = find_spec(package)
    assert spec is not None
    known = sys.modules.setdefault(package, module_from_spec(spec))
    module = import_module(f"{package}.{language}_stemmer")
    if known.__spec__ is spec:
        del sys.modules[package]  # whoever else imports it gets all of it
    return getattr(module, f"{language.capitalize()}Stemmer")()
