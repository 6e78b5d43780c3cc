"""Limits of automatic mail, which keep two machines from answering each other for ever (E7).

Each function returns the reason why no mail goes out, or "" if it may.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import outbound
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.subject import bare_subject
from ticketctl.store.queues import recipients

# The kinds of automatic mail that count towards the limits of an address.
_COUNTED = ("ack", "resolution", "survey", "error")
A_DAY, AN_HOUR, SAME_SUBJECT = 40, 10, 2
_A_DAY, _AN_HOUR, _SAME_WITHIN = timedelta(days=1), timedelta(hours=1), timedelta(minutes=180)


def no_customer(work: Work, address: str) -> str:
    """Why no automatic mail goes to an address: notifications are off, or it is ours or an agent's."""
    if not work.notify:
        return "notifications are off"
    if outbound.is_ours(work, address):
        return "the address is one of ours"
    if work.definition.agent_by_email(address) is not None:
        return "the sender is an agent"
    return ""


def reached(work: Work, address: str, subject: str = "") -> str:
    """Which limit of automatic answers is reached, for the address, its domain or all mail; "" for none."""
    settings = work.definition.settings
    so_far = recipients.automatic(
        work.tx,
        address,
        _COUNTED,
        work.at - _A_DAY,
        A_DAY,
        acks_since=work.at - _AN_HOUR,
        most_acks=settings.acks_per_desk,
    )
    if why := _of_address(work, so_far.to_address, subject):
        return why
    if so_far.to_all >= settings.acks_per_desk:
        return f"the desk has acknowledged {settings.acks_per_desk} mails within an hour"
    if so_far.to_domain >= settings.acks_per_domain:
        domain = address_key(address).rpartition("@")[2]
        return f"{settings.acks_per_domain} mails of {domain} were acknowledged within an hour"
    return ""


def address_limit(work: Work, address: str, subject: str = "") -> str:
    """Which limit of mail to an address is reached; "" for none. `subject` "" skips the limit by subject."""
    sent = recipients.automatic_mails(work.tx, address, _COUNTED, work.at - _A_DAY, A_DAY)
    return _of_address(work, sent, subject)


def _of_address(work: Work, sent: Sequence[tuple[datetime, str]], subject: str) -> str:
    if len(sent) >= A_DAY:
        return f"{A_DAY} automatic mails went to this address within a day"
    if sum(at > work.at - _AN_HOUR for at, _ in sent) >= AN_HOUR:
        return f"{AN_HOUR} automatic mails went to this address within an hour"
    name = work.definition.settings.name
    wanted = bare_subject(name, subject)
    recent = [bare_subject(name, one) for at, one in sent if at > work.at - _SAME_WITHIN]
    if subject and recent.count(wanted) >= SAME_SUBJECT:
        return f"{SAME_SUBJECT} mails with this subject were acknowledged within three hours"
    return ""
