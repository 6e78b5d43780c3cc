"""The other forms of a word that is searched for: `refunds` also finds refund and refunded, `objednávek` objednávka.

The index has no stems. When a word is searched for, its forms are made in each of a few languages: what the word has in
common with its stem, with each ending of the language; of these, the ones with the same stem are forms of the word.
So `cart` finds carts but not cartridge, which `cart*` would.
"""

import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

LEAST = 4  # letters of a word that has other forms here, and of what its forms have in common
_KEPT = 500  # words whose forms are remembered, for rules

# The endings of nouns, adjectives and common forms of verbs.
_ENDINGS = {
    "czech": "a á ách ám ami c ce ci cí e ě é ech ého ek em en ému í ich i ka kou ku ky o ou u ů ům y ý ých ým ými",
    "english": "e ed es ied ies ing s y",
    "french": "e é ée ées er es és s",
    "german": "e em en er ern es et n s te ten ung ungen",
    "spanish": "a ada adas ado ados ar as ción ciones e es o os s",
}  # fmt: skip


@lru_cache(maxsize=_KEPT)
def forms(word: str) -> tuple[str, ...]:
    """The other forms of a word in lower case, with its accents; some are no word of any language."""
    found = {form: None for language in _ENDINGS for form in _forms(language, word)}
    found.pop(word, None)
    return tuple(found)


def _forms(language: str, word: str) -> list[str]:
    stem_of = _stemmer(language).stemWord
    stem = stem_of(word)
    common = _common(word, stem)
    starts = {
        "czech": (common, common[:-1]),  # objednávka, objednávek
        "english": (common.removesuffix("i"), common + common[-1:]),  # delivery; ship, shipped
        "german": (common, stem),  # Häuser, whose stem is haus
    }.get(language, (common,))
    return [
        form
        for start in dict.fromkeys(starts)
        if len(start) >= LEAST
        for ending in ("", *_ENDINGS[language].split())
        if stem_of(form := start + ending) == stem
    ]


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
