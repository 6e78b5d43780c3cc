"""Attachments on a page: named, embedded in it, or linked to files in a folder beside it."""

import base64
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote

from gateway.page import clean_html
from gateway.parse.parse import parts_bytes
from ticketctl.domain.base import size
from ticketctl.domain.base.records import Attachment, Message
from ticketctl.errors import NotFound
from ticketctl.safe import filename, terminal_line
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Tx

Link = Callable[[Message, Attachment, bytes], str]
"""Returns the HTML that shows an attachment or leads to it."""


def embedded(_message: Message, one: Attachment, content: bytes) -> str:
    """Return an image of a known type as such, everything else as a download of no type that a browser opens."""
    if address := clean_html.image(one.type, content):
        return f'{_name(one)}<br><img src="{address}" alt="{escape(terminal_line(one.name))}">'
    data = base64.b64encode(content).decode()
    return _download(f"data:application/octet-stream;base64,{data}", one)


def linked_to(folder: Path, shown_as: str) -> Link:
    """Return links to files in `folder`, which the page knows as `shown_as`; each file is written there."""

    def link(message: Message, one: Attachment, content: bytes) -> str:
        # The numbers keep names apart, also where a file system ignores their case.
        name = f"{message.ticket}-{message.n}-{one.n}-{filename(one.name)}"
        (folder / name).write_bytes(content)
        return _download(f"{quote(shown_as)}/{quote(name)}", one)

    return link


def items(tx: Tx, message: Message, link: Link | None, not_kept: str) -> Iterator[str]:
    """Yield the attachments of a message as HTML, without inline images; only their names without `link`.

    `not_kept` are the words for one that was erased.
    """
    listed = [one for one in message.attachments if not one.inline]
    for one, content in _contents(tx, message, listed) if link else ((one, None) for one in listed):
        if link and content is not None:
            yield link(message, one, content)
        else:
            yield _name(one) + (f" ({not_kept})" if link else "")


def _contents(
    tx: Tx, message: Message, listed: list[Attachment]
) -> Iterator[tuple[Attachment, bytes | None]]:
    """Yield attachments with their bytes, None if they were erased; the raw mail is parsed once."""
    paths = [one.part for one in listed if one.part]
    raw = _bytes(tx, message.blob) if paths and message.blob else None
    parts = parts_bytes(raw, paths) if raw is not None else {}
    for one in listed:
        yield one, parts.get(one.part) if one.part else _bytes(tx, one.sha256)


def _bytes(tx: Tx, sha256: str) -> bytes | None:
    try:
        return blobs.get(tx, sha256)
    except NotFound:
        return None


def _download(address: str, one: Attachment) -> str:
    return f'<a href="{escape(address)}" download="{escape(filename(one.name))}">{_name(one)}</a>'


def _name(one: Attachment) -> str:
    kind = escape(terminal_line(one.type))
    return (
        f"<bdi>{escape(terminal_line(one.name))}</bdi> <small>{kind}, {size.show(one.size)}</small>"
    )
