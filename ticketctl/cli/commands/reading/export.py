"""`ticketctl export`: stream tickets to a file; leaves nothing behind if it fails."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ticketctl.cli.commands.reading import export_page
from ticketctl.cli.shared import (
    attached_files,
    no_results,
    param_types,
    ticket_numbers,
)
from ticketctl.cli.shared.filters import Filters, QueryCommand, filter_options, wanted
from ticketctl.cli.shared.option_groups import record
from ticketctl.cli.shared.query_names import refuse_unknown
from ticketctl.console import access
from ticketctl.console.context import App, pass_app
from ticketctl.console.output_file import form_of, is_stdout, opened
from ticketctl.console.rows import chosen, shaped
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ticketctl.console.view import Column
    from ticketctl.domain.base.records import Comment, Message, Ticket
    from ticketctl.export.rows import ExportColumn, ExportedTicket
    from ticketctl.store.db.database import Tx

FORMS = ("xlsx", "csv", "tsv", "json", "ndjson", "mbox", "html")
EVERY = 1000  # tickets between two words about the progress


class ExportOptions(NamedTuple):
    """What to export, and in which format."""

    form: str | None
    messages: bool
    comments: bool
    columns: str | None
    bom: bool
    raw_csv: bool
    attachments: str | None


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, type=param_types.QUERY, metavar="[QUERY]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS, case_sensitive=False),
    help="Default: by the name of the file, else csv.",
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
@click.option("--messages", is_flag=True, help="Include messages.")
@click.option("--comments", is_flag=True, help="Include comments.")
@click.option(
    "--columns",
    metavar="NAMES",
    type=param_types.COLUMNS,
    help="Only these columns, such as id,subject.",
)
@click.option(
    "--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel reads it as UTF-8."
)
@click.option("--raw-csv", is_flag=True, help="Do not put an apostrophe before formulas in CSV.")
@click.option(
    "--attachments",
    type=click.Choice(("none", "embed", "folder")),
    help="In html: only their names (default), all in the page, or in a folder beside it.",
)
@filter_options
@pass_app
@record("how", ExportOptions)
def command(
    app: App, query: tuple[str, ...], filters: Filters, target: str, how: ExportOptions
) -> None:
    """Export tickets to a file: xlsx, csv, tsv, json, ndjson, mbox (mails as received) or html.

    html is a page for people outside, for screen and print: the messages with public names, and
    no comments, history or fields. Message HTML is sanitised, images that came with the mail are
    included, nothing is loaded from elsewhere. Times are in the desk's zone, or that of --tz.
    With csv and tsv, messages and comments go to files of their own: -o all.csv also writes all-messages.csv.
    QUERY may also be ticket numbers.
    """
    form = form_of(target, how.form, FORMS, "json" if app.options.json else "csv")
    _refuse_unfit(app, form, target, how)
    filters = filters._replace(since=filters.since or "all")
    if query and all(map(ticket_numbers.looks_like, query)):
        query = ("id:" + ",".join(map(str, ticket_numbers.numbers(query))),)
    attached_files.refuse_names(query)
    asked = wanted(app, query, filters)
    if form not in ("json", "ndjson"):  # a saved query's columns are those of a table
        how = how._replace(columns=how.columns or ",".join(asked.columns) or None)
    from ticketctl.domain.base.condition import Sort, both
    from ticketctl.store.tickets import ticket_lists

    condition = both(access.visible(app), asked.condition)
    sort = asked.sort or (Sort("id"),)
    with app.db.read() as tx:
        refuse_unknown(app, tx, condition)
        with closing(ticket_lists.stream(tx, condition, sort)) as found:
            count = _write(app, tx, target, form, _told(app, found), how)
    app.out.note(f"{count} written.")
    if not count:
        no_results.tell(app, condition)


def _refuse_unfit(app: App, form: str, target: str, how: ExportOptions) -> None:
    """BadInput for options that a format cannot follow."""
    if is_stdout(target) and app.out.is_terminal:
        what = "a workbook cannot be" if form == "xlsx" else "an export is not"
        raise BadInput(f"{what} shown on a terminal; give -o FILE, or use a pipe.")
    if app.options.json and form not in ("json", "ndjson"):
        raise BadInput(f"--json and the format {form} exclude each other.")
    if form in ("mbox", "html") and how.columns:
        raise BadInput(f"{form} has no columns; export to xlsx, csv, tsv, json or ndjson.")
    if form == "mbox" and how.comments:
        raise BadInput("mbox holds mails as they came, without comments; export to xlsx or json.")
    export_page.refuse_unfit(form, target, how.attachments, comments=how.comments)
    if form in ("csv", "tsv") and (how.messages or how.comments) and is_stdout(target):
        raise BadInput(
            f"messages and comments need files of their own in {form}; give -o FILE.{form}, "
            "or --format xlsx or json."
        )


def _write(
    app: App, tx: "Tx", target: str, form: str, found: "Iterable[Ticket]", how: ExportOptions
) -> int:
    from ticketctl.export import write

    entries = _entries(tx, found, messages=how.messages, comments=how.comments)
    if form in ("csv", "tsv"):
        return _write_rows(app, target, form, entries, how)
    if form == "html":
        return export_page.write(app, tx, target, found, how.attachments or "none")
    with opened(target) as out:
        if form == "mbox":
            return write.write_mbox(out, _raw_mails(tx, found))
        if form == "xlsx":
            return write.write_xlsx(
                out,
                entries,
                _fields(app, how.columns),
                messages=how.messages,
                comments=how.comments,
                zone=app.own_zone,
            )
        return write.write_json(out, entries, _shape(app, how), lines=form == "ndjson")


def _write_rows(
    app: App, target: str, form: str, entries: "Iterator[ExportedTicket]", how: ExportOptions
) -> int:
    """CSV or TSV; messages and comments beside it, in files of their own."""
    from ticketctl.export.rows import COMMENT_FIELDS, MESSAGE_FIELDS
    from ticketctl.export.write import RowFile, write_rows

    def file(name: str, fields: "Sequence[ExportColumn]") -> RowFile:
        path = Path(target)
        part = str(path.with_stem(f"{path.stem}-{name}")) if name else target
        if name:
            app.out.note(f"{name} go to {part}.")
        out = files.enter_context(opened(part))
        return RowFile(out, fields, tsv=form == "tsv", bom=how.bom, raw=how.raw_csv)

    with ExitStack() as files:
        return write_rows(
            entries,
            file("", _fields(app, how.columns)),
            messages=file("messages", MESSAGE_FIELDS) if how.messages else None,
            comments=file("comments", COMMENT_FIELDS) if how.comments else None,
        )


def _entries(
    tx: "Tx", found: "Iterable[Ticket]", *, messages: bool, comments: bool
) -> "Iterator[ExportedTicket]":
    """Tickets with the requested extras, read a page at a time."""
    from msgspec.structs import replace

    from ticketctl.export.rows import ExportedTicket, pages
    from ticketctl.store.tickets import conversations

    for page in pages(found):
        ids = [ticket.id for ticket in page]
        merged = conversations.merged_of(tx, ids) if messages or comments else {}
        ids += [one.id for some in merged.values() for one in some]
        said = conversations.messages_of(tx, ids) if messages else {}
        noted = conversations.comments_of(tx, ids) if comments else {}

        def entry(
            ticket: "Ticket",
            said: "dict[int, list[Message]]" = said,
            noted: "dict[int, list[Comment]]" = noted,
        ) -> ExportedTicket:
            return ExportedTicket(ticket, said.get(ticket.id, []), noted.get(ticket.id, []))

        for ticket in page:
            one = entry(ticket)
            others = merged.get(ticket.id)
            yield replace(one, merged=[*map(entry, others)]) if others else one


def _raw_mails(tx: "Tx", found: "Iterable[Ticket]") -> "Iterator[tuple[str, datetime, bytes]]":
    from ticketctl.store.db import blobs
    from ticketctl.store.tickets import conversations

    for ticket in found:
        for message in conversations.all_messages(tx, ticket.id):
            if message.blob:
                yield message.author, message.at, blobs.get(tx, message.blob)


def _fields(app: App, columns: str | None) -> "list[ExportColumn]":
    """The columns of `list --columns`, with values that a spreadsheet can count with."""
    from operator import attrgetter

    from ticketctl.cli.views.ticket_table import TIMES, ticket_columns, ticket_view
    from ticketctl.export.rows import ExportColumn

    view = ticket_view(app)._replace(columns=ticket_columns(app))
    types = {f"cf.{one.name}": one.type for one in app.definition.fields if one.on == "ticket"}
    own: dict[str, Callable[[Ticket], object]] = {
        "important": attrgetter("important"),
        "tags": lambda one: ",".join(one.tags),
    }

    def field(column: "Column[Ticket]") -> ExportColumn:
        now = view.former.get(column.name, column.name)
        value = own.get(now) or _typed(column.value, types.get(now))
        return ExportColumn(column.name, value, now in TIMES)

    return list(map(field, chosen(app, view, columns or "all")))


def _typed(value: "Callable[[Ticket], Any]", kind: str | None) -> "Callable[[Ticket], object]":
    """The value of a custom field of some type: a date as a date, several words as one text."""
    if kind == "date":
        return lambda one: date.fromisoformat(found) if (found := value(one)) else None
    if kind == "multi":
        return lambda one: ",".join(map(str, value(one) or ()))
    return value


def _shape(app: App, how: ExportOptions) -> "Callable[[ExportedTicket], dict[str, object]]":
    from ticketctl.cli.views.ticket_table import ticket_view
    from ticketctl.console import json_shapes

    if how.columns and app.options.json not in (None, "*"):
        raise BadInput("give the fields once: --columns or --json=FIELDS.")
    ticket = shaped(app, ticket_view(app), how.columns or app.options.json or "*")

    def words(entry: "ExportedTicket") -> dict[str, object]:
        found: dict[str, object] = {}
        if how.messages:
            found |= {"messages": [json_shapes.message(one) for one in entry.messages]}
        if how.comments:
            found |= {"comments": [json_shapes.comment(one) for one in entry.comments]}
        return found

    def shape(entry: "ExportedTicket") -> dict[str, object]:
        found = {**ticket(entry.ticket), **words(entry)}
        if how.messages or how.comments:
            merged = [(one.ticket, words(one)) for one in entry.merged]
            found["merged"] = [
                {"id": one.id, "subject": one.subject} | said for one, said in merged
            ]
        return found

    return shape


def _told(app: App, found: "Iterable[Ticket]") -> "Iterator[Ticket]":
    """Pass the tickets through and show progress on a terminal."""
    for number, ticket in enumerate(found, 1):
        if number % EVERY == 0 and sys.stderr.isatty() and not app.out.quiet:
            click.echo(f"\r{number} tickets", nl=False, err=True)
        yield ticket
    if sys.stderr.isatty() and not app.out.quiet:
        click.echo("\r", nl=False, err=True)
