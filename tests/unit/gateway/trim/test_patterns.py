"""The quick look before the long pattern of "wrote" in every language."""

import re
from re import _parser  # type: ignore[attr-defined]

import pytest

from gateway.trim import patterns
from gateway.trim.languages import LANGUAGES
from tests.support import pump
from ticketctl.phrases import split

PHRASES = sorted({one for row in LANGUAGES for one in split(row.wrote)})


@pytest.mark.parametrize("phrase", PHRASES)
def test_the_quick_look_misses_no_phrase_of_any_language(phrase: str) -> None:
    tree = _parser.parse(phrase, re.IGNORECASE)
    assert patterns.WROTE.search(pump._sample(tree))
    for said in {pump._sample(tree, "a", pick) for pick in range(4)}:
        for line in (said, said.upper(), f"Ana {said} :"):
            assert patterns.may_say_wrote(line) or not patterns.WROTE.search(line)
