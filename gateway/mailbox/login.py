"""The command `mailbox login NAME`: a person consents in a browser to our access to a mailbox (RFC 8628)."""

from gateway.oauth import token_server, token_store
from gateway.receive.imap.session import ImapSession, ImapTimeouts
from ticketctl.console.context import App
from ticketctl.errors import NotFound, Refused
from ticketctl.settings.table import ImapAccount, OAuth, Settings


def show(app: App, name: str, given: str | None) -> None:
    """Get consent, or use the refresh token `given`; store the tokens, and log in once.

    DeskError if that fails; stored tokens are only replaced by new ones.
    """
    account, oauth = _account(app.settings, name)
    if given is None:
        tokens = _consent(app, account, oauth)
    else:
        tokens = token_server.refresh_tokens(oauth, given)
        tokens = tokens._replace(refresh=tokens.refresh or given)
    token_store.store(account, tokens)
    with ImapSession(account, ImapTimeouts(connect=10, read=20)) as session:
        session.select()
    app.out.data(f"{account.name} may log in as {account.username}")


def _consent(app: App, account: ImapAccount, oauth: OAuth) -> token_server.Tokens:
    code = token_server.ask_consent(oauth)
    app.out.trouble(f"Open {code.address} as {account.username} and type the code {code.user}")
    if code.complete:
        app.out.trouble(f"or open {code.complete}")
    app.out.trouble(f"Waiting for {code.seconds / 60:.0f} minutes.")
    return token_server.await_consent(oauth, code)


def _account(settings: Settings, name: str) -> tuple[ImapAccount, OAuth]:
    account = next((one for one in settings.imap if one.name == name), None)
    if account is None:
        there = ", ".join(one.name for one in settings.imap) or "none"
        raise NotFound(f'no IMAP account "{name}" in config.toml; it has {there}.')
    if account.auth != "oauth2" or account.oauth is None:
        raise Refused(
            f"the IMAP account {name} logs in with a password; give it auth = oauth2 and [imap.oauth]."
        )
    if account.oauth.flow == "client-credentials":
        raise Refused(
            f"the IMAP account {name} needs no consent, because its flow is client-credentials; "
            'to use consent, set flow = "consent".'
        )
    return account, account.oauth
