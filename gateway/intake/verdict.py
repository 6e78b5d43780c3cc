"""What passes between the steps of intake: a mail understood, and what became of it."""

from msgspec import Struct

from gateway.intake.read_result import ReadAgain, Reading
from gateway.parse.mail import Mail
from gateway.screen.screen import Screening
from ticketctl.domain.base.reasons import Reason
from ticketctl.domain.base.records import InboxRow


class Prepared(Struct, frozen=True):
    """A mail understood as far as the mail itself goes.

    `cut`: the mail was too large, and only its head came in. `unread`: it takes too long to read, only its head was.
    `reading`: what read_text.py found in its text.
    """

    row: InboxRow
    mail: Mail
    screening: Screening
    cut: bool = False
    unread: bool = False
    reading: Reading | None = None

    def read(self) -> Reading:
        """What its text says; ReadAgain where it was not read yet."""
        if self.reading is None:
            raise ReadAgain
        return self.reading


class Verdict(Struct, frozen=True, kw_only=True):
    """What became of a mail; the words of the contract's `verdict`, and every reason in order."""

    verdict: str | None  # None: undecided, held for a person
    class_: str
    ticket: int | None = None
    message: int | None = None
    reasons: tuple[Reason, ...] = ()
    held: str | None = None  # why it waits for a person
