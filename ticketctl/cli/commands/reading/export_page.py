"""`ticketctl export --format html`: the page, and the folder of attachments beside it."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ticketctl.console.context import App
from ticketctl.console.output_file import is_stdout, opened
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from gateway.page.files import Link
    from ticketctl.domain.base.records import Ticket
    from ticketctl.store.db.database import Tx


def refuse_unfit(form: str, target: str, attachments: str | None, *, comments: bool) -> None:
    """BadInput for attachments that have no place, and for comments on the page."""
    if form == "html" and comments:
        raise BadInput(
            "html is for people outside and never has comments; export to xlsx, csv or json."
        )
    if form != "html" and attachments:
        raise BadInput(
            f"{form} has no attachments; give --format html, "
            "or save a ticket's files with `attachment get ID --all DIR`."
        )
    if attachments == "folder" and is_stdout(target):
        raise BadInput(
            "a folder of attachments needs a page beside it; "
            "give -o FILE.html or --attachments embed."
        )


def write(app: App, tx: "Tx", target: str, found: "Iterable[Ticket]", attachments: str) -> int:
    """Write the page with its attachments `none`, `embed` or `folder`; return how many tickets."""
    from gateway.page.page import write_html

    with opened(target) as out, _link(app, Path(target), attachments) as link:
        desk = app.definition
        return write_html(out, tx, found, zone=app.own_zone, definition=desk, link=link)


@contextmanager
def _link(app: App, page: Path, attachments: str) -> "Iterator[Link | None]":
    from gateway.page import files

    if attachments != "folder":
        yield files.embedded if attachments == "embed" else None
        return
    folder = page.with_name(f"{page.stem}-files")
    with _new_folder(folder) as part:
        yield files.linked_to(part, folder.name)
    if folder.exists():
        app.out.note(f"attachments are in {folder}; pass it on with the page.")


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder that gets its name when all files are written, if there are any; BadInput if it exists."""
    if os.path.lexists(folder):
        raise BadInput(
            f"the folder {str(folder)!r} already exists; remove it or write another file."
        )
    from shutil import rmtree

    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    part.mkdir()
    try:
        yield part
        if any(part.iterdir()):
            part.rename(folder)
    finally:
        rmtree(part, ignore_errors=True)
