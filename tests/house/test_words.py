"""Texts and code speak of people as "they" and "the customer"."""

import re
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRONOUNS = re.compile(r"\b(he|his|him|himself|she|her|hers|herself|whom)\b", re.IGNORECASE)
PAGES = ("*.md", "docs/**/*", "templates/mail/en/*", "templates/report/*", "ticketctl/data/*")
CODE = ("ticketctl/**/*.py", "gateway/**/*.py")
# Tables of words of many languages: Hebrew has the code he, Spanish the verb he.
LANGUAGES = {
    "gateway/trim/languages.py",
    "gateway/parse/language.py",
    "ticketctl/templating/direction.py",
}


def pronouns(patterns: Iterable[str]) -> tuple[set[str], list[str]]:
    """The files of the patterns, and the lines in them that have a pronoun."""
    files = sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())
    names = {path.relative_to(ROOT).as_posix(): path for path in files}
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, path in names.items()
        if name not in LANGUAGES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if PRONOUNS.search(line)
    ]
    return set(names), found


def test_pages_and_templates_use_no_gendered_pronoun_and_no_whom() -> None:
    """docs/commands.md and docs/man hold every --help text."""
    names, found = pronouns(PAGES)
    assert names >= {"README.md", "docs/commands.md", "docs/man/ticketctl-reply.1"}
    assert found == []


def test_code_uses_no_gendered_pronoun_and_no_whom() -> None:
    names, found = pronouns(CODE)
    assert names >= LANGUAGES
    assert found == []
