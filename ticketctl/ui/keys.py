"""Every key of the screen: what it does, and what the footer and `?` call it.

Keys that change tickets type a command line. One that needs no more words is run, and asks what the command asks;
`assign 3 ` waits in the line for the rest.
"""

from collections.abc import Iterator
from typing import NamedTuple

GAP = 2  # columns between two keys of a footer


class Key(NamedTuple):
    """A key, its word, and the command line that it types or the action of the screen that it does."""

    key: str  # as Textual names it; empty where a pane itself has the key
    shown: str
    word: str
    line: str = ""  # {tickets} are the marked ones or the present one, {ticket} is the present one
    action: str = ""
    help: str = ""


ANSWERING = (
    Key("r", "r", "reply", "reply {tickets}", help="Reply in your editor; a preview follows."),
    Key(
        "R", "R", "continue", "reply {tickets} --recover", help="Continue the reply that was kept."
    ),
    Key("c", "c", "comment", "comment {tickets}", help="Add an internal comment in your editor."),
)
WORKING = (
    Key("a", "a", "assign", "assign {tickets} ", help="Assign to an agent."),
    Key("t", "t", "take", "take {tickets}", help="Assign to yourself."),
    Key("w", "w", "wait", "wait {tickets} --until ", help="Wait for the customer, until a time."),
    Key("s", "s", "resolve", "resolve {tickets}", help="Mark as resolved."),
    Key("x", "x", "close", "close {tickets}", help="Close."),
    Key("o", "o", "reopen", "reopen {tickets}", help="Reopen."),
    Key("E", "E", "escalate", "escalate {tickets}", help="Raise the escalation level."),
    Key("p", "p", "priority", "edit {tickets} --priority ", help="Change the priority."),
    Key("T", "T", "tag", "edit {tickets} --tag ", help="Add a tag."),
    Key("M", "M", "merge", "merge {tickets} --into ", help="Merge into another ticket."),
    Key("S", "S", "spam", "spam {tickets}", help="Mark as spam."),
    Key("e", "e", "edit", "edit {ticket}", help="Edit the fields in your editor."),
    Key("u", "u", "undo", "undo", help="Undo your last command; stops mail that waits."),
)
LOOKING = (
    Key("n", "n", "next", action="next_ticket", help="Go to the most urgent ticket you can take."),
    Key("N", "N", "take next", "next --take", help="Take the most urgent ticket."),
    Key("h", "h", "history", "history {ticket}", help="Show the ticket's history."),
    Key(
        "i",
        "i",
        "customer",
        "customer show {customer}",
        help="Show the customer, with orders and other tickets.",
    ),
    Key("l", "l", "clocks", "sla show {ticket}", help="Show the ticket's clocks, and why."),
    Key("v", "v", "attachments", action="attachments", help="Open or save attachments."),
    Key("f", "f", "quote", action="quote", help="Unfold or fold what the present message quotes."),
)
MOVING = (
    Key(
        "space",
        "space",
        "mark",
        action="mark",
        help="Mark a ticket; the next keys act on all marked. In a conversation, a page down.",
    ),
    Key(
        "asterisk",
        "*",
        "mark all",
        action="mark_all",
        help="Mark all tickets of the list, or none.",
    ),
    Key("1", "1", "queues", action="pane('queues')", help="Go to the queues."),
    Key("2", "2", "tickets", action="pane('tickets')", help="Go to the tickets."),
    Key("3", "3", "conversation", action="pane('conversation')", help="Go to the conversation."),
    Key("q", "q", "back", action="go_back", help="Go back; leave at the queues."),
    Key("", "Tab", "next pane", help="Go to the next pane; Shift-Tab: the one before."),
    Key("", "j k", "move", help="Go down and up, as the arrow keys do; ^D, Page up, Home, G."),
    Key("", "Enter", "open", help="Open the ticket or the queue."),
    Key("", "J K", "message", help="Go to the next message or comment, or the one before."),
)
TYPING = (
    Key("slash", "/", "query", action="query", help="List the tickets of a query."),
    Key("colon", ":", "command", action="command", help="Type any command of ticketctl."),
    Key(
        "exclamation_mark",
        "!",
        "output",
        action="output",
        help="Show the output of the last command.",
    ),
    Key("ctrl+r", "^R", "refresh", action="renew", help="Read everything again."),
    Key("", "^P", "find", help="Find a key or a command by its words, and change the colours."),
    Key(
        "ctrl+z",
        "^Z",
        "suspend",
        action="suspend",
        help="Go to the shell; its command fg comes back, also to a question that waits.",
    ),
    Key("question_mark", "?", "keys", action="keys", help="Show all keys."),
)

SECTIONS = {
    "Answer": ANSWERING,
    "Work": WORKING,
    "Look": LOOKING,
    "Move": MOVING,
    "Type": TYPING,
}

# What the footer of each pane names, the first ones first, as far as there is room.
_FOOTERS = {
    "queues": ("?", "Enter", "/", ":", "n", "u", "2", "3", "q"),
    "tickets": ("?", "Enter", "r", "c", "a", "t", "w", "s", "u", "/", ":", "space", "n", "x", "q"),
    "conversation": (
        "?", "r", "c", "J K", "f", "v", "a", "t", "w", "s", "u", "i", "h", "l", ":", "q",
    ),
}  # fmt: skip


def every() -> Iterator[Key]:
    """All keys."""
    for keys in SECTIONS.values():
        yield from keys


def footer(pane: str, width: int) -> list[Key]:
    """The keys of a pane that fit in a line, two blanks apart."""
    known = {one.shown: one for one in every()}
    fitting: list[Key] = []
    for one in map(known.__getitem__, _FOOTERS[pane]):
        taken = len(f"{one.shown} {one.word}")
        if taken <= width:
            fitting.append(one)
            width -= taken + GAP
    return fitting
