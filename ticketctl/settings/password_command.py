"""Runs the commands of config.toml that print a password, without a shell, with limits on time and output."""

import os
import shlex
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ticketctl.errors import MailServerTrouble, Refused

if TYPE_CHECKING:
    from subprocess import Popen

SECONDS = 30.0
LONGEST = 64 * 1024  # octets of output


def run(command: str) -> str:
    """The first line that a command prints. The rest of its output is ignored and never shown.

    MailServerTrouble if it fails, prints nothing, prints too much or hangs: it may succeed later. It and its children
    are killed then. Refused if the program does not exist. Errors name only the program, since its arguments may be
    secret.
    """
    words = _words(command)
    end = time.monotonic() + SECONDS
    with _started(words) as process:
        try:
            output = _output(process, words[0], end)
            code = _wait(process, words[0], end)
        except BaseException:  # leave no process behind, neither the program nor its children
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if code:
        raise MailServerTrouble(f"the password command {words[0]} exited with {code}.")
    if not (found := first_line(output)):
        raise MailServerTrouble(
            f"the password command {words[0]} printed no password: its first line is empty."
        )
    return found


def first_line(content: bytes) -> str:
    """The first line of a text, without its line end."""
    return content.decode("utf-8", "surrogateescape").partition("\n")[0].removesuffix("\r")


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        raise Refused("a password_command cannot be read: check its quotes.") from None
    if not words:
        raise Refused("a password_command is blank: name a program, or leave the setting out.")
    return words


def _started(words: list[str]) -> "Popen[bytes]":
    import subprocess

    try:
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a group of its own, so that its children end with it
        )
    except (OSError, ValueError) as trouble:  # ValueError: a NUL in a word
        why = getattr(trouble, "strerror", None) or "its name is no file name"
        raise MailServerTrouble(
            f"the password command {words[0]!r} cannot be run: {why}."
        ) from None


def _output(process: "Popen[bytes]", name: str, end: float) -> bytes:
    """The whole output until the command closes it; MailServerTrouble if it is too much or too late."""
    import selectors

    assert process.stdout is not None
    output = b""
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while ready.select(max(0.0, end - time.monotonic())):
            piece = os.read(process.stdout.fileno(), 4096)
            if not piece:
                return output
            output += piece
            if len(output) > LONGEST:
                raise MailServerTrouble(
                    f"the password command {name} printed more than {LONGEST // 1024} KiB instead of a password."
                )
    raise _hanging(name)


def _wait(process: "Popen[bytes]", name: str, end: float) -> int:
    from subprocess import TimeoutExpired

    try:
        return process.wait(timeout=max(0.0, end - time.monotonic()))
    except TimeoutExpired:
        raise _hanging(name) from None


def _hanging(name: str) -> MailServerTrouble:
    return MailServerTrouble(f"the password command {name} did not finish within {SECONDS:.0f} s.")
