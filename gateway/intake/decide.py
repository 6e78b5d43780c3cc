"""What becomes of a mail: parse, screen, read, then identify, thread, act. The readable list of steps.

analyse.py does the first two and needs no database; read_text.py reads the text beside what its ticket holds;
`settle` runs in one transaction, which reads no text and also ends the inbox row: a mail is filed wholly or not at
all, and a second run is harmless (C1).
"""

from collections.abc import Sequence

from msgspec.structs import replace

from gateway.intake import (
    agent_forward,
    agent_mail,
    duplicates,
    status_question,
    survey_answers,
)
from gateway.intake.to_incoming import incoming_of
from gateway.intake.verdict import Prepared, Verdict
from gateway.parse.mail import Address
from gateway.thread import delivery, ids, token
from gateway.thread.thread import Author, Thread, thread
from ticketctl.actions.base.context import GATEWAY, Work, begin
from ticketctl.actions.mail import delivery as deliver
from ticketctl.actions.tickets import channel_matching, receive_mail
from ticketctl.actions.tickets import open as opening
from ticketctl.actions.tickets.open import NO_SUBJECT
from ticketctl.domain.base import reference
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.proof import AUTHENTICATED, REFUTED, TOKEN
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.domain.definition.mailbox_addresses import Directory
from ticketctl.settings.table import Settings
from ticketctl.store.db.engine import Tx
from ticketctl.store.people import customers
from ticketctl.store.queues import bans, inbox, recipients
from ticketctl.store.tickets import messages


def settle(tx: Tx, work: Work, prepared: Prepared) -> Verdict:
    """Decide and act in `tx`, and end the inbox row with the verdict.

    ReadAgain, and the caller undoes what was begun, where the mail is about another ticket than it was read for.
    """
    row, mail = prepared.row, prepared.mail
    verdict = _judge(tx, work, prepared)
    if verdict.verdict is None or verdict.held:
        inbox.hold(tx, row.id, verdict.held or "", verdict.reasons, verdict=verdict.verdict)
        return verdict
    inbox.finish(
        tx,
        row.id,
        verdict=verdict.verdict,
        class_=verdict.class_,
        ticket=verdict.ticket,
        message=verdict.message,
        reasons=verdict.reasons,
        message_id=mail.message_id,
    )
    return verdict


def gateway_work(tx: Tx, settings: Settings) -> Work:
    """The gateway's work in this transaction; a batch shares it, but for the group of each mail."""
    return begin(tx, GATEWAY, bounces=settings.outgoing.envelope)


def _judge(tx: Tx, work: Work, prepared: Prepared) -> Verdict:
    """What needs no ticket of its own first; the rest is somebody's mail."""
    row, mail, screening = prepared.row, prepared.mail, prepared.screening
    class_, hits = screening.class_, screening.hits
    again = duplicates.filed_before(tx, row, mail, work.at)
    if again:
        return Verdict(verdict="duplicate", class_=class_, reasons=(again,))
    known = messages.known_ids(tx, ids.about(mail))
    if screening.loop or duplicates.is_ours(mail, known):
        why = reason("own-mail-came-back")
        return Verdict(verdict="loop", class_=class_, reasons=(*hits, why), held=why.text)
    if class_ in ("bounce", "report"):
        return _report(work, prepared)
    sender = prepared.read().sender
    if sender is None:
        why = reason("no-sender")
        return Verdict(verdict=None, class_=class_, reasons=(*hits, why), held=why.text)
    return _received(tx, work, prepared, known, sender)


def _received(
    tx: Tx, work: Work, prepared: Prepared, known: Sequence[messages.KnownId], sender: Address
) -> Verdict:
    """Somebody's mail: who he really is, whether he only asks, and the ticket it is about."""
    mail = prepared.mail
    notes = list(prepared.screening.hits)
    form = prepared.read().form
    if form:
        notes.append(reason("form-author", sender=sender.key, author=form.author.key))
        sender = form.author
    banned = bans.matches(tx, sender.key)
    if banned:
        notes.append(reason("sender-banned", sender=sender.key, pattern=banned))
    if namesake := duplicates.namesake(mail, known):
        notes.append(namesake)
    spam = prepared.screening.spam or banned is not None
    incoming = incoming_of(work, prepared, sender, spam=spam)
    proof = incoming.proof
    notes.append(replace(proof.why, text=f"sender {proof.word}: {proof.why.text}"))
    if incoming.class_ != prepared.screening.class_:
        notes.append(reason("human-sender", sender=sender.key))
    if form:
        incoming = replace(incoming, subject=form.subject or incoming.subject, form=form.ticket)
    inside = work.definition.agent_by_email(sender.key) is not None
    asked = None if inside else status_question.settle(work, prepared, incoming)
    if asked is not None:
        return replace(asked, reasons=(*notes, *asked.reasons))
    rated = survey_answers.settle(work, prepared, incoming, known)
    if rated and rated.verdict:
        return replace(rated.verdict, reasons=(*notes, *rated.verdict.reasons))
    if rated and rated.note:
        incoming = replace(incoming, notes=(*incoming.notes, rated.note))
    found = (
        Thread(rated.ticket, reasons=rated.reasons)
        if rated
        else thread(
            work,
            prepared.row,
            mail,
            Author(incoming.author, proof, incoming.class_ != "human"),
            known,
            tagged=prepared.read().tag,
            lock=True,
        )
    )
    verdict = _act(tx, work, prepared, incoming, found)
    return replace(verdict, reasons=(*notes, *found.reasons, *verdict.reasons))


def _act(tx: Tx, work: Work, prepared: Prepared, incoming: Incoming, found: Thread) -> Verdict:
    """One action for the mail, by what it is and whose it is."""
    ticket = found.ticket
    agent = work.definition.agent_by_email(incoming.author)
    if ticket is None:
        proven = incoming.proof.word == AUTHENTICATED and not incoming.spam
        passed = agent_forward.settle(work, prepared, incoming, agent) if agent and proven else None
        return passed or _open(tx, work, prepared, incoming, found)
    if duplicates.was_there(tx, prepared.row, prepared.mail, ticket.id):
        return Verdict(
            verdict="duplicate",
            class_=incoming.class_,
            ticket=ticket.id,
            reasons=(reason("same-mail-other-mailbox", ticket=ticket.id),),
        )
    expert = found.purpose == reference.EXPERT
    if agent and agent_mail.speaks(work, found, incoming.author):
        return agent_mail.settle(work, prepared, incoming, ticket, found.purpose, agent)
    reply = replace(incoming, text=prepared.read().words_for(ticket.id))
    if expert or found.purpose == reference.COMMENT:  # also of one who is no agent any more
        human = incoming.class_ == "human"
        n = receive_mail.expert_answer(
            work if human else replace(work, notify=False), ticket.id, reply
        )
        word = "reply" if human else "auto"  # nobody is told of a vacation (E5)
        return Verdict(verdict=word, class_=incoming.class_, ticket=ticket.id, message=n)
    if incoming.class_ != "human":
        n = receive_mail.quiet_message(work, ticket.id, reply)
        return Verdict(verdict="auto", class_=incoming.class_, ticket=ticket.id, message=n)
    if not receive_mail.may_join(work, ticket):
        number, n = opening.from_mail(work, incoming, link=("follows", ticket.id))
        why = reason("after-reopen-window", ticket=ticket.id)
        return Verdict(
            verdict="follow-up", class_="human", ticket=number, message=n, reasons=(why,)
        )
    n = receive_mail.customer_message(work, ticket.id, reply)
    return Verdict(verdict="reply", class_="human", ticket=ticket.id, message=n)


def _open(tx: Tx, work: Work, prepared: Prepared, incoming: Incoming, found: Thread) -> Verdict:
    link = ("claims", found.claim.id) if found.claim else None
    running, related = (None, None) if link else _elsewhere(tx, work, incoming)
    if running:
        n = receive_mail.customer_message(work, running.id, incoming)
        why = reason("joins-other-channel", ticket=running.id, channel=running.channel)
        return Verdict(
            verdict="reply", class_="human", ticket=running.id, message=n, reasons=(why,)
        )
    if related:
        link = ("related", related.id)
    if incoming.may_ack and _answers_a_machine(tx, prepared, found):
        note = "not acknowledged: it answers a mail of ours that a machine wrote"
        incoming = replace(incoming, may_ack=False, notes=(*incoming.notes, note))
    number, n = opening.from_mail(work, incoming, link=link)
    if incoming.in_reply_to and not found.claim:
        messages.remember_id(tx, incoming.in_reply_to, number, None, messages.AWAITED, work.at)
    verdict = "spam" if incoming.spam else "claim" if found.claim else "new"
    return Verdict(verdict=verdict, class_=incoming.class_, ticket=number, message=n)


def _answers_a_machine(tx: Tx, prepared: Prepared, found: Thread) -> bool:
    """Does a stranger answer an acknowledgement of ours? A machine that changes its address would go on for ever.

    By its Message-ID; by a reply address that was made for somebody else; by a ticket in which no person of ours has
    written yet.
    """
    if prepared.read().proof.word == TOKEN:  # no stranger: the ticket is gone
        return False
    if token.tokens(prepared.mail, prepared.row.recipients):
        return True
    if recipients.made_by_machine(tx, ids.named(prepared.mail)):
        return True
    return found.claim is not None and found.claim.first_reply_at is None


def _elsewhere(tx: Tx, work: Work, incoming: Incoming) -> tuple[Ticket | None, Ticket | None]:
    """The ticket its sender runs on another channel, or one that this mail is related to (F-L8)."""
    if incoming.spam or incoming.class_ != "human" or incoming.proof.word == REFUTED:
        return None, None
    if not work.definition.settings.join_across_channels:
        return None, None
    sender = customers.by_identity(tx, EMAIL, incoming.author)
    if sender is None:
        return None, None
    return channel_matching.running(work, sender.id, "email", incoming.subject or NO_SUBJECT)


def _report(work: Work, prepared: Prepared) -> Verdict:
    """Bounces and reports: an event of the message they are about (F2), never a ticket, never a mail (F9)."""
    row, screening = prepared.row, prepared.screening
    facts = screening.bounce
    outcome = deliver.report(
        work,
        delivery=delivery.named(work.key, row.recipients),
        original_message_id=facts.original_message_id if facts else None,
        recipients=deliver.outcomes(facts.recipients if facts else ()),
        flags=screening.flags,
        blob=row.sha256,
    )
    return Verdict(
        verdict="bounce",
        class_=screening.class_,
        ticket=outcome.ticket,
        message=outcome.message,
        reasons=(*screening.hits, *outcome.reasons),
    )


def places(settings: Settings, work: Work) -> Directory:
    """The addresses of the desk."""
    return Directory(work.definition, settings.outgoing.envelope)
