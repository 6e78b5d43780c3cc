"""`gateway ingest`: mail and JSON lines from files or standard input, filed at once where that can be."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from msgspec import Struct

from gateway.intake.worker import Worker
from gateway.lines import receive_lines
from gateway.receive import mail_files, pipe
from ticketctl.console.context import App
from ticketctl.errors import BadData, BadInput, DatabaseTrouble, TryAgain
from ticketctl.safe import terminal_line


class Wanted(NamedTuple):
    """The envelope of mail; the channel of lines that name none (None: only what looks like lines is)."""

    sender: str | None
    recipients: tuple[str, ...]
    channel: str | None
    authserv_id: str = ""


class _Taken(Struct):
    """What was taken so far, and a sentence for each thing that was not."""

    count: int = 0
    lines: dict[int, str] = {}  # row of the inbox: where the line stands
    refused: list[str] = []


def ingest(app: App, wanted: Wanted, files: Sequence[str]) -> None:
    """Take all of it. TryAgain where the database is away; BadData, the rest taken, for what cannot be taken."""
    if wanted.channel and (wanted.sender or wanted.recipients or wanted.authserv_id):
        raise BadInput(
            "--sender, --recipient and --authserv-id are for mail, --channel is for JSON lines."
        )
    for name in files:
        _must_be_there(name)
    taken = _Taken()
    try:
        for name in files:
            _take(app, wanted, name, taken)
    except DatabaseTrouble as trouble:
        raise TryAgain(f"the mail was not accepted; try again: {trouble.sentence}") from trouble
    _file(app, taken.lines)
    app.out.note(f"{taken.count} accepted.")
    if taken.refused:
        first, *others = map(terminal_line, taken.refused)
        raise BadData(first, *others)


def _must_be_there(name: str) -> None:
    try:
        if name != "-":
            Path(name).stat()
    except OSError as trouble:
        raise BadInput(f"the file {name!r} cannot be read: {trouble.strerror}.") from None


def _take(app: App, wanted: Wanted, name: str, taken: _Taken) -> None:
    """Take what one file holds; it is opened once, since a FIFO gives what it has only once."""
    try:
        if name == "-":
            _from_file(app, wanted, name, sys.stdin.buffer, taken)
        elif Path(name).is_dir():
            largest = app.settings.gateway.max_message_size
            _mails(app, wanted, mail_files.from_maildir(Path(name), largest), taken)
        else:
            with Path(name).open("rb") as file:
                _from_file(app, wanted, name, file, taken)
    except OSError as trouble:
        taken.refused.append(f"the file {name!r} cannot be read: {trouble.strerror}.")


def _from_file(app: App, wanted: Wanted, name: str, file: IO[bytes], taken: _Taken) -> None:
    largest = app.settings.gateway.max_message_size
    if wanted.channel or receive_lines.is_line_file(name, file):
        found = receive_lines.store_lines(app.db, name, file, wanted.channel, largest)
        taken.count += len(found.rows)
        taken.lines.update(found.rows)
        taken.refused.extend(found.refused)
    elif name == "-":  # a mail server's pipe: one mail, whatever its first line is
        _mails(app, wanted, [mail_files.whole("the mail", file, largest)], taken)
    else:
        _mails(app, wanted, mail_files.from_file(name, file, largest), taken)


def _mails(app: App, wanted: Wanted, items: Iterable[mail_files.Item], taken: _Taken) -> None:
    count, refused = pipe.ingest(
        app.db, app.settings, wanted.sender, wanted.recipients, items, wanted.authserv_id
    )
    taken.count += count
    taken.refused.extend(refused)


def _file(app: App, lines: dict[int, str]) -> None:
    """File what waits, and say which of these lines a person must look at, even with -q."""
    try:
        Worker(app.db, app.settings).drain()
        for sentence in receive_lines.held_lines(app.db, lines) if lines else ():
            app.out.trouble(terminal_line(sentence))
    except DatabaseTrouble as trouble:  # it is ours already; intake files it later
        app.out.note(f"it is accepted and will be filed later: {trouble.sentence}")
