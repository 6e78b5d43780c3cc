"""Questions before a command mails customers, with the mail as it will go."""

from typing import TYPE_CHECKING

from ticketctl.cli.shared import mail_preview
from ticketctl.errors import DatabaseTrouble, DeskError
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.cli.shared.bulk_action import Action, Ask, BulkOptions
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Ticket

FIRST_TICKETS = 8


def telling(app: "App", change: str, action: "Action") -> "Ask":
    """The question before tickets change by an action that tells customers of it, as in `question`."""

    def ask(bulk: "BulkOptions", numbers: list[int]) -> str:
        return "" if bulk.no_notify else question(app, change, action, numbers)

    return ask


def question(app: "App", change: str, action: "Action", numbers: list[int]) -> str:
    """Show the mail that an action would send; `Close 4 tickets and tell 3 customers?` for the `change` `Close {}`.

    "" where nobody would be told. Tickets that the action refuses are left to it.
    """
    found = {one: _recipients(app, action, one) for one in numbers}
    told = {one: to for one, to in found.items() if to}
    return _question(app, f"{change} and tell", numbers, told, action)


def answering(app: "App", answer: "Action") -> "Ask":
    """The question before the tickets of a query are answered by an action that replies."""

    def ask(bulk: "BulkOptions", numbers: list[int]) -> str:
        from ticketctl.actions.base.context import begin
        from ticketctl.actions.mail import channel_answer, customer_mail
        from ticketctl.store.tickets import tickets

        if not bulk.query:
            return ""
        with app.db.read() as tx:
            work = begin(tx, app.actor())
            to = {
                one.id: channel_answer.recipient(work, one, channel_answer.last(work, one))
                if channel_answer.bridge_of_last(work, one)
                else customer_mail.answer_address(work, one)
                for one in tickets.some(tx, numbers)
            }
        return _question(app, "Answer {} and mail", numbers, to, answer)

    return ask


def _recipients(app: "App", action: "Action", number: int) -> str:
    try:
        return mail_preview.recipients(app, number, lambda work: action(work, number))
    except DatabaseTrouble:
        raise
    except DeskError:
        return ""


def _question(
    app: "App", change: str, numbers: list[int], told: dict[int, str], action: "Action"
) -> str:
    """Show the first mail and where the others go; `Close 4 tickets and tell 3 customers?`, "" if nobody is told."""
    if not told:
        return ""
    found = _shown(app, told)
    first = next(iter(told))
    mail = mail_preview.rehearsed(app, first, lambda work: action(work, first))
    if mail:
        mail_preview.show(app, mail)
    for one in found[1:FIRST_TICKETS]:
        app.out.note(terminal_line(f"also ticket {one.id}, {one.subject}: to {told[one.id]}"))
    if len(found) > FIRST_TICKETS:
        app.out.note(f"… {len(found) - FIRST_TICKETS} more")
    customers = len({one.customer.id for one in found})
    what = f"ticket {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} tickets"
    recipients = "the customer" if customers == 1 else f"{customers} customers"
    return f"{change.format(what)} {recipients}?"


def _shown(app: "App", told: dict[int, str]) -> "list[Ticket]":
    """The tickets, after a note of what others did to the first of them since the last look."""
    from ticketctl.actions.base.context import begin
    from ticketctl.cli.shared import collision_guard
    from ticketctl.store.tickets import tickets

    with app.db.read() as tx:
        work = begin(tx, app.actor())
        found = tickets.some(tx, [*told])
        for one in found[:FIRST_TICKETS]:
            about = collision_guard.elsewhere(work, one), collision_guard.news(app, work, one)
            for line in filter(None, about):
                app.out.note(line)
    return found
