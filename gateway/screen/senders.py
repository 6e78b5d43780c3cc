"""Rules for senders that must not be answered (E10), and tests for mail servers as senders (F5)."""

import re

from gateway.parse.mail import Mail
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.hit import Hit, hit, shown

NO_REPLY = re.compile(
    r"(?:^|[._+=-])(?:no|do[._-]?not|dont|never)[._-]?(?:reply|respond|answer|response)(?:$|[._+=-])"
    r"|^(?:ne-?pas-?repondre|(?:nicht|keine)-?antwort(?:en)?|no-?responder|non-?rispondere"
    r"|nao-?responda|niet-?beantwoorden)$"
)
DAEMON = re.compile(r"^(?:mailer[._-]?daemon|post[._-]?master|mail[._-]?daemon|mdaemon|mmdf)$")
DAEMON_NAME = re.compile(r"mailer[- ]?daemon|mail deliver(?:y)? (?:sub)?system", re.IGNORECASE)
OFFICE_NAME = re.compile(
    r"(?:mail|system) administrator|postmaster|mail system|delivery system", re.IGNORECASE
)
"""Names that people may have too; they only count together with phrases of a bounce."""


def local_part(address: str) -> str:
    """Return the local part in lower case; the whole text if there is no @."""
    return address.strip(" <>\"'").rpartition("@")[0].lower() or address.strip(" <>\"'").lower()


def null_sender(mail: Mail, envelope: ScreenEnvelope) -> bool:
    """Did the mail come with the null sender, by the envelope or by Return-Path?"""
    if envelope.envelope_from is not None and envelope.envelope_from.strip(" <>") == "":
        return True
    path = mail.first("return-path")
    return bool(path) and path.strip(" <>") == ""


def is_from_daemon(mail: Mail, envelope: ScreenEnvelope) -> bool:
    """Did a mail server write it: MAILER-DAEMON or postmaster in From, Return-Path or envelope?"""
    addresses = [address.email for address in mail.from_]
    addresses += [mail.first("return-path"), envelope.envelope_from or ""]
    if any(DAEMON.match(local_part(address)) for address in addresses):
        return True
    return bool(DAEMON_NAME.search(mail.first("from")[:200]))


def may_be_daemon(mail: Mail, envelope: ScreenEnvelope) -> bool:
    """May a mail server have written it: is_from_daemon, or a name that a person may have too?"""
    named = OFFICE_NAME.search(mail.first("from")[:200]) is not None
    return named or is_from_daemon(mail, envelope)


def null_return_path(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E10: mail with the null sender must not be answered, and only machines send it (RFC 5321 4.5.5)."""
    return hit("null-return-path", "auto") if null_sender(mail, envelope) else None


def mail_server(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E10: MAILER-DAEMON@ and postmaster@ get no answer."""
    return hit("mail-server", "auto") if is_from_daemon(mail, envelope) else None


def no_reply(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E10: a no-reply address, or no address at all."""
    if mail.sender is None and not mail.from_:
        return hit("no-sender-address")
    addresses = [address.email for address in (*mail.from_, *mail.reply_to)]
    for address in (*addresses, envelope.envelope_from or ""):
        if NO_REPLY.search(local_part(address)):
            return hit("no-reply-sender", address=shown(address))
    return None
