"""Text input of a command: -m TEXT, -F FILE (`-` is standard input), -e for the editor, or a prompt."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.shared.option_groups import Decorator, gathered
from ticketctl.console.context import remember
from ticketctl.domain.base.blank import is_blank
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.cli.shared.ticket_numbers import Selection
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Ticket


# Refuses a ticket that a command cannot change.
Fits = Callable[["Work", "Ticket"], object]


class TextOptions(NamedTuple):
    """The text options as they were given."""

    message: tuple[str, ...]
    file: str | None
    edit: bool


def _options(*names: str, text: str) -> Decorator:
    """-m, -F, -e and --recover; the command receives them as `typed`."""
    return gathered(
        "typed",
        TextOptions,
        click.option(
            *names,
            metavar="TEXT",
            multiple=True,
            help=f"{text}; - reads stdin; repeat for more paragraphs.",
        ),
        click.option(
            "-F",
            "--file",
            type=param_types.FILE,
            metavar="FILE",
            help="Read the text from FILE; - is stdin.",
        ),
        click.option("-e", "--edit", is_flag=True, help="Write the text in an editor."),
        click.option(
            "--recover",
            is_flag=True,
            expose_value=False,
            callback=remember,
            help="Like -e, starting from the last text that could not be saved.",
        ),
    )


_WHY = "Why; kept in the history, never sent"

text_options = _options("-m", "--message", "message", text="Text")
reason_options = _options("-m", "--message", "message", text=_WHY)
short_reason_options = _options("-m", "message", text=_WHY)  # --message is something else


def read(app: "App", typed: TextOptions) -> str:
    """The text given by the options, stripped at its end; empty where none was given, or nothing can be seen in it.

    Refused for an empty editor (nothing is changed).
    """
    edit = _in_editor(app, typed)
    if edit:
        return _edited(app)
    if typed.file is not None:
        text = read_file(typed.file)
    else:
        text = "\n\n".join(read_file("-") if one == "-" else one for one in typed.message)
    return "" if is_blank(text) else text.rstrip()


def opens_editor(app: "App", typed: TextOptions) -> bool:
    """Will a long text be written in the editor: with -e or --recover, or because a terminal is asked?"""
    given = typed.message or typed.file is not None
    return _in_editor(app, typed) or (not given and app.out.may_ask)


def _in_editor(app: "App", typed: TextOptions) -> bool:
    """Was the editor asked for? BadInput if the text was given too."""
    edit = typed.edit or app.options.recover
    if sum((bool(typed.message), typed.file is not None, edit)) > 1:
        raise BadInput("give the text once: -m, -F or -e.")
    return edit


def read_or_ask(
    app: "App",
    typed: TextOptions,
    *,
    what: str,
    long: bool = False,
    tickets: "Selection | None" = None,
    fits: "Fits | None" = None,
) -> str:
    """The text given, or prompted for on a terminal (a `long` one in the editor); empty in a script.

    Nothing is asked where the only one of `tickets` cannot be changed, or `fits` refuses it.
    """
    text = read(app, typed)
    if text or typed.message or typed.file is not None or not app.out.may_ask:
        return text
    if tickets and tickets.only is not None:
        _require_changeable(app, tickets.only, fits)
    if long:
        return _edited(app)
    return app.out.ask(what, "", _reason)


def _reason(typed: str) -> str:
    """The answer; a lone yes or no was meant for another question."""
    said = typed.strip()
    if said.lower() in ("y", "yes", "n", "no"):
        raise click.BadParameter(f"{said!r} is no reason; write one in words, or leave it empty.")
    return said


def _require_changeable(app: "App", number: int, fits: "Fits | None") -> None:
    from ticketctl.actions.base import context, load
    from ticketctl.store.tickets import tickets

    with app.db.read() as tx:
        work = context.begin(tx, app.actor())
        ticket = tickets.get(tx, number)
        load.require_changeable(work, ticket)
        if fits:
            fits(work, ticket)


def _edited(app: "App") -> str:
    from ticketctl.cli.shared import editor

    return editor.edited(app)


def note_option(*names: str, metavar: str = "TEXT", help: str) -> Decorator:
    """-m of a command that takes one line: - is standard input."""

    def typed(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
        return read_file("-") if value == "-" else value

    return click.option(
        "-m", "--message", *names, default="", metavar=metavar, help=help, callback=typed
    )


def read_file(file: str) -> str:
    """The text of a file, or of standard input for `-`, without NUL; BadInput where it cannot be read."""
    from pathlib import Path

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        why = getattr(trouble, "strerror", None) or "it is not UTF-8 text"
        name = "standard input" if file == "-" else f"the file {file!r}"
        raise BadInput(f"{name} cannot be read: {why}.") from None
    return text.replace("\0", "").rstrip()
