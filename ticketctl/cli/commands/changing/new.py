"""`ticketctl new`: create a ticket by hand."""

from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli.commands.changing import canned_ticket
from ticketctl.cli.shared import (
    attached_files,
    canned_replies,
    owner_words,
    param_types,
    prompts,
    text_input,
)
from ticketctl.cli.shared.field_values import pairs
from ticketctl.console.context import App, pass_app
from ticketctl.domain.base import status
from ticketctl.domain.base.records import CHANNELS, PRIORITIES
from ticketctl.errors import BadInput, Refused

if TYPE_CHECKING:
    from ticketctl.domain.formats import transcript as transcripts

STATUSES = tuple(one for one in status.STATUSES if one != status.MERGED)


@click.command()
@click.option(
    "--customer", metavar="WHO", help="Customer: an address, +34600112233 or twitter:@ana."
)
@click.option("--name", default="", metavar="NAME", help="Name of the customer.")
@click.option("--subject", metavar="TEXT", help="Subject of the ticket.")
@click.option("--text", default="", metavar="TEXT", help="What the customer said.")
@click.option(
    "--transcript",
    type=param_types.FILE,
    metavar="FILE",
    help="Chat transcript: lines of `[HH:MM] name: text`, JSON, or any text; - is stdin.",
)
@click.option(
    "--priority",
    type=click.Choice(PRIORITIES, case_sensitive=False),
    default="medium",
    show_default=True,
    help="Priority.",
)
@click.option(
    "--status",
    type=click.Choice(STATUSES, case_sensitive=False),
    default="new",
    show_default=True,
    help="Status; resolved and closed need the fields that closing needs.",
)
@click.option(
    "--segment", type=param_types.SEGMENT, default="", metavar="NAME", help="Segment of the ticket."
)
@click.option("--owner", type=param_types.OWNER, metavar="AGENT", help="Owner: an agent, or @me.")
@click.option(
    "--channel",
    type=click.Choice(CHANNELS, case_sensitive=False),
    default="manual",
    show_default=True,
    metavar="CHANNEL",
    help=f"Channel it came by: {', '.join(CHANNELS)}.",
)
@click.option("--type", "type_", type=param_types.TYPE, metavar="WORD", help="Ticket type.")
@click.option(
    "--tag",
    multiple=True,
    type=param_types.NEW_TAG,
    metavar="WORD",
    help="Add a tag; repeat for more.",
)
@click.option("--important", is_flag=True, help="Mark the ticket as important.")
@click.option("--public", is_flag=True, help="The message was written in public.")
@click.option("--permalink", metavar="URL", help="Web address where it was written.")
@click.option(
    "--set",
    "fields",
    multiple=True,
    type=param_types.TICKET_FIELD,
    metavar="NAME=VALUE",
    help="Set a custom field.",
)
@click.option(
    "--attach",
    type=param_types.FILE,
    multiple=True,
    metavar="FILE",
    help="Attach FILE; repeat for more.",
)
@click.option("--no-ack", is_flag=True, help="Do not send the customer the ticket number.")
@canned_replies.option(
    "Take what no option gives from this canned reply (of kind ticket).", kind="ticket"
)
@text_input.text_options
@pass_app
def command(app: App, typed: text_input.TextOptions, **given: Any) -> None:
    """Create a ticket by hand and print its number; -m says why.

    One that is resolved or closed at once, or spam, mails nobody.
    """
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.tickets import open_ticket

    given["fields"] = pairs(given["fields"])
    canned_ticket.fill(app, given, _is_default)
    _interview(app, given)
    _ask_for_fields(app, given)
    text, chat = _said(app, given["text"], given["transcript"])
    why = text_input.read_or_ask(app, typed, what="Why is it added?")
    actor = app.actor()
    draft = open_ticket.Draft(
        customer=given["customer"],
        subject=given["subject"],
        comment=why,
        customer_name=given["name"],
        text=text,
        said=chat,
        acknowledge=given["channel"] != "manual" and not given["no_ack"],
        priority=given["priority"],
        status=given["status"],
        segment=given["segment"],
        owner=owner_words.read(app, given["owner"]) if given["owner"] else None,
        channel=given["channel"],
        type=given["type_"],
        tags=given["tag"],
        important=given["important"],
        kind="public" if given["public"] else "private",
        permalink=given["permalink"],
        fields=given["fields"],
        attachments=attached_files.read(given["attach"]),
    )
    number = app.db.write(lambda tx: open_ticket.by_hand(begin(tx, actor), draft))
    _tell(app, number)


def _interview(app: App, given: dict[str, Any]) -> None:
    """Prompt for customer and subject; if neither was given, for the other fields too (F-C1)."""
    missing = [name for name in ("customer", "subject") if not given[name]]
    if not missing:
        return
    if not app.out.may_ask:
        raise Refused(f"a new ticket needs --{missing[0]}.")
    for name, question in (("customer", "Customer"), ("subject", "Subject")):
        given[name] = given[name] or app.out.ask(question)
    if len(missing) == 1:
        return
    if not (given["text"] or given["transcript"]):
        given["text"] = app.out.ask("What did the customer say? (may be empty)", "")
    segments = [one.name for one in app.definition.segments]
    for name, question, choices in (
        ("channel", "Channel", CHANNELS),
        ("type_", "Type (may be empty)", [one.name for one in app.definition.types]),
        ("priority", "Priority", PRIORITIES),
        ("status", "Status", STATUSES),
        *([("segment", "Segment", segments)] if len(segments) > 1 else []),
    ):
        if _is_default(name):
            given[name] = prompts.one_of(app, question, choices, given[name] or "")


def _ask_for_fields(app: App, given: dict[str, Any]) -> None:
    """Prompt for the fields that the ticket needs at its beginning and, if it is to end at once, at its end."""
    needed = ("create", "close") if given["status"] in status.ENDED else ("create",)
    for field in app.definition.fields if app.out.may_ask else ():
        is_missing = field.on == "ticket" and field.name not in given["fields"]
        if is_missing and field.required in needed:
            given["fields"][field.name] = prompts.one_of(app, field.name, field.choices)


def _is_default(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.DEFAULT


def _said(
    app: App, text: str, transcript: str | None
) -> "tuple[str, tuple[transcripts.ChatMessage, ...]]":
    """The text, and the single messages if it is a chat."""
    from ticketctl.domain.formats import transcript as transcripts

    if text and transcript:
        raise BadInput("give --text or --transcript, not both.")
    if not transcript:
        return text, ()
    whole = text_input.read_file(transcript)
    return whole, transcripts.read(whole, app.now, app.zone)


def _tell(app: App, number: int) -> None:
    from ticketctl.console import rows

    if not app.options.json:
        app.out.data(str(number))
        return
    from ticketctl.cli.views.ticket_table import ticket_view
    from ticketctl.store.tickets import tickets

    with app.db.read() as tx:
        found = tickets.get(tx, number)
    rows.one(app, ticket_view(app).shape(found))
