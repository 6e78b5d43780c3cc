"""Aliases of one's own: with `[alias] hot = "list @hot"` in config.toml, `ticketctl hot` lists @hot."""

from typing import TYPE_CHECKING

from ticketctl.cli.command_table import ALIASES, COMMANDS, FORMER_NAMES
from ticketctl.console.context import App
from ticketctl.errors import BadInput, DeskError
from ticketctl.settings.folders import settings_mention

if TYPE_CHECKING:
    import click


def known(ctx: "click.Context") -> dict[str, str]:
    """The aliases of config.toml by name, without those whose name a command has. Refused for a bad config.toml."""
    app = ctx.ensure_object(App)
    if not settings_mention(b"alias", app.options.config):
        return {}
    return {name: line for name, line in app.settings.alias.items() if not is_command(name)}


def known_or_none(ctx: "click.Context") -> dict[str, str]:
    """The same for help and completion, which work with a bad config.toml too."""
    try:
        return known(ctx)
    except DeskError:
        return {}


def is_command(name: str) -> bool:
    """Has a command that name? It is never replaced by an alias."""
    return name in COMMANDS or name in ALIASES or name in FORMER_NAMES


def words(name: str, aliases: dict[str, str]) -> list[str]:
    """What an alias stands for, a command first. BadInput for a loop, or a line that the shell could not read."""
    import shlex

    chain, found = [name], [name]
    while found[0] in aliases:
        try:
            line = shlex.split(aliases[found[0]])
        except ValueError as wrong:
            raise BadInput(f"the alias {found[0]} in config.toml: {str(wrong).lower()}.") from None
        if not line or line[0].startswith("-"):
            raise BadInput(
                f"the alias {found[0]} in config.toml must begin with a command; write its options after it."
            )
        if line[0] in chain:
            raise BadInput(f"the alias {name} stands for itself: {' → '.join([*chain, line[0]])}.")
        chain.append(line[0])
        found = line + found[1:]
    return found
