"""Turns exceptions of the network and of IMAP servers into our errors."""

import contextlib
import imaplib
import ssl
from collections.abc import Iterator

from gateway.shared.log import log_value
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import ImapAccount

LOST = (imaplib.IMAP4.abort, OSError)  # the connection cannot be used any more
# What imapclient raises for a refusal, and what its parser raises for an invalid reply.
REFUSED = (imaplib.IMAP4.error, ValueError, TypeError, LookupError, AttributeError, RuntimeError)


class LoginRefused(MailServerTrouble):
    """The server refuses this user and password; trying again soon may lock the account."""


class CommandRefused(MailServerTrouble):
    """The server refused one command, or sent an invalid reply; the connection can still be used."""


@contextlib.contextmanager
def command(account: ImapAccount, what: str) -> Iterator[None]:
    """Run commands that `what` describes: CommandRefused, or MailServerTrouble if the connection is lost."""
    try:
        yield
    except ssl.SSLCertVerificationError as trouble:
        why = f"its certificate is not trusted: {trouble.verify_message}"
        raise MailServerTrouble(sentence(account, why)) from trouble
    except TimeoutError as trouble:
        raise MailServerTrouble(sentence(account, f"no answer in time to {what}")) from trouble
    except LOST as trouble:
        why = f"cannot {what}: {message_of(trouble)}"
        raise MailServerTrouble(sentence(account, why)) from trouble
    except REFUSED as refusal:
        why = f"cannot {what}: {message_of(refusal)}"
        raise CommandRefused(sentence(account, why)) from refusal


def sentence(account: ImapAccount, why: str) -> str:
    """Say what is wrong with an account, safe for a terminal."""
    where = f"the IMAP account {account.name} ({account.host}:{account.port})"
    return f"{where}: {log_value(why).rstrip('.')}."


def message_of(trouble: BaseException) -> str:
    """Return the text of an error; imaplib leaves that of a server as bytes."""
    text = trouble.args[0] if trouble.args else ""
    if isinstance(text, bytes):
        return text.decode("utf-8", "replace")
    return str(trouble) or type(trouble).__name__
