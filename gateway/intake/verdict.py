"""What became of a row of the inbox, and why."""

from msgspec import Struct

from ticketctl.domain.base.reasons import Reason


class Verdict(Struct, frozen=True, kw_only=True):
    """One word of the contract's `verdict`, and every reason in order."""

    verdict: str | None  # None: undecided, held for a person
    class_: str
    ticket: int | None = None
    message: int | None = None
    reasons: tuple[Reason, ...] = ()
    held: str | None = None  # why it waits for a person
