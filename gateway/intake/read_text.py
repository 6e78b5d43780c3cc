"""Reads a mail's text in the light of its ticket, outside write transactions.

A read transaction finds the ticket and its messages. decide.py looks for the ticket again when it files the mail, and
the mail is read again if that is another one.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gateway.auth.sender_proof import ProvenMail
from gateway.commands import command_block, run_commands, status_question
from gateway.intake import (
    agent_files,
    agent_mail,
    forward,
    inline_images,
    proof,
    survey_answers,
    unsubscribe,
)
from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.own_text import markers, notices
from gateway.intake.read_result import AgentText, ReadResult
from gateway.intake.to_incoming import attachments_of, author_of, class_of
from gateway.parse.language import guess
from gateway.parse.mail import Address, Mail
from gateway.parse.parse import parse as parse_mail
from gateway.parse.parse import part_bytes
from gateway.thread import message_ids, subject_tag
from gateway.thread.find_ticket import Author, Thread, find_ticket
from gateway.trim.own_words import own_words
from gateway.trim.trim import trim
from ticketctl.actions.base.context import GATEWAY, Work, begin
from ticketctl.actions.mail import participants
from ticketctl.domain.base.proof import NONE, REFUTED, TOKEN, Proof
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.settings.table import Settings
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Database
from ticketctl.store.tickets import events, mail_ids, messages, search

QUOTED = 5  # last mails we sent that are recognised as quotes
COMPARED = 200  # last messages and comments that an agent's text is compared with

Raw = Callable[[], bytes]


class _TicketContext(Struct, frozen=True):
    """What the database has about the mail's ticket."""

    survey: Reason | None  # why the mail answers a survey, if it does
    joins: bool  # the mail may be added to a ticket
    ticket: int | None = None
    as_agent: bool = False  # the author writes as an agent
    public: Sequence[str] = ()
    internal: Sequence[str] = ()


def read(
    db: Database, settings: Settings, analysed: AnalysedMail, raw: bytes | None = None
) -> AnalysedMail:
    """Read the mail's text for the ticket that it is about now. `raw`: its bytes, if they are not in the database.

    May look up the sender's DKIM key in the DNS: for an agent's mail, and for a customer's mail that would join a
    ticket and has no other proof.
    """
    mail, row = analysed.mail, analysed.row
    sender = author_of(mail, row.envelope_from)
    if sender is None or analysed.screening.class_ in ("bounce", "report"):
        return replace(analysed, text=ReadResult(sender=sender))

    def load() -> bytes:
        if raw is not None:
            return raw
        with db.read() as tx:
            return blobs.get(tx, row.sha256)

    with db.read() as tx:
        work = begin(tx, GATEWAY, bounces=settings.outgoing.envelope)
        who = proof.check_author(work, analysed, sender, settings)
    first = who.proof_before_threading(load)
    if who.agent:  # only the proven part of an agent's mail is filed
        analysed = replace(analysed, mail=first.mail)
    mail = analysed.mail
    reading = ReadResult(
        sender=sender,
        proof=first.proof,
        form=who.form,
        language=mail.language or guess(mail.text),
        asks_about=None if who.agent else status_question.ticket_asked_about(mail),
        unsubscribes=unsubscribe.asked_in_words(mail),
        subject_tag=subject_tag.find(work.definition.settings.name, mail),
        is_forward=forward.is_forward(mail),
        forwarded=_forwarded(work, mail, load) if who.agent else None,
    )
    with db.read() as tx:
        context = _ticket_context(replace(work, tx=tx), replace(analysed, text=reading), who.author)
    as_customer = context.ticket is not None and not context.as_agent
    proven = _proven(who, first, context, load)
    if proven.by_dkim and who.agent is None:
        again = replace(analysed, text=reading, mail=proven.mail)
        with db.read() as tx:
            signed = _ticket_context(replace(work, tx=tx), again, who.author)
        proven = _if_same_ticket(mail, proven, same=signed.ticket == context.ticket)
    reading = replace(
        reading,
        proof=proven.proof,
        rating=survey_answers.read(mail) if context.survey else None,
        ticket=context.ticket,
        new_text=_new_text(mail, context) if as_customer else None,
        agent_text=_agent_text(analysed, context, load) if context.as_agent else None,
    )
    search.fold_ahead(proven.mail.subject or "", proven.mail.text)
    return replace(analysed, text=reading, mail=proven.mail)


def _proven(
    who: proof.AuthorCheck, first: ProvenMail, context: _TicketContext, raw: Raw
) -> ProvenMail:
    """Return the proof of the sender, and the part of the mail it covers; a survey's address counts as proof."""
    if context.survey and first.proof.word == REFUTED:
        return ProvenMail(proof.token_refuted(context.survey, first.proof.why), first.mail)
    if context.survey and not first.proof.sure:
        return ProvenMail(Proof(TOKEN, context.survey), first.mail)
    return who.full_proof(raw) if context.joins and who.agent is None else first


def _if_same_ticket(mail: Mail, proven: ProvenMail, *, same: bool) -> ProvenMail:
    """Drop the proof of a customer's signed mail if its signed part does not name the same ticket."""
    if not same:
        return ProvenMail(Proof(NONE, reason("parent-not-signed")), mail)
    whole = replace(proven.mail, in_reply_to=mail.in_reply_to, references=mail.references)
    return replace(proven, mail=whole)


def _ticket_context(work: Work, analysed: AnalysedMail, author: Address) -> _TicketContext:
    reading = analysed.read()
    ids_known = mail_ids.known(work.tx, message_ids.own_and_referenced(analysed.mail))
    survey = survey_answers.answered_survey(work, analysed, author.key, ids_known, lock=False)
    found = (
        Thread(survey.ticket)
        if survey
        else find_ticket(
            work,
            analysed.row,
            analysed.mail,
            Author(
                author.key,
                reading.proof,
                class_of(work, analysed, author) != "human",
                reading.opens_only,
            ),
            ids_known,
            tagged=reading.subject_tag,
            lock=False,
        )
    )
    joins = found.ticket is not None or work.definition.settings.join_across_channels
    context = _TicketContext(survey.why if survey else None, joins)
    return _with_messages(work, context, found, author.key) if found.ticket else context


def _with_messages(
    work: Work, context: _TicketContext, found: Thread, author: str
) -> _TicketContext:
    ticket = found.ticket
    assert ticket is not None
    if not agent_mail.writes_as_agent(work, found, author):
        public = messages.sent_texts(work.tx, ticket.id, last=QUOTED)
        return replace(context, ticket=ticket.id, public=public)
    comments = [one.text for one in messages.comments(work.tx, ticket.id, last=COMPARED)]
    reasons = [one.comment for one in events.of(work.tx, ticket.id) if one.comment]
    return replace(
        context,
        ticket=ticket.id,
        as_agent=True,
        public=messages.texts(work.tx, ticket.id, last=COMPARED),
        internal=[*comments, *reasons[-COMPARED:]],
    )


def _new_text(mail: Mail, context: _TicketContext) -> str:
    """Return what is new in the text (I1)."""
    return trim(mail.text, sent=context.public, markers=markers(), html=mail.html).text


def _agent_text(analysed: AnalysedMail, context: _TicketContext, raw: Raw) -> AgentText:
    """Return an agent's own text, without anything that may be quoted in it."""
    mail = analysed.mail
    if analysed.too_costly:
        return AgentText(mail.text, "it takes too long to read", (), mail.text, mail.text, ())
    own = own_words(
        mail.text,
        markers=markers(),
        public=context.public,
        internal=context.internal,
        notices=notices(),
    )
    block = command_block.parse(own.text)
    comment = next((one.words for one in block.commands if one.name == run_commands.COMMENT), "")
    rest = "\n".join(part for part in (comment, block.rest) if part.strip()).strip("\n")
    doubt = own.doubt or agent_files.doubt(mail.parts, context.public, context.internal, raw)
    with_images, files = inline_images.place_images(attachments_of(mail), rest, raw)
    return AgentText(own.text, doubt, block.commands, rest, with_images, tuple(files))


def _forwarded(work: Work, mail: Mail, raw: Raw) -> forward.ForwardedMail | None:
    """Find the customer's mail that an agent forwards."""

    def attached() -> Mail | None:
        part = next((one for one in mail.parts if one.type == "message/rfc822"), None)
        return parse_mail(part_bytes(raw(), part.path)) if part else None

    return forward.find_forwarded(
        mail, attached, lambda address: participants.is_inside(work, address)
    )
