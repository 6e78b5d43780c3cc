"""Files received mail as messages, and uploaded files as attachments."""

from collections.abc import Iterable

from msgspec import Struct

from ticketctl.actions.base.context import Work
from ticketctl.domain.base import size
from ticketctl.domain.base.records import Attachment, Incoming
from ticketctl.errors import Refused
from ticketctl.safe import header_value
from ticketctl.store.db import blobs
from ticketctl.store.queues import recipients
from ticketctl.store.tickets import attachments, messages

MOST_BYTES = 20_000_000  # of the files that go together: what most mail servers still take (L17)
# Images that any mail program shows in place.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
LOGO = 20_480  # bytes: an image so small that comes with every mail is a signature's (J7)
_EVERY = 3  # messages of a sender that hold it


class NewAttachment(Struct, frozen=True):
    """A file to attach: its name, media type, and bytes. `inline`: an image to be shown in the text."""

    name: str
    type: str
    content: bytes
    inline: bool = False


def file(work: Work, ticket_id: int, incoming: Incoming) -> int:
    """Make a mail a message of a ticket; its number. Who writes to us can be written to (F6)."""
    if incoming.class_ == "human" and not incoming.spam:
        recipients.mark_deliverable(work.tx, incoming.author)
    listed = attachments.hide_repeated(
        work.tx, incoming.author, incoming.attachments, largest=LOGO, times=_EVERY
    )
    return messages.add(
        work.tx,
        ticket_id,
        messages.NewMessage(
            direction="in",
            class_=incoming.class_,
            author=incoming.author,
            author_name=incoming.author_name,
            at=work.at,
            subject=header_value(incoming.subject),
            text=incoming.text,
            full_text=incoming.full_text,
            message_id=incoming.message_id,
            in_reply_to=incoming.in_reply_to,
            blob=incoming.blob,
            attachments=listed,
            proof=incoming.proof.word,
        ),
    )


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
