"""Decides who wrote a mail and what proves it, once for each mail, before it is filed (F-D16).

In this order: the author's own login, or the verdict of a trusted relay; a reply address or Message-ID that was sent
to that author alone; a DKIM signature of the author's domain, checked by the relay or by us, for the part that it
covers. An agent's commands need the first or the last.
"""

from collections.abc import Callable

from msgspec import Struct

from gateway.auth import sender_proof
from gateway.auth.sender_proof import ProvenMail
from gateway.intake import contact_form
from gateway.intake.analyse import from_relay
from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.contact_form import FormEntry
from gateway.parse.mail import Address, Mail
from gateway.thread import message_ids, reply_token
from gateway.thread.may_add import addresses_of
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import outbound, participants
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


class AuthorCheck(Struct, frozen=True):
    """The author, the form they filled in, the agent they claim to be, and the proofs that need no DNS."""

    author: Address
    form: FormEntry | None
    agent: Agent | None
    by_relay: ProvenMail  # or by the author's login
    by_token: Proof | None
    mail: Mail
    may_ask_dns: bool
    is_addressed_here: Callable[[Mail], bool]

    def proof_before_threading(self, raw: Callable[[], bytes]) -> ProvenMail:
        """Return the proof before the ticket is known; checks DKIM only for an agent's mail."""
        return self.full_proof(raw) if self.agent else self._without_dns()

    def full_proof(self, raw: Callable[[], bytes]) -> ProvenMail:
        """Return the proof and the part of the mail that it covers; may check DKIM through the DNS."""
        known = self._without_dns()
        enough = known.proof.word == AUTHENTICATED or (known.proof.sure and self.agent is None)
        if enough or self.by_relay.proof.word != NONE or not self.may_ask_dns:
            return known
        found = self._if_addressed_here(sender_proof.by_dkim(self.mail, raw(), self.author.key))
        if found.proof.sure:
            return found
        relay, dkim = self.by_relay.proof.why, found.proof.why
        why = (
            dkim
            if relay == dkim
            else reason("nothing-proves-sender", relay=relay.text, dkim=dkim.text)
        )
        return ProvenMail(self.by_token or Proof(NONE, why), self.mail)

    def _without_dns(self) -> ProvenMail:
        """Return the proof by login, relay or token. A token covers the whole mail, but not if the relay refutes it."""
        by_relay = self._if_addressed_here(self.by_relay)
        if self.by_token is None:
            return by_relay
        if by_relay.proof.word == REFUTED:
            return ProvenMail(token_refuted(self.by_token.why, by_relay.proof.why), self.mail)
        if by_relay.proof.word == AUTHENTICATED and (self.agent or not by_relay.by_dkim):
            return by_relay
        return ProvenMail(self.by_token, self.mail)

    def _if_addressed_here(self, found: ProvenMail) -> ProvenMail:
        """Drop a DKIM proof, and any proof of an agent, if the mail is not addressed to us: it may be a replay."""
        asks = found.by_dkim or self.agent is not None
        if found.proof.word != AUTHENTICATED or not asks or self.is_addressed_here(found.mail):
            return found
        why = reason("not-addressed-here")
        return ProvenMail(self.by_token or Proof(NONE, why), self.mail)


def token_refuted(token: Reason, refuted: Reason) -> Proof:
    """Return the proof of a mail with a token that the relay refutes: none."""
    return Proof(NONE, reason("token-but-refuted", token=token.text, refuted=refuted.text))


def check_author(
    work: Work, analysed: AnalysedMail, sender: Address, settings: Settings
) -> AuthorCheck:
    """Find the author of a mail that `sender` sent, and check the proofs that need no DNS."""
    mail, row = analysed.mail, analysed.row
    form = _form(work, analysed)
    author = form.author if form else sender
    agent = work.definition.agent_by_email(author.key)
    by_relay = sender_proof.by_login_or_relay(
        mail,
        author.key,
        agent=agent,
        login=row.authenticated,
        authserv_id=trusted_authserv_id(row, settings),
    )
    if form and by_relay.proof.word != REFUTED:
        by_relay = ProvenMail(Proof(NONE, reason("form-names-author")), mail)
    return AuthorCheck(
        author,
        form,
        agent,
        by_relay,
        by_token=None if form else _token_proof(work, analysed, author.key),
        mail=mail,
        may_ask_dns=settings.gateway.verify_dkim and form is None,
        is_addressed_here=_is_addressed_here(work, row, agent, settings),
    )


def _form(work: Work, analysed: AnalysedMail) -> FormEntry | None:
    """Return the contact form that a customer filled in; None if the mail is none."""
    mail, box = analysed.mail, work.definition.mailbox(analysed.row.mailbox)

    def is_inside(address: str) -> bool:
        return participants.is_inside(work, address)

    form = contact_form.form_entry(mail, box, is_inside)
    if form or analysed.screening.flags.is_list:  # a list's Reply-To is the list
        return form
    return contact_form.own_address_entry(mail, lambda one: outbound.is_ours(work, one), is_inside)


def trusted_authserv_id(row: InboxRow, settings: Settings) -> str:
    """Return the authserv-id that is trusted in this mail's Authentication-Results, by its route; "" for none."""
    if row.via in ("imap", "pipe"):
        return row.authserv_id
    return settings.gateway.authserv_id if from_relay(row, settings) else ""


def _is_addressed_here(
    work: Work, row: InboxRow, agent: Agent | None, settings: Settings
) -> Callable[[Mail], bool]:
    directory = Directory(work.definition, settings.outgoing.envelope)
    logged_in = agent is not None and sender_proof.is_login(agent, row.authenticated)

    def is_addressed_here(mail: Mail) -> bool:
        found = (directory.route(one.key) for one in (*mail.to, *mail.cc))
        return logged_in or any(route and route.mailbox == row.mailbox for route in found)

    return is_addressed_here


def _token_proof(work: Work, analysed: AnalysedMail, author: str) -> Proof | None:
    """Return the proof by a reply address or Message-ID that only the author had from us."""
    if reply_token.match(work.key, analysed.mail, analysed.row.recipients, author):
        return Proof(TOKEN, reason("address-given-to-sender", author=author))
    named = message_ids.referenced(analysed.mail)
    if not named:
        return None
    customer = customers.by_identity(work.tx, EMAIL, author)
    own = addresses_of(customer) if customer else frozenset({author})
    found = recipients.issued(work.tx, named, own)
    for message_id, ticket in found.items():
        if ticket is None or not _others_took_part(work, ticket, own):
            why = reason("message-given-to-sender", message_id=message_id, author=author)
            return Proof(TOKEN, why)
    return None


def _others_took_part(work: Work, ticket: int, own: frozenset[str]) -> bool:
    """Was anybody else outside the desk ever mailed about the ticket, or the one it was merged into?

    Then they know its Message-IDs, because later mails name the earlier ones in References.
    """
    mailed = recipients.all_addresses(work.tx, ticket) | recipients.all_addresses(
        work.tx, tickets.final(work.tx, ticket)
    )
    return any(not participants.is_inside(work, one) for one in mailed - own)
