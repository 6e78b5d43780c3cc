"""How an automatic answer reaches the customer: by the bridge of the channel they last wrote on, or by mail (F-L7).

What nobody has written, such as an acknowledgement, is never posted where everybody can read it: then it goes by mail.
"""

from msgspec import Struct

from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import channel_answer, customer_mail, outbound
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.records import Message, Ticket


class Way(Struct, frozen=True):
    """The address or identity of the customer ("" if nothing reaches them), the channel, and the message it answers."""

    to: str
    channel: str = EMAIL
    answered: Message | None = None

    @property
    def by_bridge(self) -> bool:
        """Does the answer go through a bridge?"""
        return self.channel != EMAIL


def find(work: Work, ticket: Ticket, *, public: bool = False) -> Way:
    """The way of an automatic answer about a ticket; `public`: it may be posted where everybody can read it."""
    if work.definition.channels:
        answered = channel_answer.last(work, ticket)
        bridge = channel_answer.bridge(work, ticket, answered)
        if bridge and (public or not channel_answer.is_public(ticket, answered)):
            to = channel_answer.addressee(work, ticket, answered)
            return Way(to, bridge.name, answered)
    return Way(customer_mail.answer_address(work, ticket))


def send(work: Work, ticket: Ticket, way: Way, mail: outbound.OutboundMail) -> int | None:
    """Queue an announcement made for `way`; its outbox id, None if it reaches nobody."""
    if not way.by_bridge:
        return outbound.send(work, ticket, mail)
    return channel_answer.announce(work, ticket, way.answered, mail) if way.to else None


def reaches(work: Work, way: Way, mail: outbound.OutboundMail) -> bool:
    """Would the customer get this announcement?"""
    return bool(way.to) if way.by_bridge else outbound.reaches(work, mail)
