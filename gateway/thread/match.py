"""The result of one threading step."""

from msgspec import Struct

from ticketctl.domain.base.reasons import Reason


class Match(Struct, frozen=True):
    """The mail is about `ticket`; `why` is kept with the verdict.

    `bound`: found by a token made for this sender, who needs no other right to add to the ticket.
    `purpose`: that of the token (t, c, e), otherwise "t".
    """

    ticket: int
    why: Reason
    bound: bool = False
    purpose: str = "t"
    parent: int | None = None  # n of the message it answers, if known
