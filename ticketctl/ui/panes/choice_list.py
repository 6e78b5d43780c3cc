"""Lines of which one is under the cursor."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.style import Style
from textual.binding import BindingType
from textual.events import Click
from textual.message import Message

from ticketctl.ui.panes.text_lines import TextLines


class Choice(NamedTuple):
    """A line, and what it stands for."""

    key: str
    text: str  # with ANSI colours
    sign: str = " "  # before the line, where it is not marked


class ChoiceList(TextLines):
    """Lines of which one is under the cursor; the cursor stays on what it stands for when the lines change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--cursor"}
    DEFAULT_CSS = """
    ChoiceList > .choice--cursor { background: $panel; }
    ChoiceList:focus > .choice--cursor { background: $primary; }
    ChoiceList:ansi > .choice--cursor { background: ansi_default; text-style: bold; }
    ChoiceList:ansi:focus > .choice--cursor { text-style: reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("j,down", "move(1)"),
        ("k,up", "move(-1)"),
        ("pagedown,ctrl+d", "page(1)"),
        ("pageup", "page(-1)"),
        ("home", "to(0)"),
        ("end,G", "to(-1)"),
        ("enter", "choose"),
    ]

    class Moved(Message):
        """The cursor is on another line."""

        def __init__(self, choices: "ChoiceList", key: str) -> None:
            super().__init__()
            self.choices = choices
            self.key = key

        @property
        def control(self) -> "ChoiceList":
            """The list, by which the screen tells its lists apart."""
            return self.choices

    class Chosen(Moved):
        """The line under the cursor was chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: list[str] = []
        self._signs: list[str] = []
        self._cursor = 0
        self.marked: set[str] = set()

    @property
    def key(self) -> str | None:
        """What the cursor is on; None if there are no lines."""
        return self._keys[self._cursor] if self._keys else None

    @property
    def acted_on(self) -> set[str]:
        """What is marked, and what the cursor is on."""
        return self.marked | {self.key} if self.key is not None else set()

    @property
    def keys(self) -> Sequence[str]:
        """What the lines stand for, from the top."""
        return self._keys

    def show(self, choices: Sequence[Choice]) -> None:
        """Show other lines, at the same place. If what the cursor was on is gone, it stays at its line."""
        before, in_sight, top = self.key, self._is_in_sight(self._cursor), self._same_top(choices)
        marks = self._keys, self._signs
        self._keys = [one.key for one in choices]
        self._signs = [one.sign for one in choices]
        if marks != (self._keys, self._signs):
            self.refresh()
        self.marked.intersection_update(self._keys)
        self.set_lines([one.text for one in choices])
        if before in self._keys:
            self._cursor = self._keys.index(before)
        self._cursor = max(0, min(self._cursor, len(self._keys) - 1))
        self.go_to(top)
        if in_sight:
            self._reveal()
        if self.key is not None and self.key != before:
            self.post_message(self.Moved(self, self.key))

    def _same_top(self, choices: Sequence[Choice]) -> int:
        """The line to begin with, so that what is read stays where it is; at the very top, what is new is seen."""
        top = self.scroll_offset.y
        places = {one.key: n for n, one in enumerate(choices)}
        still = ((n, places[key]) for n, key in enumerate(self._keys[top:]) if key in places)
        below, place = next(still, (0, top))
        return place - below if top else 0

    def put_cursor(self, key: str) -> None:
        """Move the cursor to this line, if it is there."""
        if key in self._keys:
            self.action_to(self._keys.index(key))

    def mark(self) -> None:
        """Mark the line under the cursor, or take its mark away, and go to the next."""
        if self.key is not None:
            self.marked ^= {self.key}
            self.action_move(1)
            self.refresh()

    def mark_all(self) -> None:
        """Mark all lines, or none where all are marked."""
        self.marked = set() if len(self.marked) == len(self._keys) else set(self._keys)
        self.refresh()

    def mark_of(self, n: int) -> str:
        """`>` before the line under the cursor, `+` before a marked one, or its sign."""
        mark = "+" if self._keys[n] in self.marked else self._signs[n]
        return (">" if n == self._cursor else " ") + mark

    def look(self, n: int) -> Style:
        """A background for the line under the cursor."""
        return (
            self.get_component_rich_style("choice--cursor") if n == self._cursor else Style.null()
        )

    def action_move(self, lines: int) -> None:
        """Move the cursor by so many lines."""
        self.action_to(max(0, min(self._cursor + lines, len(self._keys) - 1)))

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screens."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_to(self, n: int) -> None:
        """Move the cursor to a line, counted from the end if negative."""
        if not self._keys:
            return
        n %= len(self._keys)
        if n != self._cursor:
            before, self._cursor = self._cursor, n
            self._reveal()
            for line in (before, n):
                self.refresh_line(line)
            self.post_message(self.Moved(self, self._keys[n]))

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key))

    def on_click(self, event: Click) -> None:
        """Move the cursor to the line that was clicked; choose it at a double click."""
        n = event.y + self.scroll_offset.y
        if n < len(self._keys):
            self.action_to(n)
            if event.chain > 1:
                self.action_choose()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()

    def _is_in_sight(self, n: int) -> bool:
        top = self.scroll_offset.y
        return top <= n < top + max(self.size.height, 1)

    def _reveal(self) -> None:
        if self._is_in_sight(self._cursor):
            return
        is_above = self._cursor < self.scroll_offset.y
        top = self._cursor if is_above else self._cursor - max(self.size.height, 1) + 1
        self.go_to(top)
