"""The program of the screen: what each key does, and what follows from it."""

import shlex
from collections.abc import Iterator
from functools import partial
from math import inf
from time import monotonic
from typing import ClassVar

import click
from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from ticketctl.errors import BadInput, NotFound
from ticketctl.safe import filename
from ticketctl.ui import attachments, keys, layout, palette, queues, reading, suspension
from ticketctl.ui.desk_view import MEANT, DeskView
from ticketctl.ui.dialogs.attachments import WIDTH, Attachments, Wanted
from ticketctl.ui.dialogs.pages import TextPage
from ticketctl.ui.line.line_input import COMMAND, QUERY, LineInput
from ticketctl.ui.panes.choice_list import ChoiceList
from ticketctl.ui.panes.panes import PANE_KEYS
from ticketctl.ui.queues import AT_ONCE, Queue

SETTLED = 0.05  # seconds that the cursor rests before a ticket is read


_KEY_ACTIONS = {"line", "pane_key", "choose", "next_pane", "step_back"} | {
    one.action.partition("(")[0] for one in keys.every() if one.action not in ("", "suspend")
}


class DeskApp(DeskView):
    """The desk on one screen."""

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
        Binding("escape", "step_back", priority=True),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys to a dialog, and to the line while something is typed, but for Escape, which leaves it.

        Suspending alone is possible everywhere. Keys have priority, so that each is done before the next is looked at:
        letters that follow `:` at once, as in pasted text or over a slow line, belong to the line.
        """
        if action not in _KEY_ACTIONS:
            return True
        is_typing = self._line.display and action != "step_back"
        return len(self.screen_stack) == 1 and not is_typing

    # ---- panes -----------------------------------------------------------------------------------------------------

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

    def action_step_back(self) -> None:
        """Leave the line, or go one pane back; from the queues, stay: one Escape too many is no wish to leave."""
        if self._line.display:
            self._line.close()
        else:
            self._panes.back()

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

    @on(ChoiceList.Chosen, "#tickets")
    def _chosen_ticket(self, event: ChoiceList.Chosen) -> None:
        event.stop()
        self.open(int(event.key))

    def action_mark(self) -> None:
        """Mark the ticket under the cursor; in a conversation, go a page down."""
        if self._panes.active == "conversation":
            self._panes.conversation.action_page_down()
        elif self._panes.active == "tickets":
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

    def action_suspend(self) -> None:
        """Go to the shell."""
        if why := suspension.trouble(self.commands):
            self.say(why)
        else:
            self.run_worker(suspension.suspend(self), group="suspend", exclusive=True)

    # ---- lines -----------------------------------------------------------------------------------------------------

    def _present(self) -> int | None:
        """The ticket that keys act on; None where none is in sight."""
        if self._panes.active == "conversation":
            return self._shown
        seen = layout.seen(self.size.width, self._panes.active)
        if "tickets" not in seen:
            return None
        if key := self._panes.tickets.key:
            return int(key)
        if self._listed.queue != self._queue:
            return None
        if self._listed.tickets:
            return self._listed.tickets[0].id
        return self._shown if "conversation" in seen else None

    def action_line(self, template: str) -> None:
        """Type the command line of a key: run it, or wait for the rest."""
        present, marked = self._present(), self._panes.tickets.marked
        if "{" in template and present is None:
            self.say("there is no ticket here.")
            return
        in_order = [key for key in self._panes.tickets.keys if key in marked]
        several = in_order if in_order and self._panes.active != "conversation" else [str(present)]
        is_late = monotonic() < self._replaced_at + MEANT
        if is_late and "{" in template and self._panes.active == "tickets":
            self._replaced_at = -inf
            self.say(f"a ticket has just left this list; press again for {', '.join(several)}.")
            return
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
        self._line.open(QUERY, before=self._queue.query)

    @on(LineInput.Entered)
    def _entered(self, event: LineInput.Entered) -> None:
        if event.sign == QUERY:
            self._enter_query(event.text)
        else:
            self.commands.run(event.text, typed=True)

    def _enter_query(self, text: str) -> None:
        queue = Queue(text or "all", text, True)
        context = self.context()

        def check() -> str:
            try:
                queues.check(context, queue)
            except (BadInput, NotFound) as wrong:
                return str(wrong)
            return ""

        self._read("query", check, partial(self._list_query, queue))

    def _list_query(self, queue: Queue, wrong: str) -> None:
        """Go to the tickets of a query that was typed, unless it is `wrong`, or no longer what is typed."""
        if not self._line.holds(queue.query):
            return
        if wrong:
            self._line.say(wrong)
            return
        self._line.close()
        self._typed = queue
        self._go_to_queue(queue)
        self._read_queues()
        self.action_pane("tickets")

    @on(LineInput.Left)
    def _leave_line(self) -> None:
        if not self._line.display:  # else another line was begun meanwhile
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

    async def action_quit(self) -> None:
        """Leave; a question that waits is not answered."""
        self.commands.give_up()
        await super().action_quit()

    def on_unmount(self) -> None:
        """Let a command that waits for an answer end; remove the copies of attachments."""
        self.commands.give_up()
        self._opener.close()
