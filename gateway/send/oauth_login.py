"""Logs in to the outgoing server with the access token of an IMAP account (L20)."""

import smtplib

from gateway.oauth import sasl
from gateway.oauth.token_store import access_token
from ticketctl.errors import Refused
from ticketctl.settings.table import ImapAccount, Settings


def account(settings: Settings) -> ImapAccount | None:
    """Return the IMAP account whose OAuth consent is also used for sending; None if the setting is empty.

    Refused if the account does not use OAuth.
    """
    name = settings.outgoing.oauth
    if not name:
        return None
    found = next((one for one in settings.imap if one.name == name), None)
    if found is None or found.auth != "oauth2":
        raise Refused(f'outgoing.oauth: no [[imap]] account "{name}" with auth = oauth2.')
    return found


def login(smtp: smtplib.SMTP, account: ImapAccount) -> None:
    """Log in; renew a refused token once (B10). Raises smtplib's errors, and those of `access_token`."""
    mechanism = sasl.mechanism(smtp.esmtp_features.get("auth", "").split())
    if mechanism is None:
        raise smtplib.SMTPNotSupportedError("it has neither XOAUTH2 nor OAUTHBEARER")
    token = access_token(account)
    try:
        _try(smtp, mechanism, account.username, token)
    except smtplib.SMTPAuthenticationError:
        _try(smtp, mechanism, account.username, access_token(account, not_this=token))


def _try(smtp: smtplib.SMTP, mechanism: str, username: str, token: str) -> None:
    def answer(challenge: bytes | None = None) -> str:
        response = (
            sasl.first(mechanism, username, token) if challenge is None else sasl.END[mechanism]
        )
        return response.decode()

    smtp.auth(mechanism, answer)
