"""A program on a terminal of its own: keys in, screen out, and the terminal may be lost."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

PATIENCE = 60.0  # seconds until a test gives up
LEAVE = "\x1b[?1049l"  # leaves the alternate screen
_STYLE = re.compile(r"\x1b\[[0-9;:?<>=]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07")


class Terminal:
    """`ticketctl` with these words, on a terminal of 120 columns and 36 lines."""

    def __init__(self, words: list[str], env: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ticketctl", *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", **env},
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(theirs)
        self.written = ""
        self._is_lost = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.lose()
        self.process.kill()
        self.process.wait()

    def type(self, keys: str) -> None:
        """Type these keys."""
        os.write(self._ours, keys.encode())

    def see(self, text: str) -> str:
        """Wait until a text was written since the last that was waited for; return what was, without styles."""
        end = time.monotonic() + PATIENCE
        while text not in _plain(self.written):
            if time.monotonic() > end or not self._read():
                raise AssertionError(f"no {text!r} in {_plain(self.written)!r}")
        seen = _plain(self.written)
        self.written = ""
        return seen

    def see_left(self) -> None:
        """Wait until the program has given the terminal back; it may still run."""
        end = time.monotonic() + PATIENCE
        while LEAVE not in self.written:
            if time.monotonic() > end or not self._read():
                raise AssertionError(f"the terminal is not given back in {_plain(self.written)!r}")

    def wait(self) -> tuple[int, str]:
        """Wait until the program has ended; its exit code, and what was written since the last that was waited for."""
        end = time.monotonic() + PATIENCE
        while not self._is_lost and time.monotonic() < end and self._read():
            pass
        return self.process.wait(PATIENCE), _plain(self.written)

    def lose(self) -> None:
        """Close the terminal, as the end of a connection does."""
        if not self._is_lost:
            self._is_lost = True
            os.close(self._ours)

    def _read(self) -> bool:
        """Read what was written within a second; False if the program has closed its end."""
        if not select.select([self._ours], [], [], 1.0)[0]:
            return True
        try:
            found = os.read(self._ours, 65536)
        except OSError:  # how Linux tells that nobody has the other end open
            return False
        self.written += found.decode(errors="replace")
        return bool(found)


def _own_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _plain(text: str) -> str:
    return _STYLE.sub("", text)
