"""Addresses and Message-IDs by which mail finds its ticket: signed reply addresses, signed Message-IDs, VERP.

People unsubscribe by a signed address, too.

A signature is 80 bits of HMAC-SHA256 in lower-case base32, because mail systems lower-case local parts
(D3). It is valid for one recipient only. A wrong signature counts as none.
"""

import re
from typing import NamedTuple

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.optional_mail import OPTIONAL

# The purpose of a reply address: t public conversation, c internal comment, e an expert's answer,
# s an answer to a survey.
CONVERSATION, COMMENT, EXPERT, SURVEY = "t", "c", "e", "s"

# The recipient that comment addresses are signed for, since several agents get the same text.
AGENTS = "agents"

_DETAIL = re.compile(r"\A([tce])([1-9][0-9]{0,17})\.([a-z2-7]{16})\Z")
_SURVEY = re.compile(r"\As([1-9][0-9]{0,17})(?:\.([0-9]{1,2}))?\.([a-z2-7]{16})\Z")
_UNSUBSCRIBE = re.compile(r"\Au([rs])([1-9][0-9]{0,17})\.([a-z2-7]{16})\Z")
_DELIVERY = re.compile(r"\Ad([1-9][0-9]{0,17})\.([a-z2-7]{16})\Z")
_MESSAGE_ID = re.compile(r"\At([1-9][0-9]{0,17})\.([a-z0-9]{1,32})\.([a-z2-7]{16})@", re.IGNORECASE)


class ReplyToken(NamedTuple):
    """The content of a reply address; valid only after `holds` for its recipient."""

    purpose: str
    ticket: int
    signature: str


class SurveyToken(NamedTuple):
    """The content of the address of a survey answer; valid only after `survey_holds`. The grade is not signed."""

    ticket: int
    grade: int | None
    signature: str


class UnsubscribeToken(NamedTuple):
    """A request to unsubscribe, valid only after `unsubscribe_holds`: from which mail, and where it was asked."""

    mail: str  # reports | surveys
    outbox: int
    signature: str


def _sign(key: bytes, *words: str) -> str:
    import base64  # slow to import, and most commands sign nothing
    import hashlib
    import hmac

    digest = hmac.new(key, "\0".join(words).encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def _agree(right: str, given: str) -> bool:
    """Compared in a time that tells nothing of the right one."""
    import hmac

    return hmac.compare_digest(right, given)


def fits_local_part(address: str) -> bool:
    """Is the local part of an address at most 64 octets (RFC 5321 4.5.3.1.1)?"""
    return len(address.rpartition("@")[0]) <= 64


def reply_address(key: bytes, mailbox: str, purpose: str, ticket: int, recipient: str) -> str:
    """`support+t12.<token>@help.example`, bound to `recipient` (D3, L4)."""
    local, _, domain = mailbox.rpartition("@")
    signature = _sign(key, "reply", purpose, str(ticket), address_key(recipient))
    return f"{local}+{purpose}{ticket}.{signature}@{domain}"


def parse_detail(detail: str) -> ReplyToken | None:
    """The part of a recipient's local part after `+` as a reply token, unverified."""
    found = _DETAIL.match(detail.lower())
    return ReplyToken(found[1], int(found[2]), found[3]) if found else None


def survey_address(
    key: bytes, mailbox: str, ticket: int, survey: str, recipient: str, grade: int | None = None
) -> str:
    """`support+s12.4.<token>@help.example`: the address for `recipient` to answer a survey about a ticket.

    It is signed for all three but the grade, which is optional, and the recipient's choice.
    """
    local, _, domain = mailbox.rpartition("@")
    signature = _sign(key, "survey", str(ticket), survey, address_key(recipient))
    chosen = "" if grade is None else f".{grade}"
    return f"{local}+{SURVEY}{ticket}{chosen}.{signature}@{domain}"


def parse_survey(detail: str) -> SurveyToken | None:
    """The part of a recipient's local part after `+` as the token of a survey answer, unverified."""
    found = _SURVEY.match(detail.lower())
    if not found:
        return None
    return SurveyToken(int(found[1]), int(found[2]) if found[2] else None, found[3])


def survey_holds(key: bytes, token: SurveyToken, survey: str, recipient: str) -> bool:
    """Did we make this token for `recipient` and this survey?"""
    right = _sign(key, "survey", str(token.ticket), survey, address_key(recipient))
    return _agree(right, token.signature)


def unsubscribe_token(key: bytes, mail: str, outbox: int, recipient: str) -> str:
    """`us12.<signature>`: with it, `recipient` of mail 12 of the outbox unsubscribes from surveys (`mail`)."""
    signature = _sign(key, "unsubscribe", mail, str(outbox), address_key(recipient))
    return f"u{mail[0]}{outbox}.{signature}"


def parse_unsubscribe(word: str) -> UnsubscribeToken | None:
    """The detail of an address, or a word of a subject, as a request to unsubscribe, unverified."""
    found = _UNSUBSCRIBE.match(word.lower())
    if not found:
        return None
    mail = next(one for one in OPTIONAL if one.startswith(found[1]))
    return UnsubscribeToken(mail, int(found[2]), found[3])


def unsubscribe_holds(key: bytes, token: UnsubscribeToken, recipient: str) -> bool:
    """Did we make this token for `recipient`?"""
    right = _sign(key, "unsubscribe", token.mail, str(token.outbox), address_key(recipient))
    return _agree(right, token.signature)


def is_token(detail: str) -> bool:
    """Does it look like a token of ours (reply, survey, unsubscribe, bounce)? Unverified."""
    shapes = (_DETAIL, _SURVEY, _UNSUBSCRIBE, _DELIVERY)
    return any(shape.match(detail.lower()) for shape in shapes)


def holds(key: bytes, token: ReplyToken, recipient: str) -> bool:
    """Did we make this token for `recipient`?"""
    right = _sign(key, "reply", token.purpose, str(token.ticket), address_key(recipient))
    return _agree(right, token.signature)


def message_id(key: bytes, domain: str, ticket: int, serial: str) -> str:
    """`<t12.<serial>.<signature>@domain>` for outgoing mail (L2); `serial` is unique a mail."""
    return f"<t{ticket}.{serial}.{_sign(key, 'message-id', str(ticket), serial)}@{domain}>"


def ticket_of_message_id(key: bytes, identifier: str) -> int | None:
    """The ticket that a Message-ID of ours names, if the signature is valid; with or without brackets."""
    found = _MESSAGE_ID.match(identifier.strip("<>"))
    if not found:
        return None
    right = _sign(key, "message-id", found[1], found[2].lower())
    return int(found[1]) if _agree(right, found[3].lower()) else None


def bounce_address(key: bytes, envelope: str, delivery: int) -> str:
    """The envelope sender of one delivery: `bounces+d7.<signature>@help.example` (L12, F3)."""
    local, _, domain = envelope.rpartition("@")
    return f"{local}+d{delivery}.{_sign(key, 'delivery', str(delivery))}@{domain}"


def delivery_of_detail(key: bytes, detail: str) -> int | None:
    """The delivery that a bounce address names, if the signature is valid."""
    found = _DELIVERY.match(detail.lower())
    if not found or not _agree(_sign(key, "delivery", found[1]), found[2]):
        return None
    return int(found[1])
