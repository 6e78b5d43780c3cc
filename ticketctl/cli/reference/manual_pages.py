"""Manual pages in groff (man(7)), one a command and one for the whole, written from the program itself: `make docs`."""

from collections.abc import Iterator

import click

from ticketctl.cli.command_table import ALIASES, COMMANDS
from ticketctl.cli.commands.administration.help_topics import TOPICS
from ticketctl.cli.global_options import global_options
from ticketctl.cli.shared import examples

SECTION = 1

# What groff would take for an escape, or make prettier than it may be in a command.
_SIGNS = str.maketrans(
    {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}
)


def pages() -> dict[str, str]:
    """The text of every page by its file's name."""
    from ticketctl.cli.main import HELP_OPTIONS, command_named, ticketctl

    root = click.Context(ticketctl, info_name="ticketctl", help_option_names=HELP_OPTIONS)
    found = {f"ticketctl.{SECTION}": _whole(root)}
    for name, entry in COMMANDS.items():
        found[f"ticketctl-{name}.{SECTION}"] = _page(command_named(name), name, entry.help, root)
    return found


def _whole(root: click.Context) -> str:
    """ticketctl(1): the commands, the options all of them take, the topics of `help`."""
    lines = [
        *_head("ticketctl", "a help desk that lives in e-mail and in the terminal"),
        ".B ticketctl",
        ".RI [ options ]",
        ".I command",
        ".RI [ arguments ]",
        ".SH COMMANDS",
    ]
    for name, entry in COMMANDS.items():
        lines += [".TP", f".BR ticketctl-{_escaped(name)} ({SECTION})", _text(entry.help)]
    lines += [".SH OPTIONS", "Every command takes them, before or after its name.", "."]
    lines += _options(global_options(), root)
    for topic, text in TOPICS.items():
        title = topic.replace("-", " ").upper()
        lines += [f'.SH "{title}"', ".nf", *map(_text, text.rstrip().split("\n")), ".fi"]
    return "\n".join(lines) + "\n"


def _page(command: click.Command, name: str, what: str, parent: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=parent)
    lines = _head(f"ticketctl-{name}", what.rstrip("."))
    lines += [f".B {_text(context.command_path)}", _text(_usage(context)), ".SH DESCRIPTION"]
    lines += list(_described(context))
    if aliases := [alias for alias, real in ALIASES.items() if real == name]:
        lines += [".PP", _text(f"Also: {', '.join(f'ticketctl {one}' for one in aliases)}.")]
    if isinstance(command, click.Group):
        lines.append(".SH COMMANDS")
        for sub, found in command.commands.items():
            if not found.hidden:
                lines += _sub(click.Context(found, info_name=sub, parent=context))
    else:
        lines += [".SH EXAMPLES", *_examples(context)]
    lines += [".SH SEE ALSO", f".BR ticketctl ({SECTION})"]
    return "\n".join(lines) + "\n"


def _head(name: str, what: str) -> list[str]:
    return [
        f'.TH {_escaped(name.upper())} {SECTION} "" ticketctl',
        ".SH NAME",
        f"{_escaped(name)} \\- {_text(what)}",
        ".SH SYNOPSIS",
    ]


def _sub(context: click.Context) -> Iterator[str]:
    yield f".SS {_text(f'{context.command_path} {_usage(context)}'.rstrip())}"
    yield from _described(context)
    yield ".PP"
    yield from _examples(context)


def _examples(context: click.Context) -> list[str]:
    return [".nf", *map(_text, examples.of(context.command_path)), ".fi"]


def _described(context: click.Context) -> Iterator[str]:
    """What a command does, in paragraphs, and its own options."""
    paragraphs = (context.command.help or "").split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield ".PP"
        yield _text(" ".join(paragraph.split()))
    yield from _options(context.command.params, context)


def _options(params: list[click.Parameter], context: click.Context) -> Iterator[str]:
    for param in params:
        record = param.get_help_record(context) if isinstance(param, click.Option) else None
        if record:
            yield ".TP"
            yield f".B {_text(record[0])}"
            yield _text(record[1])


def _usage(context: click.Context) -> str:
    return " ".join(context.command.collect_usage_pieces(context))


def _text(words: str) -> str:
    """Escape a line for groff: no requests, no escapes, characters that can be searched."""
    line = _escaped(words)
    return f"\\&{line}" if line.startswith(".") else line


def _escaped(words: str) -> str:
    return words.translate(_SIGNS)
