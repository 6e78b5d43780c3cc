"""The page of one ticket, part by part."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.binding import BindingType

from ticketctl.ui.panes.text_lines import TextLines


class Part(NamedTuple):
    """A part of the page: its text, and the message that it is, if it is one."""

    text: str
    key: tuple[int, int] | None = None  # its ticket and its number


class Conversation(TextLines):
    """The page of a ticket. One of its parts is the present one."""

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
        self._parts: list[Part] = []
        self._starts: list[int] = []
        self.present = 0
        self.unfolded: set[tuple[int, int]] = set()

    def show(self, parts: Iterable[Part], *, anew: bool) -> None:
        """Show a page; `anew` from its top, with all quoted text folded, else at the place that was read."""
        part, below = self._place()
        self._parts = list(parts)
        lines: list[Text] = []
        self._starts = []
        for one in self._parts:
            self._starts.append(len(lines))
            lines += [*Text.from_ansi(one.text).split(allow_blank=True), Text()]
        last = max(len(self._parts) - 1, 0)
        self.present = 0 if anew else min(self.present, last)
        self.set_lines(lines)
        top = 0 if anew or not self._parts else self._starts[min(part, last)] + below
        self.scroll_to(y=top, animate=False, immediate=True)

    def _place(self) -> tuple[int, int]:
        """What is read: the part at the top, and how many of its lines are above."""
        top = self.scroll_offset.y
        part = max(bisect_right(self._starts, top) - 1, 0)
        return part, top - self._starts[part] if self._starts else 0

    def toggle_quote(self) -> None:
        """Unfold or fold what the present message quotes; the page must be shown again."""
        if key := self._parts[self.present].key:
            self.unfolded ^= {key}

    def action_part(self, step: int) -> None:
        """Go to the next message or comment, or the one before."""
        if self._parts:
            self.present = max(0, min(self.present + step, len(self._parts) - 1))
            self.scroll_to(y=self._starts[self.present], animate=False, immediate=True)
            self.refresh()

    def mark_of(self, n: int) -> str:
        """A bar beside the present part."""
        if not self._starts:
            return ""
        end = self._starts[self.present + 1] if self.present + 1 < len(self._starts) else None
        is_in = n >= self._starts[self.present] and (end is None or n < end - 1)
        return "│" if is_in and self.present else ""
