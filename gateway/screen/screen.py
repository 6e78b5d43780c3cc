"""The order of judgement: one table of small rules, and what follows from their hits."""

from functools import reduce
from operator import or_

from msgspec import Struct

from gateway.parse.mail import Mail
from gateway.screen import (
    automatic,
    lists,
    loops,
    phrases,
    plain_bounce,
    reports,
    senders,
    spam,
    vacation,
)
from gateway.screen.bounce_recipients import BounceFacts, who_failed
from gateway.screen.envelope import Envelope
from gateway.screen.hit import Hit, Mark, Rule, hit
from ticketctl.domain.base.reasons import Reason
from ticketctl.write_guard import never_in_a_write

RULES: tuple[Rule, ...] = (
    # Every rule is asked and every hit recorded. The first hit that names a class decides it, so
    # the order is the policy: what cannot be mistaken first, what is only likely last.
    loops.own_mail,  # E6   our own mail, whatever else it looks like
    loops.too_many_hops,  # E13
    # A standard form is proof. Complaints and receipts stand before delivery reports, because
    # all three are multipart/report.
    reports.complaint,  # F8
    reports.read_receipt,  # F8
    reports.delivery_report,  # F1
    reports.amazon_notice,  # F5
    plain_bounce.failed_recipients,  # F5
    # An answering machine often uses a bounce's envelope (null sender, auto-replied), so its own
    # marks beat the shape of the envelope.
    vacation.out_of_office,  # F7
    plain_bounce.bounce_words,  # F5
    # Machines that are neither.
    automatic.auto_submitted,  # E1
    automatic.precedence,  # E2
    automatic.machine_header,  # E12
    senders.null_return_path,  # E10
    senders.mail_server,  # E10
    # No opinion on the class: these only keep us quiet.
    lists.list_header,  # E3
    lists.list_precedence,  # E2
    senders.no_reply,  # E10
    vacation.subject_words,  # E11
    plain_bounce.passed_on,  # E11
    automatic.asks_for_silence,  # E4
    automatic.passed_by_rule,  # E4
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
    """What kind of mail it is: class (human, auto, bounce, report), flags, and the reason of each hit.

    `bounce` has the failed recipients where the class is bounce or the mail reports a success.
    """

    class_: str
    flags: Flags
    spam: bool
    loop: bool
    hits: tuple[Reason, ...]
    bounce: BounceFacts | None = None


@never_in_a_write
def screen(mail: Mail, envelope: Envelope, raw: bytes = b"") -> Screening:
    """Judge a mail by the table. `raw` (the same mail) is read only where a report names its outcome."""
    hits = [found for rule in RULES if (found := rule(mail, envelope)) is not None]
    kind = next((found.kind for found in hits if found.kind), "human")
    facts = who_failed(mail, raw) if kind == "bounce" else None
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
    )


def _flags(kind: str, marks: Mark, *, quiet: bool) -> Flags:
    """The flags; an acknowledgement may leave only if no rule at all had anything to say (E14)."""
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
    """F4: delayed, relayed, delivered and expanded are no failures; the report's own word counts first."""
    actions = {failed.action for failed in facts.recipients if failed.action}
    if actions and actions <= NO_FAILURE:
        return hit("delivery-reported", None, Mark.SUCCESS, actions=", ".join(sorted(actions)))
    if actions and actions <= NO_FAILURE | {"delayed"}:
        return hit("delivery-delayed", None, Mark.DELAY)
    if actions:
        return None
    words = f"{mail.subject[:500]}\n{mail.text[: plain_bounce.LOOKED_AT]}"
    if phrases.SUCCESS.search(mail.subject[:500]):
        return hit("success-subject", None, Mark.SUCCESS)
    if phrases.DELAY.search(words):
        return hit("delay-words", None, Mark.DELAY)
    return None
