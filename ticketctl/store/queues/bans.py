"""Banned senders (G15): an address, a domain (`@spam.example`), or a pattern (`*@*.spam.example`)."""

import re
from datetime import datetime
from fnmatch import fnmatchcase

from msgspec import Struct
from sqlalchemy import bindparam, delete, or_, select

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.condition import Condition
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.records import Ticket
from ticketctl.errors import BadInput
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.schema import ban, identity, ticket
from ticketctl.store.tickets import conditions, tickets

_add = if_new(ban)
# Bans that may match: the address, its domain, and all patterns.
_CANDIDATES = (
    select(ban.c.pattern)
    .where(
        or_(
            ban.c.pattern.in_(bindparam("names", expanding=True)),
            ban.c.pattern.contains("*", autoescape=True),
            ban.c.pattern.contains("?", autoescape=True),
        )
    )
    .order_by(ban.c.pattern)
)


class Ban(Struct, frozen=True):
    """A banned pattern of addresses, who banned it, when and why."""

    pattern: str
    at: datetime
    actor: str
    comment: str


def add(tx: Tx, pattern: str, *, at: datetime, actor: str, comment: str = "") -> bool:
    """Ban a pattern. False if it is banned already. BadInput if it cannot match an address."""
    pattern = address_key(pattern)
    if "@" not in pattern or any(letter.isspace() for letter in pattern):
        raise BadInput(
            f'"{pattern}" is not an address; write user@spam.example, @spam.example or *@*.spam.example.'
        )
    row = {"pattern": pattern, "at": at, "actor": actor, "comment": comment}
    return _add(tx, row)


def remove(tx: Tx, pattern: str) -> bool:
    """Lift a ban. False if there was none."""
    this = ban.c.pattern == address_key(pattern)
    return bool(tx.execute(delete(ban).where(this)).rowcount)


def listing(tx: Tx) -> list[Ban]:
    """All bans, by pattern."""
    query = select(ban.c.pattern, ban.c.at, ban.c.actor, ban.c.comment).order_by(ban.c.pattern)
    return [Ban(*row) for row in tx.execute(query)]


def ticket_of_sender(tx: Tx, pattern: str, among: Condition) -> Ticket | None:
    """A ticket, among those that match, of a customer with a banned address; None for none."""
    pattern = address_key(pattern)
    found = (
        select(identity.c.value, ticket.c.id)
        .join(ticket, ticket.c.customer_id == identity.c.customer_id)
        .where(identity.c.kind == EMAIL, identity.c.value.like(_like(pattern), escape="\\"))
        .where(conditions.sql(among))
    )
    held = (number for address, number in tx.execute(found) if _bans(pattern, address))
    number = next(held, None)
    return None if number is None else tickets.get(tx, number)


def _like(pattern: str) -> str:
    """A LIKE pattern that matches at least what the ban's pattern matches; everything after a bracket is left open."""
    if pattern.startswith("@"):
        pattern = "*" + pattern
    plain, bracket, _ = pattern.partition("[")
    escaped = re.sub(r"([\\%_])", r"\\\1", plain).replace("*", "%").replace("?", "_")
    return escaped + ("%" if bracket else "")


class Banned:
    """All bans, for checking many senders."""

    def __init__(self, tx: Tx) -> None:
        patterns = [one.pattern for one in listing(tx)]
        self._plain = frozenset(patterns)
        self._wild = [one for one in patterns if "*" in one or "?" in one]

    def holds(self, address: str) -> bool:
        """Is this address banned? Case does not matter."""
        address = address_key(address)
        if address in self._plain or "@" + address.rpartition("@")[2] in self._plain:
            return True
        return any(fnmatchcase(address, pattern) for pattern in self._wild)


def matches(tx: Tx, address: str) -> str | None:
    """The pattern that bans an address, ignoring case; None if it is not banned."""
    address = address_key(address)
    domain = "@" + address.rpartition("@")[2]
    for pattern in tx.execute(_CANDIDATES, {"names": [address, domain]}).scalars():
        if _bans(pattern, address):
            return str(pattern)
    return None


def _bans(pattern: str, address: str) -> bool:
    return pattern in (address, "@" + address.rpartition("@")[2]) or fnmatchcase(address, pattern)
