"""Where the tests' own data lives, and the mails that are not in the repository."""

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
DATA = TESTS / "data"
CORPUS = TESTS.parents[1] / "shared" / "corpus"
