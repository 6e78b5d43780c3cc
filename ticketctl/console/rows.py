"""Rows in every form: table, TSV, CSV, JSON, NDJSON, ids, a template. Commands say what a row is; the form is decided
here."""

import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import datetime

from ticketctl.clock import rfc3339
from ticketctl.console import tables
from ticketctl.console.context import FORMATS, App
from ticketctl.console.view import Column, T, View, plain
from ticketctl.errors import BadInput
from ticketctl.safe import csv_cell, json_escaped, tsv_cell

_NAMED = 3  # missing columns that are named


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
    options = app.options
    return bool(options.json or options.row_template or options.format in ("json", "ndjson"))


def rows(
    app: App,
    view: View[T],
    items: Iterable[T],
    *,
    tell: bool = True,
    empty: str = "nothing to show.",
) -> int:
    """Print the items in the requested format; returns their number. Machine formats stream.

    A table says for which columns the terminal is too narrow, if it is to `tell`; and where it has no rows, `empty`.
    """
    try:
        return _written(app, view, items, tell, empty)
    finally:
        if isinstance(items, Generator):
            items.close()  # before its connection is, also where the reader of our pipe has seen enough


def _written(app: App, view: View[T], items: Iterable[T], tell: bool, empty: str) -> int:
    kind = form(app)
    if kind in ("json", "ndjson"):
        return _json(app, view, items, lines=kind == "ndjson")
    if kind == "ids":
        return _ids(app, view, items)
    if kind == "template":
        return _filled(app, view, items)
    heads = not app.options.no_headers
    if kind == "table":
        return _table(app, view, items, heads, tell, empty)
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


def table(app: App, view: View[T], items: Sequence[T], *, width: int | None = None) -> str:
    """The items as a table of the view's usual columns, cut to `width` columns of a terminal."""
    columns = tables.telling(chosen(app, view, None), items)
    cells = tables.cells(app, columns, items)
    columns = tables.fitting(columns, cells, width) if items else columns
    return "\n".join(tables.drawn(app, view, columns, items, cells, heads=True, width=width))


def _table(app: App, view: View[T], items: Iterable[T], heads: bool, tell: bool, empty: str) -> int:
    names = app.options.columns
    columns, kept = chosen(app, view, names), list(items)
    if not kept:
        if empty:
            app.out.note(empty)
        return 0
    if not names:
        columns = tables.telling(columns, kept)
    cells = tables.cells(app, columns, kept)
    wanted = columns
    if app.out.is_terminal or not names:
        columns = tables.fitting(columns, cells, app.out.width, named=bool(names))
    app.out.page(
        "\n".join(tables.drawn(app, view, columns, kept, cells, heads=heads, width=app.out.width))
    )
    if tell and len(columns) < len(wanted):
        _tell_of_missing(
            app,
            [one for one in wanted if one.name not in {column.name for column in columns}],
            len(wanted),
        )
    return len(kept)


def _tell_of_missing(app: App, missing: Sequence[Column[T]], of: int) -> None:
    """Say in one line which columns have no room."""
    if len(missing) > _NAMED:
        app.out.note(f"no room for {len(missing)} of {of} columns (--format tsv has all)")
        return
    names = ", ".join(one.title for one in missing)
    app.out.note(f"no room for {names} (--columns)")


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
