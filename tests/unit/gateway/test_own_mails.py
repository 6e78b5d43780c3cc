"""Mails of our own writing, one of each kind that arrives at a help desk, with what is to be read in each."""

from pathlib import Path

import pytest

from tests.corpus.facts import Case, facts
from tests.support.paths import DATA

DESCRIBED = sorted((DATA / "mails").glob("*.json"))


@pytest.mark.parametrize("described", DESCRIBED, ids=lambda path: path.stem)
def test_a_mail_is_parsed_screened_and_trimmed_as_described(described: Path) -> None:
    found = list(facts(Case(described)))
    assert found and [fact for fact in found if not fact.right] == []
