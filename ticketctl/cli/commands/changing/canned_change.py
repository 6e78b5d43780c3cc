"""`ticketctl canned add|edit|remove`: changes the canned replies of the team; `undo` reverts it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from ticketctl.cli.shared import canned_replies, editor, param_types, text_input, ticket_numbers
from ticketctl.cli.shared.field_values import pairs
from ticketctl.cli.shared.option_groups import gathered
from ticketctl.console.context import App, pass_app
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.errors import BadInput, NotFound

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.domain.rules.canned import Canned

T = TypeVar("T")


class Given(NamedTuple):
    """Properties of a canned reply besides its text; None and empty mean not given."""

    type_: str | None
    subject: str | None
    priority: str | None
    tags: Sequence[str]
    fields: Sequence[str]

    def changes(self, one: "Canned") -> "Canned":
        """The canned reply with these properties."""
        from msgspec.structs import replace

        typed: dict[str, Any] = {f"cf.{name}": value for name, value in pairs(self.fields).items()}
        typed |= {"priority": self.priority} if self.priority else {}
        typed |= {"tags": list(self.tags)} if self.tags else {}
        return replace(
            one,
            type=one.type if self.type_ is None else self.type_,
            subject=one.subject if self.subject is None else self.subject,
            fields=one.fields | typed,
        )


_given_options = gathered(
    "given",
    Given,
    click.option(
        "--type",
        "type_",
        type=param_types.TYPE,
        metavar="WORD",
        help='Ticket type it is for; "" for any.',
    ),
    click.option("--subject", metavar="TEXT", help="Subject of the new ticket."),
    click.option(
        "--priority",
        type=click.Choice(PRIORITIES, case_sensitive=False),
        help="Priority of the new ticket.",
    ),
    click.option(
        "--tag",
        "tags",
        multiple=True,
        metavar="WORD",
        help="Tag of the new ticket; repeat for more.",
    ),
    click.option(
        "--set",
        "fields",
        multiple=True,
        type=param_types.TICKET_FIELD,
        metavar="NAME=VALUE",
        help="Custom field of the new ticket; repeat for more.",
    ),
)


@click.command()
@click.argument("name", type=canned_replies.name_type())
@canned_replies.language_option
@click.option(
    "--kind",
    type=click.Choice(["reply", "ticket"], case_sensitive=False),
    default="reply",
    show_default=True,
    help="For `reply --canned` or for `new --canned`.",
)
@click.option(
    "--from-message", "source", metavar="N/M", help="Start from the text of message M of ticket N."
)
@_given_options
@text_input.text_options
@pass_app
def add(
    app: App,
    name: str,
    language: str | None,
    kind: str,
    source: str | None,
    given: Given,
    typed: text_input.TextOptions,
) -> None:
    """Share a canned reply with the team, or add a language to one.

    Placeholders: {{ customer_name }}, {{ ticket }}, {{ ticket_subject }}, {{ agent_name }}, {{ desk_name }}, {{ tag }}.
    """
    from ticketctl.actions.texts import canned
    from ticketctl.domain.base import values
    from ticketctl.domain.rules.canned import Canned

    values.name(name)
    spoken = (language or "").lower().replace("_", "-")
    text = _first_text(app, typed, source, kind)
    one = given.changes(Canned(name=name, text=text, language=spoken, kind=kind))
    _write(app, lambda work: canned.add(work, one))
    app.out.note(f"shared as {one}; `ticketctl undo` reverts it.")


@click.command()
@click.argument("name", type=canned_replies.name_type())
@canned_replies.language_option
@_given_options
@text_input.text_options
@pass_app
def edit(
    app: App, name: str, language: str | None, given: Given, typed: text_input.TextOptions
) -> None:
    """Change a canned reply; without other options, open its text in an editor."""
    from msgspec.structs import replace

    from ticketctl.actions.texts import canned

    old = _shared(app, name, language)
    new = given.changes(old)
    if typed.message or typed.file is not None:
        new = replace(new, text=text_input.read(app, typed))
    elif typed.edit or app.options.recover or (new == old and app.out.may_ask):
        new = replace(new, text=editor.edited(app, old.text, take_up=str))
    elif new == old:
        raise BadInput(
            "say what to change: -m, -F, -e, --type, --subject, --priority, --tag or --set."
        )
    changed = _write(app, lambda work: canned.change(work, old, new))
    app.out.note(f"{old} changed." if changed else f"{old} is unchanged.")


@click.command()
@click.argument("name", type=canned_replies.name_type())
@canned_replies.language_option
@pass_app
def remove(app: App, name: str, language: str | None) -> None:
    """Remove a canned reply, in one language or in all."""
    from ticketctl.actions.texts import canned

    gone = _write(app, lambda work: canned.remove(work, name, language))
    app.out.note(f"{', '.join(map(str, gone))} removed; `ticketctl undo` restores it.")


def _first_text(app: App, typed: text_input.TextOptions, source: str | None, kind: str) -> str:
    """The text of a new reply: given, from a message, or from the editor; may be empty for kind ticket."""
    if source is None:
        return (
            text_input.read(app, typed)
            if kind == "ticket"
            else text_input.read_or_ask(app, typed, what="Text", long=True)
        )
    if typed.message or typed.file is not None:
        raise BadInput("give only one of -m, -F and --from-message.")
    text = _of_message(app, source)
    return editor.edited(app, text, take_up=str) if typed.edit else text


def _of_message(app: App, source: str) -> str:
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.texts import canned

    number, slash, n = source.partition("/")
    if not slash or not n.isdecimal():
        raise BadInput(f"{source!r} is not a message; write 12/3 for message 3 of ticket 12.")
    with app.db.read() as tx:
        return canned.from_message(begin(tx, app.actor()), ticket_numbers.number(number), int(n))


def _shared(app: App, name: str, language: str | None) -> "Canned":
    """The one shared reply. NotFound for none, BadInput if it has several languages and none was chosen."""
    from ticketctl.store.desk import canned_replies as templates

    with app.db.read() as tx:
        known = templates.by_language(tx, name)
        if not known:
            file = canned_replies.answers(app, tx).get(
                name, language
            )  # NotFound names what there is
            raise NotFound(
                f'the canned reply "{name}" is not shared; it is the file {file.source}. '
                f"Share it with `ticketctl canned add {name} -F {file.source}`."
            )
    if language is None and len(known) == 1:
        return known[0]
    found = next((one for one in known if one.language == (language or "")), None)
    if found is None:
        languages = ", ".join(one.language or '""' for one in known)
        raise BadInput(f"{name} has several languages; choose one: --language {languages}.")
    return found


def _write(app: App, action: "Callable[[Work], T]") -> T:
    from ticketctl.actions.base.context import begin

    actor = app.actor()
    return app.db.write(lambda tx: action(begin(tx, actor)))
