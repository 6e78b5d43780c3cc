"""Finds the ticket by In-Reply-To, then by References from right to left (D4); at most 50 ids (D20)."""

from collections.abc import Sequence

from msgspec.structs import replace

from gateway.parse.mail import Mail
from gateway.thread.match import Match
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import SPLIT
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import links, mail_ids, tickets

MAX_IDS = 50


def referenced(mail: Mail) -> list[str]:
    """Return the ids that a mail refers to, nearest parent first, each once."""
    ids = [mail.in_reply_to] if mail.in_reply_to else []
    return list(dict.fromkeys([*ids, *reversed(mail.references)]))[:MAX_IDS]


def own_and_referenced(mail: Mail) -> list[str]:
    """Return the mail's own id and those it refers to; mails of one conversation share one."""
    return [*([mail.message_id] if mail.message_id else []), *referenced(mail)]


def match(
    tx: Tx, key: bytes, mail: Mail, known: Sequence[mail_ids.KnownId], mailbox: str
) -> Match | None:
    """Return the ticket of the first known id; of several, that of this mailbox, then the newest (D19)."""
    ids = referenced(mail)
    arrived = [found for found in known if found.direction != mail_ids.AWAITED]
    for identifier in ids:
        hits = [found for found in arrived if found.message_id == identifier]
        if hits:
            best = hits[0] if len(hits) == 1 else _choose(tx, hits, mailbox)
            why = reason("known-message-id", message_id=identifier, ticket=best.ticket)
            return Match(best.ticket, why, parent=best.n)
    return _signed(key, ids)


def early_answer(mail: Mail, known: Sequence[mail_ids.KnownId]) -> Match | None:
    """Return the ticket of an answer to this mail that arrived before it (D11)."""
    for found in known:
        if found.message_id == mail.message_id and found.direction == mail_ids.AWAITED:
            return Match(found.ticket, reason("early-answer", ticket=found.ticket))
    return None


def _choose(tx: Tx, hits: list[mail_ids.KnownId], mailbox: str) -> mail_ids.KnownId:
    newest = sorted(hits, key=lambda found: (found.at, found.ticket), reverse=True)
    of = {one.id: one.mailbox for one in tickets.some(tx, [found.ticket for found in newest])}
    return next((found for found in newest if of.get(found.ticket) == mailbox), newest[0])


def split_off(tx: Tx, mail: Mail, known: Sequence[mail_ids.KnownId], found: Match) -> Match:
    """Follow a split: an answer to a message that moved goes to the new ticket (F-C7)."""
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
    """Recognise an id of ours by its signature, even if it is not in the database."""
    for identifier in ids:
        ticket = signed_addresses.ticket_of_message_id(key, identifier)
        if ticket is not None:
            return Match(ticket, reason("signed-message-id", ticket=ticket))
    return None
