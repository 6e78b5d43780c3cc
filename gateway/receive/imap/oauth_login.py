"""Logs in to IMAP with an OAuth access token."""

from typing import Any

from imapclient.exceptions import LoginError

from gateway.oauth import sasl
from gateway.oauth.token_server import NoConsent
from gateway.oauth.token_store import access_token
from gateway.receive.imap.errors import LOST, LoginRefused, message_of, sentence
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import ImapAccount


def login(client: object, account: ImapAccount) -> None:
    """Log in; renew a refused token once (B10).

    LoginRefused if the server refuses or there is no consent, MailServerTrouble if trying again soon may help.
    """
    mechanism = _mechanism(client, account)
    token = _token(account)
    try:
        _try(client, account, mechanism, token)
    except LoginRefused:
        _try(client, account, mechanism, _token(account, not_this=token))


def _token(account: ImapAccount, *, not_this: str = "") -> str:
    try:
        return access_token(account, not_this=not_this)
    except NoConsent as gone:
        raise LoginRefused(sentence(account, gone.sentence)) from None
    except MailServerTrouble as trouble:
        raise MailServerTrouble(sentence(account, trouble.sentence)) from None


def _try(client: Any, account: ImapAccount, mechanism: str, token: str) -> None:
    answers = [sasl.END[mechanism], sasl.first(mechanism, account.username, token)]
    try:
        client.sasl_login(mechanism, lambda challenge: answers.pop() if answers else None)
    except LoginError as refusal:
        cause = refusal.__context__ or refusal
        words = message_of(cause).replace(token, "…")
        lost = isinstance(cause, LOST) or "[UNAVAILABLE]" in words.upper()
        why = f"the login with OAuth failed: {words}"
        raise (MailServerTrouble if lost else LoginRefused)(sentence(account, why)) from None


def _mechanism(client: Any, account: ImapAccount) -> str:
    offered = [name for name in sasl.END if client.has_capability(f"AUTH={name}")]
    chosen = sasl.mechanism(offered)
    if chosen is None:
        why = "it has neither XOAUTH2 nor OAUTHBEARER; use a password"
        raise LoginRefused(sentence(account, why))
    return chosen
