"""The page of one ticket, part by part."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.style import Style
from textual.binding import BindingType
from textual.events import Click

from ticketctl.ui.panes.text_lines import TextLines

Key = tuple[int, int]  # of a message: its ticket and its number


class Part(NamedTuple):
    """A part of the page: its lines, what it is (`in`, `out`, `comment`, or empty), and the message that it is."""

    lines: Sequence[str]
    kind: str = ""
    key: Key | None = None

    @property
    def is_said(self) -> bool:
        """Is it a message or a comment?"""
        return bool(self.kind)


class Conversation(TextLines):
    """The page of a ticket. One of its parts is the present one.

    It opens at the newest message or comment, with as much above it as there is room for: that is what an agent
    answers. What is before it, the customer and the clocks, is a key away.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "conversation--in",
        "conversation--out",
        "conversation--comment",
        "conversation--internal",
    }
    DEFAULT_CSS = """
    Conversation > .conversation--in { color: $accent; }
    Conversation > .conversation--out { color: $success; }
    Conversation > .conversation--comment { color: $warning; }
    Conversation > .conversation--internal { background: $warning 12%; }
    Conversation:ansi > .conversation--internal { background: ansi_default; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("j,down", "scroll_down"),
        ("k,up", "scroll_up"),
        ("J,right_square_bracket", "part(1)"),
        ("K,left_square_bracket", "part(-1)"),
        ("pagedown,ctrl+d", "page_down"),
        ("pageup", "page_up"),
        ("home", "scroll_home"),
        ("end,G", "scroll_end"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts: Sequence[Part] = ()
        self._starts: list[int] = []
        self._of: list[int] = []  # the part of each line
        self.present = 0
        self._opened: tuple[int, int] | None = None  # where: the top line, and the present part
        self.unfolded: set[Key] = set()

    @property
    def present_key(self) -> Key | None:
        """The message that is the present part."""
        return self._parts[self.present].key if self._parts else None

    def show(self, parts: Sequence[Part], *, anew: bool) -> None:
        """Show a page: `anew` at its newest message or comment, else at the place that was read."""
        part, below = self._place()
        is_at_rest = len(parts) == len(self._parts) and self._opened == self._at()
        self._parts = parts
        lines: list[str] = []
        self._starts, self._of = [], []
        for n, one in enumerate(parts):
            self._starts.append(len(lines))
            lines += [*one.lines, ""]
            self._of += [n] * (len(one.lines) + 1)
        self.set_lines(lines)
        if anew or is_at_rest:  # of another height or width, or folded
            self._open()
        elif parts:
            self.present = min(self.present, len(parts) - 1)
            part = min(part, len(parts) - 1)
            self.go_to(self._starts[part] + min(below, len(parts[part].lines)))

    def _place(self) -> tuple[int, int]:
        """The part at the top, and how many of its lines are above."""
        top = self.scroll_offset.y
        if top >= len(self._of):
            return 0, 0
        return self._of[top], top - self._starts[self._of[top]]

    def _open(self) -> None:
        """Go to the newest message or comment; its end is in sight, and its begin if there is room."""
        said = [n for n, one in enumerate(self._parts) if one.is_said]
        self.present = said[-1] if said else 0
        start = self._starts[self.present] if said else 0
        end = start + len(self._parts[self.present].lines) if said else 0
        self.go_to(max(0, min(start, end - self.size.height)))
        self._opened = self._at()

    def _at(self) -> tuple[int, int]:
        return self.scroll_offset.y, self.present

    def toggle_quote(self) -> None:
        """Unfold or fold what the present message quotes; the page must be shown again."""
        if key := self.present_key:
            self.unfolded ^= {key}

    def action_part(self, step: int) -> None:
        """Go to the next message or comment, or the one before."""
        if self._parts:
            self.present = max(0, min(self.present + step, len(self._parts) - 1))
            self.go_to(self._starts[self.present])
            self.refresh()

    def on_click(self, event: Click) -> None:
        """Make the part that was clicked the present one."""
        n = event.y + self.scroll_offset.y
        if n < len(self._of):
            self.present = self._of[n]
            self.refresh()

    def _said_at(self, n: int) -> Part | None:
        """The message or comment that a line is of."""
        part = self._parts[self._of[n]]
        return part if part.is_said and n - self._starts[self._of[n]] < len(part.lines) else None

    def mark_of(self, n: int) -> str:
        """A bar beside each message and comment, a thick one beside the present one."""
        part = self._said_at(n)
        if part is None:
            return ""
        if self._of[n] == self.present:
            return "┃"
        return "┆" if part.kind == "comment" else "│"

    def mark_look(self, n: int) -> Style:
        """The bar has the colour of what it stands beside."""
        part = self._said_at(n)
        return (
            self.get_component_rich_style(f"conversation--{part.kind}", partial=True)
            if part
            else Style.null()
        )

    def look(self, n: int) -> Style:
        """Another ground for what is internal."""
        part = self._said_at(n)
        if part is None or part.kind != "comment":
            return Style.null()
        return self.get_component_rich_style("conversation--internal")
