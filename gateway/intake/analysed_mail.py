"""A mail of the inbox as intake knows it before it is filed."""

from msgspec import Struct

from gateway.intake.read_result import ReadAgain, ReadResult
from gateway.parse.mail import Mail
from gateway.screen.screen import Screening
from ticketctl.domain.base.records import InboxRow


class AnalysedMail(Struct, frozen=True):
    """A mail that is parsed and screened; `text` is set once read_text.py has read it.

    `head_only`: the mail was too large, so only its head was fetched. `too_costly`: it takes too long to parse, so
    only its head was parsed.
    """

    row: InboxRow
    mail: Mail
    screening: Screening
    head_only: bool = False
    too_costly: bool = False
    text: ReadResult | None = None

    def read(self) -> ReadResult:
        """Return what was read in the text; ReadAgain if it was not read yet."""
        if self.text is None:
            raise ReadAgain
        return self.text
