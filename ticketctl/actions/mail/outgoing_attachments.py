"""Files that an agent attaches: how large they may be together, and how they are kept."""

from collections.abc import Iterable

from msgspec import Struct

from ticketctl.actions.base.context import Work
from ticketctl.domain.base import size
from ticketctl.domain.base.records import Attachment
from ticketctl.errors import Refused
from ticketctl.safe import header_value
from ticketctl.store.db import blobs

MOST_BYTES = 20_000_000  # of all files together: what most mail servers accept (L17)
# Images that every mail program shows inline.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class NewAttachment(Struct, frozen=True):
    """A file to attach: its name, media type, and bytes. `inline`: an image to be shown in the text."""

    name: str
    type: str
    content: bytes
    inline: bool = False


def keep(work: Work, files: Iterable[NewAttachment]) -> tuple[Attachment, ...]:
    """Store files as blobs and return their entries for a message or comment. Refused if they are too large."""
    files = tuple(files)
    total = sum(len(one.content) for one in files)
    if total > MOST_BYTES:
        raise Refused(
            f"the attachments have {size.show(total)} together, and {size.show(MOST_BYTES)} is "
            "the limit: leave one out, or send a link instead."
        )
    return tuple(
        Attachment(
            n=n,
            name=header_value(one.name),
            type=header_value(one.type),
            size=len(one.content),
            sha256=blobs.put(work.tx, one.content, work.at),
            inline=one.inline,
            part=None,
        )
        for n, one in enumerate(files, 1)
    )
