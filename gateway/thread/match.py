"""What a threading step finds: a ticket, and how sure it is."""

from msgspec import Struct

from ticketctl.domain.base.reasons import Reason


class Match(Struct, frozen=True):
    """This mail is about `ticket`. `why` is kept with the verdict.

    `bound`: a token made for this very sender, so that he needs no other right to the ticket.
    `purpose` is the token's (t, c, e); "t" for every other way.
    """

    ticket: int
    why: Reason
    bound: bool = False
    purpose: str = "t"
    parent: int | None = None  # n of the message it answers, where known
