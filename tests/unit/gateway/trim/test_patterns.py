"""The quick look before the long pattern of "wrote" in every language."""

import re
from re import _parser  # type: ignore[attr-defined]

import pytest

from gateway.trim import patterns
from gateway.trim.languages import LANGUAGES
from tests.support import pump
from ticketctl.phrases import fold, has_word, split

PHRASES = sorted({one for row in LANGUAGES for one in split(row.wrote)})


@pytest.mark.parametrize("phrase", PHRASES)
def test_the_quick_look_misses_no_phrase_of_any_language(phrase: str) -> None:
    tree = _parser.parse(phrase, re.IGNORECASE)
    assert patterns.WROTE.search(pump._sample(tree))
    for said in {pump._sample(tree, "a", pick) for pick in range(4)}:
        for line in (said, said.upper(), f"Ana {said} :"):
            assert patterns.may_say_wrote(line) or not patterns.WROTE.search(line)


def said(entries: set[str]) -> set[str]:
    """Texts for the entries of the table, in small and in large letters."""
    trees = [_parser.parse(one, re.IGNORECASE) for entry in entries for one in split(entry)]
    return {
        form
        for tree in trees
        for pick in range(4)
        for one in (pump._sample(tree, "a", pick), pump._sample(tree, "0", pick))
        for form in (one, one.upper())
    }


def test_the_quick_look_misses_no_line_of_a_phone() -> None:
    for line in said({row.sent_from for row in LANGUAGES if row.sent_from}):
        assert patterns.SENT_FROM.match(line)
        assert has_word(patterns.SENT_FROM_WORDS, fold(line))


def test_the_quick_look_misses_no_forwarded_mail() -> None:
    for words in said({row.forwarded for row in LANGUAGES if row.forwarded}):
        for line in (
            *(
                f"{words}:",
                f" \t{words} ：",
                f"---------- {words} ---------",
                f" ***{words}**** \r",
            ),
            f"----{words}----- Von: ana@x.example An: b",
            *(words, f"x {words}:", f"{words}: ana"),
        ):
            assert patterns.is_forwarded(line) == bool(patterns.FORWARDED.match(line))
        assert patterns.is_forwarded(f"-- {words} --")
