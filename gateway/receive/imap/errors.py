"""What networks and IMAP servers do wrong, as sentences: the one place where their exceptions end."""

import contextlib
import imaplib
import ssl
from collections.abc import Iterator

from gateway.shared.log import log_value
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import ImapAccount

LOST = (imaplib.IMAP4.abort, OSError)  # the connection is of no more use
# What imapclient raises for a refusal, and what its parser stumbles into when an answer makes no sense.
_REFUSED = (imaplib.IMAP4.error, ValueError, TypeError, LookupError, AttributeError, RuntimeError)


class LoginRefused(MailServerTrouble):
    """The server does not know this user with this password; trying again soon may lock the account."""


class CommandRefused(MailServerTrouble):
    """The server said no, or nonsense, to one command; the connection can still be used."""


@contextlib.contextmanager
def asking(account: ImapAccount, what: str) -> Iterator[None]:
    """Around commands to the server that `what` names: CommandRefused, or MailServerTrouble if it is gone."""
    try:
        yield
    except ssl.SSLCertVerificationError as trouble:
        why = f"its certificate is not trusted: {trouble.verify_message}"
        raise MailServerTrouble(sentence(account, why)) from trouble
    except TimeoutError as trouble:
        raise MailServerTrouble(sentence(account, f"no answer in time to {what}")) from trouble
    except LOST as trouble:
        why = f"cannot {what}: {words_of(trouble)}"
        raise MailServerTrouble(sentence(account, why)) from trouble
    except _REFUSED as refusal:
        why = f"cannot {what}: {words_of(refusal)}"
        raise CommandRefused(sentence(account, why)) from refusal


def sentence(account: ImapAccount, why: str) -> str:
    """What is wrong with an account, safe for a terminal."""
    where = f"the IMAP account {account.name} ({account.host}:{account.port})"
    return f"{where}: {log_value(why).rstrip('.')}."


def words_of(trouble: BaseException) -> str:
    """What an error says; imaplib leaves the words of a server as bytes."""
    said = trouble.args[0] if trouble.args else ""
    if isinstance(said, bytes):
        return said.decode("utf-8", "replace")
    return str(trouble) or type(trouble).__name__
