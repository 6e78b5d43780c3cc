"""The checks of `ticketctl doctor` for outgoing mail, and for the addresses and the certificate of the gateway."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.receive.smtp import listen, serve
from gateway.receive.smtp.tls import Certificate
from gateway.send import oauth_login
from gateway.send.sign import signer
from gateway.send.smtp_client import SmtpClient, SmtpTimeouts
from ticketctl.console.times import ago
from ticketctl.errors import BadInput, MailServerTrouble, Refused
from ticketctl.settings.table import Gateway, Outgoing, Settings

RENEW = timedelta(days=21)  # before a certificate expires


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


def certificate(gateway: Gateway, now: datetime) -> tuple[str, str]:
    """Return state and sentence about the certificate for STARTTLS."""
    try:
        until = Certificate(gateway.tls_cert, gateway.tls_key).valid_until()
    except BadInput as trouble:
        return "fail", trouble.sentence
    day = until.date().isoformat()
    if until <= now:
        return "fail", f"{gateway.tls_cert} expired on {day}; renew it."
    if until - now < RENEW:
        return "warn", f"{gateway.tls_cert} expires on {day} ({ago(until, now)}); renew it."
    return "ok", f"{gateway.tls_cert} is valid until {day}."


def taken_addresses(gateway: Gateway) -> list[str]:
    """Return a sentence for each port on which another program listens."""
    return [said for place in serve.places(gateway) if (said := listen.taken(place))]


def _signing(server: Outgoing) -> tuple[str, str, str]:
    try:
        signer(server)
    except Refused as wrong:
        return "signing", "fail", wrong.sentence
    return "signing", "ok", f"mail is signed for {server.dkim_domain} (DKIM)."
