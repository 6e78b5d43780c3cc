"""Opens attachments with the system's programs, from copies in a private folder that lasts as long as the screen."""

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ticketctl import text_table
from ticketctl.cli.commands.reading import attachment
from ticketctl.console.context import App
from ticketctl.domain.base import size
from ticketctl.errors import Refused
from ticketctl.safe import filename, terminal_line
from ticketctl.ui.panes.choice_list import Choice

# What a desktop may run, or whose scripts a browser runs as a file of this computer.
_RUNS = {
    "action", "apk", "app", "appimage", "applescript", "bash", "bat", "bin", "class", "cmd", "com", "command",
    "cpl", "csh", "deb", "desktop", "dll", "dmg", "exe", "fish", "gadget", "hta", "htm", "html", "inf", "ins",
    "iso", "jar", "jnlp", "js", "jse", "ksh", "lnk", "mht", "mhtml", "mjs", "msc", "msi", "msp", "mst", "out",
    "pif", "pkg", "pl", "ps1", "py", "pyc", "pyw", "rb", "reg", "rpm", "run", "scf", "scpt", "scr", "service",
    "sh", "shtml", "svg", "url", "vb", "vbe", "vbs", "webloc", "workflow", "ws", "wsc", "wsf", "wsh", "xht",
    "xhtml", "zsh",
}  # fmt: skip
_BEGINS = (b"\x7fELF", b"MZ", b"#!", b"[Desktop Entry]", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_LOOKED_AT = 512  # bytes


class Listed(NamedTuple):
    """An attachment: its number in the ticket, where it is, its name, type and size in bytes."""

    number: int
    where: str
    name: str
    type: str
    size: int


def listed(app: App, ticket: int, present: str) -> list[Listed]:
    """The attachments of a ticket; those of the present message (`message 2`) first."""
    found = [
        Listed(one.n, one.where, one.entry.name, one.entry.type, one.entry.size)
        for one in attachment.of(app, ticket)
    ]
    return sorted(found, key=lambda one: one.where != present)


def lines(found: Sequence[Listed], room: int) -> list[Choice]:
    """A line for each: where it is, its name, type and size."""
    cells = [
        [terminal_line(one.name), terminal_line(one.type), size.show(one.size), one.where]
        for one in found
    ]
    table = text_table.lines(cells, [], (5, 2, 0, 0), room)
    return [Choice(str(one.number), line) for one, line in zip(found, table, strict=True)]


class Opener:
    """Opens files with a program; keeps them in a folder that nobody else can read, until `close`."""

    def __init__(self, program: str) -> None:
        self._setting = program
        self._started: list[subprocess.Popen[bytes]] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def open(self, app: App, ticket: int, one: Listed) -> str:
        """Open an attachment; what to say of it. Refused for what the desktop may run, whatever its name."""
        program = self._program()
        try:
            path = self._place(one.name)
            attachment.copy(app, ticket, one.number, path)
        except OSError as trouble:
            raise Refused(f"{one.name!r} cannot be copied: {trouble.strerror}.") from None
        self._run(program, path)
        return f"{path.name} is opened by {program[0]}."

    def _program(self) -> list[str]:
        try:
            words = shlex.split(self._setting)
        except ValueError as wrong:
            raise Refused(f"the setting ui.opener: {str(wrong).lower()}.") from None
        return words or ["open" if sys.platform == "darwin" else "xdg-open"]

    def _place(self, name: str) -> Path:
        """A path for a new copy."""
        clean = filename(name)
        if Path(clean).suffix[1:].lower() in _RUNS:
            raise _refusal(clean)
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="ticketctl-")
        return Path(tempfile.mkdtemp(dir=self._folder.name)) / clean

    def _run(self, program: Sequence[str], path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT).lstrip()
        if head.startswith(_BEGINS):
            path.unlink()
            raise _refusal(path.name)
        try:
            started = subprocess.Popen(
                [*program, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as trouble:
            raise Refused(
                f"{program[0]} cannot be run: {trouble.strerror}; save the attachment with `s`,"
                " or name another program in the setting ui.opener."
            ) from None
        self._started = [one for one in (*self._started, started) if one.poll() is None]

    def close(self) -> None:
        """Remove the copies; programs that show them go on."""
        self._started = [one for one in self._started if one.poll() is None]
        if self._folder is not None:
            self._folder.cleanup()


def _refusal(name: str) -> Refused:
    return Refused(
        f"{name!r} may be a program and is not opened; save it with `s` if you trust it."
    )
