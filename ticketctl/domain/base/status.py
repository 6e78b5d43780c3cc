"""The life cycle of a ticket as one table: verb, from, to (F-D2).

new → open ⇄ waiting → resolved → closed; escalated from any active one; spam apart; merged is a pointer.
"""

from ticketctl.errors import Refused

NEW, OPEN, WAITING, ESCALATED = "new", "open", "waiting", "escalated"
RESOLVED, CLOSED, SPAM, MERGED = "resolved", "closed", "spam", "merged"

STATUSES = (NEW, OPEN, WAITING, ESCALATED, RESOLVED, CLOSED, SPAM, MERGED)
ACTIVE = frozenset({NEW, OPEN, WAITING, ESCALATED})
ENDED = frozenset({RESOLVED, CLOSED})


# verb: ({statuses it may start from}, the status it leads to, or None if that depends)
TABLE: dict[str, tuple[frozenset[str], str | None]] = {
    "open": (frozenset({NEW, OPEN, WAITING, ESCALATED}), OPEN),
    "wait": (ACTIVE, WAITING),
    "escalate": (ACTIVE, ESCALATED),
    "resolve": (ACTIVE, RESOLVED),
    "close": (ACTIVE | {RESOLVED}, CLOSED),
    "reopen": (ENDED, OPEN),
    "spam": (ACTIVE | ENDED, SPAM),
    "unspam": (frozenset({SPAM}), OPEN),
    "merge": (ACTIVE | ENDED, MERGED),
    "unmerge": (frozenset({MERGED}), OPEN),
}

# The overview of `list` groups the eight under four words (F-Q15, F-Q25).
OVERVIEW = {
    NEW: "New",
    OPEN: "Open",
    WAITING: "Open",
    ESCALATED: "Escalated",
    RESOLVED: "Resolved",
    CLOSED: "Resolved",
}


def after(verb: str, status: str) -> str:
    """The status that `verb` leads to from `status`; Refused if the life cycle has no such step."""
    start, end = TABLE[verb]
    if status not in start or end is None:
        raise Refused(f"`{verb}` does not work on a ticket that is {status}.")
    return end


def after_customer_message(status: str) -> str:
    """The status after a customer's message: new stays new; ended and waiting become open (D13)."""
    return OPEN if status in (WAITING, RESOLVED, CLOSED) else status


def after_reply(status: str) -> str:
    """The status after an agent's public reply: a new ticket becomes open."""
    return OPEN if status == NEW else status
