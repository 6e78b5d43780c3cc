"""`ticketctl search TEXT`: full text over messages, comments and subjects."""

import re

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.shared.filters import Filters, ListOptions, filter_options
from ticketctl.console.context import App, pass_app
from ticketctl.errors import BadInput

PARTS = {"subject": "subject", "body": "body", "comments": "comments"}


@click.command()
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@click.option(
    "--in", "places", metavar="PARTS", help="Search only these parts: subject, body, comments."
)
@filter_options
@click.option("--limit", type=param_types.COUNT, metavar="N", help="Show at most N; 0 for all.")
@click.option("--ids", "only_ids", is_flag=True, help="Print only ticket numbers, one per line.")
@click.option("--count", "only_count", is_flag=True, help="Print only the number of tickets.")
@pass_app
def command(
    app: App,
    text: tuple[str, ...],
    places: str | None,
    filters: Filters,
    limit: int | None,
    only_ids: bool,
    only_count: bool,
) -> None:
    """Find tickets with all of these words in messages, comments or subject, whatever their age.

    Each TEXT is a word or, in quotes, a phrase. A word is also found in its other forms: `refunds` finds refund and
    refunded, `'"refunds"'` only itself, `refun*` every word that begins so.
    In a table, a line below each ticket shows the latest message or comment with one of the words; `--json` has up to
    three of them as `hits`.
    """
    from ticketctl.cli.shared.ticket_list import listing
    from ticketctl.cli.views.search_hits import Hits
    from ticketctl.domain.base.condition import Where, either

    _refuse_query(text)
    words = [one.strip() for one in text if one.strip()]
    if not words:
        raise BadInput("say what to search for.")
    filters = filters._replace(since=filters.since or "all")
    fields = _fields(places)
    extra = tuple(either(Where(field, "=", (one,)) for field in fields) for one in words)
    options = ListOptions(limit=limit, only_ids=only_ids, only_count=only_count)
    listing(app, (), filters, options, extra=extra, hits=Hits(words, fields))


def _refuse_query(words: tuple[str, ...]) -> None:
    """BadInput for words of the query language, which this command does not support."""
    for word in words:
        name = re.match(r"[\w.-]+(?=[:=])", word)
        if word in ("AND", "OR", "NOT") or (name and _is_field(name[0].lower())):
            raise BadInput(
                f"search accepts only words, but {word} belongs to the query language; "
                f"did you mean `ticketctl list {' '.join(words)}`?"
            )


def _is_field(name: str) -> bool:
    from ticketctl.domain.query import fields

    return fields.is_field(name)


def _fields(places: str | None) -> list[str]:
    if places is None:
        return ["text"]
    names = [name.strip() for name in places.split(",")]
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise BadInput(
            f"there is no part {unknown[0]!r} to search; choose from {', '.join(PARTS)}."
        )
    return [PARTS[name] for name in names]
