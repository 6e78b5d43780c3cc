"""The three panes beside each other, as many as there is room for."""

from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from ticketctl.ui import layout
from ticketctl.ui.layout import NAMES
from ticketctl.ui.panes.choice_list import ChoiceList
from ticketctl.ui.panes.conversation import Conversation
from ticketctl.ui.panes.drawn import drawn
from ticketctl.ui.panes.text_lines import TextLines

# Every key that means something in a pane; what it means is said there.
PANE_KEYS = sorted(
    {
        *BindingsMap(ChoiceList.BINDINGS).key_to_bindings,
        *BindingsMap(Conversation.BINDINGS).key_to_bindings,
    }
    - {"enter"}
)


class Panes(Horizontal):
    """Queues, tickets and a conversation, each below its title; one of them is active."""

    DEFAULT_CSS = f"""
    Panes {{ height: 1fr; }}
    Panes > Vertical {{ width: 1fr; }}
    Panes > #queues-pane {{ width: {layout.QUEUES}; }}
    Panes > #conversation-pane {{ width: {layout.CONVERSATION}fr; }}
    Panes > .beside {{ border-left: vkey $panel; }}
    Panes .title, Panes .head {{ text-wrap: nowrap; text-overflow: ellipsis; }}
    Panes .title {{ height: 1; background: $panel; color: $text-muted; }}
    Panes .title.active {{ color: $accent; text-style: bold; }}
    Panes .head {{ height: 1; padding: 0 0 0 2; color: $text-muted; }}
    """

    class LaidOut(Message):
        """The panes have other widths."""

    class Went(Message):
        """Another pane is the active one."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.active = "tickets"
        self._laid_out: tuple[tuple[str, ...], Size] | None = None
        self._titles: dict[str, tuple[str, str]] = {}
        self.queues = ChoiceList(id="queues")
        self.tickets = ChoiceList(id="tickets")
        self.conversation = Conversation(id="conversation")

    def compose(self) -> ComposeResult:
        """A title and a body each."""
        yield self._pane("queues", self.queues)
        yield self._pane("tickets", self.tickets)
        yield self._pane("conversation", self.conversation)

    def _pane(self, name: str, body: ChoiceList | Conversation) -> Vertical:
        title = Static(id=f"{name}-title", classes="title", markup=False)
        head = Static(id=f"{name}-head", classes="head", markup=False)
        return Vertical(title, head, body, id=f"{name}-pane")

    @property
    def choices(self) -> ChoiceList | None:
        """The list of the active pane, if it has one."""
        return {"queues": self.queues, "tickets": self.tickets}.get(self.active)

    @property
    def body(self) -> TextLines:
        """What the active pane shows."""
        return self.choices or self.conversation

    @property
    def shows_two(self) -> bool:
        """Is there room for another pane beside the active one?"""
        return self.size.width >= layout.TWO

    def title(self, name: str, text: str, head: str = "") -> None:
        """Give a pane its title, after the digit that leads there, and the line below it."""
        if self._titles.get(name) == (text, head):
            return
        self._titles[name] = text, head
        number = NAMES.index(name) + 1
        self.query_one(f"#{name}-title", Static).update(drawn(f" {number} {text}"))
        self.query_one(f"#{name}-head", Static).update(drawn(head))

    def go(self, name: str) -> None:
        """Make a pane the active one."""
        if name != self.active:
            self.active = name
            self._arrange()
            self.post_message(self.Went())
        self.focus_active()

    def step(self, by: int) -> None:
        """Go to the next pane, or the one before."""
        self.go(NAMES[(NAMES.index(self.active) + by) % len(NAMES)])

    def back(self) -> bool:
        """Go one pane back; False if there is none."""
        at = NAMES.index(self.active)
        if at:
            self.go(NAMES[at - 1])
        return at > 0

    def focus_active(self) -> None:
        """Let the active pane have the keys."""
        if self.is_attached:
            self.screen.set_focus(self.body)

    def on_descendant_focus(self) -> None:
        """Follow the focus, as the mouse moves it."""
        focused = self.screen.focused
        if focused is not None and focused.id in NAMES:
            self.go(focused.id)

    def on_mount(self) -> None:
        """Begin with the active pane."""
        self.focus_active()

    def on_resize(self) -> None:
        """Show as many panes as there is room for."""
        self._arrange()

    def _arrange(self) -> None:
        seen = layout.seen(self.size.width, self.active)
        for name in NAMES:
            pane = self.query_one(f"#{name}-pane")
            pane.display = name in seen
            self.query_one(f"#{name}-title").set_class(name == self.active, "active")
            pane.set_class(name in seen[1:], "beside")
        if (seen, self.size) != self._laid_out:
            self._laid_out = seen, self.size
            self.call_after_refresh(self.post_message, self.LaidOut())
