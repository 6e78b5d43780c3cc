"""Real replies: the new text, and nothing of the author's own words cut away."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.parse.parse import parse
from gateway.trim.trim import Trimmed, trim

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus {CORPUS} is not here"),
]

Case = tuple[dict[str, Any], str, Trimmed]


def lines(text: str) -> str:
    """The text as the corpus compares it: right-trimmed lines, one empty line running at most."""
    out: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.strip() or (out and out[-1]):
            out.append(line.rstrip())
    return "\n".join(out).strip()


COMPARED: dict[str, Callable[[str], str]] = {
    "reply_text": lines,
    "reply_text_ws": lambda text: " ".join(text.split()),
    "reply_text_nows": lambda text: "".join(text.split()),
}


@pytest.fixture(scope="module")
def replies() -> list[Case]:
    found = []
    for described in sorted(CORPUS.glob("*.json")):
        case = json.loads(described.read_text("utf-8"))
        if any(key.startswith("reply_") for key in case["expect"]):
            text = parse(described.with_suffix(".eml").read_bytes()).text
            found.append((case, text, trim(text)))
    return found


def test_I1_reply_text(replies: list[Case]) -> None:
    right, wrong = 0, []
    for case, _, found in replies:
        for key, form in COMPARED.items():
            if (wanted := case["expect"].get(key)) is not None:
                if form(found.text) == form(wanted):
                    right += 1
                else:
                    wrong.append((case["name"], found.text))
    assert 100 * right / (right + len(wrong)) >= 95, wrong


def test_I1_words_to_keep_and_to_cut(replies: list[Case]) -> None:
    wrong = []
    for case, _, found in replies:
        kept = all(words in found.text for words in case["expect"].get("reply_contains", ()))
        cut = not any(words in found.text for words in case["expect"].get("reply_not_contains", ()))
        if not kept or not (cut or "soft" in case["tags"]):
            wrong.append((case["name"], found.text))
    assert wrong == []


def test_I1_no_word_of_the_author_is_cut(replies: list[Case]) -> None:
    """Where the new text is not exactly what was wanted, it is more, never less."""
    for case, _, found in replies:
        for key in COMPARED:
            wanted = "".join(case["expect"].get(key, "").split())
            assert wanted in "".join(found.text.split()), case["name"]


def test_I10_trimming_again_changes_nothing(replies: list[Case]) -> None:
    for case, _, found in replies:
        assert trim(found.text).text == found.text, case["name"]


def test_I1_new_text_and_rest_are_the_whole(replies: list[Case]) -> None:
    for case, text, found in replies:
        both = sorted([*found.text.split(), *found.elided.split()])
        assert both == sorted(text.split()), case["name"]
