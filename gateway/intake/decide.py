"""Decides what becomes of a mail, and files it: the list of steps, in order.

Before this, analyse.py has parsed and screened the mail, and read_text.py has read its text. Everything here runs in
one transaction, so a mail is filed entirely or not at all, and filing it twice does no harm (C1).
"""

from collections.abc import Sequence

from msgspec.structs import replace

from gateway.intake import (
    agent_forward,
    agent_mail,
    answer_status_question,
    duplicates,
    file_report,
    survey_answers,
    unsubscribe,
)
from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.to_incoming import incoming_of
from gateway.intake.verdict import Verdict
from gateway.parse.mail import Address
from gateway.thread import message_ids, reply_token
from gateway.thread.find_ticket import Author, Thread, find_ticket
from ticketctl.actions.base.context import GATEWAY, Work, begin
from ticketctl.actions.tickets import channel_matching, open_ticket, receive_mail, reopen_window
from ticketctl.actions.tickets.open_ticket import NO_SUBJECT
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.identity import EMAIL, Identity
from ticketctl.domain.base.proof import AUTHENTICATED, REFUTED, TOKEN
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.settings.table import Settings
from ticketctl.store.db.database import Tx
from ticketctl.store.people import customers
from ticketctl.store.queues import bans, recipients
from ticketctl.store.tickets import mail_ids


def gateway_work(tx: Tx, settings: Settings) -> Work:
    """Begin the gateway's work in `tx`. The mails of a batch share it, but each has its own undo group."""
    return begin(tx, GATEWAY, bounces=settings.outgoing.envelope)


def file_mail(tx: Tx, work: Work, analysed: AnalysedMail) -> Verdict:
    """File a mail in `tx`. The caller ends its row of the inbox with the verdict.

    ReadAgain if the mail is about another ticket than it was read for; the caller then rolls back.
    """
    row, mail = analysed.row, analysed.mail
    again = duplicates.mark_filed(tx, row, mail, work.at)
    if again:
        return Verdict(verdict="duplicate", class_=analysed.screening.class_, reasons=(again,))
    verdict = _file_new(tx, work, analysed)
    if verdict.held is not None:
        duplicates.forget(tx, row, mail)
    return verdict


def _file_new(tx: Tx, work: Work, analysed: AnalysedMail) -> Verdict:
    """File mail that is no duplicate, or hold it."""
    mail, screening = analysed.mail, analysed.screening
    class_, hits = screening.class_, screening.hits
    known = mail_ids.known(tx, message_ids.own_and_referenced(mail))
    if screening.loop or duplicates.is_ours(mail, known):
        why = reason("own-mail-came-back")
        return Verdict(verdict="loop", class_=class_, reasons=(*hits, why), held=why.text)
    if request := unsubscribe.file_request(work, analysed):
        return request
    if class_ in ("bounce", "report"):
        return file_report.file(work, analysed)
    sender = analysed.read().sender
    if sender is None:
        why = reason("no-sender")
        return Verdict(verdict=None, class_=class_, reasons=(*hits, why), held=why.text)
    return _file_received(tx, work, analysed, known, sender)


def _file_received(
    tx: Tx, work: Work, analysed: AnalysedMail, known: Sequence[mail_ids.KnownId], sender: Address
) -> Verdict:
    """File mail that is neither a duplicate nor a report: find its author, what they want, and the ticket."""
    mail = analysed.mail
    notes = list(analysed.screening.hits)
    form = analysed.read().form
    if form:
        notes.append(reason("form-author", sender=sender.key, author=form.author.key))
        sender = form.author
    banned = bans.matches(tx, sender.key)
    if banned:
        notes.append(reason("sender-banned", sender=sender.key, pattern=banned))
    if reused := duplicates.reused_id(mail, known):
        notes.append(reused)
    spam = analysed.screening.spam or banned is not None
    incoming = incoming_of(work, analysed, sender, spam=spam)
    proof = incoming.proof
    notes.append(replace(proof.why, text=f"sender {proof.word}: {proof.why.text}"))
    if incoming.class_ != analysed.screening.class_:
        notes.append(reason("human-sender", sender=sender.key))
    if reused:
        incoming = replace(incoming, seen_before=True)
    if form:
        incoming = replace(incoming, subject=form.subject or incoming.subject, form=form.ticket)
    inside = work.definition.agent_by_email(sender.key) is not None
    asks = not inside and not analysed.read().opens_only
    answered = answer_status_question.answer(work, analysed, incoming) if asks else None
    if answered is not None:
        return replace(answered, reasons=(*notes, *answered.reasons))
    rated = survey_answers.file_answer(work, analysed, incoming, known)
    if rated and rated.verdict:
        return replace(rated.verdict, reasons=(*notes, *rated.verdict.reasons))
    if rated and rated.note:
        incoming = replace(incoming, notes=(*incoming.notes, rated.note))
    found = (
        Thread(rated.ticket, reasons=rated.reasons)
        if rated
        else find_ticket(
            work,
            analysed.row,
            mail,
            Author(incoming.author, proof, incoming.class_ != "human", analysed.read().opens_only),
            known,
            tagged=analysed.read().subject_tag,
            lock=True,
        )
    )
    verdict = _file_by_ticket(tx, work, analysed, incoming, found, is_locked=not rated)
    return replace(verdict, reasons=(*notes, *found.reasons, *verdict.reasons))


def _file_by_ticket(
    tx: Tx,
    work: Work,
    analysed: AnalysedMail,
    incoming: Incoming,
    found: Thread,
    *,
    is_locked: bool,
) -> Verdict:
    """Call the one action that fits the mail, its author and the ticket found."""
    ticket = found.ticket
    agent = work.definition.agent_by_email(incoming.author)
    if ticket is None:
        proven = incoming.proof.word == AUTHENTICATED and not incoming.spam
        forwarded = (
            agent_forward.open_ticket(work, analysed, incoming, agent) if agent and proven else None
        )
        return forwarded or _open_ticket(tx, work, analysed, incoming, found)
    if duplicates.is_in_ticket(tx, analysed.row, analysed.mail, ticket.id):
        return Verdict(
            verdict="duplicate",
            class_=incoming.class_,
            ticket=ticket.id,
            reasons=(reason("same-mail-other-mailbox", ticket=ticket.id),),
        )
    expert = found.purpose == signed_addresses.EXPERT
    if agent and agent_mail.writes_as_agent(work, found, incoming.author):
        return agent_mail.file_agent_mail(work, analysed, incoming, ticket, found.purpose, agent)
    reply = replace(incoming, text=analysed.read().new_text_for(ticket.id))
    if expert or found.purpose == signed_addresses.COMMENT:  # also from a former agent
        human = incoming.class_ == "human"
        n = receive_mail.expert_answer(
            work if human else replace(work, notify=False), ticket.id, reply
        )
        word = "reply" if human else "auto"  # nobody is notified of a vacation notice (E5)
        return Verdict(verdict=word, class_=incoming.class_, ticket=ticket.id, message=n)
    if incoming.class_ != "human":
        n = receive_mail.quiet_message(work, ticket.id, reply)
        return Verdict(verdict="auto", class_=incoming.class_, ticket=ticket.id, message=n)
    if not reopen_window.may_join(work, ticket):
        number, n = open_ticket.from_mail(work, incoming, link=("follows", ticket.id))
        why = reason("after-reopen-window", ticket=ticket.id)
        return Verdict(
            verdict="follow-up", class_="human", ticket=number, message=n, reasons=(why,)
        )
    locked = ticket if is_locked else None
    n = receive_mail.customer_message(work, ticket.id, reply, locked=locked)
    return Verdict(verdict="reply", class_="human", ticket=ticket.id, message=n)


def _open_ticket(
    tx: Tx, work: Work, analysed: AnalysedMail, incoming: Incoming, found: Thread
) -> Verdict:
    link = ("claims", found.claim.id) if found.claim else None
    alone = link or analysed.read().opens_only
    running, related = (None, None) if alone else _other_channel_tickets(tx, work, incoming)
    if running:
        n = receive_mail.customer_message(work, running.id, incoming)
        why = reason("joins-other-channel", ticket=running.id, channel=running.channel)
        return Verdict(
            verdict="reply", class_="human", ticket=running.id, message=n, reasons=(why,)
        )
    if related:
        link = ("related", related.id)
    if incoming.may_ack and _answers_automatic_mail(tx, analysed, found):
        note = "not acknowledged: it answers an automatic mail of ours"
        incoming = replace(incoming, may_ack=False, notes=(*incoming.notes, note))
    number, n = open_ticket.from_mail(work, incoming, link=link)
    if incoming.in_reply_to and not found.claim:
        mail_ids.remember(tx, incoming.in_reply_to, number, None, mail_ids.AWAITED, work.at)
    verdict = "spam" if incoming.spam else "claim" if found.claim else "new"
    return Verdict(verdict=verdict, class_=incoming.class_, ticket=number, message=n)


def _answers_automatic_mail(tx: Tx, analysed: AnalysedMail, found: Thread) -> bool:
    """Does a stranger answer an automatic mail of ours? A machine that changes its address would answer for ever.

    Signs: the Message-ID it answers; a reply address made for somebody else; a ticket that no agent has answered yet.
    """
    if analysed.read().proof.word == TOKEN:  # not a stranger: the ticket was deleted
        return False
    if reply_token.tokens(analysed.mail, analysed.row.recipients):
        return True
    if recipients.is_acknowledgement(tx, message_ids.referenced(analysed.mail)):
        return True
    return found.claim is not None and found.claim.first_reply_at is None


def _other_channel_tickets(
    tx: Tx, work: Work, incoming: Incoming
) -> tuple[Ticket | None, Ticket | None]:
    """Return the sender's running ticket on another channel to join, or one to link as related (F-L8)."""
    if incoming.spam or incoming.class_ != "human" or incoming.proof.word == REFUTED:
        return None, None
    if not (work.definition.settings.join_across_channels or work.definition.channels):
        return None, None  # a desk that lives by mail asks no question for it
    sender = customers.by_identity(tx, EMAIL, incoming.author)
    if sender is None:
        return None, None
    who = Identity(EMAIL, incoming.author)
    return channel_matching.running(work, sender.id, who, "email", incoming.subject or NO_SUBJECT)
