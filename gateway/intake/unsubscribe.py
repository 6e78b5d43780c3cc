"""Unsubscribes whoever writes to the signed address in List-Unsubscribe (RFC 2369).

The mail opens no ticket and gets no answer: nobody who clicks expects one. The address is proof enough, as only the
recipient of that mail had it; they may write from another address of theirs. Mail programs write such a mail at a
click, so one that is marked as generated counts, but never an automatic answer or a bounce. People may also answer
such a mail with the one word `unsubscribe`.
"""

import re
from itertools import islice

from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.own_text import markers
from gateway.intake.verdict import Verdict
from gateway.parse.mail import Mail
from gateway.screen.automatic import auto_submitted_token
from gateway.thread import reply_token
from gateway.trim.trim import trim
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import unsubscribe
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.optional_mail import BY_KIND
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.signed_addresses import UnsubscribeToken
from ticketctl.store.queues import outbox
from ticketctl.write_guard import never_in_a_write

_SUBJECT = re.compile(r"unsubscribe ([a-z0-9.]{1,40})", re.IGNORECASE)
_WORD = re.compile(r"\s*+(?:unsubscribe|baja|odhlásit)\s*+[.!]?\s*+", re.IGNORECASE)
_MOST = 10  # tokens of one mail that are looked up
# What was noticed about a mail that nobody's click makes.
_NEVER = frozenset(
    (
        *("null-return-path", "mail-server", "auto-reply-subject", "precedence"),
        "other-desk-loop-header",
    )
)


def file_request(work: Work, analysed: AnalysedMail) -> Verdict | None:
    """Unsubscribe the recipient that the mail's token was made for; None for any other mail."""
    if analysed.screening.class_ == "bounce":
        return None
    for token in islice(_tokens(analysed), _MOST):
        address = _recipient(work, analysed, token)
        if address:
            return _file(work, analysed, token.mail, address)
    if analysed.read().unsubscribes and (answered := _answered(work, analysed)):
        return _file(work, analysed, *answered)
    return None


@never_in_a_write
def asked_in_words(mail: Mail) -> bool:
    """Is `unsubscribe` the whole answer to a mail, but for what it quotes?"""
    first = mail.text.strip()[:40].partition("\n")[0]
    if mail.parts or mail.in_reply_to is None or not _WORD.fullmatch(first):
        return False
    return _WORD.fullmatch(trim(mail.text, markers=markers(), html=mail.html).text) is not None


def _file(work: Work, analysed: AnalysedMail, mail: str, address: str) -> Verdict:
    screening = analysed.screening
    if not _may_be_a_click(analysed):
        why = reason("unsubscribe-automatic", address=address, mail=mail)
        return Verdict(verdict="dropped", class_=screening.class_, reasons=(*screening.hits, why))
    new = unsubscribe.add(work, address, [mail])
    why = reason("unsubscribed" if new else "unsubscribed-before", address=address, mail=mail)
    return Verdict(verdict="command", class_=screening.class_, reasons=(*screening.hits, why))


def _may_be_a_click(analysed: AnalysedMail) -> bool:
    """Did a person write it, or a mail program for them: generated (RFC 3834), but no answer to anything?"""
    screening = analysed.screening
    slugs = {hit.slug for hit in screening.hits}
    if slugs & _NEVER or screening.flags.is_vacation:
        return False
    if screening.class_ == "human":
        return True
    generated = auto_submitted_token(analysed.mail) == "auto-generated"
    return generated and (screening.class_ == "auto" or "unsubscribe-request" in slugs)


def _tokens(analysed: AnalysedMail) -> list[UnsubscribeToken]:
    """Return what looks like a token: in the addresses it was sent to, then as the whole subject."""
    mail = analysed.mail
    words = [*reply_token.details(mail, analysed.row.recipients)]
    if found := _SUBJECT.fullmatch(mail.subject[:80].strip()):
        words.append(found[1])
    return [one for one in map(signed_addresses.parse_unsubscribe, words) if one]


def _recipient(work: Work, analysed: AnalysedMail, token: UnsubscribeToken) -> str | None:
    """Return the address that the token was made for: a recipient of that mail, or the author if it was deleted."""
    sender = analysed.read().sender
    known = [one.address for one in outbox.deliveries(work.tx, token.outbox)]
    author = [sender.key] if sender else []
    for address in (*known, *author):
        if signed_addresses.unsubscribe_holds(work.key, token, address):
            return address
    return None


def _answered(work: Work, analysed: AnalysedMail) -> tuple[str, str] | None:
    """Return what the mail that the author answers belongs to, and their address; None if they never had it."""
    sender, parent = analysed.read().sender, analysed.mail.in_reply_to
    row = outbox.by_message_id(work.tx, parent) if parent else None
    mail = BY_KIND.get(row.kind) if row else None
    if sender is None or row is None or mail is None:
        return None
    had = {one.address for one in outbox.deliveries(work.tx, row.id)}
    return (mail, sender.key) if sender.key in had else None
