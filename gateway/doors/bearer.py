"""Logging in to IMAP with an access token: XOAUTH2, or OAUTHBEARER (RFC 7628) where the server has only that."""

from typing import Any

from imapclient.exceptions import LoginError

from gateway.doors.imap_trouble import LOST, LoginRefused, sentence, words_of
from gateway.oauth.keep import access_token
from gateway.oauth.server import NoConsent
from ticketctl.errors import MailServerTrouble
from ticketctl.settings import ImapAccount

# By preference, with the answer that ends a refusal: a second challenge is the server's error in JSON.
_END = {"XOAUTH2": b"", "OAUTHBEARER": b"\1"}


def login(client: Any, account: ImapAccount) -> None:
    """Log in; a token that is refused is renewed once (B10).

    LoginRefused where the server or the consent says no, MailServerTrouble where trying again soon may help.
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
    said = [_END[mechanism], _said(account, mechanism, token)]
    try:
        client.sasl_login(mechanism, lambda challenge: said.pop() if said else None)
    except LoginError as refusal:
        cause = refusal.__context__ or refusal
        words = words_of(cause).replace(token, "…")
        lost = isinstance(cause, LOST) or "[UNAVAILABLE]" in words.upper()
        why = f"the login with OAuth failed: {words}"
        raise (MailServerTrouble if lost else LoginRefused)(sentence(account, why)) from None


def _mechanism(client: Any, account: ImapAccount) -> str:
    for name in _END:
        if client.has_capability(f"AUTH={name}"):
            return name
    raise LoginRefused(sentence(account, "it has neither XOAUTH2 nor OAUTHBEARER; use a password"))


def _said(account: ImapAccount, mechanism: str, token: str) -> bytes:
    if mechanism == "XOAUTH2":
        return f"user={account.username}\1auth=Bearer {token}\1\1".encode()
    who = account.username.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={who},\1auth=Bearer {token}\1\1".encode()
