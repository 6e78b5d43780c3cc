"""Lines of text that are scrolled, with a gutter at their left."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ticketctl.ui.panes.drawn import drawn

GUTTER = 2  # columns


class TextLines(ScrollView, can_focus=True):
    """Lines of text, each with two columns before it; only those in sight are drawn."""

    DEFAULT_CSS = """
    TextLines {
        height: 1fr; overflow-x: hidden; background: $background; background-tint: transparent;
        scrollbar-size-vertical: 1; scrollbar-color: $foreground 20%; scrollbar-background: $background;
        scrollbar-color-hover: $accent; scrollbar-color-active: $accent;
        scrollbar-background-hover: $background; scrollbar-background-active: $background;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[str] = []
        self._strips: dict[int, Strip] = {}

    @property
    def room(self) -> int:
        """Columns for a line; the scroll bar and the gutter are taken off."""
        return max(self.size.width - GUTTER - 1, 20)

    def set_lines(self, lines: Iterable[str]) -> None:
        """Show other lines, with ANSI colours; the place is kept as far as there are so many."""
        self._lines = list(lines)
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.refresh()

    def mark_of(self, n: int) -> str:
        """What stands before a line."""
        return ""

    def mark_look(self, n: int) -> Style:
        """The look of what stands before a line."""
        return Style.null()

    def look(self, n: int) -> Style:
        """The look of a line, behind that of its text."""
        return Style.null()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        n = y + self.scroll_offset.y
        if n >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = self._strips.get(n)
        if strip is None:
            strip = self._strips[n] = Strip(drawn(self._lines[n]).render(self.app.console))
        front = Strip([Segment(f"{self.mark_of(n):<{GUTTER}}", self.mark_look(n))], GUTTER)
        base = self.rich_style + self.look(n)
        return Strip.join([front, strip]).crop_extend(0, width, None).apply_style(base)
