"""A line to type in."""

from rich.text import Text
from textual.events import Paste
from textual.widgets import Input

from ticketctl.ui.panes.drawn import printable


class TextInput(Input):
    """What is pasted may hold controls: they are kept in the text, and never reach the terminal.

    The cursor does not blink, which over a slow line would be traffic all the time.
    """

    def on_mount(self) -> None:
        """Keep the cursor still."""
        self.cursor_blink = False

    @property
    def _value(self) -> Text:
        return Text(printable(self.value), no_wrap=True, overflow="ignore", end="")

    def on_paste(self, event: Paste) -> None:
        """Take all lines of what is pasted, not the first alone."""
        event.text = " ".join(event.text.splitlines())
