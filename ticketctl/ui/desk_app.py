"""The program of the screen: panes, keys, and what follows from what."""

import os
import shlex
from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from time import monotonic
from typing import ClassVar, TypeVar

import click
from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerFailed, get_current_worker

from ticketctl.console.context import App
from ticketctl.errors import BadInput, DatabaseTrouble, DeskError, NotAllowed, NotFound
from ticketctl.safe import filename
from ticketctl.ui import attachments, keys, palette, queues, reading, themes
from ticketctl.ui.commands import Commands, DeskScreen
from ticketctl.ui.context import ScreenContext, Terminal
from ticketctl.ui.dialogs.attachments import WIDTH, Attachments, Wanted
from ticketctl.ui.dialogs.pages import TextPage
from ticketctl.ui.line.line_input import COMMAND, QUERY, LineInput
from ticketctl.ui.live import SECONDS, Watch
from ticketctl.ui.news import News
from ticketctl.ui.panes.choice_list import ChoiceList
from ticketctl.ui.panes.drawn import drawn
from ticketctl.ui.panes.key_bar import KeyBar
from ticketctl.ui.panes.panes import PANE_KEYS, Panes
from ticketctl.ui.queues import AT_ONCE, Counted, Found, Queue

T = TypeVar("T")

SETTLED = 0.05  # seconds that the cursor rests before a ticket is read
READ = 5.0  # seconds in which an answer is read; marks alone tell of what is new meanwhile
CLOCKS = 30.0  # seconds after which times are computed anew


_KEY_ACTIONS = {"line", "pane_key", "choose", "next_pane", "go_back"} | {
    one.action.partition("(")[0] for one in keys.every() if one.action
}


class DeskApp(DeskScreen):
    """The desk on one screen."""

    TITLE = "ticketctl"
    AUTO_FOCUS = None  # the active pane has it, not the first
    CSS = """
    #said { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                one.key,
                f"line('{one.line}')" if one.line else one.action,
                one.word,
                priority=True,
            )
            for one in keys.every()
            if one.key
        ),
        *(Binding(key, f"pane_key('{key}')", priority=True) for key in PANE_KEYS),
        Binding("enter", "choose", priority=True),
        Binding("tab", "next_pane(1)", priority=True),
        Binding("shift+tab", "next_pane(-1)", priority=True),
        Binding("escape", "go_back", priority=True),
    ]

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
        self._listed = reading.of_found(queue, found) if found else reading.Listed()
        self._limit = AT_ONCE
        self._shown: int | None = None
        self._page: reading.ShownPage | None = None
        self._watch = Watch(app.db)
        self._is_away = False  # could the database not be read?
        self.crash: BaseException | None = None
        self._panes = Panes(id="panes")
        self._said_at = -inf
        self._said = Static(id="said", markup=False)
        self._keys = KeyBar(id="keys")
        self._line = LineInput(self.context, id="line")
        self._opener = attachments.Opener(app.settings.ui.opener)
        self.commands = Commands(self, self._line, self._command_context)

    def compose(self) -> ComposeResult:
        """Three panes, the line to type in, what was said, the keys."""
        yield self._panes
        yield self._line
        yield self._said
        yield self._keys

    def on_mount(self) -> None:
        """Look for changes from now on."""
        self.set_interval(SECONDS, self._look)
        self.set_interval(CLOCKS, partial(self.renew, tell=True))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys to a dialog, and to the line while something is typed.

        Keys have priority, so that each is done before the next is looked at: letters that follow `:` at once, as in
        pasted text or over a slow line, belong to the line.
        """
        is_key = action in _KEY_ACTIONS
        return not (is_key and (len(self.screen_stack) > 1 or self._line.display))

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
        self._read_tickets(tell=tell)
        self._read_queues()
        if self._shown is not None:
            self._read_page(self._shown)

    def _read_queues(self) -> None:
        """Read the queues, and how many tickets each has."""
        context, news = self.context(), self._news
        self._read("queues", lambda: reading.counted(context, news), self._show_queues)

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
        self._panes.queues.show(reading.queue_lines(self._queues, self._panes.queues.room))

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
                one = (
                    f"ticket {gone[0]} has" if len(gone) == 1 else f"tickets {', '.join(gone)} have"
                )
                self.say(f"{one} left this list.")
        elif not listed.lines:
            self._mention("no tickets here.")

    # ---- the ticket shown ------------------------------------------------------------------------------------------

    def open(self, number: int) -> None:
        """Show a ticket and go to it."""
        self._read_page(number, look=True)
        self.action_pane("conversation")

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

    # ---- panes -----------------------------------------------------------------------------------------------------

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

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self._panes.go(name)

    async def action_pane_key(self, key: str) -> None:
        """Do what a key means in the active pane."""
        for binding in self._panes.body.keys_of(key):
            await self.run_action(binding.action, self._panes.body)

    def action_choose(self) -> None:
        """Go to the tickets of the queue, or open the ticket, that the cursor is on."""
        choices = self._panes.choices
        if choices is None or choices.key is None:
            return
        if choices is self._panes.queues:
            self._choose_queue(choices.key)
        else:
            self.open(int(choices.key))

    def action_next_pane(self, step: int) -> None:
        """Go to the next pane, or the one before."""
        self._panes.step(step)

    def action_go_back(self) -> None:
        """Go one pane back; from the queues, leave."""
        if not self._panes.back():
            self.exit()

    @on(ChoiceList.Moved, "#queues")
    def _other_queue(self, event: ChoiceList.Moved) -> None:
        event.stop()
        if self._panes.active == "queues":
            self._go_to_queue_named(event.key)

    @on(ChoiceList.Chosen, "#queues")
    def _chosen_queue(self, event: ChoiceList.Chosen) -> None:
        event.stop()
        self._choose_queue(event.key)

    def _choose_queue(self, name: str) -> None:
        self._go_to_queue_named(name)
        self.action_pane("tickets")

    def _go_to_queue_named(self, name: str) -> None:
        for one in self._queues:
            if one.queue.name == name:
                self._go_to_queue(one.queue)

    def _go_to_queue(self, queue: Queue) -> None:
        if queue != self._queue:
            self._queue, self._limit = queue, AT_ONCE
            self._panes.tickets.show(())  # no key may act on a ticket of the queue before
            self._news = self._news.look(queue.name)
            self._queues = [
                one._replace(new=0) if one.queue == queue else one for one in self._queues
            ]
            self._draw_queues()
            self._read_tickets()

    @on(ChoiceList.Moved, "#tickets")
    def _other_ticket(self, event: ChoiceList.Moved) -> None:
        event.stop()
        if self._panes.shows_two and self._panes.active != "conversation":
            self.set_timer(SETTLED, partial(self._preview, event.key))
        keys = self._panes.tickets.keys
        if keys[-1:] == [event.key] and len(keys) == self._limit:
            self._limit += AT_ONCE
            self._read_tickets()

    def _preview(self, key: str) -> None:
        if self._panes.tickets.key == key:
            self._read_page(int(key))

    @on(ChoiceList.Chosen, "#tickets")
    def _chosen_ticket(self, event: ChoiceList.Chosen) -> None:
        event.stop()
        self.open(int(event.key))

    def action_mark(self) -> None:
        """Mark the ticket under the cursor."""
        self._panes.tickets.mark()

    def action_mark_all(self) -> None:
        """Mark all tickets of the list."""
        self._panes.tickets.mark_all()

    def action_quote(self) -> None:
        """Unfold what the present message quotes, or fold it."""
        self._panes.conversation.toggle_quote()
        if self._shown is not None:
            self._read_page(self._shown)

    def action_renew(self) -> None:
        """Read everything again."""
        self.renew()

    # ---- lines -----------------------------------------------------------------------------------------------------

    def _present(self) -> int | None:
        """The ticket that keys act on."""
        if self._panes.active == "conversation" and self._shown is not None:
            return self._shown
        if key := self._panes.tickets.key:
            return int(key)
        first = self._listed.tickets[:1] if self._listed.queue == self._queue else ()
        return first[0].id if first else self._shown

    def action_line(self, template: str) -> None:
        """Type the command line of a key: run it, or wait for the rest."""
        present, marked = self._present(), self._panes.tickets.marked
        if "{" in template and present is None:
            self.say("there is no ticket here.")
            return
        in_order = [key for key in self._panes.tickets.keys if key in marked]
        several = in_order if in_order and self._panes.active != "conversation" else [str(present)]
        line = template.format(
            tickets=" ".join(several), ticket=present, customer=self._customer(present)
        )
        if line.endswith(" "):
            self._line.open(COMMAND, line)
        else:
            self.commands.run(line)

    def _customer(self, number: int | None) -> int:
        """The number of a ticket's customer, who may have no address."""
        known = (*([self._page.ticket] if self._page else []), *self._listed.tickets)
        return next((one.customer.id for one in known if one.id == number), 0)

    def get_system_commands(self, screen: Screen[object]) -> Iterator[SystemCommand]:
        """What Ctrl-P finds."""
        yield from palette.entries(self, partial(self._line.open, COMMAND))

    def action_command(self) -> None:
        """Type a command line."""
        self._line.open(COMMAND)

    def action_query(self) -> None:
        """Type a query."""
        self._line.open(QUERY, self._queue.query)

    @on(LineInput.Entered)
    def _entered(self, event: LineInput.Entered) -> None:
        if event.sign == QUERY:
            self._enter_query(event.text)
        else:
            self.commands.run(event.text, typed=True)

    def _enter_query(self, text: str) -> None:
        queue = Queue(text or "all", text, True)
        try:
            queues.check(self.context(), queue)
        except BadInput as wrong:
            self._line.say(str(wrong))
            return
        self._line.close()
        self._go_to_queue(queue)
        self.action_pane("tickets")

    @on(LineInput.Left)
    def _leave_line(self) -> None:
        self._panes.focus_active()

    # ---- the rest --------------------------------------------------------------------------------------------------

    def action_next_ticket(self) -> None:
        """Show the most urgent ticket that the agent can take."""
        self._read("next", lambda: reading.next_ticket(self.context()), self.open)

    def action_attachments(self) -> None:
        """List the attachments of the ticket, those of the present message first."""
        ticket = self._present()
        if ticket is None:
            self.say("there is no ticket here.")
            return
        of, n = self._panes.conversation.present_key or (ticket, 0)
        present = f"message {n}" + (f" of #{of}" if of != ticket else "")
        context = self.context()
        self._read(
            "attachments",
            lambda: attachments.listed(context, ticket, present),
            partial(self._list_attachments, ticket),
        )

    def _list_attachments(self, ticket: int, found: list[attachments.Listed]) -> None:
        if not found:
            self.say(f"ticket {ticket} has no attachments.")
            return
        lines = attachments.lines(found, min(self.size.width, WIDTH) - 6)
        take = partial(self._take_attachment, ticket, {one.number: one for one in found})
        self.push_screen(Attachments(lines), take)

    def _take_attachment(
        self, ticket: int, found: dict[int, attachments.Listed], wanted: Wanted | None
    ) -> None:
        """Open an attachment, or ask where to save it."""
        if wanted is None:
            return
        one, context = found[wanted.number], self.context()
        if wanted.verb == "save":
            path = shlex.quote(filename(one.name))
            self._line.open(COMMAND, f"attachment get {ticket} {one.number} --output {path}")
        else:
            self._read("attachment", lambda: self._opener.open(context, ticket, one), self.say)

    def action_output(self) -> None:
        """Show the output of the last command."""
        ran = self.commands.last
        if ran is None:
            self.say("no command was run.")
        else:
            self.push_screen(TextPage(ran.line, f"{ran.output}\n{ran.sentence}".strip()))

    def action_keys(self) -> None:
        """Show all keys."""
        lines: list[str] = []
        for section, some in keys.SECTIONS.items():
            lines += [
                "",
                click.style(section, bold=True),
                *(f"  {one.shown:<6} {one.help}" for one in some),
            ]
        self.push_screen(TextPage("keys", "\n".join(lines[1:])))

    def _handle_exception(self, error: Exception) -> None:
        """Leave the screen; the command says in a sentence what happened."""
        self.crash = self.crash or (error.error if isinstance(error, WorkerFailed) else error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Print no traceback: it would hold what customers wrote."""
        self.exit(return_code=1)

    async def action_quit(self) -> None:
        """Leave; a question that waits is not answered."""
        self.commands.give_up()
        await super().action_quit()

    def on_unmount(self) -> None:
        """Let a command that waits for an answer end; remove the copies of attachments."""
        self.commands.give_up()
        self._opener.close()
