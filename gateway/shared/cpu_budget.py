"""Limits the processor time of one mail. A timer interrupts the main thread wherever it is, also inside `re`."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_SECONDS = 0.5  # to the next exception, in case a library's callback swallowed the first
_HEAD_SHARE = 0.2  # of the budget, reserved for parsing the head if the rest was not enough


class TooCostly(BaseException):
    """A mail has used up its time. Not an Exception, so that no handler for broken mail catches it."""


class Allowance:
    """The processor seconds of one mail, over several steps."""

    def __init__(self, seconds: float, head_share: float = _HEAD_SHARE) -> None:
        self._head = seconds * head_share
        self._left = seconds - self._head

    def for_head(self) -> "Allowance | None":
        """Return the reserve for parsing the head; None if this is that reserve."""
        return Allowance(self._head, 0) if self._head else None

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Count the time of the block; raise TooCostly inside it when nothing is left.

        Timers only reach the main thread; in other threads there is no limit.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        if self._left <= 0:
            raise TooCostly
        before = signal.signal(signal.SIGPROF, _raise_too_costly)
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


def _raise_too_costly(number: int, frame: FrameType | None) -> None:
    raise TooCostly
