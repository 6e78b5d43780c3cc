"""A text written in the editor. It lives in the recovery folder until the command has saved it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ticketctl.errors import NotFound, Refused
from ticketctl.settings import folders

if TYPE_CHECKING:
    from ticketctl.console.context import App

SCISSORS = "# ------------------------ >8 ------------------------"


def edited(
    app: "App",
    start: str | None = None,
    *,
    take_up: Callable[[str], str] | None = None,
    keep: Callable[[str], str] = str,
) -> str:
    """Text from the editor: TICKETCTL_EDITOR, the settings, VISUAL, EDITOR, vi.

    With --recover it starts from the newest kept text of this command (NotFound without one), where there is a
    `start` from what `take_up` makes of it. What is kept until the command ends well is `keep` of the text.
    Refused, and nothing is changed, for an empty text or an editor that fails. What nobody wrote is not kept.
    """
    context = click.get_current_context()
    name = context.info_name or "text"
    folder = _folder()
    again = app.options.recover and (start is None or take_up)
    kept = _kept(folder, name) if again else None
    if kept:
        text = kept.read_text(encoding="utf-8", errors="replace").split(SCISSORS, 1)[0].rstrip()
        start = take_up(text) if take_up else text
    given = "" if kept else (start or "").strip()  # what can be had again without the file
    path = folder / f"{name}-{app.now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    _write(
        path,
        f"{start or ''}\n{SCISSORS}\n# For `{context.command_path}`. Everything below the line is dropped.\n",
    )
    if kept and kept != path:
        kept.unlink()
    with _kept_where_it_fails(app, path, given):
        _run(app, path)
    text = _written(path)
    if not text:
        path.unlink()
        raise Refused("the text is empty; nothing was changed.")
    context.with_resource(_until_saved(app, path, given))
    worth = keep(text)
    if not worth.strip():
        path.unlink()
        raise Refused("no new text was written; nothing was changed.")
    _write(path, worth + "\n")
    return text


def chosen(app: "App") -> str | None:
    """The editor somebody chose: TICKETCTL_EDITOR, the settings, VISUAL, EDITOR; None for none."""
    return (
        os.environ.get("TICKETCTL_EDITOR")
        or app.settings.editor
        or os.environ.get("VISUAL")
        or os.environ.get("EDITOR")
    )


def _folder() -> Path:
    found = Path(folders.folder("state")) / "recover"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def _kept(folder: Path, name: str) -> Path:
    """The newest kept text of this command."""
    found = sorted(folder.glob(f"{name}-*.txt"))
    if not found:
        raise NotFound(f"there is no text of `{name}` to recover in {folder}.")
    return found[-1]


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _run(app: "App", path: Path) -> None:
    editor = chosen(app) or "vi"
    try:
        click.edit(filename=str(path), editor=editor)
    except click.ClickException:
        raise Refused(f"the editor {editor!r} failed; nothing was changed.") from None


def _written(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").split(SCISSORS, 1)[0].strip()


@contextmanager
def _kept_where_it_fails(app: "App", path: Path, given: str) -> Iterator[None]:
    """If the body fails, keep the text and print how to recover it; not if it was `given` or is empty."""
    try:
        yield
    except BaseException:
        if path.exists():
            if _written(path) in ("", given):
                path.unlink()
            else:
                app.out.note(f"your text is kept in {path}; --recover continues with it.")
        raise


@contextmanager
def _until_saved(app: "App", path: Path, given: str) -> Iterator[None]:
    """Keep the text until the command succeeds."""
    with _kept_where_it_fails(app, path, given):
        yield
    path.unlink(missing_ok=True)
