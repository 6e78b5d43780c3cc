"""What Ctrl-P finds by word: every key, every command, the colours."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.app import App, SystemCommand

from ticketctl.cli.command_table import COMMANDS
from ticketctl.ui import keys, themes
from ticketctl.ui.context import ELSEWHERE


def entries(screen: App[None], begin: Callable[[str], None]) -> Iterator[SystemCommand]:
    """Keys are pressed, commands begun in the line by `begin`, colours taken."""
    for key in keys.every():
        if key.key:
            press = partial(screen.simulate_key, key.key)
            yield SystemCommand(f"{key.word} ({key.shown})", key.help, press)
    for name, entry in COMMANDS.items():
        if name not in ELSEWHERE:
            yield SystemCommand(f"{name} …", entry.help, partial(begin, f"{name} "), discover=False)
    for theme in themes.NAMES:
        take = partial(setattr, screen, "theme", theme)
        yield SystemCommand(f"colours: {theme}", "Change the colours until you leave.", take)
