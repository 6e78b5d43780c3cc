"""A text over the panes: the output of a command, the keys."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from ticketctl.ui.panes.drawn import folded, printable
from ticketctl.ui.panes.text_lines import TextLines


class TextPage(ModalScreen[None]):
    """A text to scroll through, over the whole screen."""

    DEFAULT_CSS = """
    TextPage { layout: vertical; background: $background; }
    TextPage Static { height: 1; background: $panel; color: $accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("q,escape,enter,exclamation_mark", "dismiss"),
        ("j", "scroll('down')"),
        ("k", "scroll('up')"),
        ("space", "scroll('page_down')"),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The title, then the text."""
        yield Static(f" {printable(self._title)}   (q: back)", markup=False)
        yield TextLines(id="text")

    def on_mount(self) -> None:
        """Begin at the top."""
        self.query_one(TextLines).focus()

    def on_resize(self) -> None:
        """Break the lines anew."""
        lines = self.query_one(TextLines)
        lines.set_lines(folded(self._text.rstrip("\n"), max(self.size.width - 3, 20)))

    def action_scroll(self, where: str) -> None:
        """Scroll by a line or a page."""
        getattr(
            self.query_one(TextLines), f"action_{where if 'page' in where else 'scroll_' + where}"
        )()
