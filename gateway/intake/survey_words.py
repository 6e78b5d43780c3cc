"""Files the answer to a survey that went out through a bridge: the customer's next message, if it is only a grade.

It belongs to the thread of the ticket that was asked about. It reopens nothing, as by mail. Any other message is filed
as one.
"""

from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import channel_messages, rate, receive_channel
from ticketctl.actions.tickets.rate import FiledAnswer, SurveyAnswer
from ticketctl.actions.tickets.receive_channel import Contact
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.formats import transcript
from ticketctl.domain.rules import survey
from ticketctl.errors import NotFound
from ticketctl.store.desk import surveys
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import messages
from ticketctl.write_guard import never_in_a_write


@never_in_a_write
def read(contact: Contact) -> survey.Written | None:
    """Return the grade if the message is nothing else, such as `4` or `4/5`; else None."""
    if contact.said.direction != transcript.IN or contact.attachments:
        return None
    written = survey.read(contact.said.text)
    return written if written.grade is not None and not written.comment else None


def file_answer(work: Work, contact: Contact, written: survey.Written) -> FiledAnswer | None:
    """Store the grade if the ticket of the thread waits for it; None if it does not, or the scale has no such grade."""
    ticket = receive_channel.ticket_of_thread(work, contact)
    scale = _asked(work, contact, ticket) if ticket else None
    if ticket is None or scale is None or written.grade is None:
        return None
    name, wanted = scale
    top = survey.bounds(wanted)[1]
    if written.grade not in survey.grades(wanted) or written.top not in (None, top):
        return None
    answer = SurveyAnswer(
        survey=name,
        rating=written.grade,
        ticket=ticket.id,
        id=f"{contact.channel}:{contact.id}" if contact.id else "",
        at=contact.said.at,
    )
    return rate.outside(work, answer)


def _asked(work: Work, contact: Contact, ticket: Ticket) -> tuple[str, str] | None:
    """Return name and scale of the survey that asked the author on this channel, if they wrote nothing since."""
    sent = next((one for one in surveys.of(work.tx, ticket.id) if one.outbox), None)
    if sent is None or sent.outbox is None:
        return None
    try:
        row = outbox.get(work.tx, sent.outbox)
    except NotFound:  # deleted in the meantime
        return None
    if row.channel != contact.channel or row.state == outbox.CANCELLED:
        return None
    if contact.who is not None and channel_messages.author(contact.who) not in row.to:
        return None
    said = messages.of(work.tx, ticket.id)
    later = any(one.direction == transcript.IN and one.at > sent.at for one in said)
    return None if later else (sent.survey, sent.scale)
