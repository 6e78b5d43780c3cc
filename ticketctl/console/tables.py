"""Tables on a terminal: which columns there is room for, and what they look like."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ticketctl import text_table
from ticketctl.console.context import App
from ticketctl.console.view import Column, T, View, plain
from ticketctl.safe import terminal_line

Cells = dict[str, list[str]]  # of a table, by the name of their column


def telling(columns: list[Column[T]], kept: Sequence[T]) -> list[Column[T]]:
    """The columns without those that are empty for all these rows."""
    silent = (None, "", ())
    return [
        column
        for column in columns
        if not column.rare
        or any(column.value(item) not in (*silent, column.usual) for item in kept)
    ]


def cells(app: App, columns: list[Column[T]], kept: Sequence[T]) -> Cells:
    """The text of each cell, by column."""
    return {column.name: [_cell(app, column, item) for item in kept] for column in columns}


def fitting(
    columns: list[Column[T]], cells: Cells, width: int | None, *, named: bool = False
) -> list[Column[T]]:
    """The columns for which there is room: without optional ones if the main one would be too narrow to read, unless
    all were `named`; then without the last ones, as long as the table is wider than that.
    """
    if width is None:
        return columns
    giving = sorted((c for c in columns if c.yields and not named), key=lambda one: one.yields)
    while giving and _cramped(columns, cells, width, giving[0].yields):
        columns = [column for column in columns if column is not giving[0]]
        del giving[0]
    if _overflows(columns, cells, width):
        columns = [_cuttable(one, cells) for one in columns]
    main = max(columns, key=lambda one: one.cut)
    giving = [one for one in columns[1:] if one is not main]
    giving.sort(key=lambda one: (one.yields > 0, -one.yields))  # keeps the order of the others
    while giving and _overflows(columns, cells, width):
        last = giving.pop()
        columns = [column for column in columns if column is not last]
    return columns


def _overflows(columns: list[Column[T]], cells: Cells, width: int) -> bool:
    return sum(_rooms(columns, cells, width)) > _room(columns, width)


def _cuttable(column: Column[T], cells: Cells) -> Column[T]:
    """The column, which may be cut if it has long texts."""
    long = not column.cut and _wanted(column, cells) > text_table.READABLE
    return column._replace(cut=1) if long else column


def _cramped(columns: list[Column[T]], cells: Cells, width: int, yields: int) -> bool:
    """Is the main column too narrow to keep those that yield first, or second, which are worth more?"""
    main = max(range(len(columns)), key=lambda n: columns[n].cut)
    enough = text_table.READABLE if yields == 1 else text_table.TELLING
    return _rooms(columns, cells, width)[main] < min(_wanted(columns[main], cells), enough)


def _rooms(columns: list[Column[T]], cells: Cells, width: int) -> list[int]:
    wanted = [_wanted(one, cells) for one in columns]
    heads = [text_table.wide(one.title) for one in columns]
    return text_table.rooms(wanted, [one.cut for one in columns], _room(columns, width), heads)


def _wanted(column: Column[T], cells: Cells) -> int:
    return max(map(text_table.wide, (column.title, *cells[column.name])))


def _room(columns: list[Column[T]], width: int) -> int:
    """What a terminal leaves for the cells, between the gaps."""
    return width - text_table.GAP * (len(columns) - 1)


def _numbers(columns: list[Column[T]], kept: Sequence[T]) -> set[int]:
    """The places of columns of numbers, which are aligned to the right."""
    found = set()
    for place, column in enumerate(columns):
        values = [value for item in kept if (value := column.value(item)) not in (None, "")]
        if values and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
            found.add(place)
    return found


def drawn(
    app: App,
    view: View[T],
    columns: list[Column[T]],
    kept: Sequence[T],
    cells: Cells,
    *,
    heads: bool,
    width: int | None,
) -> list[str]:
    """The lines of the table, in their colours, at most `width` wide where they can be."""
    rows = [list(row) for row in zip(*(cells[column.name] for column in columns), strict=True)]
    titles = [column.title for column in columns] if heads else []
    shares = [column.cut for column in columns]
    right = _numbers(columns, kept)
    wraps = [column.wraps for column in columns]
    if any(wraps):
        laid = text_table.in_lines(rows, titles, shares, wraps, width, right)
        head, body = (laid[0] if heads else []), laid[len(laid) - len(kept) :]
    else:
        flat = text_table.laid(rows, titles, shares, width, right)
        head, body = flat[: len(flat) - len(kept)], [[row] for row in flat[len(flat) - len(kept) :]]
    lines = [text_table.joined(cells) for cells in head]
    for item, parts in zip(kept, body, strict=True):
        lines += [_styled(app, view.columns[0], columns, item, row) for row in parts]
        lines += view.below(item)
    return lines


def _styled(app: App, first: Column[T], columns: list[Column[T]], item: T, cells: list[str]) -> str:
    """A line in the look of its row, with those cells that have a look of their own."""
    if not app.out.colours:
        return text_table.joined(cells)
    row = first.style(item) or {}
    parts: list[tuple[str, Mapping[str, Any]]] = []
    for column, cell in zip(columns, cells, strict=True):
        own = None if column.name == first.name else column.style(item)
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
