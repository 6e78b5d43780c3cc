"""The processor time that one mail may take. A timer ends the reading wherever the main thread is, also inside `re`."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_SECONDS = (
    0.5  # until it strikes again, where a callback of a library has swallowed the first one
)
_HEAD_SHARE = 0.2  # of the whole is kept for reading the head, when the rest was not enough for all of the mail


class TooCostly(BaseException):
    """A mail has used up its time. No Exception, so that nothing which expects broken mail takes it for that."""


class Allowance:
    """The seconds of processor that one mail may take, in as many steps as there are."""

    def __init__(self, seconds: float, head_share: float = _HEAD_SHARE) -> None:
        self._head = seconds * head_share
        self._left = seconds - self._head

    def for_head(self) -> "Allowance | None":
        """What is kept for the head alone; None where that is what this one was."""
        return Allowance(self._head, 0) if self._head else None

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Spend it on what is done inside; TooCostly there when nothing is left.

        Only the main thread hears timers: elsewhere there is no limit.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        if self._left <= 0:
            raise TooCostly
        before = signal.signal(signal.SIGPROF, _strike)
        signal.setitimer(signal.ITIMER_PROF, self._left, _AGAIN_SECONDS)
        try:
            yield
        except TooCostly:
            self._left = 0.0
            raise
        finally:
            left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
            self._left = min(self._left, left)
            signal.signal(signal.SIGPROF, before)


def _strike(number: int, frame: FrameType | None) -> None:
    raise TooCostly
