"""The attachments of a ticket, of which one is opened or saved."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from ticketctl.ui.panes.choice_list import Choice, ChoiceList

WIDTH = 100  # columns


class Wanted(NamedTuple):
    """What is to be done with an attachment: its number in the ticket, `open` or `save`."""

    number: int
    verb: str


class Attachments(ModalScreen[Wanted | None]):
    """A list of attachments. Enter opens one, `s` saves it."""

    DEFAULT_CSS = """
    Attachments { align: center bottom; }
    Attachments > Vertical {
        width: 100%; max-width: 104; height: auto; max-height: 100%; background: $surface; border: round $accent;
    }
    Attachments ChoiceList { height: auto; max-height: 20; background: $surface; }
    Attachments Static { height: 1; padding: 0 2; color: $accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,v", "dismiss"), ("s", "save")]

    def __init__(self, lines: Sequence[Choice]) -> None:
        super().__init__()
        self._lines = lines
        self._list = ChoiceList(id="attachments")

    def compose(self) -> ComposeResult:
        """The attachments, the keys."""
        with Vertical():
            yield self._list
            yield Static("Enter opens  s saves  q back", markup=False)

    def on_mount(self) -> None:
        """Begin with the first."""
        self._list.show(self._lines)
        self._list.styles.height = len(self._lines)
        self._list.focus()

    @on(ChoiceList.Chosen)
    def _open(self, event: ChoiceList.Chosen) -> None:
        event.stop()
        self.dismiss(Wanted(int(event.key), "open"))

    def action_save(self) -> None:
        """Save the one under the cursor."""
        if self._list.key is not None:
            self.dismiss(Wanted(int(self._list.key), "save"))
