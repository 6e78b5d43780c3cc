"""Stores JSON lines in the inbox, each before the next is read, so that none is lost."""

from collections.abc import Iterator
from io import BufferedReader
from typing import IO

from msgspec import Struct

from gateway.lines import message_line
from ticketctl import clock
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.errors import BadInput
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

VIA = "line"
ENDINGS = (".jsonl", ".ndjson")
_BLANK = b" \t\r\n"


class StoredLines(Struct, frozen=True):
    """The lines that are in the inbox, and those that were refused."""

    rows: dict[int, str]  # by row of the inbox, where the line is: `FILE, line 3`
    refused: tuple[str, ...]  # a sentence each


def is_line_file(name: str, file: IO[bytes]) -> bool:
    """Does a file contain JSON lines? Known by its ending, or because it begins with `{`, as no mail does."""
    if name.endswith(ENDINGS):
        return True
    if isinstance(file, BufferedReader):
        start = file.peek(1)
    else:  # in memory
        start = file.read()
        file.seek(0)
    return start.lstrip(_BLANK)[:1] == b"{"


def store_lines(
    db: Database, name: str, file: IO[bytes], channel: str | None, max_size: int
) -> StoredLines:
    """Store every line of a file, at most `max_size` bytes each. `channel` is for lines that name none.

    After DatabaseTrouble the lines before it are stored; storing a line twice does no harm.
    """
    rows: dict[int, str] = {}
    refused: list[str] = []
    for number, raw in _lines(file, max_size):
        place = f"line {number}" if name == "-" else f"{name}, line {number}"
        try:
            if len(raw) > max_size:
                raise BadInput(f"it has more than {max_size} bytes.")
            message_line.decode(raw)
        except BadInput as wrong:
            refused.append(f"{place} was not accepted: {wrong.sentence}")
        else:
            rows[_store(db, message_line.with_channel(raw, channel) if channel else raw)] = place
    return StoredLines(rows, tuple(refused))


def held_lines(db: Database, places: dict[int, str]) -> list[str]:
    """Return a sentence for each of these lines that is held."""
    with db.read() as tx:
        rows = inbox.listing(tx, inbox.HELD)
    return [
        f"{places[row.id]} is held as {row.id} in the inbox: {row.error}"
        for row in reversed(rows)
        if row.id in places
    ]


def _store(db: Database, raw: bytes) -> int:
    received = ReceivedMail(
        raw=raw, via=VIA, envelope_from=message_line.sender(raw) or None, recipients={"": ()}
    )
    (row,) = db.write(lambda tx: inbox.accept(tx, received, clock.now()))
    return row


def _lines(file: IO[bytes], max_size: int) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers; a line that is too long is cut while reading."""
    number = 0
    while raw := file.readline(max_size + 1):
        number += 1
        tail = raw
        while tail and not tail.endswith(b"\n"):
            tail = file.readline(max_size)
        if raw.strip(_BLANK):
            yield number, raw.strip(_BLANK) if len(raw) <= max_size else raw
