"""In-Reply-To, then References from right to left, among all ids we stored (D4); at most 50 in one query (D20)."""

from collections.abc import Sequence

from msgspec.structs import replace

from gateway.parse.mail import Mail
from gateway.thread.match import Match
from ticketctl.domain.base import reference
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import SPLIT
from ticketctl.store.db.engine import Tx
from ticketctl.store.tickets import links, messages, tickets

MOST = 50


def named(mail: Mail) -> list[str]:
    """The ids a mail refers to, the most telling first, each once."""
    ids = [mail.in_reply_to] if mail.in_reply_to else []
    return list(dict.fromkeys([*ids, *reversed(mail.references)]))[:MOST]


def about(mail: Mail) -> list[str]:
    """Its own id and those it refers to: another mail of the same conversation has one of them."""
    return [*([mail.message_id] if mail.message_id else []), *named(mail)]


def match(
    tx: Tx, key: bytes, mail: Mail, known: Sequence[messages.KnownId], mailbox: str
) -> Match | None:
    """The ticket of the first id we know; of several tickets the one of this mailbox, then the newest (D19)."""
    ids = named(mail)
    arrived = [found for found in known if found.direction != messages.AWAITED]
    for identifier in ids:
        hits = [found for found in arrived if found.message_id == identifier]
        if hits:
            best = hits[0] if len(hits) == 1 else _best(tx, hits, mailbox)
            why = reason("known-message-id", message_id=identifier, ticket=best.ticket)
            return Match(best.ticket, why, parent=best.n)
    return _signed(key, ids)


def early_answer(mail: Mail, known: Sequence[messages.KnownId]) -> Match | None:
    """A mail whose answer came first: that answer's ticket (D11)."""
    for found in known:
        if found.message_id == mail.message_id and found.direction == messages.AWAITED:
            return Match(found.ticket, reason("early-answer", ticket=found.ticket))
    return None


def _best(tx: Tx, hits: list[messages.KnownId], mailbox: str) -> messages.KnownId:
    newest = sorted(hits, key=lambda found: (found.at, found.ticket), reverse=True)
    of = {one.id: one.mailbox for one in tickets.some(tx, [found.ticket for found in newest])}
    return next((found for found in newest if of.get(found.ticket) == mailbox), newest[0])


def split_off(tx: Tx, mail: Mail, known: Sequence[messages.KnownId], found: Match) -> Match:
    """A ticket may have been split since its mail went out: an answer to a message that moved follows it (F-C7)."""
    parents = [one for one in known if one.message_id == mail.in_reply_to and one.n is not None]
    for parent in parents:
        origin: int | None = parent.ticket
        while origin is not None and origin != found.ticket:
            origin = links.other(tx, origin, SPLIT)
        if origin is not None and parent.ticket != found.ticket:
            why = reason("split-off", found=found.why.text, ticket=parent.ticket)
            return replace(found, ticket=parent.ticket, why=why, parent=parent.n)
    return found


def _signed(key: bytes, ids: list[str]) -> Match | None:
    """An id of ours that the store has lost is still ours if its signature holds."""
    for identifier in ids:
        ticket = reference.ticket_of_message_id(key, identifier)
        if ticket is not None:
            return Match(ticket, reason("signed-message-id", ticket=ticket))
    return None
