"""`gateway ingest`: mail and JSON lines from files or standard input, filed at once where that can be."""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.doors import pipe
from gateway.lines import door
from gateway.worker import Worker
from ticketctl.cli.desk_context import Desk
from ticketctl.errors import BadData, BadInput, DatabaseTrouble, TryAgain
from ticketctl.safe import one_line


class Wanted(NamedTuple):
    """The envelope of mail; the channel of lines that name none (None: only what looks like lines is)."""

    sender: str | None
    recipients: tuple[str, ...]
    channel: str | None


def ingest(desk: Desk, wanted: Wanted, files: Sequence[str]) -> None:
    """Take all of it. TryAgain where the database is away; BadData, the rest taken, for lines that are no JSON."""
    if wanted.channel and (wanted.sender or wanted.recipients):
        raise BadInput("--sender and --recipient are of mail, --channel is of JSON lines.")
    try:
        lines = [one for one in files if wanted.channel or door.are_lines(one)]
        mails = [one for one in files if one not in lines]
        settings = desk.settings
        largest = settings.gateway.max_message_size
        taken = door.take(desk.db, lines, wanted.channel, largest)
        count = len(taken.rows)
        if mails:
            count += pipe.ingest(desk.db, settings, wanted.sender, wanted.recipients, mails)
    except DatabaseTrouble as trouble:
        raise TryAgain(f"the mail was not taken; try again: {trouble.sentence}") from trouble
    _file(desk, taken)
    desk.out.note(f"{count} taken.")
    if taken.refused:
        first, *others = taken.refused
        raise BadData(first, *others)


def _file(desk: Desk, taken: door.Taken) -> None:
    """File what waits, and say which of these lines a person must look at, even with -q."""
    try:
        Worker(desk.db, desk.settings).drain()
        for sentence in door.held(desk.db, taken) if taken.rows else ():
            desk.out.trouble(one_line(sentence))
    except DatabaseTrouble as trouble:  # it is ours already; intake files it later
        desk.out.note(f"it is taken and will be filed later: {trouble.sentence}")
