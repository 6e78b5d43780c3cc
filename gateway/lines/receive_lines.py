"""The door for JSON lines: each a row of the inbox before the next is read, so that nothing is lost between."""

from collections.abc import Iterator
from io import BufferedReader
from typing import IO

from msgspec import Struct

from gateway.lines import message_line
from ticketctl import clock
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.errors import BadInput
from ticketctl.store.db.engine import Database
from ticketctl.store.queues import inbox

VIA = "line"
ENDINGS = (".jsonl", ".ndjson")
_BLANK = b" \t\r\n"


class StoredLines(Struct, frozen=True):
    """What a door made of its lines: those in the inbox by their place in the files, and what was no JSON object."""

    rows: dict[int, str]  # row of the inbox: `FILE, line 3`
    refused: tuple[str, ...]  # a sentence each


def are_lines(name: str, file: IO[bytes]) -> bool:
    """Does a file hold JSON lines: by its ending, else because it begins with `{`, as no mail does?"""
    if name.endswith(ENDINGS):
        return True
    if isinstance(file, BufferedReader):
        start = file.peek(1)
    else:  # in memory
        start = file.read()
        file.seek(0)
    return start.lstrip(_BLANK)[:1] == b"{"


def take(
    db: Database, name: str, file: IO[bytes], channel: str | None, largest: int
) -> StoredLines:
    """Take every line of a file, at most `largest` bytes each; `channel` is that of lines that name none.

    DatabaseTrouble, and what was taken before stays taken: taking a line twice does no harm.
    """
    rows: dict[int, str] = {}
    refused: list[str] = []
    for number, raw in _lines(file, largest):
        place = f"line {number}" if name == "-" else f"{name}, line {number}"
        try:
            if len(raw) > largest:
                raise BadInput(f"it has more than {largest} bytes.")
            message_line.decoded(raw)
        except BadInput as wrong:
            refused.append(f"{place} was not taken: {wrong.sentence}")
        else:
            rows[_accept(db, message_line.with_channel(raw, channel) if channel else raw)] = place
    return StoredLines(rows, tuple(refused))


def held(db: Database, places: dict[int, str]) -> list[str]:
    """A sentence for each of these lines that waits for a person."""
    with db.read() as tx:
        rows = inbox.listing(tx, inbox.HELD)
    return [
        f"{places[row.id]} is held as {row.id} in the inbox: {row.error}"
        for row in reversed(rows)
        if row.id in places
    ]


def _accept(db: Database, raw: bytes) -> int:
    received = ReceivedMail(
        raw=raw, via=VIA, envelope_from=message_line.sender(raw) or None, recipients={"": ()}
    )
    (row,) = db.write(lambda tx: inbox.accept(tx, received, clock.now()))
    return row


def _lines(file: IO[bytes], largest: int) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers; a line that is too long is cut, never kept whole."""
    number = 0
    while raw := file.readline(largest + 1):
        number += 1
        tail = raw
        while tail and not tail.endswith(b"\n"):
            tail = file.readline(largest)
        if raw.strip(_BLANK):
            yield number, raw.strip(_BLANK) if len(raw) <= largest else raw
