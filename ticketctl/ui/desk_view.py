"""What the screen shows, and how it is read: the queues, the tickets of one, the page of a ticket."""

import os
from asyncio import get_running_loop
from collections.abc import Callable
from functools import partial
from math import inf
from signal import SIGTERM
from time import monotonic
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static
from textual.worker import WorkerFailed, get_current_worker

from ticketctl.console.context import App
from ticketctl.errors import DatabaseTrouble, DeskError, NotAllowed, NotFound
from ticketctl.ui import attachments, reading, themes
from ticketctl.ui.commands import CommandRunner, DeskScreen
from ticketctl.ui.context import ScreenContext, Terminal
from ticketctl.ui.line.line_input import LineInput
from ticketctl.ui.live import SECONDS, Watch
from ticketctl.ui.news import News
from ticketctl.ui.panes.drawn import drawn
from ticketctl.ui.panes.key_bar import KeyBar
from ticketctl.ui.panes.panes import Panes
from ticketctl.ui.queues import AT_ONCE, Counted, Found, Queue

T = TypeVar("T")

READ = 5.0  # seconds in which an answer is read; marks alone tell of what is new meanwhile
MEANT = 1.0  # seconds in which a key may have been meant for the ticket that has just left the list
CLOCKS = 30.0  # seconds after which times are computed anew


class DeskView(DeskScreen):
    """The panes, and what is read for them; nothing here is done by a key."""

    TITLE = "ticketctl"
    AUTO_FOCUS = None  # the active pane has it, not the first
    CSS = """
    #said { height: auto; min-height: 1; max-height: 3; padding: 0 1; background: $panel; }
    """

    def __init__(self, app: App, queue: Queue, theme: str, found: Found | None = None) -> None:
        is_told = app.out.colours or "NO_COLOR" in os.environ
        if not is_told:
            os.environ["NO_COLOR"] = "1"  # so Textual wants to be told
        super().__init__(ansi_color=None if app.out.colours else True)
        if not is_told:
            os.environ.pop("NO_COLOR", None)
        themes.register(self)
        self.theme = theme if app.out.colours else "terminal"  # its default colours, and no others
        self.animation_level = "none"  # what is read anew would stop a movement halfway
        self._app = app
        self._colours = app.out.colours
        self._me = app.actor().name
        self._queues: list[Counted] = []
        self._news = News()
        self._queue = queue
        self._typed = queue if queue.of_month else None  # the query that was typed last
        self._listed = reading.of_found(app, queue, found) if found else reading.Listed()
        self._limit = AT_ONCE
        self._shown: int | None = None
        self._page: reading.ShownPage | None = None
        self._watch = Watch(app.db, found.version if found else None)
        self._is_away = False  # could the database not be read?
        self.crash: BaseException | None = None
        self._panes = Panes(id="panes")
        self._said_at = self._replaced_at = self._renewed_at = -inf
        self._said = Static(id="said", markup=False)
        self._keys = KeyBar(id="keys")
        self._line = LineInput(self.context, id="line")
        self._opener = attachments.Opener(app.settings.ui.opener)
        self.commands = CommandRunner(self, self._line, self._command_context)

    def compose(self) -> ComposeResult:
        """Three panes, the line to type in, what was said, the keys."""
        yield self._panes
        yield self._line
        yield self._said
        yield self._keys

    def on_mount(self) -> None:
        """Look for changes from now on. SIGTERM leaves in order: the terminal is given back."""
        get_running_loop().add_signal_handler(SIGTERM, self.exit)
        self.app_resume_signal.subscribe(self, lambda _: self._come_back())
        self.set_interval(SECONDS, self._look)
        self.set_interval(CLOCKS, partial(self.renew, tell=True))

    def _come_back(self) -> None:
        """Draw and read everything anew: the terminal was another program's."""
        self.refresh(layout=True)
        self.renew(tell=True)

    def say(self, text: str) -> None:
        """Show a sentence above the keys."""
        self._said_at = monotonic()
        self._said.update(drawn(" ".join(text.split())))

    def _mention(self, text: str) -> None:
        """Show a sentence that is no answer to anything, unless one that is may still be read."""
        if monotonic() > self._said_at + READ and not self.commands.is_running:
            self._said.update(drawn(" ".join(text.split())))

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def context(self, columns: int = 80) -> ScreenContext:
        """The context of one reading."""
        return ScreenContext(self._app.options, self._app.db, columns, colours=self._colours)

    def _command_context(self, terminal: Terminal) -> ScreenContext:
        """The context of a command line, whose output is shown over the whole screen."""
        columns, colours = self.size.width - 3, self._colours
        return ScreenContext(
            self._app.options, self._app.db, columns, colours=colours, terminal=terminal
        )

    def renew(self, *, tell: bool = False) -> None:
        """Read everything that is shown. `tell`: say if the present ticket has left the list."""
        self._renewed_at = monotonic()
        self._read_tickets(tell=tell)
        self._read_queues()
        if self._shown is not None:
            self._read_page(self._shown)

    def _read_queues(self) -> None:
        """Read the queues, and how many tickets each has."""
        context, news, typed = self.context(), self._news, self._typed
        self._read("queues", lambda: reading.counted(context, news, typed), self._show_queues)

    def _read_tickets(self, *, tell: bool = False) -> None:
        """Read the tickets of the queue."""
        queue, limit, room = self._queue, self._limit, self._panes.tickets.room
        context = self.context(room)
        show = partial(self._show_tickets, tell=tell)
        self._read("tickets", lambda: reading.listed(context, queue, limit), show)

    def _read(self, group: str, read: Callable[[], T], show: Callable[[T], None]) -> None:
        """Read in a thread, then show; a later reading of the group takes the place of an earlier one."""

        def work() -> None:
            worker = get_current_worker()
            try:
                ended = partial(show, read())
            except DeskError as trouble:
                ended = partial(self._tell, trouble)
            if not worker.is_cancelled:
                self.call_from_thread(self._while_open, ended)

        self.run_worker(work, group=group, exclusive=True, thread=True)

    def _while_open(self, show: Callable[[], None]) -> None:
        """Show what was read, unless the screen was left meanwhile."""
        if self.is_running:
            show()

    def _tell(self, trouble: DeskError) -> None:
        """Say why nothing was read; what is shown stays."""
        self._is_away = self._is_away or isinstance(trouble, DatabaseTrouble)
        self.say(str(trouble))

    def _look(self) -> None:
        """Ask whether anything changed, unless the answer to an earlier question is awaited."""
        if all(worker.group == "line" for worker in self.workers):
            self._read("watch", self._watch.changed, self._renew_if)

    def _renew_if(self, changed: bool) -> None:
        if self._is_away:
            self._is_away = False
            self.say("the database answers again.")
            self.renew()
        elif changed:
            self.renew(tell=True)

    def _show_queues(self, read: tuple[list[Counted], News]) -> None:
        found, news = read
        self._news = news._replace(looked=self._news.looked).look(self._queue.name)
        before = {one.queue.name: one.new for one in self._queues}
        self._queues = [one._replace(new=0) if one.queue == self._queue else one for one in found]
        self._draw_queues()
        self._panes.title("queues", f"{self._me}'s desk" if self._me else "desk")
        more = [one for one in self._queues if one.new > before.get(one.queue.name, 0)]
        if more:
            self._mention("new: " + ", ".join(f"{one.new} in {one.queue.name}" for one in more))

    def _draw_queues(self) -> None:
        shown = self._panes.queues
        shown.show(reading.queue_lines(self._queues, shown.room))
        if self._panes.active != "queues":
            shown.put_cursor(self._queue.name)

    def _show_tickets(self, listed: reading.Listed, *, tell: bool = False) -> None:
        if listed.queue != self._queue:
            return
        before, is_same = self._panes.tickets.acted_on, listed.queue == self._listed.queue
        self._listed = listed
        self._panes.tickets.show(listed.lines)
        more = "+" if len(listed.lines) == self._limit else ""
        older = f", {listed.older} older (all)" if listed.older else ""
        title = f"{self._queue.name}  {len(listed.lines)}{more}{older}"
        self._panes.title("tickets", title, listed.head)
        if is_same:
            gone = sorted(before.difference(self._panes.tickets.keys), key=int)
            if tell and gone:
                self._replaced_at = -inf if self.commands.is_running else monotonic()
                one = (
                    f"ticket {gone[0]} has" if len(gone) == 1 else f"tickets {', '.join(gone)} have"
                )
                if self._said_at < self._renewed_at:  # else the page, read at once, has said why
                    self.say(f"{one} left this list.")
        elif not listed.lines:
            self._mention("no tickets here.")

    # ---- the ticket shown ------------------------------------------------------------------------------------------

    def open(self, number: int) -> None:
        """Show a ticket and go to it."""
        self._read_page(number, look=True)
        self._panes.go("conversation")

    def _read_page(self, number: int, *, look: bool = False) -> None:
        self._shown = number
        context, unfolded = self._page_context()

        def read() -> reading.ShownPage | DeskError:
            try:
                return reading.page(context, number, unfolded, look=look)
            except (NotFound, NotAllowed) as gone:
                return gone

        self._read("page", read, partial(self._show_page, number))

    def _page_context(self) -> tuple[ScreenContext, set[tuple[int, int]]]:
        """The context for the page, and the messages of which all is shown."""
        conversation = self._panes.conversation
        return self.context(conversation.room), set(conversation.unfolded)

    def _show_page(self, number: int, page: reading.ShownPage | DeskError) -> None:
        if number != self._shown:
            return
        is_same = self._page is not None and self._page.ticket.id == number
        if isinstance(page, DeskError):
            if is_same:
                self._page = None
                self._panes.conversation.show((), anew=True)
                self._panes.title("conversation", "")
            self._shown = self._page.ticket.id if self._page else None
            self.say(str(page))
            return
        self._page = page
        self._panes.conversation.show(page.parts, anew=not is_same)
        self._panes.title("conversation", page.title, page.head)

    # ---- panes of other widths ---------------------------------------------------------------------------------------

    @on(Panes.LaidOut)
    def _lay_out(self) -> None:
        """Show the same in panes of other widths; read what has not been read."""
        self._name_keys()
        listed, page = self._listed, self._page
        if not self._queues:
            self._read_queues()
        self._draw_queues()
        if listed.queue == self._queue:
            narrow = self.context(self._panes.tickets.room)
            self._read("tickets", lambda: reading.laid(narrow, listed), self._show_tickets)
        else:
            self._read_tickets()
        if page is not None and page.ticket.id == self._shown:
            context, unfolded = self._page_context()
            laid = partial(reading.page_laid, context, page.page, unfolded)
            self._read("page", laid, partial(self._show_page, page.ticket.id))
        elif self._shown is not None:
            self._read_page(self._shown)
        elif self._panes.shows_two and self._panes.tickets.key:
            self._preview(self._panes.tickets.key)

    @on(Panes.Went)
    def _name_keys(self) -> None:
        """Name the keys of the active pane."""
        self._keys.show(self._panes.active, self.size.width - 2)

    def _preview(self, key: str) -> None:
        if self._panes.tickets.key == key:
            self._read_page(int(key))

    # ---- errors that nobody expected ---------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Leave the screen; the command says in a sentence what happened."""
        self.crash = self.crash or (error.error if isinstance(error, WorkerFailed) else error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Print no traceback: it would hold what customers wrote."""
        self.exit(return_code=1)
