"""Previews and confirmation questions before a command mails customers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.cli.shared.bulk_action import Ask
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Ticket

FIRST_LINES = 8  # of a text
FIRST_TICKETS = 8


def words(app: "App", text: str) -> None:
    """The first lines of an outgoing text."""
    shown = text.splitlines()
    app.out.note("\n".join(f"  {line}" for line in shown[:FIRST_LINES]))
    if len(shown) > FIRST_LINES:
        app.out.note(f"  … {len(shown) - FIRST_LINES} more lines")


def ending(app: "App", verb: str, text: str, *, force: bool) -> "Ask":
    """The question before tickets end by `verb`, resolve or close, with these last words; none where nobody is told."""

    def ask(work: "Work", numbers: list[int]) -> str:
        from ticketctl.actions.tickets import ending
        from ticketctl.store.tickets import tickets

        found = [
            (one, ending.tells(work, one, verb, text, force=force))
            for one in tickets.some(work.tx, numbers)
        ]
        return _telling(app, work, f"{verb.capitalize()} {{}}", text, numbers, found)

    return ask


def waiting(app: "App") -> "Ask":
    """The question before tickets wait; none where nobody is told."""

    def ask(work: "Work", numbers: list[int]) -> str:
        from ticketctl.actions.tickets import wait
        from ticketctl.store.tickets import tickets

        found = [(one, wait.tells(work, one)) for one in tickets.some(work.tx, numbers)]
        return _telling(app, work, "Set {} to waiting", "", numbers, found)

    return ask


def _telling(
    app: "App",
    work: "Work",
    change: str,
    text: str,
    numbers: list[int],
    found: "list[tuple[Ticket, str]]",
) -> str:
    """Show who is told, and of what; the question, "" where nobody is."""
    told = [(one, to) for one, to in found if to]
    if not told:
        return ""
    _recipients(app, work, told)
    if text.strip():
        words(app, text)
    return _question(change, "tell", numbers, told)


def answering(
    app: "App",
    work: "Work",
    numbers: list[int],
    text: "Callable[[App, Work, int], str]",
) -> str:
    """The question before the tickets of a query are answered, with the first answer as an example."""
    from ticketctl.actions.mail import channel_answer, customer_mail
    from ticketctl.store.tickets import tickets

    found = [
        (
            one,
            channel_answer.recipient(work, one, channel_answer.last(work, one))
            if channel_answer.bridge_of_last(work, one)
            else customer_mail.answer_address(work, one),
        )
        for one in tickets.some(work.tx, numbers)
    ]
    if not found:
        return ""
    _recipients(app, work, found)
    words(app, text(app, work, numbers[0]))
    return _question("Answer {}", "mail", numbers, found)


def _recipients(app: "App", work: "Work", found: "list[tuple[Ticket, str]]") -> None:
    """One line per ticket: the recipient, and what others did since the last look."""
    from ticketctl.cli.shared import collision_guard

    for one, to in found[:FIRST_TICKETS]:
        app.out.note(terminal_line(f"ticket {one.id}, {one.subject}: to {to}"))
        for line in (collision_guard.elsewhere(work, one), collision_guard.news(app, work, one)):
            if line:
                app.out.note(line)
    if len(found) > FIRST_TICKETS:
        app.out.note(f"… {len(found) - FIRST_TICKETS} more")


def _question(change: str, tell: str, numbers: list[int], found: "list[tuple[Ticket, str]]") -> str:
    """`Close 4 tickets and tell 3 customers?`"""
    customers = len({one.customer.id for one, _ in found})
    what = f"ticket {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} tickets"
    recipients = "the customer" if customers == 1 else f"{customers} customers"
    return f"{change.format(what)} and {tell} {recipients}?"
