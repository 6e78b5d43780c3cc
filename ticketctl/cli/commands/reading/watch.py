"""`list --watch`: redraw the list on a terminal when it changes; in a pipe, append new and changed tickets."""

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ticketctl.cli.shared.ticket_list import Plan
    from ticketctl.console.context import App
    from ticketctl.domain.base.condition import Condition

_CLEAR = "\x1b[H\x1b[2J\x1b[3J"
_SKEW = timedelta(minutes=1)  # by which the clocks of hosts may differ


class _Screen(io.StringIO):
    """The lines on the terminal."""

    def isatty(self) -> bool:
        return True


def redraw(seconds: float, draw: Callable[[], None], rounds: int | None) -> None:
    """Draw, then check every few seconds and redraw what differs, so many times or until interrupted."""
    before = ""
    for _ in _paced(seconds, rounds):
        now = _drawn(draw)
        if now != before:
            sys.stdout.write(_CLEAR + now)
            sys.stdout.flush()
            before = now


def _paced(seconds: float, rounds: int | None) -> Iterator[int]:
    """One after the other, with a pause between; None: without end."""
    for n in count() if rounds is None else range(rounds):
        if n:
            time.sleep(seconds)
        yield n


def _drawn(draw: Callable[[], None]) -> str:
    screen = _Screen()
    with redirect_stdout(screen), redirect_stderr(screen):
        draw()
    return screen.getvalue()


def follow(app: "App", seconds: float, plan: Callable[[], "Plan"], rounds: int | None) -> None:
    """Write the tickets as NDJSON, then, every few seconds, those that are new or changed; `rounds` as in `redraw`."""
    from ticketctl.cli.views.ticket_table import ticket_view
    from ticketctl.console import rows
    from ticketctl.domain.base.condition import EVERYTHING, Where, both
    from ticketctl.store.tickets import ticket_lists

    app = app.with_options(format="ndjson")
    seen: dict[int, int] = {}
    lately: Condition = EVERYTHING
    for _ in _paced(seconds, rounds):
        chosen = plan()
        with app.db.read() as tx:
            condition = both(chosen.condition, lately)
            found = ticket_lists.page(tx, condition, chosen.asked.sort, chosen.most or None)
        fresh = [one for one in found if seen.get(one.id) != one.version]
        seen.update((one.id, one.version) for one in fresh)
        rows.rows(app, ticket_view(app), fresh)
        sys.stdout.flush()
        if fresh:
            last = max(one.updated_at for one in fresh) - _SKEW
            lately = Where("updated", ">=", (last,))
