"""`ticketctl export`: stream tickets to a file; leaves nothing behind if it fails."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import IO, TYPE_CHECKING, NamedTuple

import click

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
from ticketctl.console.output_file import form_of, opened
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

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


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, type=param_types.QUERY, metavar="[QUERY]...")
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="Default: by the name of the file, else csv."
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
@click.option("--columns", metavar="NAMES", help="Only these columns, such as id,subject.")
@click.option(
    "--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel reads it as UTF-8."
)
@click.option("--raw-csv", is_flag=True, help="Do not put an apostrophe before formulas in CSV.")
@filter_options
@pass_app
@record("how", ExportOptions)
def command(
    app: App, query: tuple[str, ...], filters: Filters, target: str, how: ExportOptions
) -> None:
    """Export tickets to a file: xlsx, csv, tsv, json, ndjson, mbox (mails as received) or html.

    html is one self-contained page: message HTML is sanitised, images that came with the mail are
    included, nothing is loaded from elsewhere. Comments are left out without --comments.
    QUERY may also be ticket numbers.
    """
    form = form_of(target, how.form, FORMS, "csv")
    filters = filters._replace(since=filters.since or "all")
    if query and all(map(ticket_numbers.looks_like, query)):
        query = ("id:" + ",".join(map(str, ticket_numbers.numbers(query))),)
    attached_files.refuse_names(query)
    asked = wanted(app, query, filters)
    how = how._replace(columns=how.columns or ",".join(asked.columns) or None)
    if form == "xlsx" and target == "-" and app.out.is_terminal:
        raise BadInput("a workbook cannot be shown on a terminal; give -o FILE.")
    from ticketctl.domain.base.condition import Sort, both
    from ticketctl.store.tickets import ticket_lists

    condition = both(access.visible(app), asked.condition)
    sort = asked.sort or (Sort("id"),)
    with app.db.read() as tx:
        refuse_unknown(app, tx, condition)
        with opened(target) as out, closing(ticket_lists.stream(tx, condition, sort)) as found:
            count = _write(app, tx, out, form, _told(app, found), how)
    app.out.note(f"{count} written.")
    if not count:
        no_results.tell(app, condition)


def _write(
    app: App, tx: "Tx", out: IO[bytes], form: str, found: "Iterable[Ticket]", how: ExportOptions
) -> int:
    from ticketctl.export import write

    if form == "mbox":
        return write.write_mbox(out, _raw_mails(tx, found))
    if form == "html":
        return _write_page(app, tx, out, found, comments=how.comments)
    fields = _fields(app, how.columns)
    entries = _entries(tx, found, messages=how.messages, comments=how.comments)
    if form == "csv":
        return write.write_csv(out, entries, fields, bom=how.bom, raw=how.raw_csv)
    if form == "tsv":
        return write.write_tsv(out, entries, fields)
    if form == "xlsx":
        return write.write_xlsx(
            out,
            entries,
            fields,
            messages=how.messages,
            comments=how.comments,
            zone=app.own_zone,
        )
    shape = _shape(app, how)
    return write.write_json(out, entries, shape, lines=form == "ndjson")


def _write_page(
    app: App, tx: "Tx", out: IO[bytes], found: "Iterable[Ticket]", *, comments: bool
) -> int:
    from gateway.page.page import write_html

    title = f"{app.definition.settings.name}: tickets"
    return int(write_html(out, tx, found, zone=app.zone, title=title, comments=comments))


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
    from ticketctl.export.rows import ticket_fields

    own = [field.name for field in app.definition.fields if field.on == "ticket"]
    fields = ticket_fields(own)
    if columns in (None, "all"):
        return fields
    known = {field.name: field for field in fields}
    names = [name.strip() for name in str(columns).split(",")]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadInput(f"there is no column {unknown[0]!r}; the columns are {', '.join(known)}.")
    return [known[name] for name in names]


def _shape(app: App, how: ExportOptions) -> "Callable[[ExportedTicket], dict[str, object]]":
    from ticketctl.cli.views.ticket_table import ticket_view
    from ticketctl.console import json_shapes

    view = ticket_view(app)

    def words(entry: "ExportedTicket") -> dict[str, object]:
        found: dict[str, object] = {}
        if how.messages:
            found |= {"messages": [json_shapes.message(one) for one in entry.messages]}
        if how.comments:
            found |= {"comments": [json_shapes.comment(one) for one in entry.comments]}
        return found

    def shape(entry: "ExportedTicket") -> dict[str, object]:
        found = view.shape(entry.ticket) | words(entry)
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
