"""Who wrote a mail, and what proves it: decided once for each mail, before it is filed (F-D16).

In this order: the author's own login or the verdict of a trusted relay; a reply address or a Message-ID that was given
to that author alone; their domain's DKIM signature, found by the relay or by us, for what it covers. What an agent
commands asks for the first or the last.
"""

from collections.abc import Callable

from msgspec import Struct

from gateway.auth import sender as senders
from gateway.auth.sender import Signed
from gateway.intake import contact_form
from gateway.intake.analyse import from_relay
from gateway.intake.contact_form import Filled
from gateway.intake.verdict import Prepared
from gateway.parse.mail import Address, Mail
from gateway.thread import ids, token
from gateway.thread.admit import addresses_of
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import participants
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.proof import AUTHENTICATED, NONE, REFUTED, TOKEN, Proof
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import InboxRow
from ticketctl.domain.definition.definition import Agent
from ticketctl.domain.definition.mailbox_addresses import Directory
from ticketctl.settings.table import Settings
from ticketctl.store.people import customers
from ticketctl.store.queues import recipients
from ticketctl.store.tickets import tickets


class Who(Struct, frozen=True):
    """The author, the form they filled in, whom of the desk they claim to be, and the proof that costs nothing."""

    author: Address
    form: Filled | None
    agent: Agent | None
    judged: Signed
    issued: Proof | None
    mail: Mail
    ask_dns: bool
    names_us: Callable[[Mail], bool]

    def first(self, raw: Callable[[], bytes]) -> Signed:
        """The proof before the ticket is known, and what of the mail it covers: only an agent's signature is looked
        up."""
        return self.second(raw) if self.agent else self._without_dns()

    def second(self, raw: Callable[[], bytes]) -> Signed:
        """The proof of a customer's mail that joins a ticket, or of an agent's; may ask the DNS."""
        known = self._without_dns()
        enough = known.proof.word == AUTHENTICATED or (known.proof.sure and self.agent is None)
        if enough or self.judged.proof.word != NONE or not self.ask_dns:
            return known
        found = self._for_us(senders.signed(self.mail, raw(), self.author.key))
        if found.proof.sure:
            return found
        relay, dkim = self.judged.proof.why, found.proof.why
        why = (
            dkim
            if relay == dkim
            else reason("nothing-proves-sender", relay=relay.text, dkim=dkim.text)
        )
        return Signed(self.issued or Proof(NONE, why), self.mail)

    def _without_dns(self) -> Signed:
        """By the login, the relay, or what was given to the author alone, which speaks for the whole mail; but a relay
        that refutes the mail takes that its power."""
        judged = self._for_us(self.judged)
        if self.issued is None:
            return judged
        if judged.proof.word == REFUTED:
            return Signed(outweighed(self.issued.why, judged.proof.why), self.mail)
        if judged.proof.word == AUTHENTICATED and (self.agent or not judged.by_dkim):
            return judged
        return Signed(self.issued, self.mail)

    def _for_us(self, found: Signed) -> Signed:
        """A signed mail that was meant for others proves nothing here, and no mail of an agent's to others does."""
        asks = found.by_dkim or self.agent is not None
        if found.proof.word != AUTHENTICATED or not asks or self.names_us(found.mail):
            return found
        why = reason("not-addressed-here")
        return Signed(self.issued or Proof(NONE, why), self.mail)


def outweighed(token: Reason, refuted: Reason) -> Proof:
    """A relay that refutes the mail takes a token its power."""
    return Proof(NONE, reason("token-but-refuted", token=token.text, refuted=refuted.text))


def who(work: Work, prepared: Prepared, sender: Address, settings: Settings) -> Who:
    """The author of a mail that `sender` sent, as far as the desk knows them."""
    mail, row = prepared.mail, prepared.row
    form = contact_form.filled(
        mail, work.definition.mailbox(row.mailbox), lambda a: participants.is_inside(work, a)
    )
    author = form.author if form else sender
    agent = work.definition.agent_by_email(author.key)
    judged = senders.judged(
        mail,
        author.key,
        agent=agent,
        login=row.authenticated,
        authserv_id=believed(row, settings),
    )
    if form and judged.proof.word != REFUTED:
        judged = Signed(Proof(NONE, reason("form-names-author")), mail)
    return Who(
        author,
        form,
        agent,
        judged,
        issued=None if form else _issued(work, prepared, author.key),
        mail=mail,
        ask_dns=settings.gateway.verify_dkim and form is None,
        names_us=_names_us(work, row, agent, settings),
    )


def believed(row: InboxRow, settings: Settings) -> str:
    """Whose Authentication-Results are believed of a mail by its way in, "" for nobody's."""
    if row.via in ("imap", "pipe"):
        return row.authserv_id
    return settings.gateway.authserv_id if from_relay(row, settings) else ""


def _names_us(
    work: Work, row: InboxRow, agent: Agent | None, settings: Settings
) -> Callable[[Mail], bool]:
    places = Directory(work.definition, settings.outgoing.envelope)
    logged_in = agent is not None and senders.is_login(agent, row.authenticated)

    def names_us(mail: Mail) -> bool:
        found = (places.place(one.key) for one in (*mail.to, *mail.cc))
        return logged_in or any(place and place.mailbox == row.mailbox for place in found)

    return names_us


def _issued(work: Work, prepared: Prepared, author: str) -> Proof | None:
    """By what only the author had from us."""
    if token.match(work.key, prepared.mail, prepared.row.recipients, author):
        return Proof(TOKEN, reason("address-given-to-sender", author=author))
    customer = customers.by_identity(work.tx, EMAIL, author)
    own = addresses_of(customer) if customer else frozenset({author})
    found = recipients.issued(work.tx, ids.named(prepared.mail), own)
    for message_id, ticket in found.items():
        if ticket is None or not _known_to_others(work, ticket, own):
            why = reason("message-given-to-sender", message_id=message_id, author=author)
            return Proof(TOKEN, why)
    return None


def _known_to_others(work: Work, ticket: int, own: frozenset[str]) -> bool:
    """Did anybody else outside ever take part in the ticket, or in the one it was merged into? Later mails of ours and
    the customer's own name the earlier ones in their References."""
    told = recipients.told(work.tx, ticket) | recipients.told(
        work.tx, tickets.final(work.tx, ticket)
    )
    return any(not participants.is_inside(work, one) for one in told - own)
