"""Forks processes of the gateway. A forked process shares with its parent the memory of what that has imported.

The parent must have no thread and no connection to the database.
"""

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NoReturn

log = logging.getLogger("ticketctl.gateway")

_STOPPING = (signal.SIGTERM, signal.SIGINT)
_POLL_SECONDS = 0.02


class Child:
    """A forked process that runs `work`, whose result is the exit code. OSError if the system allows no more processes.

    Its standard input is a pipe, on which the parent may tell it something, and which ends when the parent ends or
    calls `release`.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], int],
        *,
        keep: Collection[int] = (),  # descriptors that it may use
        output: int | None = None,  # the file for its output; None: the same as ours
    ) -> None:
        ends, self._lifeline = os.pipe()
        os.set_blocking(self._lifeline, False)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        # A signal that arrives now is for the parent, whose handlers the child has not yet put away.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        self._code: int | None = None
        try:
            self.pid = os.fork()
            if not self.pid:
                _run(name, work, ends, frozenset(keep), output)
        except OSError:
            os.close(self._lifeline)
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            os.close(ends)

    def poll(self) -> int | None:
        """Return the exit code, minus the number of the signal that ended it; None while it runs."""
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def wait(self, seconds: float = float("inf")) -> int | None:
        """Return the exit code; None if it still runs after so many seconds."""
        end = time.monotonic() + seconds
        while (code := self.poll()) is None and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
        return code

    def terminate(self) -> None:
        """Ask it to stop, unless it has ended."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, unless it has ended."""
        self._send(signal.SIGKILL)

    def tell(self, line: bytes) -> None:
        """Write a line to its standard input, unless it has not read the earlier ones or has ended."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(self._lifeline, line)

    def release(self) -> None:
        """End its standard input; call it once."""
        os.close(self._lifeline)

    def _send(self, number: int) -> None:
        if self.poll() is None:  # not waited for yet: the number is still that of our child
            os.kill(self.pid, number)


def _run(
    name: str, work: Callable[[], int], stdin: int, keep: frozenset[int], output: int | None
) -> NoReturn:
    """Be the child: run `work` and end, whatever happens, without returning to the parent's code."""
    code = 1
    try:
        os.setsid()  # Ctrl-C only reaches the parent, which stops its children in order
        for number in _STOPPING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        os.dup2(stdin, 0)
        if output is not None:
            os.dup2(output, 1)
            os.dup2(output, 2)
        _close_others(keep)
        with contextlib.suppress(OSError):
            Path("/proc/self/comm").write_text(name)  # for ps and top
        code = work()
    except BaseException:
        log.exception("%s failed", name)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)


def _close_others(keep: Collection[int]) -> None:
    """Close what the child inherited but must not hold: pipes whose end tells others that the parent has died."""
    for number in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        if number > 2 and number not in keep:
            with contextlib.suppress(OSError):  # that of the list itself
                os.close(number)
