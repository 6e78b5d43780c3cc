"""`ticketctl edit IDS`: change fields of tickets."""

from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli.commands.changing import edit_form
from ticketctl.cli.shared import (
    bulk_action,
    collision_guard,
    editor,
    owner_words,
    param_types,
    send_preview,
    text_input,
)
from ticketctl.cli.shared.field_values import pairs
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console import access
from ticketctl.console.context import App, pass_app
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.errors import BadInput, Refused

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.actions.tickets.edit import TicketChanges
    from ticketctl.domain.base.records import Ticket


@click.command()
@tickets_argument()
@click.option("--subject", metavar="TEXT", help="New subject.")
@click.option(
    "--priority", type=click.Choice(PRIORITIES, case_sensitive=False), help="New priority."
)
@click.option("--status", type=param_types.STATUS, metavar="WORD", help="New status.")
@click.option("--segment", type=param_types.SEGMENT, metavar="NAME", help="Move to this segment.")
@click.option(
    "--owner", type=param_types.OWNER, metavar="AGENT", help="New owner: an agent, @me or none."
)
@click.option(
    "--type", "type_", type=param_types.TYPE, metavar="WORD", help="Ticket type, or none."
)
@click.option(
    "--tag",
    multiple=True,
    type=param_types.NEW_TAG,
    metavar="WORD",
    help="Add a tag; repeat for more.",
)
@click.option(
    "--untag",
    multiple=True,
    type=param_types.TAG,
    metavar="WORD",
    help="Remove a tag; repeat for more.",
)
@click.option("--important/--no-important", default=None, help="Mark as important, or not.")
@click.option("--due", metavar="TIME", help="Set the due time: 2d, monday, 2026-03-09 or none.")
@click.option(
    "--customer",
    metavar="WHO",
    help="New customer: an address, +34…, twitter:@ana or a number.",
)
@click.option(
    "--set",
    "fields",
    multiple=True,
    type=param_types.TICKET_FIELD,
    metavar="NAME=VALUE",
    help="Set a custom field.",
)
@click.option("--unset", multiple=True, metavar="NAME", help="Clear a custom field.")
@click.option(
    "--force",
    is_flag=True,
    help="Proceed even if the ticket changed meanwhile or another blocks it; as admin, allow any owner.",
)
@text_input.reason_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    typed: text_input.TextOptions,
    force: bool,
    bulk: bulk_action.BulkOptions,
    **given: object,
) -> None:
    """Change fields of tickets; -m says why. Without options, one ticket opens as a form in an editor."""
    from ticketctl.actions.tickets import edit

    bulk = collision_guard.bind(app, tickets, bulk, typed, force)
    changes = _changes(app, given)
    if changes == edit.TicketChanges():
        changes, why, bulk = _by_form(app, tickets, typed, bulk, force)
    else:
        why = text_input.read_or_ask(app, typed, what="Why?", tickets=tickets)

    def action(work: "Work", number: int) -> str | None:
        done = edit.edit(
            work, number, changes, comment=why, force=force, if_version=bulk.if_version
        )
        return "changed" if done else None

    verb = {"resolved": "Resolve", "closed": "Close"}.get(str(changes.status), "Change")
    ask = send_preview.telling(app, f"{verb} {{}}", action)
    bulk_action.run(app, tickets, bulk, action, ask=ask)


def _by_form(
    app: App,
    selected: Selection,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
    force: bool,
) -> "tuple[TicketChanges, str, bulk_action.BulkOptions]":
    """The changes in the form, the reason, and the version it was made from; Refused if nothing changed (F-Q32)."""
    writes = app.out.may_ask or editor.chosen(app) or app.options.recover
    if not writes or app.options.no_input or bulk.query:
        raise BadInput("say what to change: --priority, --segment, --tag …")
    number = selected.only
    if number is None:
        raise BadInput("the form is for one ticket at a time; give its number.")
    from ticketctl.store.tickets import tickets

    with app.db.read() as tx:
        one = tickets.get(tx, number)
        access.check(app, tx, one)
    form = edit_form.of(app, one)
    before = "\n\n".join(typed.message)
    text = editor.edited(
        app,
        form.text({}, before),
        take_up=lambda kept: form.text(*edit_form.parts(kept)),
        keep=lambda filled: edit_form.kept(*form.changed(filled)),
    )
    lines, why = form.changed(text)
    if not lines:
        raise Refused("the form changes nothing; to add a comment, use `ticketctl comment`.")
    if bulk.if_version is None and not force:
        bulk = bulk._replace(if_version=one.version)
    return _changes(app, _given(one, lines)), why, bulk


def _given(one: "Ticket", lines: dict[str, str]) -> dict[str, object]:
    """The form's lines as the equivalent options."""
    given: dict[str, Any] = {
        name: lines.get(name.capitalize())
        for name in ("subject", "priority", "status", "segment", "owner", "customer", "due")
    }
    tags = {tag.strip() for tag in lines.get("Tags", "").split(",")} - {""}
    had = set(one.tags) if "Tags" in lines else set()
    own = {n.removeprefix("cf."): v for n, v in lines.items() if n.startswith("cf.")}
    if lines.get("Important", "yes") not in ("yes", "no"):
        raise BadInput("Important is yes or no.")
    return given | {
        "type_": lines.get("Type"),
        "important": lines["Important"] == "yes" if "Important" in lines else None,
        "tag": sorted(tags - had),
        "untag": sorted(had - tags),
        "fields": [f"{name}={value}" for name, value in own.items() if value],
        "unset": [name for name, value in own.items() if not value],
    }


def _changes(app: App, given: dict[str, Any]) -> "TicketChanges":
    from ticketctl.actions.tickets.edit import TicketChanges
    from ticketctl.domain.base import when

    plain = ("subject", "priority", "status", "segment", "important", "customer")
    chosen = {name: given[name] for name in plain if given[name] is not None}
    if given["owner"] is not None:
        chosen["owner"] = owner_words.read(app, given["owner"])
    if given["type_"] is not None:
        chosen["type"] = None if given["type_"] == "none" else given["type_"]
    if given["due"] is not None:
        at = given["due"]
        chosen["due"] = None if at == "none" else when.ahead(at, now=app.now, zone=app.zone)
    fields = pairs(given["fields"]) | dict.fromkeys(given["unset"])
    return TicketChanges(add_tags=given["tag"], remove_tags=given["untag"], fields=fields, **chosen)
