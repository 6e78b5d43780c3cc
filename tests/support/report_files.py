"""Reads reports back from every format: key figures, and tables as they are shown."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
from lxml import html as lxml_html  # type: ignore[import-untyped]
from msgspec import Struct

NOTHING = "–"
_KINDS = {"[h]:mm:ss": "duration", "0.0%": "rate", "0.0": "index", "yyyy-mm-dd hh:mm": "time"}

Row = tuple[str, ...]


class Page(Struct):
    """What a format shows of one report: its header, its key figures by title, and the tables that have rows."""

    head: dict[str, str]
    figures: dict[str, Row]  # value; if compared, also the value before and the change
    tables: list[list[Row]]  # headings, then rows


def shown(value: Any, kind: str) -> str:
    """A value as people read it, worked out apart from the program."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str):
        return value
    if kind == "duration":
        return _clock(round(value))
    if kind == "rate":
        return f"{_places(value, 1, 100)} %"
    if kind == "index":
        return _places(value, 1)
    if kind == "ticket":
        return f"#{value}"
    return str(value) if isinstance(value, int) else _places(value, 2).rstrip("0").rstrip(".")


def _places(value: float, places: int, times: int = 1) -> str:
    step = Decimal(1).scaleb(-places)
    return str((Decimal(repr(value)) * times).quantize(step, ROUND_HALF_UP))


def _clock(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds}s"
    minutes = (seconds + 30) // 60
    if minutes >= 6000:
        return f"{(seconds + 1800) // 3600}h"
    hours, left = divmod(minutes, 60)
    return f"{left}m" if not hours else f"{hours}h{left:02}m" if left else f"{hours}h"


def lines(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """The lines of CSV or TSV."""
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter=delimiter))


def workbook(content: bytes) -> Page:
    """The summary and the sheets of a workbook."""
    first, *sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    cells = [row for row in first.iter_rows(min_row=2) if row[0].value is not None]
    start = next(n for n, row in enumerate(cells) if row[0].value == "Figure")
    head = {str(row[0].value): str(row[1].value) for row in cells[:start]}
    columns = len([cell for cell in cells[start] if cell.value])
    figures = {str(row[0].value): tuple(map(_cell, row[1:columns])) for row in cells[start + 1 :]}
    return Page(head, figures, [table for table in map(_sheet, sheets) if len(table) > 1])


def _sheet(sheet: Any) -> list[Row]:
    width = next((n for n, cell in enumerate(sheet[1]) if cell.value is None), len(sheet[1]))
    heads = tuple(re.sub(r" \([\w/]+\)$", "", cell.value) for cell in sheet[1][:width])
    if sheet.auto_filter.ref is None:
        return [heads]
    _, _, last = sheet.auto_filter.ref.partition(":")
    rows = sheet.iter_rows(min_row=2, max_row=int(re.sub(r"\D", "", last)), max_col=width)
    found = [tuple(_cell(one, heads[n]) for n, one in enumerate(row)) for row in rows]
    return [heads, *found]


def _cell(cell: Any, heading: str = "") -> str:
    value, kind = cell.value, _KINDS.get(cell.number_format, "")
    if isinstance(value, timedelta):
        value = round(value.total_seconds())
    elif kind == "duration" and value is not None and not isinstance(value, str):
        value = round(value * 86_400)
    whole = isinstance(value, float) and value == int(value) and not kind
    return shown(int(value) if whole else value, "ticket" if heading == "Ticket" else kind)


def page(content: str) -> Page:
    """A page of HTML."""
    tree = lxml_html.document_fromstring(content)
    head = {_text(one[0]): _text(one[1]) for one in tree.xpath("//dl[@class='head']/div")}
    figures = {}
    for one in tree.xpath("//dl[@class='tiles']/div"):
        title, value, *changed = map(_text, one)
        figures[title] = (value, *_changed(changed))
    return Page(head, figures, [_table(one) for one in tree.xpath("//table")])


def mail_page(content: str) -> Page:
    """The HTML of a mail."""
    tree = lxml_html.document_fromstring(content)
    figures = {}
    for one in tree.xpath("(//table[@role='presentation'])[1]//td"):
        title, value, *changed = map(_text, one)
        figures[title] = (value, *_changed(changed))
    return Page({}, figures, [_table(one) for one in tree.xpath("//table[not(@role)]")])


def row_by_row(table: list[Row]) -> list[Row]:
    """A wide table as a mail writes it: a name, then `Met: 3 · Breached: 1`, without what is missing."""
    heads = table[0]
    found: list[Row] = [(heads[0],)]
    for first, *cells in table[1:]:
        said = [
            f"{head}: {cell}"
            for head, cell in zip(heads[1:], cells, strict=True)
            if cell != NOTHING
        ]
        found.append((first, " · ".join(said) or NOTHING))
    return found


def _changed(said: Sequence[str]) -> Row:
    """The value before and the change, from `+12m, before 4h`."""
    return tuple(reversed(said[0].split(", before "))) if said else ()


def _table(table: Any) -> list[Row]:
    return [tuple(map(_text, row)) for row in table.iter("tr")]


def _text(element: Any) -> str:
    return " ".join(str(element.text_content()).split())


def markdown(content: str) -> Page:
    """Markdown with pipe tables."""
    head = dict(
        _plain(line[2:]).split(": ", 1) for line in content.split("\n") if line.startswith("- ")
    )
    parts = re.findall(r"(?:^\|.*\n)+", content, re.MULTILINE)
    first, *rest = ([_pipes(line) for line in part.splitlines()] for part in parts)
    return Page(
        head,
        {row[0]: row[1:] for row in first[2:]},
        [[table[0], *table[2:]] for table in rest],
    )


def _pipes(line: str) -> Row:
    return tuple(_plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1])


def _plain(text: str) -> str:
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)
    return re.sub(r"\\(.)", r"\1", text)


def text(content: str) -> Page:
    """A report as text, with tables of any width."""
    first, *rest = _grids(content.split("\n"))
    head = dict(re.findall(r"^([A-Z][a-z ]+): +(.*)$", content.split("\n\n")[0], re.MULTILINE))
    return Page(head, {row[0]: row[1:] for row in first[1:]}, rest)


def _grids(found: Sequence[str]) -> Iterator[list[Row]]:
    """The tables: a heading, a line of dashes, and rows until an empty line."""
    for n, line in enumerate(found):
        if re.fullmatch(r"-+(  -+)*", line):
            spans = [one.span() for one in re.finditer("-+", line)]
            rows = [found[n - 1]]
            for row in found[n + 1 :]:
                if not row:
                    break
                rows.append(row)
            yield [tuple(row[start:end].strip() for start, end in spans) for row in rows]
