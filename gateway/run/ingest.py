"""The command `gateway ingest`: accepts mail and JSON lines from files or standard input, and files them."""

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


class IngestOptions(NamedTuple):
    """The envelope of mail; the channel for lines that name none (None: only files that look like lines are)."""

    sender: str | None
    recipients: tuple[str, ...]
    channel: str | None
    authserv_id: str = ""


class _Accepted(Struct):
    """What was accepted so far, and a sentence for everything that was not."""

    count: int = 0
    lines: dict[int, str] = {}  # by row of the inbox, where the line is
    refused: list[str] = []


def ingest(app: App, options: IngestOptions, files: Sequence[str]) -> None:
    """Accept and file everything. TryAgain if the database is away; BadData at the end for what was refused."""
    if options.channel and (options.sender or options.recipients or options.authserv_id):
        raise BadInput(
            "--sender, --recipient and --authserv-id are for mail, --channel is for JSON lines."
        )
    for name in files:
        _check_exists(name)
    accepted = _Accepted()
    try:
        for name in files:
            _accept(app, options, name, accepted)
    except DatabaseTrouble as trouble:
        raise TryAgain(f"the mail was not accepted; try again: {trouble.sentence}") from trouble
    _file_waiting(app, accepted.lines)
    app.out.note(f"{accepted.count} accepted.")
    if accepted.refused:
        first, *others = map(terminal_line, accepted.refused)
        raise BadData(first, *others)


def _check_exists(name: str) -> None:
    try:
        if name != "-":
            Path(name).stat()
    except OSError as trouble:
        raise BadInput(f"the file {name!r} cannot be read: {trouble.strerror}.") from None


def _accept(app: App, options: IngestOptions, name: str, accepted: _Accepted) -> None:
    """Accept the content of one file, opened only once, because it may be a FIFO."""
    try:
        if name == "-":
            _accept_file(app, options, name, sys.stdin.buffer, accepted)
        elif Path(name).is_dir():
            max_size = app.settings.gateway.max_message_size
            _accept_mails(app, options, mail_files.from_maildir(Path(name), max_size), accepted)
        else:
            with Path(name).open("rb") as file:
                _accept_file(app, options, name, file, accepted)
    except OSError as trouble:
        accepted.refused.append(f"the file {name!r} cannot be read: {trouble.strerror}.")


def _accept_file(
    app: App, options: IngestOptions, name: str, file: IO[bytes], accepted: _Accepted
) -> None:
    max_size = app.settings.gateway.max_message_size
    if options.channel or receive_lines.is_line_file(name, file):
        found = receive_lines.store_lines(app.db, name, file, options.channel, max_size)
        accepted.count += len(found.rows)
        accepted.lines.update(found.rows)
        accepted.refused.extend(found.refused)
    elif name == "-":  # a mail server's pipe: one mail, whatever its first line
        _accept_mails(app, options, [mail_files.whole("the mail", file, max_size)], accepted)
    else:
        _accept_mails(app, options, mail_files.from_file(name, file, max_size), accepted)


def _accept_mails(
    app: App, options: IngestOptions, items: Iterable[mail_files.Item], accepted: _Accepted
) -> None:
    count, refused = pipe.ingest(
        app.db, app.settings, options.sender, options.recipients, items, options.authserv_id
    )
    accepted.count += count
    accepted.refused.extend(refused)


def _file_waiting(app: App, lines: dict[int, str]) -> None:
    """File what is waiting, and report which of these lines are held, even with -q."""
    try:
        Worker(app.db, app.settings).drain()
        for sentence in receive_lines.held_lines(app.db, lines) if lines else ():
            app.out.trouble(terminal_line(sentence))
    except DatabaseTrouble as trouble:  # it is in the inbox; intake files it later
        app.out.note(f"it is accepted and will be filed later: {trouble.sentence}")
