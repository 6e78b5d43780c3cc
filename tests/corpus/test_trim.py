"""What holds for real replies: nothing of the author's own words is cut away."""

import pytest

from gateway.trim.trim import Trimmed, trim
from tests.corpus.facts import REPLY_FORMS, Case
from tests.support.paths import CORPUS

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus {CORPUS} is not here"),
]


@pytest.fixture(scope="module")
def replies(measured: list[Case]) -> list[tuple[Case, Trimmed]]:
    return [
        (case, trim(case.mail.text))
        for case in measured
        if any(key.startswith("reply_") for key in case.expect)
    ]


def test_no_word_of_the_author_is_trimmed_I1(replies: list[tuple[Case, Trimmed]]) -> None:
    """Where the new text is not exactly what was wanted, it is more, never less."""
    for case, found in replies:
        for key in REPLY_FORMS:
            wanted = "".join(case.expect.get(key, "").split())
            assert wanted in "".join(found.text.split()), case.name


def test_trimming_again_changes_nothing_I10(replies: list[tuple[Case, Trimmed]]) -> None:
    for case, found in replies:
        assert trim(found.text).text == found.text, case.name


def test_reply_and_quote_together_are_the_whole_text_I1(
    replies: list[tuple[Case, Trimmed]],
) -> None:
    for case, found in replies:
        both = sorted([*found.text.split(), *found.elided.split()])
        assert both == sorted(case.mail.text.split()), case.name
