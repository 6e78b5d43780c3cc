"""Screens a mail by a table of small rules, in order."""

from functools import reduce
from operator import or_

from msgspec import Struct

from gateway.parse import receipt
from gateway.parse.mail import Mail
from gateway.parse.receipt import ReadReceipt
from gateway.screen import (
    automatic,
    failure_notice,
    lists,
    loops,
    phrases,
    reports,
    senders,
    spam,
    vacation,
)
from gateway.screen.bounce_recipients import BounceFacts, bounce_facts
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.hit import Hit, Mark, Rule, hit
from ticketctl.domain.base.reasons import Reason
from ticketctl.write_guard import never_in_a_write

RULES: tuple[Rule, ...] = (
    # Every rule is tried and every hit is recorded. The first hit with a class decides it, so
    # the order matters: certain rules first, likely ones last.
    loops.own_mail,  # E6   our own mail, whatever else it looks like
    loops.too_many_hops,  # E13
    # Standard forms are certain. Complaints and receipts come before delivery reports, because
    # all three are multipart/report.
    reports.complaint,  # F8
    reports.read_receipt,  # F8
    reports.reaction,  # F8
    reports.delivery_report,  # F1
    reports.amazon_notice,  # F5
    reports.failed_recipients,  # F5
    # Automatic answers often have the envelope of a bounce (null sender, auto-replied), so their own
    # headers count before the envelope.
    vacation.out_of_office,  # F7
    failure_notice.failure_notice,  # F5
    # Other automatic mail.
    automatic.auto_submitted,  # E1
    automatic.precedence,  # E2
    automatic.machine_header,  # E12
    senders.null_return_path,  # E10
    senders.mail_server,  # E10
    # No class: these only prevent automatic answers.
    lists.list_header,  # E3
    lists.list_precedence,  # E2
    senders.no_reply,  # E10
    vacation.subject_words,  # E11
    reports.bounce_subject,  # E11
    automatic.stated_automatic,  # E11
    automatic.asks_for_silence,  # E4
    automatic.forwarded_by_rule,  # E4
    automatic.campaign,  # E12
    spam.marked_as_spam,  # E16
)

NO_FAILURE = frozenset({"delivered", "relayed", "expanded", "deliverable"})


class Flags(Struct, frozen=True, kw_only=True):
    """The `flags` of the explain JSON."""

    is_auto: bool
    is_bounce: bool
    is_list: bool
    is_vacation: bool
    is_delay_notice: bool
    is_dsn_success: bool
    is_feedback_report: bool
    may_ack: bool


class Screening(Struct, frozen=True, kw_only=True):
    """The class of a mail (human, auto, bounce, report), its flags, and the reason of each hit.

    `bounce` has the recipients if the class is bounce or the mail reports a success. `reaction` is the line that
    tells of an emoji reaction, `receipt` a read receipt; None if the mail is none.
    """

    class_: str
    flags: Flags
    spam: bool
    loop: bool
    hits: tuple[Reason, ...]
    bounce: BounceFacts | None = None
    reaction: str | None = None
    receipt: ReadReceipt | None = None


@never_in_a_write
def screen(mail: Mail, envelope: ScreenEnvelope, raw: bytes = b"") -> Screening:
    """Screen a mail by the table. `raw` (the same mail) is only read for delivery reports."""
    hits = [found for rule in RULES if (found := rule(mail, envelope)) is not None]
    kind = next((found.kind for found in hits if found.kind), "human")
    facts = bounce_facts(mail, raw) if kind == "bounce" else None
    if facts is not None and (outcome := _no_failure(mail, facts)):
        hits.append(outcome)
        kind = "report" if Mark.SUCCESS in outcome.marks else kind
    marks = reduce(or_, (found.marks for found in hits), Mark.NONE)
    return Screening(
        class_=kind,
        flags=_flags(kind, marks, quiet=bool(hits)),
        spam=Mark.SPAM in marks,
        loop=Mark.LOOP in marks,
        hits=tuple(found.reason for found in hits),
        bounce=facts,
        reaction=reports.reaction_text(mail) if kind == "report" else None,
        receipt=receipt.read(raw) if kind == "report" and reports.is_receipt(mail) else None,
    )


def _flags(kind: str, marks: Mark, *, quiet: bool) -> Flags:
    """Return the flags; an acknowledgement is only allowed if no rule matched (E14)."""
    return Flags(
        is_auto=kind != "human",
        is_bounce=kind == "bounce",
        is_list=Mark.LIST in marks,
        is_vacation=kind == "auto" and Mark.VACATION in marks,
        is_delay_notice=kind == "bounce" and Mark.DELAY in marks,
        is_dsn_success=Mark.SUCCESS in marks,
        is_feedback_report=Mark.FEEDBACK in marks,
        may_ack=not quiet,
    )


def _no_failure(mail: Mail, facts: BounceFacts) -> Hit | None:
    """F4: delayed, relayed, delivered and expanded are not failures; the report's own action counts first."""
    actions = {failed.action for failed in facts.recipients if failed.action}
    if actions and actions <= NO_FAILURE:
        return hit("delivery-reported", None, Mark.SUCCESS, actions=", ".join(sorted(actions)))
    if actions and actions <= NO_FAILURE | {"delayed"}:
        return hit("delivery-delayed", None, Mark.DELAY)
    if actions:
        return None
    if phrases.SUCCESS.search(mail.subject[:500]):
        return hit("success-subject", None, Mark.SUCCESS)
    if phrases.tells_of_delay(mail.subject, mail.text):
        return hit("delay-words", None, Mark.DELAY)
    return None
