"""`ticketctl report`: figures of a period, for people, for programs and for cron."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from ticketctl.cli.shared import attached_files, no_results, param_types
from ticketctl.cli.shared.filters import QueryCommand, parsed
from ticketctl.cli.shared.option_groups import record
from ticketctl.cli.shared.query_names import refuse_unknown
from ticketctl.console import access
from ticketctl.console.context import App, pass_app
from ticketctl.console.output_file import form_of, opened
from ticketctl.errors import BadInput, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from ticketctl.reports.figures.frame import Request
    from ticketctl.reports.model import Report, ReportPeriod

NAMES = (
    "sla", "response", "resolution", "backlog", "agents", "segments", "csat", "quality", "coverage", "recovery",
    "reopen", "volume", "mail", "all",
)  # fmt: skip
FORMS = ("table", "tsv", "csv", "json", "md", "xlsx", "html")


class ReportOptions(NamedTuple):
    """What is counted, and where the report goes."""

    period: str | None
    by: str | None
    compare: bool
    as_of: str | None
    clock: Literal["business", "real"]
    where: str | None
    form: str | None
    target: str
    chart: bool
    to: tuple[str, ...]
    only_if: Literal["breach", "overdue", "any"] | None
    template: str | None
    bom: bool
    raw_csv: bool


@click.command(cls=QueryCommand)
@click.argument("name", type=click.Choice(NAMES, case_sensitive=False), metavar="NAME")
@click.argument("query", nargs=-1, type=param_types.QUERY, metavar="[QUERY]...")
@click.option(
    "--period",
    type=param_types.PERIOD,
    metavar="PERIOD",
    help="last-week, this-month, last-quarter, last-7d, 2026-03, 2026-Q1, 2026 or FROM..TO; default: last month.",
)
@click.option(
    "--by",
    type=param_types.GROUPS,
    metavar="FIELDS",
    help="Group by agent, segment, priority, day, week, month …; several are combined.",
)
@click.option(
    "--as-of",
    metavar="TIME",
    help="What was known at TIME, such as now; default: at the end of the period.",
)
@click.option("--compare", is_flag=True, help="Compare with the period of equal length before it.")
@click.option(
    "--clock",
    type=click.Choice(("business", "real"), case_sensitive=False),
    default="business",
    help="Measure business hours or real time.",
)
@click.option("--where", metavar="QUERY", help="Same as QUERY.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS, case_sensitive=False),
    help="Default: a table, or TSV in a pipe.",
)
@click.option(
    "-o",
    "--output",
    "target",
    type=param_types.FILE,
    default="-",
    metavar="FILE",
    help="Write to FILE; - is stdout.",
)
@click.option("--chart", is_flag=True, help="Draw bars.")
@click.option(
    "--mail",
    "to",
    multiple=True,
    metavar="ADDR",
    help="Mail it to ADDR with a workbook attached, unless ADDR has unsubscribed; repeat for more recipients.",
)
@click.option(
    "--only-if",
    type=click.Choice(("breach", "overdue", "any"), case_sensitive=False),
    help="Send, write and print nothing unless there is something to report.",
)
@click.option(
    "--template", metavar="NAME", help="Use this page of templates/report, such as weekly."
)
@click.option(
    "--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel reads it as UTF-8."
)
@click.option("--raw-csv", is_flag=True, help="Do not put an apostrophe before formulas in CSV.")
@pass_app
@record("how", ReportOptions)
def command(app: App, name: str, query: tuple[str, ...], how: ReportOptions) -> None:
    """Report on a period. NAME is sla, response, resolution, backlog, agents, segments, csat, quality,
    coverage, recovery, reopen, volume or mail; `all` is all of them except segments and mail.

    It counts the tickets that you may see and that match QUERY, as they were at the end of the period:
    what happens later changes no figure, except an undo. --as-of shows the view of another time.
    """
    from ticketctl.domain.base.condition import both
    from ticketctl.reports.kinds import registry
    from ticketctl.reports.kinds.only_if import holds
    from ticketctl.store.tickets import ticket_lists

    if name == "mail" and app.actor().role == "agent":
        raise NotAllowed("`report mail` is for managers and admins.")
    request = _request(app, query, how)
    with app.db.read() as tx:
        refuse_unknown(app, tx, request.condition)
        found = registry.reports(tx, name, request, compare=how.compare)
        if how.only_if and not holds(found, how.only_if):
            return
        asked = both(request.visible, request.condition)
        if request.query and not ticket_lists.count(tx, asked):
            no_results.tell(app, asked)
    if how.to:
        from ticketctl.cli.commands.reading import report_email

        report_email.send(app, found, how.to, template=how.template)
        return
    _print(app, found, how)


def _request(app: App, query: tuple[str, ...], how: ReportOptions) -> "Request":
    from ticketctl.reports.figures import period
    from ticketctl.reports.figures.frame import Request, checked_by

    zone, now = app.own_zone, app.now
    query, named = _period(query, now, zone) if how.period is None else (query, how.period)
    attached_files.refuse_names(query)
    _refuse_groups(query)
    text = " ".join((*query, *([how.where] if how.where else ()))).replace("\0", "")
    asked = period.parse(named, now=now, zone=zone)
    return Request(
        definition=app.definition,
        period=asked,
        now=now,
        as_of=_as_of(how.as_of, asked, now, zone) if how.as_of else None,
        clock=how.clock,
        condition=parsed(app, text).condition,
        visible=access.visible(app),
        query=text,
        by=checked_by(how.by.split(",")) if how.by else (),
    )


def _as_of(text: str, period: "ReportPeriod", now: "datetime", zone: "ZoneInfo") -> "datetime":
    """When the view ends. BadInput for a time in the future, or before the period."""
    from ticketctl.domain.base import when

    found = when.past(text, now=now, zone=zone)
    if found <= period.start:
        raise BadInput(f'--as-of "{text}" is before the period; give a time after its start.')
    return found


def _period(
    words: tuple[str, ...], now: "datetime", zone: "ZoneInfo"
) -> tuple[tuple[str, ...], str | None]:
    """Split off a word that is a period: `report sla last-week`."""
    from ticketctl.reports.figures import period

    for place, word in enumerate(words):
        try:
            period.parse(word, now=now, zone=zone)
        except BadInput:
            continue
        return (*words[:place], *words[place + 1 :]), word
    return words, None


def _refuse_groups(words: tuple[str, ...]) -> None:
    from ticketctl.reports.figures.frame import BY

    for word in words:
        if word in BY:
            raise BadInput(f"write --by {word} for groups, or '\"{word}\"' for the text {word}.")


def _print(app: App, found: "Sequence[Report]", how: ReportOptions) -> None:
    form = _form(app, how)
    if app.options.json not in (None, "*") and len(found) == 1:
        from ticketctl.console.rows import one
        from ticketctl.reports.formats import json

        if how.target != "-":
            raise BadInput("--json=FIELDS goes to standard output; leave out the fields or -o.")
        one(app, json.shape(found[0]))  # the fields asked for
        return
    if form == "table":
        text = _text(app, found, how.chart)
        if how.target == "-":
            app.out.page(text.rstrip("\n"))
            return
        with opened(how.target) as out:
            out.write(text.encode())
        return
    if form == "xlsx" and how.target == "-" and app.out.is_terminal:
        raise BadInput("a workbook cannot be shown on a terminal; give -o FILE.")
    from ticketctl.reports.formats import write

    site = app.settings.templates
    content = write.encode(
        found,
        form,
        desk_name=app.definition.settings.name,
        template=how.template,
        site=Path(site) if site else None,
        bom=how.bom,
        raw_csv=how.raw_csv,
    )
    with opened(how.target) as out:
        out.write(content)


def _form(app: App, how: ReportOptions) -> str:
    """The requested format, else by file name or template, else a table or, in a pipe, TSV."""
    if app.options.json or how.template:
        return form_of(how.target, "html" if how.template else "json", FORMS[1:], "")
    people = app.out.is_terminal or (how.chart and not how.form)
    usual = "table" if people and how.target == "-" else "tsv"
    return form_of(how.target, how.form, FORMS[1:], usual)


def _text(app: App, found: "Sequence[Report]", chart: bool) -> str:
    from ticketctl.cli.views.bars import bar, is_unicode
    from ticketctl.reports.formats import text

    return text.write(
        found,
        width=app.out.width,
        bar=bar if chart else None,
        ascii_only=not is_unicode(),
        strong=lambda line: app.out.style(line, bold=True),
    )
