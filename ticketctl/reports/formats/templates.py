"""Renders the HTML and text pages of reports, ours or the site's, in a sandbox.

`templates/report/NAME.html.j2` (a page) or `NAME.txt.j2` (text). A file in the site's folder takes precedence, and may
extend ours.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from traceback import extract_tb
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, TemplateNotFound, TemplateSyntaxError

from ticketctl.errors import NotFound, Refused
from ticketctl.reports.formats import formatting, svg, text
from ticketctl.reports.formats.sample import SAMPLE
from ticketctl.reports.model import Report, ReportColumn, Section
from ticketctl.safe import terminal_line
from ticketctl.templating.render import WRONG, templates
from ticketctl.templating.sandbox import PAGES, BoundedEnvironment, CompiledFiles
from ticketctl.text_table import wide

ONE, SEVERAL, MAIL = "report", "weekly", "mail"  # one report, several, and what a mail shows
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
_PAGE, _TEXT = ".html.j2", ".txt.j2"
_compiled = CompiledFiles()


class ReportTemplates:
    """The templates of the site's folder, then ours."""

    def __init__(self, site: Path | None = None) -> None:
        self._roots = [root / "report" for root in (site, templates()) if root is not None]
        filters = {
            "duration": lambda seconds: formatting.cell(seconds, "duration", _UTC),
            "rate": lambda share: formatting.cell(share, "rate", _UTC),
        }
        self._environment = BoundedEnvironment(
            PAGES,
            filters,
            loader=FileSystemLoader(self._roots),
            bytecode_cache=_compiled,
            autoescape=lambda name: name is not None and name.endswith(_PAGE),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def names(self) -> list[str]:
        """All template names, sorted."""
        files = (path.name for root in self._roots if root.is_dir() for path in root.iterdir())
        stems = {
            name.removesuffix(_PAGE).removesuffix(_TEXT) for name in files if name.endswith(".j2")
        }
        return sorted(name for name in stems if _NAME.fullmatch(name))

    def has(self, name: str, ending: str) -> bool:
        """Is there such a template?"""
        return bool(_NAME.fullmatch(name)) and any(
            (root / (name + ending)).is_file() for root in self._roots
        )

    def for_mail(self, name: str) -> str:
        """The template for a mail's HTML: the page of that name if it is the site's own, else the mail page."""
        own = _NAME.fullmatch(name) and (self._roots[0] / (name + _PAGE)).is_file()
        return name if own and len(self._roots) > 1 else self._known(name, MAIL)

    def for_text(self, name: str) -> str:
        """The template for a mail's text: that of the name if there is one, else that for several reports."""
        return name if self.has(name, _TEXT) else self._known(name, SEVERAL)

    def page(self, name: str, reports: Sequence[Report], desk_name: str) -> str:
        """The reports as HTML. NotFound for an unknown template, Refused if it fails."""
        return self._fill(name, _PAGE, reports, desk_name)

    def text(self, name: str, reports: Sequence[Report], desk_name: str) -> str:
        """The reports as text, in the same way."""
        return self._fill(name, _TEXT, reports, desk_name)

    def lint(self) -> list[str]:
        """Render every template with a sample; one line a problem."""
        problems = []
        for name in self.names():
            for ending in (_PAGE, _TEXT):
                try:
                    if self.has(name, ending):
                        self._fill(name, ending, [SAMPLE, SAMPLE], "Help")
                except Refused as wrong:
                    problems.append(f"report: {wrong}")
        return problems

    def _fill(self, name: str, ending: str, reports: Sequence[Report], desk_name: str) -> str:
        if not self.has(name, ending):
            raise self._unknown(name)
        file = name + ending
        try:
            template = self._environment.get_template(file)
            return self._environment.fill(template, values(reports, desk_name))
        except WRONG as wrong:
            raise Refused(f"the template {_where(wrong, file)}: {_what(wrong)}") from wrong

    def _known(self, name: str, instead: str) -> str:
        if name not in self.names():
            raise self._unknown(name)
        return instead

    def _unknown(self, name: str) -> NotFound:
        return NotFound(
            f"there is no report template {name!r}; there are {', '.join(self.names())}."
        )


def lint(site: Path | None = None) -> list[str]:
    """Problems of our report templates and the site's, one a line."""
    return ReportTemplates(site).lint()


def values(reports: Sequence[Report], desk_name: str) -> dict[str, object]:
    """The variables of a template, as named in the operator's guide."""
    return {"desk_name": desk_name, "reports": [_report(one) for one in reports]}


_UTC = ZoneInfo("UTC")
_PHONE, _PADDING, _LETTER = 358, 10, 7.5  # pixels: room, beside a cell, of a digit at 14 pixels
_WRAPPED = 10  # letters of a text's narrowest line


def _report(report: Report) -> dict[str, object]:
    zone = ZoneInfo(report.period.zone)
    return {
        "name": report.name,
        "title": terminal_line(report.title),
        "period": formatting.period(report.period),
        "head": formatting.head(report),
        "compared": report.previous is not None,
        "figures": dict(report.total.figures),
        "groups": [{"by": dict(g.by), "figures": dict(g.figures)} for g in report.groups],
        "lines": [dict(row) for row in report.rows],
        "tiles": formatting.tiles(report),
        "sections": [_section(one, zone) for one in formatting.sections(report)],
    }


def _section(section: Section, zone: ZoneInfo) -> dict[str, object]:
    rows = [
        [
            formatting.cell(cell, one.kind, zone)
            for cell, one in zip(row, section.columns, strict=True)
        ]
        for row in section.rows
    ]
    return {
        "title": terminal_line(section.title),
        "note": terminal_line(section.note),
        "columns": section.columns,
        "rows": rows,
        "narrow": _fits_phone(section.columns, rows),
        "numbers": [column.kind in formatting.NUMBERS for column in section.columns],
        "chart": svg.figure(section.chart, section.title) if section.chart else "",
        "bars": _bars(section) if section.chart else [],
        "text": "\n".join(text.table(section, zone)),
    }


def _fits_phone(columns: Sequence[ReportColumn], rows: Sequence[Sequence[str]]) -> bool:
    """Does the table fit 358 pixels, which a phone's screen has between its margins?"""
    needed = sum(
        _PADDING + _LETTER * _least_width(column, [row[place] for row in rows])
        for place, column in enumerate(columns)
    )
    return needed <= _PHONE


def _least_width(column: ReportColumn, cells: Sequence[str]) -> int:
    """The letters of a column's narrowest line: headings and texts are wrapped between words, other cells are not."""
    widest = max(map(wide, cells), default=0)
    if column.kind == "text":
        widest = min(widest, _WRAPPED)
    return max(widest, *map(wide, column.title.split()))


def _bars(section: Section) -> list[Mapping[str, object]]:
    """The chart of one series as label, value and per cent of the longest, for pages without drawings."""
    assert section.chart is not None
    chart = section.chart
    if len(chart.series) != 1 or chart.shape == "line":
        return []
    found = chart.series[0][1]
    most = max((value or 0 for value in found), default=0)
    return [
        {
            "label": formatting.label(label),
            "value": formatting.cell(value, chart.kind, _UTC),
            "percent": round(100 * (value or 0) / most) if most else 0,
        }
        for label, value in zip(chart.labels, found, strict=True)
    ]


def _where(wrong: Exception, file: str) -> str:
    if isinstance(wrong, TemplateSyntaxError):
        return f"{Path(wrong.filename or file).name}, line {wrong.lineno}"
    for frame in reversed(extract_tb(wrong.__traceback__)):
        if frame.filename.endswith(".j2"):
            return f"{Path(frame.filename).name}, line {frame.lineno}"
    return file


def _what(wrong: Exception) -> str:
    if isinstance(wrong, TemplateNotFound):
        return f"there is no template {wrong.name!r}."
    if isinstance(wrong, RecursionError):
        return "it is nested too deeply."
    return (str(wrong) or "it takes too much memory").rstrip(".") + "."
