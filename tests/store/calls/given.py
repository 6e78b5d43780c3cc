"""What calls of the store's functions start from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ticketctl import clock
from ticketctl.domain.base.condition import AllOf, Where
from ticketctl.domain.base.records import Actor
from ticketctl.store.db.database import Tx

AT = clock.parse("2026-03-09T08:10:00Z")
LATER = AT + timedelta(hours=1)
MINE = AllOf((Where("segment", "=", ("support",)),))
NOBODYS = Where("segment", "=", ("elsewhere",))
ANA = Actor("ana", "root")


@dataclass
class Given:
    """What is there before: two tickets of a customer, in the segment support."""

    tx: Tx
    one: int
    two: int
    customer: int


def raised(kind: type[Exception], call: Callable[[], object]) -> None:
    """Assert that the call raises an error of this kind."""
    try:
        call()
    except kind:
        return
    raise AssertionError(f"no {kind.__name__}")
