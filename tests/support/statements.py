"""The statements that transactions run, and how SQLite goes about them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from ticketctl.store.db.tx import Tx

Heard = list[tuple[str, Sequence[object]]]


@contextmanager
def heard() -> Iterator[Heard]:
    """Every statement that is run meanwhile, with its values."""
    found: Heard = []
    run = Tx._run

    def listening(self: Tx, text: str, arguments: Sequence[Any], **more: Any) -> Any:
        found.append((text, arguments))
        return run(self, text, arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tx, "_run", listening)
        yield found


def plan(tx: Tx, asked: Heard) -> list[str]:
    """The steps that SQLite takes for these statements."""
    found = []
    for text, arguments in asked:
        found += [row[3] for row in tx.run(f"EXPLAIN QUERY PLAN {text}", arguments).fetchall()]
    return found
