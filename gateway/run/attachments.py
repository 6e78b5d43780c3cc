"""The commands `attachment list` and `attachment get`: extract attachments from the raw mail (J1, J2, J12)."""

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from gateway.parse.parse import parts_bytes
from ticketctl.console import access, json_shapes, rows
from ticketctl.console.context import App
from ticketctl.console.output_file import is_written_through, opened, refuse_own
from ticketctl.console.view import Column, View
from ticketctl.domain.base import size
from ticketctl.domain.base.records import Attachment
from ticketctl.errors import BadInput, NotFound
from ticketctl.safe import filename
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import messages, tickets


class TicketAttachment(Struct, frozen=True):
    """An attachment: its number in the ticket, the message it belongs to, its entry, and the blob with the raw mail."""

    n: int
    where: str
    entry: Attachment
    blob: str | None


def show(app: App, ticket: int, *, inline: bool) -> None:
    """Print the attachments of a ticket; inline images, logos and signatures only with `inline` (J7, J9)."""
    with app.db.read() as tx:
        found = attachments_of(app, tx, ticket)
    listed = [one for one in found if inline or not one.entry.inline]
    sizes = "bytes" if rows.is_machine(app) else "size"
    rows.rows(app, VIEW._replace(default=(*VIEW.default[:-1], sizes)), listed)
    if hidden := len(found) - len(listed):
        app.out.note(f"{hidden} inline or technical hidden; --all-inline lists them too.")


def save(app: App, ticket: int, number: int | None, target: str | None, folder: str | None) -> None:
    """Write one attachment, or all to a folder; never overwrite a file."""
    if (number is None) == (folder is None):
        raise BadInput("choose one by its number in `attachment list`, or --all DIR.")
    with app.db.read() as tx:
        found = attachments_of(app, tx, ticket)
        chosen = [one for one in found if number in (None, one.n)]
        if not chosen:
            raise NotFound(f"ticket {ticket} has no attachment {number or ''}".rstrip() + ".")
        for one, content in _contents(tx, chosen):
            if target == "-":
                app.out.bytes(content)
                return
            if target and is_written_through(Path(target)):
                with opened(target) as out:
                    out.write(content)
                return
            path = Path(target) if target else Path(folder or ".") / filename(one.entry.name)
            app.out.data(str(_write(path, content, exact=target is not None)))


def copy(app: App, ticket: int, number: int, path: Path) -> None:
    """Write one attachment to a new file."""
    with app.db.read() as tx:
        chosen = [one for one in attachments_of(app, tx, ticket) if one.n == number]
        if not chosen:
            raise NotFound(f"ticket {ticket} has no attachment {number}.")
        for _, content in _contents(tx, chosen):
            _write(path, content, exact=True)


def attachments_of(app: App, tx: Tx, ticket: int) -> list[TicketAttachment]:
    """Return the attachments of messages, then of comments, then of merged tickets.

    NotFound for an unknown ticket, NotAllowed for a hidden one.
    """
    access.check(app, tx, tickets.get(tx, ticket))
    rows: list[tuple[str, Attachment, str | None]] = []
    for part in (ticket, *(one.id for one in tickets.merged(tx, ticket))):
        of = f" of #{part}" if part != ticket else ""
        rows += [
            (f"message {m.n}{of}", entry, m.blob)
            for m in messages.of(tx, part)
            for entry in m.attachments
        ]
        rows += [
            (f"comment {c.n}{of}", entry, None)
            for c in messages.comments(tx, part)
            for entry in c.attachments
        ]
    return [TicketAttachment(n, *row) for n, row in enumerate(rows, 1)]


def _contents(tx: Tx, chosen: list[TicketAttachment]) -> Iterator[tuple[TicketAttachment, bytes]]:
    """Yield attachments with their bytes; each raw mail is parsed once."""
    for blob, group in groupby(chosen, key=lambda one: one.entry.part and one.blob):
        some = list(group)
        if not blob:
            yield from ((one, blobs.get(tx, one.entry.sha256)) for one in some)
            continue
        found = parts_bytes(blobs.get(tx, blob), [one.entry.part or "" for one in some])
        yield from ((one, found[one.entry.part or ""]) for one in some)


def _write(path: Path, content: bytes, *, exact: bool) -> Path:
    """Write a new file with mode 0640. If the name exists, add a number, or fail if `exact`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        raise BadInput(f"{str(path.parent)!r} is not a folder: {trouble.strerror}.") from None
    for attempt in range(1000):
        name = path if not attempt else path.with_name(f"{path.stem} ({attempt + 1}){path.suffix}")
        refuse_own(name)
        try:
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        except FileExistsError:
            if exact:
                raise BadInput(f"the file {str(path)!r} already exists.") from None
            continue
        except OSError as trouble:
            raise BadInput(f"{str(name)!r} cannot be written: {trouble.strerror}.") from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except OSError as trouble:  # remove the incomplete file
            name.unlink()
            raise BadInput(f"{str(name)!r} cannot be written: {trouble.strerror}.") from None
        return name
    raise BadInput(f"there are too many files named {path.name!r}.")


def _shape(one: TicketAttachment) -> dict[str, object]:
    return {"where": one.where, **json_shapes.attachment(one.entry), "n": one.n}


VIEW: View[TicketAttachment] = View(
    [
        Column("n", lambda k: k.n),
        Column("where", lambda k: k.where),
        Column("name", lambda k: k.entry.name, cut=True),
        Column("type", lambda k: k.entry.type, cut=True),
        Column("size", lambda k: size.show(k.entry.size)),
        Column("bytes", lambda k: k.entry.size),
        Column("inline", lambda k: k.entry.inline),
        Column("sha256", lambda k: k.entry.sha256),
    ],
    ("n", "where", "name", "type", "size"),
    _shape,
    lambda k: k.n,
)
