"""The checks of `ticketctl doctor` for outgoing mail."""

from collections.abc import Iterator

from gateway.send import oauth_login
from gateway.send.sign import signer
from gateway.send.smtp_client import SmtpClient, SmtpTimeouts
from ticketctl.errors import MailServerTrouble, Refused
from ticketctl.settings.table import Outgoing, Settings


def checks(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield name, state (ok or fail) and sentence of each check: signing mail, and logging in to the server."""
    server = settings.outgoing
    if server.dkim_domain or server.dkim_selector or server.dkim_key_file:
        yield _signing(server)
    try:
        client = SmtpClient(
            server, SmtpTimeouts(connect=5, command=5, reply=5), oauth_login.account(settings)
        )
        client.open("localhost")
    except (MailServerTrouble, Refused) as trouble:
        yield "outgoing", "fail", trouble.sentence
        return
    client.quit()
    yield "outgoing", "ok", f"the mail server {server.host}:{server.port} answers."


def _signing(server: Outgoing) -> tuple[str, str, str]:
    try:
        signer(server)
    except Refused as wrong:
        return "signing", "fail", wrong.sentence
    return "signing", "ok", f"mail is signed for {server.dkim_domain} (DKIM)."
