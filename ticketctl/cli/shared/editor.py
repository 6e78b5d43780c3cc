"""A text written in the editor. It lives in the recovery folder until the command has saved it."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from ticketctl.cli.shared import right_line
from ticketctl.domain.base.blank import is_blank
from ticketctl.errors import NotFound, Refused
from ticketctl.settings import folders

if TYPE_CHECKING:
    from ticketctl.console.context import App

_HEAD = "Everything below the line above is dropped."


class _File(NamedTuple):
    """The file that is edited: a text, the scissors line with a number that nobody outside can know, what is below."""

    path: Path
    number: str
    below: str

    @property
    def scissors(self) -> str:
        """One word, so that an editor that breaks lines anew leaves it whole."""
        return f"#{'-' * 24}>8-{self.number}-{'-' * 24}"

    def whole(self, text: str) -> str:
        """The file as it is opened."""
        return f"{text}\n{self.scissors}\n{self.below}"

    def parts(self) -> tuple[str, str | None]:
        """What is above the scissors line and what is below; None where the line is gone."""
        text = self.path.read_text(encoding="utf-8-sig", errors="replace")
        found = _anyhow_broken(self.scissors).search(text)
        if found is None:
            return text.strip(), None
        above, newline, last = text[: found.start()].rpartition("\n")
        if last.strip(" \t>|"):  # more than the mark of a quote
            above += newline + last
        return above.strip(), text[found.end() :]


def edited(
    app: "App",
    start: str | None = None,
    *,
    below: str = "",
    take_up: Callable[[str], str] | None = None,
    keep: Callable[[str], str] = str,
) -> str:
    """Text from the editor: TICKETCTL_EDITOR, the settings, VISUAL, EDITOR, vi.

    `below` is shown under the scissors line, which ends the text; it never becomes part of the text.
    With --recover it starts from the newest kept text of this command (NotFound without one), where there is a
    `start` from what `take_up` makes of it. What is kept until the command ends well is `keep` of the text.
    Refused, and nothing is changed, for an empty text or an editor that fails. What nobody wrote is not kept.
    """
    context = click.get_current_context()
    name = context.info_name or "text"
    folder = _folder()
    again = app.options.recover and (start is None or take_up)
    kept = _kept(folder, name) if again else None
    begun = start or ""
    if kept:
        text = _of_kept(kept)
        begun = take_up(text) if take_up else text
    given = "" if kept else begun.strip()  # what can be had again without the file
    number = str(int.from_bytes(os.urandom(4), "big"))
    head = f"# For `{context.command_path}`. {_HEAD}\n"
    file = _File(folder / f"{name}-{app.now:%Y%m%dT%H%M%S}-{number}.txt", number, head + below)
    _write(file.path, file.whole(begun))
    if kept:
        kept.unlink()
    with _kept_where_it_fails(app, file, given):
        _run(app, file.path)
        text = _text_of(file, start or "")
    if is_blank(text):
        file.path.unlink()
        raise Refused("the text is empty; nothing was changed.")
    context.with_resource(_until_saved(app, file, given))
    worth = keep(text)
    if is_blank(worth):
        file.path.unlink()
        raise Refused("no new text was written; nothing was changed.")
    _write(file.path, worth + "\n")
    return text


def _text_of(file: _File, start: str) -> str:
    """The text above the line; Refused where it would hold what was below the line, or stands below it itself."""
    text, below = file.parts()
    squeezed = _squeezed(text)
    mine = [file.below.split("\n", 1)[0]] if below is not None else file.below.split("\n")
    if any(
        len(line) >= _TELLING and line in squeezed and line not in _squeezed(start)
        for line in map(_squeezed, mine)
    ):
        raise Refused(
            "the line that ends the text is gone, and what stood below it is still there: "
            "remove that too; nothing was changed."
        )
    if not text and below is not None and _squeezed(below) != _squeezed(file.below):
        raise Refused("the text stands below the line; write it above. Nothing was changed.")
    return text


_TELLING = 12  # letters of a line by which it is known again


def _anyhow_broken(line: str) -> re.Pattern[str]:
    """A line, wherever an editor broke or spaced it."""
    return re.compile(r"\s*".join(map(re.escape, line)))


def _squeezed(text: str) -> str:
    """A text without what an editor changes when it breaks lines anew."""
    return re.sub(r"[\s#>|]+", "", text)


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


def _of_kept(path: Path) -> str:
    """The text of a file that was kept: what is above the line, else what was written below it."""
    file = _File(path, path.stem.rpartition("-")[2], "")
    above, below = file.parts()
    return above or "\n".join(one for one in (below or "").split("\n") if one[:1] != "#").strip()


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _run(app: "App", path: Path) -> None:
    editor = chosen(app) or "vi"
    try:
        app.out.edit(str(path), editor)
    except click.ClickException:
        raise Refused(f"the editor {editor!r} failed; nothing was changed.") from None


@contextmanager
def _kept_where_it_fails(app: "App", file: _File, given: str) -> Iterator[None]:
    """If the body fails, keep the text and print how to recover it; not if it was `given` or is empty."""
    try:
        yield
    except BaseException:
        if file.path.exists():
            above, below = file.parts()
            unchanged = below is None or _squeezed(below) == _squeezed(file.below)
            if above in ("", given) and unchanged:
                file.path.unlink()
            else:
                line = right_line.recovering(click.get_current_context())
                app.out.note(f"your text is kept in {file.path}; `{line}` continues with it.")
        raise


@contextmanager
def _until_saved(app: "App", file: _File, given: str) -> Iterator[None]:
    """Keep the text until the command succeeds."""
    with _kept_where_it_fails(app, file, given):
        yield
    file.path.unlink(missing_ok=True)
