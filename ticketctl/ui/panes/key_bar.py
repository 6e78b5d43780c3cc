"""The last line of the screen: the keys of the active pane."""

from collections.abc import Sequence

from rich.text import Text
from textual.events import Click
from textual.widgets import Static

from ticketctl.ui import keys
from ticketctl.ui.keys import Key


class KeyBar(Static):
    """Keys and their words; one that is clicked is pressed."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; color: $text-muted; background: $surface; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._named: Sequence[Key] = ()

    def show(self, pane: str, width: int) -> None:
        """Name as many keys of a pane as there is room for."""
        self._named = keys.footer(pane, width)
        line = Text()
        for one in self._named:
            line.append(" " * keys.GAP if line else "")
            line.append(one.shown, "bold").append(f" {one.word}")
        self.update(line)

    def on_click(self, event: Click) -> None:
        """Press the key that was clicked."""
        column = event.x - 1  # a blank is before the first
        for one in self._named:
            taken = len(f"{one.shown} {one.word}")
            if 0 <= column < taken and one.key:
                self.app.simulate_key(one.key)
            column -= taken + keys.GAP
