"""The examples at the end of `--help` and of manual pages, one block a command; loaded only to be shown."""

from ticketctl.cli.command_table import ALIASES, FORMER_NAMES
from ticketctl.cli.shared.examples import desk, tickets

_SOME = 3
_FIRST = (
    "ticketctl list owner:none",
    "ticketctl show 12",
    "ticketctl reply 12",
)  # of the program itself


def blocks() -> list[list[str]]:
    """The lines of each command, in the order of the command table; the first begins with its name."""
    return [
        block.splitlines() for text in (tickets.TEXT, desk.TEXT) for block in text.split("\n\n")
    ]


def of(path: str) -> list[str]:
    """The examples of a command such as `ticketctl query save`; of a group, one each of its first commands."""
    program, *words = path.split()
    if words:
        words[0] = ALIASES.get(words[0]) or FORMER_NAMES.get(words[0], words[0])
    start = " ".join([program, *words, ""])
    found = [lines for lines in blocks() if f"{lines[0]} ".startswith(start if words else _FIRST)]
    return found[0] if len(found) == 1 else [lines[0] for lines in found[:_SOME]]


def section(path: str) -> str:
    """The examples of a command as the last section of its help; empty if it has none."""
    lines = of(path)
    return "\n".join(["", "", "Examples:", *(f"  {line}" for line in lines)]) if lines else ""
