"""The command block of an agent's mail (G10): lines that begin with `!` at the very top of his new text."""

from msgspec import Struct

from ticketctl.write_guard import never_in_a_write

WIDTH = 66
"""Where a mail program may have broken a line: the next word would have made it as long as this."""


class Command(Struct, frozen=True):
    """One line: its name in lower case without the `!`, its words, and the line as it was written."""

    name: str
    words: str
    line: str


class Block(Struct, frozen=True):
    """The commands of a text, and what remains of it."""

    commands: tuple[Command, ...]
    rest: str


@never_in_a_write
def parse(text: str) -> Block:
    """Part a text into its command block and the rest. An empty line or the first other line ends the block.

    A long line that a mail program has wrapped is put together again: its end is nobody's reply.
    """
    lines = text.split("\n")
    at = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    commands: list[Command] = []
    while at < len(lines) and lines[at].startswith("!"):
        line, at = _whole(lines, at)
        name, _, words = line[1:].partition(" ")
        commands.append(Command(name.lower(), words.strip(), line))
    rest = "\n".join(lines[at:]).strip("\n") if commands else text
    return Block(tuple(commands), rest)


def _whole(lines: list[str], at: int) -> tuple[str, int]:
    """The line that begins here with its continuation lines, and where the next one is."""
    whole, last = lines[at].strip(), lines[at].rstrip()
    at += 1
    while at < len(lines) and _continues(last, lines[at]):
        last = lines[at].rstrip()
        whole = f"{whole} {last.strip()}"
        at += 1
    return whole, at


def _continues(line: str, following: str) -> bool:
    words = following.split()
    return bool(words) and not following.startswith("!") and len(line) + len(words[0]) >= WIDTH
