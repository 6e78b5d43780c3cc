"""Text a person gives to a verb: -m TEXT, -F FILE (`-` is standard input), -e for the editor, else a prompt."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ticketctl.errors import BadInput, Refused

if TYPE_CHECKING:
    from ticketctl.cli.desk_context import Desk

SCISSORS = "# ------------------------ >8 ------------------------"


def text_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add -m, -F and -e to a command; it receives message, file and edit."""
    for option in (
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


def given(
    desk: "Desk", message: tuple[str, ...], file: str | None, edit: bool, *, about: str = ""
) -> str:
    """The text given by the three options, stripped at its end; empty where none was given.

    `about` is shown below the scissors line of the editor. Refused for an empty editor (nothing is changed).
    """
    if sum((bool(message), file is not None, edit)) > 1:
        raise BadInput("give the text once: -m, -F or -e.")
    if file is not None:
        return read(file)
    if edit:
        return edited(desk, "", about)
    return "\n\n".join(message).rstrip()


def wanted(
    desk: "Desk",
    message: tuple[str, ...],
    file: str | None,
    edit: bool,
    *,
    what: str,
    about: str = "",
) -> str:
    """The text given, or asked for on a terminal; empty where nobody can be asked."""
    text = given(desk, message, file, edit, about=about)
    if text or message or file is not None:
        return text
    if not desk.out.may_ask:
        return ""
    return str(click.prompt(what, default="", show_default=False, err=True)).strip()


def edited(desk: "Desk", start: str, about: str) -> str:
    """Text from the editor (TICKETCTL_EDITOR, config, VISUAL, EDITOR, vi), kept for recovery until it is saved."""
    shown = (
        start
        + "\n"
        + SCISSORS
        + "\n"
        + "\n".join(f"# {line}" for line in about.splitlines())
        + "\n"
    )
    editor = (
        os.environ.get("TICKETCTL_EDITOR")
        or desk.settings.editor
        or os.environ.get("VISUAL")
        or os.environ.get("EDITOR")
        or "vi"
    )
    text = click.edit(shown, editor=editor, require_save=False, extension=".txt") or ""
    text = text.split(SCISSORS, 1)[0].strip()
    if not text:
        raise Refused("the text is empty; nothing was changed.")
    return text


def read(file: str) -> str:
    """The text of a file, or of standard input for `-`; BadInput where it cannot be read."""
    if file == "-":
        return sys.stdin.read().rstrip()
    try:
        return Path(file).read_text(encoding="utf-8").rstrip()
    except (OSError, UnicodeDecodeError) as trouble:
        why = getattr(trouble, "strerror", None) or "it is not UTF-8 text"
        raise BadInput(f"the file {file!r} cannot be read: {why}.") from None
