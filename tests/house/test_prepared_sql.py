"""The SQL that is sent to a database is that of the statements, and leaves nothing in a session."""

import ast
import re
from pathlib import Path

import pytest

from ticketctl.store.db import prepare

STORE = Path(prepare.__file__).parents[1]
# What a pooler would give to another client, or lose: it lasts longer than its transaction.
OF_A_SESSION = re.compile(
    r"(?:^|;)\s*(?:SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)|RESET\b|DISCARD\b|LISTEN\b|PREPARE\b|LOAD\b)"
    r"|\bWITH\s+HOLD\b|\bTEMP(?:ORARY)?\s+(?:TABLE|VIEW|SEQUENCE)\b|\bpg_temp\b"
    r"|\bpg_(?:try_)?advisory_(?:un)?lock|\bset_config\s*\((?!.*,\s*true\s*\))|\b(?:curr|last)val\s*\("
)


def test_the_prepared_sql_is_that_of_the_statements() -> None:
    assert [f"{one.parent.name}/{one.name}" for one in prepare.old()] == [], "run `make sql`"


def test_no_statement_needs_a_session() -> None:
    found = {
        f"{path.name}: {node.value.strip()[:60]}"
        for path in STORE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if OF_A_SESSION.search(node.value)
    }
    assert found == set()


@pytest.mark.parametrize(
    "statement",
    [
        "SET statement_timeout = 5",
        "BEGIN; SET search_path TO desk",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock_shared(1)",
        "SELECT set_config('a.b', 'c', false)",
        "CREATE TEMP TABLE numbers (n int)",
        "DECLARE found CURSOR WITH HOLD FOR SELECT 1",
        "LISTEN mail",
        "SELECT lastval()",
    ],
)
def test_a_statement_that_needs_a_session_is_found(statement: str) -> None:
    assert OF_A_SESSION.search(statement)
    for harmless in ("BEGIN; SET LOCAL a = b", "UPDATE t SET a = 1", "SELECT setval('s', 1)"):
        assert not OF_A_SESSION.search(harmless)
