"""`ticketctl reply IDS`: a public answer to the customer, by mail."""

from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli import bulk as bulks
from ticketctl.cli import files, ids, words
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.errors import Refused

if TYPE_CHECKING:
    from ticketctl.actions.work import Work


@click.command()
@click.argument("tickets", nargs=-1, metavar="IDS...")
@click.option(
    "--to-message", type=click.IntRange(1), metavar="N", help="Answer this message, quoted."
)
@click.option("--cc", multiple=True, metavar="ADDRESS", help="Also to; and from now on.")
@click.option("--bcc", multiple=True, metavar="ADDRESS", help="Also to, unseen.")
@click.option("--no-cc", is_flag=True, help="Only to the customer.")
@click.option("--attach", multiple=True, metavar="FILE", help="A file with it.")
@click.option(
    "--status", type=click.Choice(["open", "waiting", "resolved", "closed"]), help="And then."
)
@click.option("--close", is_flag=True, help="The same as --status closed.")
@click.option("--delay", type=click.IntRange(0), metavar="SECONDS", help="Send only then.")
@words.text_options
@bulks.bulk_options
@pass_desk
def command(
    desk: Desk,
    tickets: tuple[str, ...],
    message: tuple[str, ...],
    file: str | None,
    edit: bool,
    bulk: bulks.Bulk,
    **how: Any,
) -> None:
    """Answer the customer by mail. On a terminal the mail is shown before it goes; -y skips that."""
    from ticketctl.actions import reply

    text = words.wanted(desk, message, file, edit, what="Reply")
    if not text.strip():
        raise Refused('a reply needs words: give -m "…".')
    extras = reply.Extras(
        to_message=how["to_message"],
        cc=how["cc"],
        bcc=how["bcc"],
        no_cc=how["no_cc"],
        status="closed" if how["close"] else how["status"],
        attachments=files.read(how["attach"]),
        delay=_delay(desk, how["delay"]),
    )
    if not _agreed(desk, tickets, bulk, text):
        raise click.Abort

    def deed(work: "Work", number: int) -> str:
        n = reply.reply(work, number, text, extras, if_version=bulk.if_version)
        return f"message {n} queued" + (f" for {extras.delay} s" if extras.delay else "")

    bulks.run(desk, tickets, bulk, deed)


def _delay(desk: Desk, asked: int | None) -> int:
    """Seconds in which the reply can still be stopped: some where a person types, none for scripts."""
    if asked is not None:
        return asked
    return desk.settings.send_delay if desk.out.may_ask else 0


def _agreed(desk: Desk, words: tuple[str, ...], bulk: bulks.Bulk, text: str) -> bool:
    """On a terminal: to whom, the first lines, and a question. Elsewhere the command line is the answer."""
    if desk.yes or bulk.dry_run or bulk.query or not desk.out.may_ask:
        return True
    from ticketctl.store import tickets

    with desk.db.read() as tx:
        found = tickets.some(tx, ids.numbers(words))
    for one in found:
        desk.out.note(
            f"to {one.customer.name} <{one.customer.email}>, ticket {one.id}: {one.subject}"
        )
    desk.out.note("\n".join(text.splitlines()[:5]))
    return click.confirm("Send?", default=True, err=True)
