"""Parses the command block of an agent's mail (G10): lines that begin with `!` at the top of the new text."""

from msgspec import Struct

from ticketctl.domain.base.blank import is_blank
from ticketctl.write_guard import never_in_a_write

WRAP_WIDTH = 66
"""Mail programs may wrap a line that would become as long as this."""


class MailCommand(Struct, frozen=True):
    """A command: its name in lower case without the `!`, its arguments, and the whole line."""

    name: str
    words: str
    line: str


class CommandBlock(Struct, frozen=True):
    """The commands of a text, and the rest of it."""

    commands: tuple[MailCommand, ...]
    rest: str


@never_in_a_write
def parse(text: str) -> CommandBlock:
    """Split a text into its command block and the rest. An empty line, or any other line, ends the block.

    A long command that a mail program has wrapped is joined again, so that its end is not sent to the customer.
    """
    lines = text.split("\n")
    at = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    commands: list[MailCommand] = []
    while at < len(lines) and lines[at].startswith("!"):
        line, at = _join(lines, at)
        name, _, words = line[1:].partition(" ")
        commands.append(MailCommand(name.lower(), "" if is_blank(words) else words.strip(), line))
    rest = "\n".join(lines[at:]).strip("\n") if commands else text
    return CommandBlock(tuple(commands), rest)


def _join(lines: list[str], at: int) -> tuple[str, int]:
    """Return the line with its continuation lines, and the index of the next one."""
    whole, last = lines[at].strip(), lines[at].rstrip()
    at += 1
    while at < len(lines) and _continues(last, lines[at]):
        last = lines[at].rstrip()
        whole = f"{whole} {last.strip()}"
        at += 1
    return whole, at


def _continues(line: str, following: str) -> bool:
    words = following.split()
    return bool(words) and not following.startswith("!") and len(line) + len(words[0]) >= WRAP_WIDTH
