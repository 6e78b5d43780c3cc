"""Who wrote a mail, where he wants his answers, and the mail as the actions take it (G1-G5)."""

from gateway.intake.verdict import Prepared
from gateway.parse.mail import Address, Mail
from gateway.screen.screen import Screening
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail.outbound import is_ours
from ticketctl.domain.base.proof import REFUTED
from ticketctl.domain.base.records import Attachment, Incoming, Participant


def identify(mail: Mail, envelope_from: str) -> Address | None:
    """Who wrote it: the mail's sender (G1, G3, G4), else the envelope's; None for nobody (G5)."""
    if mail.sender is not None:
        return mail.sender
    return Address("", envelope_from.removesuffix(".")) if "@" in envelope_from else None


def incoming_of(work: Work, prepared: Prepared, sender: Address, *, spam: bool) -> Incoming:
    """The mail of `sender` as the actions take it."""
    row, mail, screening = prepared.row, prepared.mail, prepared.screening
    proof = prepared.read().proof
    return Incoming(
        mailbox=row.mailbox,
        author=sender.key,
        author_name=sender.name,
        answer_to=answer_to(work, mail, screening, sender),
        subject=mail.subject,
        text=mail.text,
        full_text=mail.text,
        language=prepared.read().language,
        class_=class_of(work, prepared, sender),
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
        cut=prepared.cut,
        notes=mail.defects,
        proof=proof,
    )


def attachments_of(mail: Mail) -> tuple[Attachment, ...]:
    """The index of the mail's files."""
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


def class_of(work: Work, prepared: Prepared, sender: Address) -> str:
    """What the screens say, but for a machine whose mail the mailbox takes as a person's (E15)."""
    box = work.definition.mailbox(prepared.row.mailbox)
    listed = box is not None and sender.key in box.human_senders
    class_ = prepared.screening.class_
    return "human" if listed and class_ == "auto" else class_


def answer_to(work: Work, mail: Mail, screening: Screening, sender: Address) -> str:
    """Where answers go: Reply-To if it is set, not ours and not a list's; else the sender (G2)."""
    for address in mail.reply_to:
        if not is_ours(work, address.key) and not screening.flags.is_list:
            return address.email
    return sender.email
