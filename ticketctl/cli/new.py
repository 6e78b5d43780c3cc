"""`ticketctl new`: a ticket by hand, for what came by another way than mail."""

from typing import Any

import click

from ticketctl.cli import files, words
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.cli.pairs import pairs
from ticketctl.desk.records import PRIORITIES
from ticketctl.errors import BadInput, Refused


@click.command()
@click.option("--customer", metavar="EMAIL", help="Whose ticket it is.")
@click.option("--name", default="", metavar="NAME", help="The customer's name.")
@click.option("--subject", metavar="TEXT", help="What it is about.")
@click.option("--text", default="", metavar="TEXT", help="What the customer said.")
@click.option("--transcript", metavar="FILE", help="What was said, from a file; - is stdin.")
@click.option("--priority", type=click.Choice(PRIORITIES), default="medium", show_default=True)
@click.option(
    "--status", type=click.Choice(["new", "open", "waiting"]), default="new", show_default=True
)
@click.option("--segment", default="", metavar="NAME", help="Whose work it is.")
@click.option("--owner", metavar="AGENT", help="An agent, or @me.")
@click.option("--channel", default="manual", metavar="WORD", show_default=True, help="How it came.")
@click.option("--type", "type_", metavar="WORD", help="What kind of request.")
@click.option("--tag", multiple=True, metavar="WORD", help="A tag; again: several.")
@click.option("--important", is_flag=True)
@click.option("--public", is_flag=True, help="It was written in public.")
@click.option("--permalink", metavar="URL", help="Where.")
@click.option(
    "--set", "fields", multiple=True, metavar="NAME=VALUE", help="Set a field of the desk."
)
@click.option("--attach", multiple=True, metavar="FILE", help="A file with it.")
@words.text_options
@pass_desk
def command(desk: Desk, said: words.Said, **given: Any) -> None:
    """A ticket by hand; -m says why it is added. Prints its number."""
    from ticketctl.actions import open as opening
    from ticketctl.actions.work import begin

    customer = given["customer"] or _asked(desk, "Customer's e-mail", "--customer")
    subject = given["subject"] or _asked(desk, "Subject", "--subject")
    text = _said(desk, given["text"], given["transcript"])
    why = words.wanted(desk, said, what="Why is it added?")
    actor = desk.actor()
    owner = actor.name if given["owner"] == "@me" else given["owner"]
    draft = opening.Draft(
        customer=customer,
        subject=subject,
        comment=why,
        customer_name=given["name"],
        text=text,
        priority=given["priority"],
        status=given["status"],
        segment=given["segment"],
        owner=owner,
        channel=given["channel"],
        type=given["type_"],
        tags=given["tag"],
        important=given["important"],
        kind="public" if given["public"] else "private",
        permalink=given["permalink"],
        fields=pairs(given["fields"]),
        attachments=files.read(given["attach"]),
    )
    number = desk.db.write(lambda tx: opening.by_hand(begin(tx, actor), draft))
    _tell(desk, number)


def _asked(desk: Desk, question: str, option: str) -> str:
    if not desk.out.may_ask:
        raise Refused(f"a new ticket needs {option}.")
    return str(click.prompt(question, err=True)).strip()


def _said(desk: Desk, text: str, transcript: str | None) -> str:
    """What the customer said; on a terminal it is asked for, and may be empty."""
    if text and transcript:
        raise BadInput("give --text or --transcript, not both.")
    if transcript:
        return words.read(transcript)
    if text or not desk.out.may_ask:
        return text
    question = "What did the customer say? (may be empty)"
    return str(click.prompt(question, default="", show_default=False, err=True)).strip()


def _tell(desk: Desk, number: int) -> None:
    from ticketctl.cli import output, show

    if not desk.options.get("json"):
        desk.out.data(str(number))
        return
    from ticketctl.cli.view import ticket_view

    with desk.db.read() as tx:
        found = show.read(tx, number).ticket
    output.one(desk, ticket_view(desk).shape(found))
