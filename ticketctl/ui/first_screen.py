"""Paints the tickets at once, while the libraries of the screen are loaded: that takes longer than reading them."""

import sys

from ticketctl.cli.views.ticket_table import ticket_view
from ticketctl.console import rows
from ticketctl.console.context import App
from ticketctl.console.streams import terminal_size
from ticketctl.safe import terminal_line
from ticketctl.ui import layout, queues
from ticketctl.ui.context import ScreenContext
from ticketctl.ui.queues import AT_ONCE, Found, Queue

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # the alternate screen, without a cursor
_LEAVE = "\x1b[?25h\x1b[?1049l"


def paint(app: App, queue: Queue) -> Found:
    """Read the tickets of a queue and show them where the pane will. The terminal stays as it was if that fails."""
    size = terminal_size()
    room = layout.tickets_room(size.columns)
    context = ScreenContext(app.options, app.db, room, colours=app.out.colours)
    found = queues.tickets(context, queue, AT_ONCE)
    first = found.tickets[: size.lines - 4]
    table = rows.table(context, ticket_view(context), first, width=room) if first else ""
    head, *lines = [line for n, line in enumerate(table.split("\n")) if n != 1]
    left = layout.QUEUES if size.columns >= layout.THREE else 0
    shown = [f"2 {terminal_line(queue.name)}", f" {head}", *(f" {line}" for line in lines)]
    placed = (f"\x1b[{n};{left + 2}H{line}" for n, line in enumerate(shown, 1))
    sys.stdout.write(_ENTER + "".join(placed))
    sys.stdout.flush()
    return found


def leave() -> None:
    """Give the terminal back, if the screen cannot be started."""
    sys.stdout.write(_LEAVE)
    sys.stdout.flush()
