"""Writes an export in its formats. Each writer takes tickets one by one and keeps none of them."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.clock import rfc3339
from ticketctl.export.rows import (
    COMMENT_FIELDS,
    MESSAGE_FIELDS,
    ExportColumn,
    ExportedTicket,
    pages,
)
from ticketctl.safe import csv_cells, json_escaped, tsv_cells

_CELL = 32_767  # characters; Excel refuses more


def text_cell(value: object) -> str:
    """A value as text: RFC 3339 times, yes for true, empty for none and false."""
    if value is None or value is False:
        return ""
    if isinstance(value, datetime):
        return rfc3339(value)
    return "yes" if value is True else str(value)


class RowFile:
    """A CSV or TSV file: its heading, then rows, made column by column of some items at a time."""

    def __init__(
        self, out: IO[bytes], fields: Sequence[ExportColumn], *, tsv: bool = False,
        bom: bool = False, raw: bool = False,
    ) -> None:  # fmt: skip
        """CSV is RFC 4180, UTF-8, CRLF; cells that a spreadsheet would run get an apostrophe unless `raw`.

        TSV has a line a row; its cells are as `safe.tsv_cell` makes them.
        """
        self._out, self._fields, self._tsv = out, fields, tsv
        self._clean = tsv_cells if tsv else list[str] if raw else csv_cells
        out.write(b"\xef\xbb\xbf" if bom else b"")
        self._write([self._clean([field.name]) for field in fields])

    def add(self, items: Sequence[object]) -> None:
        """Write a row for each item."""
        if items:
            self._write([_cells(list(map(one.value, items)), self._clean) for one in self._fields])

    def _write(self, columns: list[list[str]]) -> None:
        rows = zip(*columns, strict=True)
        if self._tsv:
            self._out.write("".join("\t".join(row) + "\n" for row in rows).encode())
            return
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerows(rows)
        self._out.write(buffer.getvalue().encode("utf-8", "replace"))


def write_rows(
    entries: Iterable[ExportedTicket],
    tickets: RowFile,
    *,
    messages: RowFile | None = None,
    comments: RowFile | None = None,
) -> int:
    """Write tickets to one file, and messages and comments to files of their own; returns how many tickets."""
    count = 0
    for page in pages(entries):
        tickets.add([one.ticket for one in page])
        parts = [part for one in page for part in (one, *one.merged)]
        if messages:
            messages.add([said for part in parts for said in part.messages])
        if comments:
            comments.add([noted for part in parts for noted in part.comments])
        count += len(page)
    return count


def write_json(
    out: IO[bytes],
    entries: Iterable[ExportedTicket],
    shape: Callable[[ExportedTicket], object],
    *,
    lines: bool,
) -> int:
    """An array, or an object a line (`lines`)."""
    count = 0
    out.write(b"" if lines else b"[")
    for entry in entries:
        text = json_escaped(msgspec.json.encode(shape(entry)).decode()).encode()
        out.write(text + b"\n" if lines else (b",\n" if count else b"\n") + text)
        count += 1
    out.write(b"" if lines else b"\n]\n")
    return count


def write_mbox(out: IO[bytes], mails: Iterable[tuple[str, datetime, bytes]]) -> int:
    """mboxrd: raw mails as they came, `From ` lines inside them quoted (RFC 4155)."""
    count = 0
    for sender, at, raw in mails:
        stamp = at.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")
        address = "".join(sender.split()) or "MAILER-DAEMON"
        out.write(f"From {address} {stamp}\n".encode("ascii", "replace"))
        for line in raw.replace(b"\r\n", b"\n").split(b"\n"):
            out.write((b">" if line.lstrip(b">").startswith(b"From ") else b"") + line + b"\n")
        out.write(b"\n")
        count += 1
    return count


def write_xlsx(
    out: IO[bytes],
    entries: Iterable[ExportedTicket],
    fields: Sequence[ExportColumn],
    *,
    messages: bool,
    comments: bool,
    zone: ZoneInfo,
) -> int:
    """A workbook: a sheet of tickets, and of messages and comments if wanted. Text stays text.

    Times are in the zone that the heading of their column names, since a cell cannot hold one.
    """
    from shutil import copyfileobj
    from tempfile import TemporaryFile

    # A workbook needs seeking, which a pipe does not have, and hides the error of a full disk.
    with TemporaryFile() as whole:
        count = _write_book(whole, entries, fields, zone, messages=messages, comments=comments)
        whole.seek(0)
        copyfileobj(whole, out)
    return count


def _write_book(
    out: IO[bytes],
    entries: Iterable[ExportedTicket],
    fields: Sequence[ExportColumn],
    zone: ZoneInfo,
    *,
    messages: bool,
    comments: bool,
) -> int:
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
        "in_memory": False,
    }
    count = 0
    with Workbook(out, options) as book:
        sheets = [_Sheet(book, "Tickets", fields, zone)]
        sheets += [_Sheet(book, "Messages", MESSAGE_FIELDS, zone)] if messages else []
        sheets += [_Sheet(book, "Comments", COMMENT_FIELDS, zone)] if comments else []
        by_name = {sheet.name: sheet for sheet in sheets}
        for entry in entries:
            by_name["Tickets"].add(entry.ticket)
            for part in (entry, *entry.merged):
                for message in part.messages if messages else ():
                    by_name["Messages"].add(message)
                for comment in part.comments if comments else ():
                    by_name["Comments"].add(comment)
            count += 1
    return count


class _Sheet:
    """One sheet with its header; rows are added one after the other."""

    def __init__(
        self, book: Any, name: str, fields: Sequence[ExportColumn], zone: ZoneInfo
    ) -> None:
        self.name = name
        self._zone = zone
        self._fields = fields
        self._sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheet.freeze_panes(1, 0)
        for column, field in enumerate(fields):
            name = f"{field.name} ({zone.key})" if field.is_time else field.name
            self._sheet.write_string(0, column, name, bold)
        self._row = 0

    def add(self, item: object) -> None:
        self._row += 1
        for column, field in enumerate(self._fields):
            value = field.value(item)
            if isinstance(value, datetime):
                self._sheet.write_datetime(
                    self._row, column, value.astimezone(self._zone).replace(tzinfo=None)
                )
            elif isinstance(value, date):
                self._sheet.write_datetime(self._row, column, value, self._day)
            elif isinstance(value, bool):
                self._sheet.write_boolean(self._row, column, value)
            elif isinstance(value, int | float):
                self._sheet.write_number(self._row, column, value)
            elif value is not None and value != "":
                self._sheet.write_string(self._row, column, str(value)[:_CELL])


def _cells(values: list[Any], clean: Callable[[list[str]], list[str]]) -> list[str]:
    """The values of a column as clean text."""
    types = set(map(type, values))
    if types == {type(None)}:
        return [""] * len(values)
    if types <= {datetime, type(None)}:
        return _times(values)
    return clean(
        values if types == {str} else list(map(str if types == {int} else text_cell, values))
    )


def _times(stamps: list[datetime | None]) -> list[str]:
    """Times in UTC as RFC 3339; msgspec writes them much faster than isoformat."""
    written = msgspec.json.encode(stamps)[1:-1].decode().split(",")
    return ["" if stamp == "null" else f"{stamp[1:20]}Z" for stamp in written]
