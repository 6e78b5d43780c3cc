"""Wakes another part of the gateway when there is work for it, so that it need not look in the database all the time.

The supervisor opens a pipe for each and all parts inherit them. A part that has stored mail writes a byte; the one that
waits reads it. Nothing depends on it: commands and other hosts wake nobody, so that each part also looks by itself
after a while. Without a supervisor nothing is open, and waiting is just waiting.
"""

import contextlib
import os
import select
import threading
from collections.abc import Sequence

_AT_ONCE = 4096  # bytes read: everyone who rang while we worked


class Wake:
    """A bell that any part may ring and that some wait for."""

    def __init__(self) -> None:
        self._ears = self._rope = -1

    def open(self) -> tuple[int, int]:
        """Open the pipe, and return its ends for other processes."""
        ears, rope = os.pipe()
        self.use(ears, rope)
        return ears, rope

    def use(self, ears: int, rope: int) -> None:
        """Use the ends of a pipe that another process opened."""
        for end in (ears, rope):
            os.set_blocking(end, False)
        self._ears, self._rope = ears, rope

    def ring(self) -> None:
        """Wake whoever waits."""
        if self._rope >= 0:
            # A full pipe wakes as well; without readers there is nobody to wake.
            with contextlib.suppress(BlockingIOError, BrokenPipeError):
                os.write(self._rope, b"!")

    def wait(self, stop: threading.Event, seconds: float) -> None:
        """Wait until somebody rings, or for so many seconds; returns at once if `stop` is set."""
        if self._ears < 0:
            stop.wait(seconds)
        elif not stop.is_set() and select.select([self._ears], (), (), seconds)[0]:
            with contextlib.suppress(BlockingIOError):  # another part was faster
                os.read(self._ears, _AT_ONCE)


INTAKE, SEND = Wake(), Wake()


def open_all() -> Sequence[int]:
    """Open all pipes; their ends, which parts inherit."""
    return [end for wake in (INTAKE, SEND) for end in wake.open()]
