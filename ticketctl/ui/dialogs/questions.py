"""Questions of a command: what it printed stands above."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ticketctl.ui.panes.drawn import drawn, folded, printable
from ticketctl.ui.panes.text_input import TextInput
from ticketctl.ui.panes.text_lines import TextLines


class Question(ModalScreen[str | None]):
    """What a command printed, and below it what it asks. Escape is no answer."""

    DEFAULT_CSS = """
    Question { align: center bottom; }
    Question > Vertical {
        width: 100%; max-width: 104; height: auto; max-height: 100%; background: $surface; border: round $accent;
    }
    Question TextLines { height: auto; max-height: 100%; background: $surface; }
    Question Static { height: auto; padding: 1 2 0 2; color: $accent; text-style: bold; }
    Question Input, Question Input:focus {
        border: none; height: 1; padding: 0 1; margin: 0 1; background: $panel; background-tint: transparent;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "answer"),
        Binding("ctrl+c", "answer", priority=True),
    ]

    def __init__(self, printed: str, question: str) -> None:
        super().__init__()
        self._printed = printed.rstrip("\n")
        self._question = question
        self.about = ""  # the command line that asks

    def compose(self) -> ComposeResult:
        """The text, the question."""
        with Vertical():
            yield TextLines(id="printed")
            yield Static(drawn(self._question), id="question", markup=False)

    def on_mount(self) -> None:
        """Show the text."""
        self.query_one(Vertical).border_title = escape(printable(self.about))
        self.call_after_refresh(self._lay)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._lay()

    def _lay(self) -> None:
        lines = self.query_one(TextLines)
        width = min(self.size.width, 104) - 6
        shown = folded(self._printed, max(width, 20)) if self._printed else []
        lines.set_lines(shown)
        lines.styles.height = min(len(shown), max(self.size.height - 7, 1))

    def action_answer(self) -> None:
        """Give no answer."""
        self.dismiss(None)


class Choose(Question):
    """A question with a few answers, each by its first letter."""

    def __init__(self, printed: str, answers: Sequence[str]) -> None:
        super().__init__(printed, "  ".join(f"[{one[0]}]{one[1:]}" for one in answers))
        self._answers = {one[0]: one for one in answers}

    def on_mount(self) -> None:
        """Let the text be scrolled."""
        super().on_mount()
        self.query_one(TextLines).focus()

    def on_key(self, event: Key) -> None:
        """A letter is an answer."""
        if answer := self._answers.get(event.character or ""):
            event.stop()
            self.dismiss(answer)


class Ask(Question):
    """A question that is answered by a text."""

    def __init__(self, printed: str, question: str, default: str | None) -> None:
        super().__init__(printed, f"{question} [{default}]" if default else question)

    def compose(self) -> ComposeResult:
        """The text, the question, a line to type in."""
        with Vertical():
            yield TextLines(id="printed")
            yield Static(drawn(self._question), id="question", markup=False)
            yield TextInput(compact=True)

    def on_mount(self) -> None:
        """Let a text be typed."""
        super().on_mount()
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _enter(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())
