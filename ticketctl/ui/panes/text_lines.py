"""Lines of text that are scrolled, with a gutter at their left."""

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ticketctl.ui.layout import GUTTER, SCROLL_BAR
from ticketctl.ui.panes.drawn import drawn


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
        self._strips: dict[str, Strip] = {}  # of lines that were in sight
        self._base = Style.null()

    @property
    def room(self) -> int:
        """Columns for a line; the scroll bar and the gutter are taken off."""
        return max(self.size.width - GUTTER - SCROLL_BAR, 20)

    def set_lines(self, lines: Iterable[str]) -> None:
        """Show other lines, with ANSI colours; the place is kept as far as there are so many."""
        before, self._lines = self._lines, list(lines)
        if self._lines == before:
            return
        kept = {*self._lines}
        self._strips = {line: strip for line, strip in self._strips.items() if line in kept}
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.refresh()

    def watch_show_vertical_scrollbar(self) -> None:
        """Let a scroll bar that appears stand where the text does: it is told only while it is shown."""
        self.vertical_scrollbar.position = self.scroll_y

    def action_scroll_down(self) -> None:
        """Scroll a line."""
        self._scroll_by(1)

    def action_scroll_up(self) -> None:
        """Scroll a line back."""
        self._scroll_by(-1)

    def action_page_down(self) -> None:
        """Scroll a page."""
        self._scroll_by(self.scrollable_content_region.height)

    def action_page_up(self) -> None:
        """Scroll a page back."""
        self._scroll_by(-self.scrollable_content_region.height)

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self._scroll_by(-len(self._lines))

    def action_scroll_end(self) -> None:
        """Go to the last line."""
        self._scroll_by(len(self._lines))

    def _scroll_by(self, lines: int) -> None:
        """Scroll at once: Textual waits for the next picture, and forgets keys that come before it."""
        self.go_to(round(self.scroll_y) + lines)

    def go_to(self, line: int) -> None:
        """Let a line be the first in sight, or the last page."""
        self.scroll_to(y=line, animate=False, immediate=True, force=True)

    def keys_of(self, key: str) -> Sequence[Binding]:
        """What a key means here."""
        return self._bindings.key_to_bindings.get(key, ())

    def mark_of(self, n: int) -> str:
        """What stands before a line."""
        return ""

    def mark_look(self, n: int) -> Style:
        """The look of what stands before a line."""
        return Style.null()

    def look(self, n: int) -> Style:
        """The look of a line, behind that of its text."""
        return Style.null()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Some lines of the screen. Their common look is asked for once, as that takes longer than a line."""
        self._base = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        n = y + self.scroll_offset.y
        if n >= len(self._lines):
            return Strip.blank(width, self._base)
        line = self._lines[n]
        strip = self._strips.get(line)
        if strip is None:
            strip = self._strips[line] = Strip(drawn(line).render(self.app.console))
        front = Strip([Segment(f"{self.mark_of(n):<{GUTTER}}", self.mark_look(n))], GUTTER)
        base = self._base + self.look(n)
        return Strip.join([front, strip]).crop_extend(0, width, None).apply_style(base)
