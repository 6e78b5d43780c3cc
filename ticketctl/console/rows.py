"""Rows in every form: table, TSV, CSV, JSON, NDJSON, ids, a template. Commands say what a row is; the form is decided
here."""

import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from ticketctl import text_table
from ticketctl.clock import rfc3339
from ticketctl.console.context import FORMATS, App
from ticketctl.errors import BadInput
from ticketctl.safe import csv_cell, json_escaped, terminal_line, tsv_cell

T = TypeVar("T")
Cells = dict[str, list[str]]  # of a table, by the name of their column


class Column(NamedTuple, Generic[T]):
    """One column: its name for --columns, and the value of a row (None: empty)."""

    name: str
    value: Callable[[T], Any]
    style: Callable[[T], Mapping[str, Any] | None] = lambda row: (
        None
    )  # of a view's first: that of the row
    cut: int = 0  # its share of a narrow terminal's room; 0: never cut
    rare: bool = False  # left out of a table in which no row has it …
    usual: Any = None  # … or has more than this to say
    head: str = ""  # its head in a table, where that is not the name
    yields: int = (
        0  # left out first (1), second … of a table too narrow for what matters most; 0: never
    )

    @property
    def title(self) -> str:
        """The head of the column."""
        return (self.head or self.name).replace("_", " ").upper()


class View(NamedTuple, Generic[T]):
    """How a kind of row is shown: all columns, the default ones, the JSON shape, the id.

    `fields` are the names of the shape, so that --json=FIELDS can be checked even without rows; the columns are fields
    of it, too. `former` are names that columns had, and those they have now.
    """

    columns: Sequence[Column[T]]
    default: Sequence[str]
    shape: Callable[[T], dict[str, Any]]
    key: Callable[[T], Any]
    fields: Sequence[str] = ()
    former: Mapping[str, str] = {}


def form(app: App) -> str:
    """The requested format, else a table on a terminal and TSV elsewhere."""
    asked = app.options.format
    if app.options.json and asked != "ndjson":
        return "json"
    if app.options.row_template:
        return "template"
    if asked == "template":
        raise BadInput(
            "--format template needs --row-template, such as --row-template '{{id}} {{subject}}'."
        )
    if asked and asked not in FORMATS:
        raise BadInput(f"there is no format {asked!r}; choose one of {', '.join(FORMATS)}.")
    return str(asked or ("table" if app.out.is_terminal else "tsv"))


def is_machine(app: App) -> bool:
    """True if the output is for a program: nothing is cut, limited or coloured."""
    return form(app) != "table"


def is_shape(app: App) -> bool:
    """True if one object is requested as data (`one`), not as a page to read."""
    return bool(app.options.json or app.options.row_template)


def rows(app: App, view: View[T], items: Iterable[T]) -> int:
    """Print the items in the requested format; returns their number. Machine formats stream."""
    try:
        return _written(app, view, items)
    finally:
        if isinstance(items, Generator):
            items.close()  # before its connection is, also where the reader of our pipe has seen enough


def _written(app: App, view: View[T], items: Iterable[T]) -> int:
    kind = form(app)
    if kind in ("json", "ndjson"):
        return _json(app, view, items, lines=kind == "ndjson")
    if kind == "ids":
        return _ids(app, view, items)
    if kind == "template":
        return _filled(app, view, items)
    heads = not app.options.no_headers
    if kind == "table":
        return _table(app, view, items, heads)
    columns = chosen(app, view, app.options.columns)
    if kind == "csv" and app.options.bom:
        sys.stdout.write("\ufeff")
    return _lines(columns, items, csv_line if kind == "csv" else tsv_line, heads)


def one(app: App, shape: Mapping[str, object]) -> None:
    """Print one object as JSON with the fields of --json=FIELDS, or with --row-template."""
    if template := app.options.row_template:
        from ticketctl.console import row_template

        app.out.data(row_template.template(app, template)(shape))
        return
    app.out.data(pretty(_pick(shape, app.options.json or "*")))


def chosen(app: App, view: View[T], names: str | None) -> list[Column[T]]:
    """The columns of --columns (`all` for every one), or the usual ones.

    A former name is accepted, stays the heading, and is told on stderr.
    """
    known = {column.name: column for column in view.columns}
    if names == "all":
        return list(view.columns)
    asked = [name.strip().lower() for name in names.split(",")] if names else view.default
    now = _present(app, view, asked)
    unknown = [name for name in asked if now[name] not in known]
    if unknown:
        raise BadInput(f"there is no column {unknown[0]!r}; the columns are {', '.join(known)}.")
    return [known[now[name]]._replace(name=name) for name in asked]


def _present(app: App, view: View[T], asked: Iterable[str]) -> dict[str, str]:
    """What is called by these names today; a former name is told."""
    found = {name: view.former.get(name, name) for name in asked}
    if old := [f"{name} is {now}" for name, now in found.items() if name != now]:
        app.out.note(f"columns have new names: {', '.join(old)}.")
    return found


def plain(value: object) -> str:
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


def table(app: App, view: View[T], items: Sequence[T], *, width: int | None = None) -> str:
    """The items as a table of the view's usual columns, cut to `width` columns of a terminal."""
    columns = _telling(chosen(app, view, None), items)
    cells = _cells(app, columns, items)
    columns = _readable(columns, cells, width) if items else columns
    return "\n".join(_drawn(app, view, columns, items, cells, heads=True, width=width))


def _table(app: App, view: View[T], items: Iterable[T], heads: bool) -> int:
    names = app.options.columns
    columns, kept = chosen(app, view, names), list(items)
    if not kept:
        app.out.note("nothing to show.")
        return 0
    if not names:
        columns = _telling(columns, kept)
    cells = _cells(app, columns, kept)
    if not names:
        columns = _readable(columns, cells, app.out.width)
    app.out.page(
        "\n".join(_drawn(app, view, columns, kept, cells, heads=heads, width=app.out.width))
    )
    return len(kept)


def _telling(columns: list[Column[T]], kept: Sequence[T]) -> list[Column[T]]:
    """The columns without those that are empty for all these rows."""
    silent = (None, "", ())
    return [
        column
        for column in columns
        if not column.rare
        or any(column.value(item) not in (*silent, column.usual) for item in kept)
    ]


def _cells(app: App, columns: list[Column[T]], kept: Sequence[T]) -> Cells:
    return {column.name: [_cell(app, column, item) for item in kept] for column in columns}


def _readable(columns: list[Column[T]], cells: Cells, width: int | None) -> list[Column[T]]:
    """The columns without optional ones, if the main one would be too narrow to read."""
    giving = sorted((c for c in columns if c.yields), key=lambda column: column.yields)
    while width is not None and giving and _cramped(columns, cells, width):
        columns = [column for column in columns if column is not giving[0]]
        del giving[0]
    return columns


def _cramped(columns: list[Column[T]], cells: Cells, width: int) -> bool:
    wanted = [max(map(text_table.wide, (c.title, *cells[c.name]))) for c in columns]
    shares = [column.cut for column in columns]
    main = max(range(len(columns)), key=lambda n: shares[n])
    room = text_table.rooms(wanted, shares, width - text_table.GAP * (len(columns) - 1))[main]
    return room < min(wanted[main], text_table.READABLE)


def _drawn(
    app: App,
    view: View[T],
    columns: list[Column[T]],
    kept: Sequence[T],
    cells: Cells,
    *,
    heads: bool,
    width: int | None,
) -> list[str]:
    rows = [list(row) for row in zip(*(cells[column.name] for column in columns), strict=True)]
    titles = [column.title for column in columns] if heads else []
    laid = text_table.laid(rows, titles, [column.cut for column in columns], width)
    first = len(laid) - len(kept)
    lines = [text_table.joined(cells) for cells in laid[:first]]
    return [
        *lines,
        *(
            _styled(app, view.columns[0], columns, *one)
            for one in zip(kept, laid[first:], strict=True)
        ),
    ]


def _styled(app: App, first: Column[T], columns: list[Column[T]], item: T, cells: list[str]) -> str:
    """A line in the look of its row, with those cells that have a look of their own."""
    if not app.out.colours:
        return text_table.joined(cells)
    row = first.style(item) or {}
    parts: list[tuple[str, Mapping[str, Any]]] = []
    for column, cell in zip(columns, cells, strict=True):
        own = None if column is first else column.style(item)
        text = cell.rstrip() if own else cell
        parts += [(text, {**row, **(own or {})}), (cell[len(text) :] + " " * text_table.GAP, row)]
    joined: list[tuple[str, Mapping[str, Any]]] = []
    for text, look in parts:
        if joined and joined[-1][1] == look:
            text = joined.pop()[0] + text
        joined.append((text, look))
    joined[-1] = (joined[-1][0].rstrip(), joined[-1][1])
    return "".join(app.out.style(text, **look) if look and text else text for text, look in joined)


def _cell(app: App, column: Column[T], item: T) -> str:
    value = column.value(item)
    if isinstance(value, datetime):
        return value.astimezone(app.zone).strftime("%Y-%m-%d %H:%M")
    return terminal_line(plain(value))


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


def tsv_line(cells: Iterable[str]) -> str:
    """Cells between tabs; see `safe.tsv_cell`."""
    return "\t".join(map(tsv_cell, cells)) + "\n"


def csv_line(cells: Iterable[str]) -> str:
    """RFC 4180; see `safe.csv_cell`."""
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(map(csv_cell, cells))
    return buffer.getvalue()


def _ids(app: App, view: View[T], items: Iterable[T]) -> int:
    count = 0
    for item in items:
        sys.stdout.write(f"{view.key(item)}\n")
        count += 1
    return count


def _filled(app: App, view: View[T], items: Iterable[T]) -> int:
    from ticketctl.console import row_template

    fill = row_template.template(app, app.options.row_template or "")
    count = 0
    for item in items:
        app.out.data(fill(view.shape(item)))
        count += 1
    return count


def _json(app: App, view: View[T], items: Iterable[T], *, lines: bool) -> int:
    fields = app.options.json or "*"
    shape = shaped(app, view, app.options.columns or "*" if fields == "*" else fields)
    write = sys.stdout.write
    count = 0
    for count, item in enumerate(items, 1):
        text = encoded(shape(item))
        write(text + "\n" if lines else (",\n" if count > 1 else "[\n") + text)
    if not lines:
        write("\n]\n" if count else "[]\n")
    return count


def shaped(app: App, view: View[T], fields: str) -> Callable[[T], Mapping[str, object]]:
    """What is printed of a row as JSON: all of its shape for `*`, else these fields and columns."""
    if fields in ("*", "all"):
        return view.shape
    names = [name.strip() for name in fields.split(",")]
    columns = {column.name: column for column in view.columns}
    now = _present(app, view, [name for name in names if name not in view.fields])
    others = {name: columns[now[name]] for name in now if now[name] in columns}

    def shape(item: T) -> Mapping[str, object]:
        found = view.shape(item)
        more = {name: _in_json(one.value(item)) for name, one in others.items()}
        return _pick({**more, **found}, fields)

    if view.fields:
        _pick(dict.fromkeys((*view.fields, *columns, *others)), fields)
    return shape


def _in_json(value: object) -> object:
    return rfc3339(value) if isinstance(value, datetime) else value


def encoded(shape: object) -> str:
    """JSON on one line; characters that may harm a terminal are escaped, which decodes to the same text."""
    import msgspec

    return json_escaped(msgspec.json.encode(shape).decode())


def _pick(shape: Mapping[str, object], fields: str) -> Mapping[str, object]:
    if fields == "*":
        return shape
    names = [name.strip() for name in fields.split(",")]
    unknown = [name for name in names if name not in shape]
    if unknown:
        what = f"there is no field {unknown[0]!r}" if unknown[0] else "--json= names no field"
        raise BadInput(f"{what}; the fields are {', '.join(shape)}.")
    return {name: shape[name] for name in names}


def pretty(shape: Mapping[str, object]) -> str:
    """An object as JSON over several lines, with what may harm a terminal escaped."""
    import msgspec

    return json_escaped(msgspec.json.format(msgspec.json.encode(shape), indent=2).decode())
