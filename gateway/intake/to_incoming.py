"""Turns a parsed mail into the record that actions take: its author, where answers go (G1-G5)."""

from gateway.intake.analysed_mail import AnalysedMail
from gateway.parse.mail import Address, Mail
from gateway.screen.screen import Screening
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail.outbound import is_ours
from ticketctl.domain.base.proof import REFUTED
from ticketctl.domain.base.records import Attachment, Incoming, Participant


def author_of(mail: Mail, envelope_from: str | None) -> Address | None:
    """Return the mail's sender (G1, G3, G4), else the envelope sender; None if there is none (G5)."""
    if mail.sender is not None:
        return mail.sender
    if envelope_from is None or "@" not in envelope_from:
        return None
    return Address("", envelope_from.removesuffix("."))


def incoming_of(work: Work, analysed: AnalysedMail, sender: Address, *, spam: bool) -> Incoming:
    """Return the mail of `sender` as the record that actions take."""
    row, mail, screening = analysed.row, analysed.mail, analysed.screening
    proof = analysed.read().proof
    return Incoming(
        mailbox=row.mailbox,
        author=sender.key,
        author_name=sender.name,
        answer_to=answer_to(work, mail, screening, sender),
        subject=mail.subject,
        text=mail.text,
        full_text=mail.text,
        language=analysed.read().language,
        class_=class_of(work, analysed, sender),
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        blob=row.sha256,
        attachments=attachments_of(mail),
        others=tuple(
            Participant(address.key, address.name, "cc")
            for address in {a.key: a for a in (*mail.to, *mail.cc)}.values()
            if address.key != sender.key
        ),
        may_ack=screening.flags.may_ack and not spam and proof.word != REFUTED,
        spam=spam,
        cut=analysed.head_only,
        notes=mail.defects,
        proof=proof,
    )


def attachments_of(mail: Mail) -> tuple[Attachment, ...]:
    """Return the index of the mail's attachments."""
    return tuple(
        Attachment(
            n=n,
            name=p.name,
            type=p.type,
            size=p.size,
            sha256=p.sha256,
            inline=p.inline,
            part=p.path,
            content_id=p.content_id,
        )
        for n, p in enumerate(mail.parts, 1)
    )


def class_of(work: Work, analysed: AnalysedMail, sender: Address) -> str:
    """Return the screened class; but mail of a machine that the mailbox lists in human_senders is human (E15)."""
    box = work.definition.mailbox(analysed.row.mailbox)
    listed = box is not None and sender.key in box.human_senders
    class_ = analysed.screening.class_
    return "human" if listed and class_ == "auto" else class_


def answer_to(work: Work, mail: Mail, screening: Screening, sender: Address) -> str:
    """Return where answers go: Reply-To unless it is ours or the mail came by a list; else the sender (G2)."""
    for address in mail.reply_to:
        if not is_ours(work, address.key) and not screening.flags.is_list:
            return address.email
    return sender.email
