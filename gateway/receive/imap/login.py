"""Logs in to an IMAP server, and tells it who we are where it asks for that."""

import logging
import ssl

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from gateway.receive.imap import oauth_login
from gateway.receive.imap.errors import LOST, REFUSED, LoginRefused, message_of, sentence
from gateway.shared.log import log_value
from ticketctl import __version__
from ticketctl.errors import MailServerTrouble
from ticketctl.settings import secrets
from ticketctl.settings.table import ImapAccount

log = logging.getLogger("ticketctl.gateway.imap")


def log_in(client: IMAPClient, account: ImapAccount) -> None:
    """Log in as configured: LoginRefused, or MailServerTrouble if trying again soon may help."""
    if account.security == "starttls":
        client.starttls(ssl.create_default_context())
    if client.has_capability("LOGINDISABLED"):
        why = "it does not allow login without TLS; set security to tls or starttls"
        raise LoginRefused(sentence(account, why))
    if account.auth == "oauth2":
        oauth_login.login(client, account)
    else:
        _with_password(client, account)
    if client.has_capability("ID"):
        _identify(client)


def _identify(client: IMAPClient) -> None:
    """Send the ID command (RFC 2971): without it, 163.com and 126.com open no folder. A refusal does not matter."""
    try:
        client.id_({"name": "ticketctl", "version": __version__})
    except LOST:
        raise
    except REFUSED as refusal:
        log.info("the server does not take the ID command: %s", log_value(message_of(refusal)))


def _with_password(client: IMAPClient, account: ImapAccount) -> None:
    password = secrets.password(account)
    try:
        if f"{account.username}{password}".isascii():
            client.login(_quoted(account.username), password)
        else:
            client.plain_login(account.username, password)
    except UnicodeError:
        raise LoginRefused(sentence(account, "the password is not UTF-8")) from None
    except LoginError as refusal:
        words = message_of(refusal.__context__ or refusal)
        lost = isinstance(refusal.__context__, LOST) or "[UNAVAILABLE]" in words.upper()
        if password:
            words = words.replace(password, "…")  # some servers repeat the command in the error
        why = f"the login failed: {words}"
        raise (MailServerTrouble if lost else LoginRefused)(sentence(account, why)) from None


def _quoted(text: str) -> str:
    """Return a quoted string of RFC 9051; imaplib quotes passwords, but not user names."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
