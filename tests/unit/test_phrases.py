"""Phrases finds what the same pattern finds by `re`, in every language, whatever the case."""

import random
import re
from functools import cache
from re import _parser  # type: ignore[attr-defined]

import pytest

from gateway.screen import phrases
from gateway.trim import patterns
from tests.support import pump
from ticketctl.phrases import NONE, Phrases, fold, needed_words, shortest, split

ALL = {name: one for name, one in vars(phrases).items() if isinstance(one, Phrases)}
FILLERS = ("", " ", "\n", "\u00a0", "x", "İ", "ſ", "5.", "Zoë wrote ", "no ", "550 5.1.1 ", "мой ")


@cache
def cased() -> str:
    """Every letter that has two cases."""
    return "".join(
        letter
        for letter in map(chr, range(0x110000))
        if letter != letter.lower() or letter != letter.upper() or letter != letter.casefold()
    )


def samples(phrase: str) -> set[str]:
    """Texts that fit a phrase, and some of its forms in other cases."""
    tree = _parser.parse(phrase, re.IGNORECASE)
    said = {pump._sample(tree, letter, pick) for letter in "a0 " for pick in range(6)}
    return {form for one in said for form in (one, one.upper(), one.title(), one.swapcase())}


@pytest.mark.parametrize("name", ALL)
def test_what_a_phrase_fits_has_one_of_its_words(name: str) -> None:
    for phrase in split(ALL[name].pattern):
        words, pattern = needed_words(phrase), re.compile(phrase, re.IGNORECASE)
        for said in samples(phrase):
            assert any(word in fold(said) for word in words) or not pattern.search(said)


@pytest.mark.parametrize("name", ALL)
def test_the_first_phrase_of_a_text_is_found_as_by_one_pattern(name: str) -> None:
    dice = random.Random(name)
    one = re.compile(ALL[name].pattern, re.IGNORECASE)
    said = sorted({text for phrase in split(ALL[name].pattern) for text in samples(phrase)})
    pieces = (*said, *FILLERS, *(text[: len(text) // 2] for text in said))
    for _ in range(1500):
        text = "".join(dice.choices(pieces, k=dice.randint(1, 6)))
        found, wanted = ALL[name].search(text), one.search(text)
        assert (found and found.span()) == (wanted and wanted.span()), text


def test_letters_that_a_pattern_takes_for_the_same_are_folded_to_the_same() -> None:
    written = "".join(one.pattern for one in ALL.values()) + patterns.WROTE.pattern
    for letter in set(written):
        for other in re.findall(re.escape(letter), cased(), re.IGNORECASE):
            assert fold(other) == fold(letter)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("mail (?:is )?full", {"mail "}),
        ("(?:mail|box)(?: is)? (?:late|refused)", {"late", "refused"}),
        (r"not? (?:be )?sent\b", {"sent"}),
        (r"(?<!not )(?:giv(?:e|en)|lost)+ [45]", {"giv", "lost"}),
        (r"[45]\.[)\]](?=delivered)", {"."}),
        ("GRÖ(?:ß)e{2}|x*", {""}),
        ("Straße", {"strasse"}),
        ("(?:a|b)?c{0,2}d{1,2}", {"d"}),
    ],
)
def test_the_words_that_a_pattern_needs(pattern: str, words: set[str]) -> None:
    assert needed_words(pattern) == words


def test_a_text_without_the_words_is_not_searched() -> None:
    assert Phrases("undeliver(?:ed|able)|mailbox full").search("the printer is late") is None
    assert NONE not in [words for one in ALL.values() for words, _ in one.alternatives]


def test_alternatives_are_split_outside_of_parentheses_and_classes_only() -> None:
    assert split(r"a(?:b|c)|[|)(]d|e\|f\)|(?!g|h)i") == [
        "a(?:b|c)",
        "[|)(]d",
        r"e\|f\)",
        "(?!g|h)i",
    ]


def test_a_word_that_has_another_in_it_need_not_be_looked_for() -> None:
    assert shortest(["undeliver", "deliver", "mail", "e-mail", "late"]) == {
        "deliver",
        "mail",
        "late",
    }
