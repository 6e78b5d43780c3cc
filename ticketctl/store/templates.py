"""Canned texts that the team shares (C13)."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from ticketctl.store.engine import Tx
from ticketctl.store.schema import template as table

REPLY = "reply"

_TEXTS = select(table.c.language, table.c.text).where(
    table.c.name == bindparam("of_name"), table.c.kind == REPLY
)


def answer(tx: Tx, name: str, languages: Sequence[str]) -> str | None:
    """The canned answer of that name in the first of these languages that it has, else in any; None for no such one."""
    texts = {row.language: row.text for row in tx.execute(_TEXTS, {"of_name": name})}
    found = next((one for one in (*languages, "") if one in texts), None)
    return texts[found] if found is not None else next(iter(texts.values()), None)
