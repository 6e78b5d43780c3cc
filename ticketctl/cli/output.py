"""Rows in every form: table, TSV, CSV, JSON, NDJSON, ids. Commands say what a row is; the form is decided here."""

import csv
import io
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from ticketctl.cli.desk_context import FORMATS, Desk
from ticketctl.clock import rfc3339
from ticketctl.errors import BadInput
from ticketctl.safe import one_line, spreadsheet

T = TypeVar("T")


class Column(NamedTuple, Generic[T]):
    """One column: its name for --columns, and the value of a row (None: empty)."""

    name: str
    value: Callable[[T], Any]
    style: Callable[[T], Mapping[str, Any] | None] = lambda row: None
    cut: bool = False  # may be cut to fit the width of a terminal
    rare: bool = False  # left out of a table in which no row has it

    @property
    def title(self) -> str:
        """The head of the column."""
        return self.name.replace("_", " ").upper()


class View(NamedTuple, Generic[T]):
    """How a kind of row is shown: every column it has, those shown unasked, its JSON shape, its id."""

    columns: Sequence[Column[T]]
    default: Sequence[str]
    shape: Callable[[T], dict[str, Any]]
    key: Callable[[T], Any]


def form(desk: Desk) -> str:
    """The form asked for, else a table on a terminal and TSV elsewhere."""
    if desk.options.get("json"):
        return "json"
    asked = desk.options.get("format")
    if asked and asked not in FORMATS:
        raise BadInput(f"there is no format {asked!r}; take one of {', '.join(FORMATS)}.")
    return str(asked or ("table" if desk.out.is_terminal else "tsv"))


def is_machine(desk: Desk) -> bool:
    """Is the output for a program? Then nothing is cut, limited or coloured."""
    return form(desk) != "table"


def rows(desk: Desk, view: View[T], items: Iterable[T]) -> int:
    """Print the items in the form asked for; returns how many there were. Machine forms stream."""
    kind = form(desk)
    if kind in ("json", "ndjson"):
        return _json(desk, view, items, lines=kind == "ndjson")
    if kind == "ids":
        return _ids(desk, view, items)
    columns = chosen(view, desk.options.get("columns"))
    heads = not desk.options.get("no_headers")
    if kind == "table":
        return _table(desk, columns, items, heads)
    writer = _csv_line if kind == "csv" else _tsv_line
    return _lines(columns, items, writer, heads)


def one(desk: Desk, shape: Mapping[str, Any]) -> None:
    """One object as JSON, its fields picked by --json=FIELDS."""
    desk.out.data(_pretty(_pick(shape, desk.options.get("json", "*"))))


def chosen(view: View[T], names: str | None) -> list[Column[T]]:
    """The columns of --columns (`all` for every one), or the usual ones."""
    known = {column.name: column for column in view.columns}
    if names == "all":
        return list(view.columns)
    asked = [name.strip().lower() for name in names.split(",")] if names else view.default
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise BadInput(f"there is no column {unknown[0]!r}; the columns are {', '.join(known)}.")
    return [known[name] for name in asked]


def plain(value: Any) -> str:
    """A value as a machine-readable cell: RFC 3339 times, words for lists, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)


def _table(desk: Desk, columns: list[Column[T]], items: Iterable[T], heads: bool) -> int:
    import tabulate as tables

    tables.MIN_PADDING = 0  # a heading needs no room beyond its word
    kept = list(items)
    columns = [c for c in columns if not c.rare or any(c.value(item) for item in kept)]
    cells = [[one_line(_human(desk, c.value(item))) for c in columns] for item in kept]
    titles = [column.title for column in columns] if heads else []
    _fit(columns, cells, titles, desk.out.width)
    text = tables.tabulate(
        cells, titles, tablefmt="simple" if heads else "plain", disable_numparse=True
    )
    lines = text.splitlines()
    first = 2 if heads else 0
    for number, item in enumerate(kept):
        style = columns[0].style(item)
        if style and number + first < len(lines):
            lines[number + first] = desk.out.style(lines[number + first], **style)
    if kept or heads:
        desk.out.page("\n".join(line.rstrip() for line in lines))
    return len(kept)


def _human(desk: Desk, value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(desk.zone).strftime("%Y-%m-%d %H:%M")
    return plain(value)


def _fit(columns: list[Column[T]], cells: list[list[str]], titles: list[str], width: int) -> None:
    """Cut the columns that may be cut, the widest first, until a line fits the terminal."""
    from wcwidth import wcswidth

    def wide(text: str) -> int:
        return max(wcswidth(text), 0) if not text.isascii() else len(text)

    widths = [
        max([wide(row[i]) for row in cells] + [wide(titles[i]) if titles else 0])
        for i in range(len(columns))
    ]
    excess = sum(widths) + 2 * (len(columns) - 1) - width
    for i in sorted(range(len(columns)), key=lambda i: -widths[i]):
        if excess <= 0 or not columns[i].cut:
            continue
        room = max(8, widths[i] - excess)
        excess -= widths[i] - room
        for row in cells:
            row[i] = _cut(row[i], room, wide)


def _cut(text: str, room: int, wide: Callable[[str], int]) -> str:
    if wide(text) <= room:
        return text
    while wide(text) > room - 1:
        text = text[:-1]
    return text + "…"


def _lines(
    columns: list[Column[T]],
    items: Iterable[T],
    line: Callable[[list[str]], str],
    heads: bool,
) -> int:
    count = 0
    write = sys.stdout.write
    if heads:
        write(line([column.name for column in columns]))
    for item in items:
        write(line([plain(column.value(item)) for column in columns]))
        count += 1
    return count


def _tsv_line(cells: list[str]) -> str:
    escaped = (
        one.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")
        for one in cells
    )
    return "\t".join(one_line(cell) if "\x1b" in cell else cell for cell in escaped) + "\n"


def _csv_line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([spreadsheet(cell) for cell in cells])
    return buffer.getvalue()


def _ids(desk: Desk, view: View[T], items: Iterable[T]) -> int:
    count = 0
    for item in items:
        sys.stdout.write(f"{view.key(item)}\n")
        count += 1
    return count


def _json(desk: Desk, view: View[T], items: Iterable[T], *, lines: bool) -> int:
    import msgspec

    fields = desk.options.get("json") or "*"
    shape: Callable[[T], dict[str, Any]] = view.shape
    out = sys.stdout.buffer
    out.write(b"" if lines else b"[")
    count = 0
    for count, item in enumerate(items, 1):
        text = msgspec.json.encode(_pick(shape(item), fields))
        out.write(text + b"\n" if lines else (b"\n" if count == 1 else b",\n") + text)
    out.write(b"" if lines else (b"\n]\n" if count else b"]\n"))
    out.flush()
    return count


def _pick(shape: Mapping[str, Any], fields: str) -> Mapping[str, Any]:
    if fields == "*":
        return shape
    names = [name.strip() for name in fields.split(",")]
    unknown = [name for name in names if name not in shape]
    if unknown:
        raise BadInput(f"there is no field {unknown[0]!r}; the fields are {', '.join(shape)}.")
    return {name: shape[name] for name in names}


def _pretty(shape: Mapping[str, Any]) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(shape), indent=2).decode()
