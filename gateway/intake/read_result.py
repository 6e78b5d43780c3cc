"""What a mail says, read before the transaction that files it, and for which ticket it was read."""

from msgspec import Struct

from gateway.commands.parse import Command
from gateway.intake.contact_form import Filled
from gateway.intake.forward import Forwarded
from gateway.parse.mail import Address
from ticketctl.actions.mail.filing import File
from ticketctl.domain.base.proof import UNCHECKED, Proof
from ticketctl.domain.rules.survey import Written

READINGS = 8  # of one mail; so often its ticket may become another one while it is read


class ReadAgain(Exception):
    """The desk is not as it was when the mail was read: undo what was begun, read the mail again, and file it then."""


class Orders(Struct, frozen=True):
    """An agent's own words to a ticket: what they command, the rest with the pictures in it named, the files.

    `doubt`: why they may hold what is internal, "" where they do not.
    """

    text: str
    doubt: str
    commands: tuple[Command, ...]
    rest: str
    placed: str
    files: tuple[File, ...]


class Reading(Struct, frozen=True, kw_only=True):
    """A mail's text as far as its fate depends on it. What was not needed is None; who needs it all the same
    raises ReadAgain."""

    sender: Address | None  # of the mail; who filled in the form it brings is in `form`
    proof: Proof = UNCHECKED  # that whoever it says wrote it
    form: Filled | None = None
    language: str | None = None
    asks: int | None = None  # whose status it asks for, and nothing else
    tag: int | None = None  # the ticket that its subject names
    grade: Written | None = None  # what it answers to a survey
    is_forward: bool = False
    passed: Forwarded | None = None  # the customer's mail that a proven agent passes on
    ticket: int | None = None  # whose words the two that follow were compared with
    words: str | None = None  # what a customer says that is new
    orders: Orders | None = None

    def words_for(self, ticket: int) -> str:
        """What is new in the mail as an answer to this ticket."""
        if self.words is None or self.ticket != ticket:
            raise ReadAgain
        return self.words

    def orders_for(self, ticket: int) -> Orders:
        """What an agent says to this ticket."""
        if self.orders is None or self.ticket != ticket:
            raise ReadAgain
        return self.orders
