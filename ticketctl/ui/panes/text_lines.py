"""Lines of text that are scrolled, with a gutter at their left."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

GUTTER = 2  # columns


class TextLines(ScrollView, can_focus=True):
    """Lines of text, each with two columns before it; only those in sight are drawn."""

    DEFAULT_CSS = """
    TextLines { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; background: $background; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Text] = []
        self._strips: dict[int, Strip] = {}

    @property
    def room(self) -> int:
        """Columns for a line; the scroll bar and the gutter are taken off."""
        return max(self.size.width - GUTTER - 1, 20)

    def set_lines(self, lines: Iterable[Text]) -> None:
        """Show other lines; the place is kept as far as there are so many."""
        self._lines = list(lines)
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.refresh()

    def mark_of(self, n: int) -> str:
        """What stands before a line."""
        return ""

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
            strip = self._strips[n] = Strip(self._lines[n].render(self.app.console))
        front = Strip([Segment(f"{self.mark_of(n):<{GUTTER}}")], GUTTER)
        base = self.rich_style + self.look(n)
        return Strip.join([front, strip]).crop_extend(0, width, None).apply_style(base)
