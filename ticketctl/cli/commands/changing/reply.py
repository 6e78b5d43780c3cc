"""`ticketctl reply IDS`: a public answer to the customer, by mail."""

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ticketctl.cli.shared import (
    attached_files,
    collision_guard,
    editor,
    prompts,
    send_preview,
    text_input,
)
from ticketctl.cli.shared import bulk as bulks
from ticketctl.cli.shared.field_values import pairs
from ticketctl.cli.views import canned_replies
from ticketctl.console import param_types, ticket_numbers
from ticketctl.console.context import Desk, pass_desk
from ticketctl.errors import BadInput, Refused
from ticketctl.safe import one_line

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.actions.tickets.reply import Extras


class Text(NamedTuple):
    """What a reply says: the agent's own words, behind a canned reply where one is named."""

    own: str
    template: str | None = None

    def of(self, desk: Desk, work: "Work", number: int) -> str:
        """The text for a ticket; NotFound for an unknown answer."""
        if self.template is None:
            return self.own
        from ticketctl.actions.tickets import reply

        answers = canned_replies.answers(desk, work.tx)
        return f"{answers.fill(self.template, *reply.names(work, number))}\n\n{self.own}".rstrip()


@click.command()
@click.argument("tickets", nargs=-1, metavar="IDS...")
@click.option(
    "--to-message", type=param_types.NUMBER, metavar="N", help="Reply to message N, and quote it."
)
@click.option(
    "--cc", multiple=True, metavar="ADDRESS", help="Add to Cc for this and later replies."
)
@click.option("--bcc", multiple=True, metavar="ADDRESS", help="Add to Bcc for this reply.")
@click.option("--no-cc", is_flag=True, help="Send to the customer only.")
@canned_replies.option("Begin with this canned reply; -m is added below it.")
@click.option("--attach", multiple=True, metavar="FILE", help="Attach FILE; repeat for more.")
@click.option(
    "--inline",
    multiple=True,
    metavar="FILE",
    help="Show an image where the text says [FILE], or at the end.",
)
@click.option(
    "--status",
    type=click.Choice(["open", "waiting", "resolved", "closed"]),
    help="Set this status after sending.",
)
@click.option("--close", is_flag=True, help="Same as --status closed.")
@click.option(
    "--set",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a custom field before sending.",
)
@click.option(
    "--delay",
    type=param_types.SPAN,
    metavar="SPAN",
    help="Wait this long before sending: 30s, 5m; a bare number is seconds.",
)
@click.option("--force", is_flag=True, help="Proceed even if the ticket changed meanwhile.")
@text_input.text_options
@bulks.bulk_options
@pass_desk
def command(
    desk: Desk,
    tickets: tuple[str, ...],
    said: text_input.Said,
    bulk: bulks.Bulk,
    **how: Any,
) -> None:
    """Reply to the customer by mail. On a terminal the mail is shown first; -y sends it at once."""
    from ticketctl.actions.base.load import load_for_update
    from ticketctl.actions.tickets import comment, edit, reply
    from ticketctl.store.tickets import tickets as store

    fields = pairs(how["fields"])
    if desk.out.may_ask and not bulk.query and "-" not in tickets:
        _refuse_in_vain(desk, tickets)
    collision_guard.caught_up(desk, tickets, bulk)
    asked = collision_guard.answers_elsewhere(desk, tickets, bulk)
    bulk = collision_guard.seen(desk, tickets, bulk, said, how["force"])
    text = _text(desk, tickets, how["canned"], said)
    extras = _extras(desk, how)
    text, internal = _agreed(desk, tickets, bulk, text, extras)
    if extras.status in ("resolved", "closed") and not internal:
        fields = prompts.needed(desk, tickets, fields)

    def deed(work: "Work", number: int) -> str:
        words_ = text.of(desk, work, number)
        load_for_update(work, number, bulk.if_version)
        if fields:
            edit.edit(work, number, edit.TicketChanges(fields=fields), comment="set by reply")
        if internal:
            kept = attached_files.plain(extras.attachments)
            return f"comment {comment.comment(work, number, words_, attachments=kept)}"
        if not asked and (line := collision_guard.away(work, store.get(work.tx, number))):
            warnings[str(number)] = line
        n = reply.reply(work, number, words_, extras)
        warnings.update(_unreachable(work, number))
        return f"message {n} queued" + (f" for {work.delay} s" if work.delay else "")

    def ask(work: "Work", numbers: list[int]) -> str:
        return send_preview.answering(desk, work, numbers, text.of) if bulk.query else ""

    warnings: dict[str, str] = {}
    try:
        bulks.run(desk, tickets, bulk, deed, ask=ask, delay=how["delay"])
    finally:
        for warning in warnings.values():
            desk.out.note(warning)


def _refuse_in_vain(desk: Desk, words_: tuple[str, ...]) -> None:
    """Before somebody writes an answer to the one ticket that is meant: Refused where it can reach nobody."""
    from ticketctl.actions.base import context as works
    from ticketctl.actions.tickets import reply
    from ticketctl.store.tickets import tickets

    numbers = ticket_numbers.numbers(words_)
    if len(numbers) == 1:
        with desk.db.read() as tx:
            reply.may_answer(works.begin(tx, desk.actor()), tickets.get(tx, numbers[0]))


def _extras(desk: Desk, how: dict[str, Any]) -> "Extras":
    """What the options say besides the text."""
    from ticketctl.actions.tickets import reply

    return reply.Extras(
        to_message=how["to_message"],
        cc=how["cc"],
        bcc=how["bcc"],
        no_cc=how["no_cc"],
        status="closed" if how["close"] else how["status"],
        attachments=attached_files.images(how["inline"]) + attached_files.read(how["attach"]),
    )


def _unreachable(work: "Work", number: int) -> dict[str, str]:
    """What to say of the addresses this reply goes to and will not reach, by address (F6)."""
    from ticketctl.store.queues import outbox, recipients

    sent = [r for r in outbox.of_group(work.tx, work.group, [number]) if r.kind == "reply"]
    found = recipients.dead(work.tx, [one for row in sent for one in (*row.to, *row.cc, *row.bcc)])
    return {
        one.address: one_line(
            f"warning: mail to {one.address} has failed for good on {one.since:%Y-%m-%d}: {one.why}"
        )
        for one in found
    }


def _text(
    desk: Desk,
    words_: tuple[str, ...],
    template: str | None,
    said: text_input.Said,
) -> Text:
    """The agent's words; behind a canned reply they may be none. -e writes into the answer of one ticket."""
    if template is None:
        own = text_input.wanted(desk, said, what="Reply", long=True)
        if not own.strip():
            raise Refused('a reply needs text; give -m "…" or --canned NAME.')
        return Text(own)
    if not said.edit:
        return Text(text_input.given(desk, said), template)
    return Text(editor.edited(desk, _filled(desk, words_, Text("", template))))


def _filled(desk: Desk, words_: tuple[str, ...], text: Text) -> str:
    """The text for the one ticket that is meant."""
    from ticketctl.actions.base import context as works

    numbers = ticket_numbers.numbers(words_)
    if len(numbers) != 1:
        raise BadInput("-e with --canned works on one ticket at a time.")
    with desk.db.read() as tx:
        return text.of(desk, works.begin(tx, desk.actor()), numbers[0])


def _agreed(
    desk: Desk, words_: tuple[str, ...], bulk: bulks.Bulk, text: Text, extras: "Extras"
) -> tuple[Text, bool]:
    """On a terminal: to whom, the first lines, and a question. The text, and whether it is a comment after all."""
    if desk.yes or bulk.dry_run or bulk.query or not desk.out.may_ask:
        return text, False
    numbers = ticket_numbers.numbers(words_)
    while True:
        _summary(desk, numbers, text, extras)
        answer = click.prompt(
            "[s]end, [e]dit, [c]omment instead, [a]bort",
            type=click.Choice(["s", "e", "c", "a"], case_sensitive=False),
            default="s",
            show_choices=False,
            err=True,
        )
        if answer == "a":
            raise click.Abort
        if answer != "e":
            return text, answer == "c"
        start = _filled(desk, words_, text) if text.template else text.own
        text = Text(editor.edited(desk, start))


def _summary(desk: Desk, numbers: list[int], text: Text, extras: "Extras") -> None:
    from ticketctl.actions.base import context as works
    from ticketctl.actions.mail import customer_mail
    from ticketctl.store.tickets import tickets

    with desk.db.read() as tx:
        for one in tickets.some(tx, numbers):
            people = [] if extras.no_cc else tickets.participants(tx, one.id)
            copies = [p.address for p in people if p.role == "cc"] + [*extras.cc, *extras.bcc]
            also = f", copy to {', '.join(copies)}" if copies else ""
            to = (
                customer_mail.answer_address(works.begin(tx, desk.actor()), one)
                or one.customer.email
            )
            name = f"{one.customer.name} <{to}>".strip()
            desk.out.note(one_line(f"ticket {one.id}, {one.subject}: to {name}{also}"))
        shown = text.of(desk, works.begin(tx, desk.actor()), numbers[0])
    send_preview.words(desk, shown)
    for file in extras.attachments:
        desk.out.note(one_line(f"  with {file.name}"))
