"""Banned senders (G15): an address, a domain (`@spam.example`), or a pattern (`*@*.spam.example`)."""

from datetime import datetime

from msgspec import Struct

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.condition import Condition
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.records import Ticket
from ticketctl.errors import BadInput
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.values import escape_like
from ticketctl.store.tickets import conditions, tickets

_add = if_new("ban")
# Bans that may match: the address, its domain, and all patterns.
_CANDIDATES = sql(
    lambda: (
        sa.select(t.ban.c.pattern)
        .where(
            sa.or_(
                in_list(t.ban.c.pattern, "names"),
                t.ban.c.pattern.contains("*", autoescape=True),
                t.ban.c.pattern.contains("?", autoescape=True),
            )
        )
        .order_by(t.ban.c.pattern)
    )
)
_ANY = sql(lambda: sa.select(sa.exists().select_from(t.ban)))
_REMOVE = sql(lambda: sa.delete(t.ban).where(t.ban.c.pattern == sa.bindparam("of_pattern")))
_LISTING = sql(
    lambda: sa.select(t.ban.c.pattern, t.ban.c.at, t.ban.c.actor, t.ban.c.comment).order_by(
        t.ban.c.pattern
    )
)
_ASKED_BY = sql(
    lambda: (
        sa.select(t.identity.c.value, t.ticket.c.id)
        .join(t.ticket, t.ticket.c.customer_id == t.identity.c.customer_id)
        .where(
            t.identity.c.kind == EMAIL,
            t.identity.c.value.like(sa.bindparam("like"), escape="/"),
            hole("condition"),
        )
    )
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
    tx.seen.clear()
    return _add(tx, row)


def remove(tx: Tx, pattern: str) -> bool:
    """Lift a ban. False if there was none."""
    tx.seen.clear()
    return bool(tx.execute(_REMOVE, {"of_pattern": address_key(pattern)}).rowcount)


def listing(tx: Tx) -> list[Ban]:
    """All bans, by pattern."""
    return [Ban(*row) for row in tx.execute(_LISTING)]


def ticket_of_sender(tx: Tx, pattern: str, among: Condition) -> Ticket | None:
    """A ticket, among those that match, of a customer with a banned address; None for none."""
    pattern = address_key(pattern)
    found = tx.execute(_ASKED_BY, {"like": _like(pattern)}, condition=conditions.sql(among))
    held = (number for address, number in found if _bans(pattern, address))
    number = next(held, None)
    return None if number is None else tickets.get(tx, number)


def _like(pattern: str) -> str:
    """A LIKE pattern that matches at least what the ban's pattern matches; everything after a bracket is left open."""
    if pattern.startswith("@"):
        pattern = "*" + pattern
    plain, bracket, _ = pattern.partition("[")
    likewise = escape_like(plain).replace("*", "%").replace("?", "_")
    return likewise + ("%" if bracket else "")


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
        return any(_fits(address, pattern) for pattern in self._wild)


def matches(tx: Tx, address: str) -> str | None:
    """The pattern that bans an address, ignoring case; None if it is not banned. Without any ban, it asks once in a
    transaction.
    """
    if "bans" not in tx.seen:
        tx.seen["bans"] = bool(tx.execute(_ANY).scalar_one())
    if not tx.seen["bans"]:
        return None
    address = address_key(address)
    domain = "@" + address.rpartition("@")[2]
    for pattern in tx.execute(_CANDIDATES, {"names": [address, domain]}).scalars():
        if _bans(pattern, address):
            return str(pattern)
    return None


def _bans(pattern: str, address: str) -> bool:
    return pattern in (address, "@" + address.rpartition("@")[2]) or _fits(address, pattern)


def _fits(address: str, pattern: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(address, pattern)
