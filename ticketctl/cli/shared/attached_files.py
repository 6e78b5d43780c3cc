"""Files to attach, read at once so that nothing is half-done when one cannot be read."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ticketctl.errors import BadInput
from ticketctl.safe import filename

_WRITTEN = (".xlsx", ".csv", ".tsv", ".json", ".ndjson", ".mbox", ".html", ".md", ".pdf", ".txt")

if TYPE_CHECKING:
    from ticketctl.actions.mail.outgoing_attachments import NewAttachment


def read(names: Iterable[str]) -> "tuple[NewAttachment, ...]":
    """The files with their types by name; BadInput for one that cannot be read."""
    from ticketctl.actions.mail.outgoing_attachments import NewAttachment

    return tuple(NewAttachment(filename(name), _type(name), _bytes(name)) for name in names)


def images(names: Iterable[str]) -> "tuple[NewAttachment, ...]":
    """Images to be shown in a text; BadInput for what is none that every mail program shows."""
    from msgspec.structs import replace

    from ticketctl.actions.mail.outgoing_attachments import SHOWN

    found = read(names)
    for one in found:
        if one.type not in SHOWN:
            raise BadInput(f"{one.name!r} is not a PNG, JPEG, GIF or WebP image; use --attach.")
    return tuple(replace(one, inline=True) for one in found)


def plain(some: "Iterable[NewAttachment]") -> "tuple[NewAttachment, ...]":
    """The same files as attachments like any."""
    from msgspec.structs import replace

    return tuple(replace(one, inline=False) for one in some)


def refuse_names(words: Iterable[str]) -> None:
    """BadInput for a word of a query that is the name of a file to write."""
    for word in words:
        if f".{word.lower()}" in _WRITTEN:
            raise BadInput(
                f"{word!r} is a format; write --format {word.lower()}, or -o FILE.{word.lower()}."
            )
        if os.path.splitext(word)[1] in _WRITTEN:
            raise BadInput(f"{word!r} is the name of a file; write -o {word}.")


def _type(name: str) -> str:
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _bytes(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as trouble:
        raise BadInput(f"the file {name!r} cannot be read: {trouble.strerror}.") from None
