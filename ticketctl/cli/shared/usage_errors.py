"""What click refuses of a command line, as a sentence of ours: what is wrong, and the line or the help to go by."""

from collections.abc import Sequence

import click

from ticketctl.cli.shared import command_groups, right_line

_NUMBERS = frozenset(
    f"{kind}{more}" for kind in ("number", "integer", "float") for more in ("", " range")
)


def sentence(wrong: click.ClickException) -> str:
    """One sentence about a command line that click refuses."""
    ctx = wrong.ctx if isinstance(wrong, click.UsageError) else None
    said = _said(wrong, ctx)
    if line := right_line.for_usage(wrong):
        return f"{said}; did you mean `{line}`?"
    if ctx and (unknown := command_groups.unknown(ctx, right_line.plain(ctx))):
        return unknown
    if isinstance(wrong, click.NoSuchOption) and wrong.possibilities:
        said += f"; did you mean {_either(sorted(wrong.possibilities))}?"
    if ctx is None:
        return f"{said}."
    return f"{said}{' See' if said.endswith('?') else '; see'} `{ctx.command_path} --help`."


def _said(wrong: click.ClickException, ctx: click.Context | None) -> str:
    """What is wrong, without a full stop."""
    told = " ".join(wrong.format_message().split()).rstrip(".")
    if isinstance(wrong, click.NoSuchOption):
        return f"there is no option {wrong.option_name}"
    if isinstance(wrong, click.BadOptionUsage):
        return _bad_option(wrong, ctx, told)
    if isinstance(wrong, click.MissingParameter) and wrong.param:
        return _missing(wrong.param)
    if isinstance(wrong, click.BadParameter) and wrong.param:
        return _bad_value(wrong.param, wrong.message.rstrip("."))
    extra = told.partition("unexpected extra argument")[2].partition("(")[2].removesuffix(")")
    if ctx and extra:
        name = ctx.command_path.removeprefix("ticketctl ")
        return f"{extra!r} is more than `{name}` takes"
    return told[:1].lower() + told[1:]


def _bad_option(wrong: click.BadOptionUsage, ctx: click.Context | None, told: str) -> str:
    """An option without its value, or a flag with one."""
    if "does not take a value" in told:
        return f"{wrong.option_name} takes no value"
    params = ctx.command.params if ctx else []
    value = next((one.metavar for one in params if wrong.option_name in one.opts), None)
    return f"{wrong.option_name} needs a value" + (f", {value}" if value else "")


def _missing(param: click.Parameter) -> str:
    """A required option or word that was not given."""
    value = f" {param.metavar}" if isinstance(param, click.Option) and param.metavar else ""
    choices = f"choose {_either(_choices(param))}" if _choices(param) else ""
    return "; ".join(filter(None, (f"{_name(param)}{value} is missing", choices)))


def _bad_value(param: click.Parameter, said: str) -> str:
    """A value that its option or argument does not take."""
    name = _name(param)
    value, _, kind = said.rpartition(" is not a valid ")
    if kind in _NUMBERS:
        return f"{name} takes a number, not {value}"
    value = said.rpartition(" is not in the range ")[0]
    if value and isinstance(param.type, click.IntRange):
        return f"{name} takes a number {_between(param.type)}, not {value}"
    value = said.rpartition(" is not ")[0]
    if _choices(param) and value:
        return f"{name} takes {_either(_choices(param))}, not {value}"
    return f"{name}: {said}"


def _between(limits: click.IntRange) -> str:
    if limits.max is None:
        return f"from {limits.min} on"
    return f"from {limits.min} to {limits.max}"


def _name(param: click.Parameter) -> str:
    """`--limit`, or `TICKET` as the help calls it."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return (param.metavar or str(param.name)).strip("[].").removesuffix("...").upper()


def _choices(param: click.Parameter) -> Sequence[str]:
    return param.type.choices if isinstance(param.type, click.Choice) else ()


def _either(words: Sequence[str]) -> str:
    """`low, medium or high`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
