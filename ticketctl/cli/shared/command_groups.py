"""Groups of commands: `ticketctl outbox` alone lists, as `git branch` does; an unknown command shows the one meant."""

from collections.abc import Sequence

import click

from ticketctl.cli.shared import right_line
from ticketctl.console.context import App

_ALONE = "ticketctl.alone"  # in the context's meta: the group that stood alone
_CHANGES = ("set", "edit", "unset", "add")  # of a setting


def rest(
    ctx: click.Context, group: str, command: click.Command | None, args: list[str]
) -> list[str]:
    """The words after a command's name, `list` before them if it is a group that stands alone or with options."""
    plain = not args or (args[0][:1] == "-" and not {*args} & {*ctx.help_option_names})
    if ctx.resilient_parsing or not plain or not _lists(command):
        return args
    if not args:
        ctx.meta[_ALONE] = group
    return ["list", *args]


def tell(ctx: click.Context) -> None:
    """Note, after the list of a group that stood alone, where its other commands are."""
    out = ctx.ensure_object(App).out
    if (group := ctx.meta.get(_ALONE)) and out.is_terminal:
        out.note(f"`ticketctl {group} --help` shows its other commands.")


def unknown(ctx: click.Context, words: Sequence[str]) -> str:
    """The sentence about words after a group that begin with no command of it; "" if it is no such group."""
    group = ctx.command
    if ctx.parent is None or not isinstance(group, click.Group) or not words:
        return ""
    from difflib import get_close_matches

    path = ctx.command_path.removeprefix("ticketctl ")
    first = words[0]
    said = f"there is no command {f'{path} {first}'!r}"
    if path == "config" and first in _CHANGES:
        return f"{said}; settings are changed in a file: `ticketctl config path` names it."
    if line := right_line.for_subcommand(ctx, first):
        return f"{said}; did you mean `{line}`?"
    if like := get_close_matches(first, [*group.commands]):
        return f"{said}; did you mean {' or '.join(like)}?"
    is_one = first.isdecimal() or any(sign in first for sign in "@:+")
    order = ("show", "list") if is_one else ("list", "show")
    for name in order:
        command = group.commands.get(name)
        if command and any(isinstance(one, click.Argument) for one in command.params):
            return f"{said}; did you mean `{ctx.command_path} {name} {first}`?"
    return f"{said}; see `{ctx.command_path} --help`."


def _lists(command: click.Command | None) -> bool:
    """Is it a group with a `list` that needs no argument?"""
    found = command.commands.get("list") if isinstance(command, click.Group) else None
    return found is not None and not any(one.required for one in found.params)
