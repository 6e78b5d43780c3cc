"""Who wrote a mail, and what proves it: decided once for each mail, before it is filed (decision 16).

In this order: the author's own login or the verdict of a trusted relay; a reply address or a Message-ID that was given
to that author alone; their domain's DKIM signature. What an agent commands asks for the first or the last.
"""

from collections.abc import Callable

from msgspec import Struct

from gateway import forms
from gateway.auth import sender as senders
from gateway.forms import Filled
from gateway.parse.mail import Address, Mail
from gateway.prepare import from_relay
from gateway.thread import ids, token
from gateway.thread.admit import addresses_of
from gateway.verdict import Prepared
from ticketctl.actions import people
from ticketctl.actions.work import Work
from ticketctl.config import Settings
from ticketctl.desk.definition import Agent, agent_by_email, mailbox
from ticketctl.desk.identity import EMAIL
from ticketctl.desk.proof import AUTHENTICATED, NONE, TOKEN, Proof
from ticketctl.store import customers, reach


class Who(Struct, frozen=True):
    """The author, the form they filled in, whom of the desk they claim to be, and the proof that costs nothing."""

    author: Address
    form: Filled | None
    agent: Agent | None
    judged: Proof
    issued: Proof | None
    mail: Mail
    ask_dns: bool

    def first(self, raw: Callable[[], bytes]) -> Proof:
        """The proof before the ticket is known: only an agent's signature is looked up."""
        return self.second(raw) if self.agent else self._without_dns()

    def second(self, raw: Callable[[], bytes]) -> Proof:
        """The proof of a mail that joins a ticket; may ask the DNS."""
        proof = self._without_dns()
        enough = proof.word == AUTHENTICATED or (proof.word == TOKEN and self.agent is None)
        if enough or self.judged.word != NONE or not self.ask_dns:
            return proof
        signed = senders.signed(self.mail, raw(), self.author.key)
        if signed.sure:
            return signed
        return self.issued or Proof(NONE, f"{self.judged.why}; {signed.why}")

    def _without_dns(self) -> Proof:
        return self.judged if self.judged.sure else self.issued or self.judged


def who(work: Work, prepared: Prepared, sender: Address, settings: Settings) -> Who:
    """The author of a mail that `sender` sent, as far as the desk knows them."""
    mail, row = prepared.mail, prepared.row
    form = forms.filled(mail, mailbox(work.desk, row.mailbox), lambda a: people.is_inside(work, a))
    author = form.author if form else sender
    agent = agent_by_email(work.desk, author.key)
    if form:
        judged = Proof(NONE, "a form names its author (G7)")
    else:
        judged = senders.judged(
            mail,
            author.key,
            agent=agent,
            login=row.authenticated,
            trusted=from_relay(row, settings),
            authserv_id=settings.gateway.authserv_id,
        )
    issued = None if form else _issued(work, prepared, author.key)
    ask_dns = settings.gateway.verify_dkim and form is None
    return Who(author, form, agent, judged, issued, mail, ask_dns)


def _issued(work: Work, prepared: Prepared, author: str) -> Proof | None:
    """By what only the author had from us."""
    if token.match(work.key, prepared.mail, prepared.row.recipients, author):
        return Proof(TOKEN, f"writes to an address made for {author} (D3)")
    customer = customers.by_identity(work.tx, EMAIL, author)
    own = addresses_of(customer) if customer else frozenset({author})
    if found := reach.issued(work.tx, ids.named(prepared.mail), own):
        return Proof(TOKEN, f"answers {found}, which {author} alone had from us (D4)")
    return None
