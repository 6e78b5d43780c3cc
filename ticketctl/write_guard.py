"""Is a write transaction open in this thread? Foreign text is not read then: who writes keeps all others waiting."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_THREAD = threading.local()


@contextmanager
def open_transaction() -> Iterator[None]:
    """Mark this thread as writing; the store does it around every write transaction."""
    before = getattr(_THREAD, "writing", False)
    _THREAD.writing = True
    try:
        yield
    finally:
        _THREAD.writing = before


def never_in_a_write(reads: Callable[P, R]) -> Callable[P, R]:
    """A function that reads foreign text: RuntimeError where it is called inside a write transaction (F-D17)."""

    @wraps(reads)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if getattr(_THREAD, "writing", False):
            raise RuntimeError(
                f"{reads.__module__}.{reads.__name__} inside a write transaction: read the text before."
            )
        return reads(*args, **kwargs)

    return guarded
