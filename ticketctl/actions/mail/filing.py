"""Files a received mail as a message of its ticket."""

from ticketctl.actions.base.context import Work
from ticketctl.domain.base.records import Incoming
from ticketctl.safe import header_value
from ticketctl.store.queues import recipients
from ticketctl.store.tickets import attachments, messages

LOGO = 20_480  # bytes: a smaller image that comes with every mail belongs to a signature (J7)
_EVERY = 3  # messages of a sender that contain it


def file(work: Work, ticket_id: int, incoming: Incoming) -> int:
    """File a mail as a message of a ticket; its number. An address that writes to us is deliverable again (F6)."""
    _mark_deliverable(work, incoming)
    return messages.add(work.tx, ticket_id, _message(work, incoming))


def file_first(work: Work, ticket_id: int, incoming: Incoming, *, undeliverable: bool) -> int:
    """File a mail, as `file` does, as the message that its ticket was created with.

    `undeliverable`: mail to its author is known to fail.
    """
    if undeliverable:
        _mark_deliverable(work, incoming)
    return messages.add_first(work.tx, ticket_id, _message(work, incoming))


def _mark_deliverable(work: Work, incoming: Incoming) -> None:
    if incoming.class_ == "human" and not incoming.spam:
        recipients.mark_deliverable(work.tx, incoming.author)


def _message(work: Work, incoming: Incoming) -> messages.NewMessage:
    listed = attachments.hide_repeated(
        work.tx, incoming.author, incoming.attachments, largest=LOGO, times=_EVERY
    )
    return messages.NewMessage(
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
    )
