"""The line that is typed in: after `:` a command, after `/` a query."""

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from ticketctl.console.context import App
from ticketctl.ui.line import complete
from ticketctl.ui.panes.drawn import drawn, folded
from ticketctl.ui.panes.text_input import TextInput

COMMAND, QUERY = ":", "/"
OFFERED = 12  # words that may follow
SAID = 8  # lines above the line, where the screen has room for them
OTHERS = 4  # lines that are for others: a pane's title, the line itself, what was said, the keys


class LineInput(Vertical):
    """A line to type in, below what is said of it. It is seen only while something is typed."""

    DEFAULT_CSS = """
    LineInput { height: auto; display: none; background: $panel; padding: 0 1; }
    LineInput Horizontal { height: 1; }
    LineInput #sign { width: 1; color: $accent; text-style: bold; }
    LineInput Input, LineInput Input:focus {
        border: none; height: 1; padding: 0; width: 1fr; background: $panel; background-tint: transparent;
    }
    LineInput #hint { height: auto; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("tab", "complete"),
        ("up", "earlier(-1)"),
        ("down", "earlier(1)"),
    ]

    class Entered(Message):
        """A line was typed."""

        def __init__(self, sign: str, text: str) -> None:
            super().__init__()
            self.sign = sign
            self.text = text

    class Left(Message):
        """Nothing more is typed."""

    def __init__(self, context: Callable[[], App], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = context  # of what may follow
        self._sign = COMMAND
        self._typed: dict[str, list[str]] = {COMMAND: [], QUERY: []}
        self._place = 0
        self._said = ""  # above the line

    def compose(self) -> ComposeResult:
        """What is said, then the sign and the line."""
        yield Static(id="hint", markup=False)
        with Horizontal():
            yield Static(COMMAND, id="sign", markup=False)
            yield TextInput(compact=True, select_on_focus=False)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def holds(self, text: str) -> bool:
        """Is this what is typed just now?"""
        return self.display and self.text.strip() == text

    def open(self, sign: str, text: str = "", *, before: str = "") -> None:
        """Begin a line. `before` is the one before it, which Up brings."""
        self._sign = sign
        typed = self._typed[sign]
        if before and typed[-1:] != [before]:
            typed.append(before)
        self._place = len(typed)
        self.query_one("#sign", Static).update(sign)
        self.display = True
        self.put(text)
        self.say("")
        self.screen.set_focus(self.query_one(Input))

    def put(self, text: str) -> None:
        """Put this in place of what is typed."""
        field = self.query_one(Input)
        field.value = text
        field.cursor_position = len(text)

    def say(self, text: str) -> None:
        """Show a text above the line; it stays until the line is changed."""
        self._said = text
        self.on_resize()

    def on_resize(self) -> None:
        """Break the lines of the text anew, and leave room for the line itself on a small screen."""
        said, size = self.query_one("#hint", Static), self.app.size
        said.update(drawn("\n".join(folded(self._said, max(size.width - 2, 20)))))
        said.styles.max_height = max(1, min(SAID, size.height - OTHERS))
        said.display = bool(self._said)

    def close(self) -> None:
        """Leave the line."""
        self.display = False
        self.post_message(self.Left())

    @on(Input.Submitted)
    def _enter(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if text and self._typed[self._sign][-1:] != [text]:
            self._typed[self._sign].append(text)
        if text or self._sign == QUERY:
            self.post_message(self.Entered(self._sign, text))
        else:
            self.close()

    @on(Input.Changed)
    def _change(self, event: Input.Changed) -> None:
        event.stop()
        self.say("")

    @work(thread=True, exclusive=True)
    def action_complete(self) -> None:
        """Complete what is typed as far as it is plain, and show what may follow."""
        typed, front = self.text, "list " if self._sign == QUERY else ""
        found = complete.offers(self._desk(), front + typed)
        line = complete.completed(front + typed, found).removeprefix(front)
        self.app.call_from_thread(self._offer, typed, line, [one.value for one in found])

    def _offer(self, typed: str, line: str, words: list[str]) -> None:
        if self.text != typed:
            return
        if line != typed:
            self.put(line)
        elif len(words) != 1:
            more = ["…"] if len(words) > OFFERED else []
            self.say("  ".join([*words[:OFFERED], *more]) or "nothing may follow.")

    def action_earlier(self, step: int) -> None:
        """An earlier line, or a later one."""
        typed = self._typed[self._sign]
        self._place = max(0, min(self._place + step, len(typed)))
        self.put(typed[self._place] if self._place < len(typed) else "")
