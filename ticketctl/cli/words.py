"""Text a person gives to a verb: -m TEXT, -F FILE (`-` is standard input), -e for the editor, else asked for."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli import editor
from ticketctl.cli.desk_context import remember
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.cli.desk_context import Desk


def text_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add -m, -F, -e and --recover to a command; it receives message, file and edit."""
    for option in (
        click.option(
            "--recover",
            is_flag=True,
            expose_value=False,
            callback=remember,
            help="Like -e, with the text of the last time that could not be saved.",
        ),
        click.option("-e", "--edit", is_flag=True, help="Write the text in the editor."),
        click.option("-F", "--file", metavar="FILE", help="Take the text from a file; - is stdin."),
        click.option(
            "-m",
            "--message",
            metavar="TEXT",
            multiple=True,
            help="The text; again: a new paragraph.",
        ),
    ):
        function = option(function)
    return function


def given(desk: "Desk", message: tuple[str, ...], file: str | None, edit: bool) -> str:
    """The text given by the options, stripped at its end; empty where none was given.

    Refused for an empty editor (nothing is changed).
    """
    edit = edit or bool(desk.options.get("recover"))
    if sum((bool(message), file is not None, edit)) > 1:
        raise BadInput("give the text once: -m, -F or -e.")
    if file is not None:
        return read(file)
    if edit:
        return editor.edited(desk)
    return "\n\n".join(message).rstrip()


def wanted(
    desk: "Desk",
    message: tuple[str, ...],
    file: str | None,
    edit: bool,
    *,
    what: str,
    long: bool = False,
) -> str:
    """The text given, or asked for on a terminal, a `long` one in the editor; empty where nobody can be asked."""
    text = given(desk, message, file, edit)
    if text or message or file is not None or not desk.out.may_ask:
        return text
    if long:
        return editor.edited(desk)
    return str(click.prompt(what, default="", show_default=False, err=True)).strip()


def read(file: str) -> str:
    """The text of a file, or of standard input for `-`, without NUL; BadInput where it cannot be read."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        why = getattr(trouble, "strerror", None) or "it is not UTF-8 text"
        name = "standard input" if file == "-" else f"the file {file!r}"
        raise BadInput(f"{name} cannot be read: {why}.") from None
    return text.replace("\0", "").rstrip()
