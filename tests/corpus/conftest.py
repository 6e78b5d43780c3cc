"""The mails of the corpus, each read once for all tests of this folder."""

import pytest

from tests.corpus import facts


@pytest.fixture(scope="session")
def measured() -> list[facts.Case]:
    """Every mail of the corpus with what we made of it."""
    return facts.cases()
