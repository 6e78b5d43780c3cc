"""Unsubscribes addresses from reports and surveys by mail, and subscribes them again."""

from collections.abc import Sequence

from ticketctl.actions.base import checks, permission
from ticketctl.actions.base.context import Work
from ticketctl.domain.base.addresses import address_key
from ticketctl.errors import NotFound
from ticketctl.store.queues import unsubscribed


def add(work: Work, address: str, mails: Sequence[str]) -> list[str]:
    """Unsubscribe an address, and return which of `mails` it got until now.

    BadInput if it is no address, NotAllowed if it is that of a customer with tickets that the actor may not see.
    """
    known = address_key(address)
    if not work.automatic:
        permission.require_senders(work, checks.mail_address(known))
    actor = work.actor.name
    return [one for one in mails if unsubscribed.add(work.tx, known, one, at=work.at, actor=actor)]


def remove(work: Work, address: str, mails: Sequence[str]) -> list[str]:
    """Subscribe an address again, and return to which of `mails`.

    NotFound if it was not unsubscribed from any of them, NotAllowed as in `add`.
    """
    known = address_key(address)
    permission.require_senders(work, known)
    again = [one for one in mails if unsubscribed.remove(work.tx, known, one)]
    if not again:
        raise NotFound(
            f"{known} is not unsubscribed from {' or '.join(mails)}; `ticketctl unsubscribe --list` "
            "lists who is."
        )
    return again
