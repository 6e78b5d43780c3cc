"""What read_text.py finds in a mail's text, before the transaction that files it."""

from msgspec import Struct

from gateway.commands.command_block import MailCommand
from gateway.intake.contact_form import FormEntry
from gateway.intake.forward import ForwardedMail
from gateway.parse.mail import Address
from ticketctl.actions.mail.outgoing_attachments import NewAttachment
from ticketctl.domain.base.proof import UNCHECKED, Proof
from ticketctl.domain.rules.survey import Written

MAX_READINGS = 8  # of one mail, whose ticket may change each time while it is read


class ReadAgain(Exception):
    """The ticket changed since the mail was read: roll back, read the mail again, then file it."""


class AgentText(Struct, frozen=True):
    """An agent's own text, without quotes.

    `doubt`: why it may contain internal text, "" if it does not. `rest`: the text without commands. `with_images`: the
    rest, with `[name]` in place of each inline image.
    """

    text: str
    doubt: str
    commands: tuple[MailCommand, ...]
    rest: str
    with_images: str
    files: tuple[NewAttachment, ...]


class ReadResult(Struct, frozen=True, kw_only=True):
    """What filing needs of a mail's text. A field that was not needed is None; needing it later is ReadAgain."""

    sender: Address | None  # of the mail; the person who filled in a contact form is in `form`
    proof: Proof = UNCHECKED  # that the stated author wrote it
    form: FormEntry | None = None
    language: str | None = None
    asks_about: int | None = None  # the ticket, if the mail only asks for its status
    unsubscribes: bool = False  # the mail only asks to unsubscribe
    subject_tag: int | None = None  # the ticket number in the subject
    rating: Written | None = None  # the answer to a survey
    is_forward: bool = False
    forwarded: ForwardedMail | None = None  # the customer's mail that a proven agent forwards
    ticket: int | None = None  # the ticket for which the two below were read
    new_text: str | None = None  # a customer's text without quotes
    agent_text: AgentText | None = None

    @property
    def opens_only(self) -> bool:
        """Is it a form from an address of our own, which joins no ticket?"""
        return self.form is not None and self.form.opens_only

    def new_text_for(self, ticket: int) -> str:
        """Return the customer's text as an answer to this ticket."""
        if self.new_text is None or self.ticket != ticket:
            raise ReadAgain
        return self.new_text

    def agent_text_for(self, ticket: int) -> AgentText:
        """Return the agent's text as an answer to this ticket."""
        if self.agent_text is None or self.ticket != ticket:
            raise ReadAgain
        return self.agent_text
