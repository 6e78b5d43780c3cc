"""What somebody meant who wrote words where numbers stand: `close 2 done`, `wait 7 2d`, `edit 3 priority=high`."""

from collections.abc import Sequence

import click

from ticketctl.cli.shared import ticket_numbers

_OPTION_OF_TIME = "--until"


def suggest(ctx: click.Context, words: Sequence[str]) -> str:
    """The whole line with each word where it belongs; "" if that is not plain."""
    from shlex import join

    known = [word for word in words if ticket_numbers.looks_like(word)]
    others = [word for word in words if not ticket_numbers.looks_like(word)]
    options = {spelling for param in ctx.command.params for spelling in param.opts}
    more = _assignments(others, options) or _time(others, options) or _message(others, options)
    return join([*ctx.command_path.split(), *known, *more]) if known and more else ""


def _assignments(words: Sequence[str], options: set[str]) -> list[str]:
    """`priority=high` as `--priority high`, `colour=red` as `--set colour=red`."""
    found = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not options & {f"--{name}", "--set"}:
            return []
        found += [f"--{name}", value] if f"--{name}" in options else ["--set", word]
    return found


def _time(words: Sequence[str], options: set[str]) -> list[str]:
    """`2d` as `--until 2d`."""
    from ticketctl.domain.base import when

    if _OPTION_OF_TIME not in options or len(words) != 1 or not when.is_time(words[0]):
        return []
    return [_OPTION_OF_TIME, words[0]]


def _message(words: Sequence[str], options: set[str]) -> list[str]:
    """Other words as `-m "the words"`."""
    return ["-m", " ".join(words)] if words and "-m" in options else []
