"""What users read speaks of people as "they" and "the customer"."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRONOUNS = re.compile(r"\b(he|his|him|himself|she|her|hers|herself|whom)\b", re.IGNORECASE)
PATTERNS = ("*.md", "docs/**/*", "templates/mail/en/*", "templates/report/*", "ticketctl/data/*")
PAGES = sorted(page for pattern in PATTERNS for page in ROOT.glob(pattern) if page.is_file())


def test_pages_and_templates_use_no_gendered_pronoun_and_no_whom() -> None:
    """docs/commands.md and docs/man hold every --help text."""
    assert {page.name for page in PAGES} >= {
        "README.md",
        "commands.md",
        "ticketctl-reply.1",
        "ack.txt.j2",
    }
    found = [
        f"{page.relative_to(ROOT)}:{number}: {line.strip()}"
        for page in PAGES
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if PRONOUNS.search(line)
    ]
    assert found == []
