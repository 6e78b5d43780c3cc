"""All SMTP and LMTP listeners of a gateway, in one event loop."""

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial

from gateway.receive.inbox_writer import InboxWriter
from gateway.receive.smtp import listen
from gateway.receive.smtp.lmtp import LmtpDoor
from gateway.receive.smtp.sessions import Limits, SessionRegistry
from gateway.receive.smtp.smtp import SmtpDoor
from gateway.receive.smtp.tls import Certificate
from ticketctl.errors import BadInput
from ticketctl.settings.table import Gateway, Settings
from ticketctl.store.db.engine import Database

GRACE_SECONDS = 20.0  # for mails in progress, at the end

_ACCEPTED_SECONDS = (
    0.01  # in which what was accepted last reaches the sessions, which ends it in order
)


async def serve(
    settings: Settings,
    db: Database,
    stop: asyncio.Event,
    ready: Callable[[list[str]], None],
    grace: float = GRACE_SECONDS,
) -> None:
    """Take mail until `stop` is set, then finish what is in progress within `grace` seconds (A19).

    `ready` gets the real addresses, like `smtp 127.0.0.1:2525`, once all of them answer. BadInput for an
    address or certificate that makes no sense, MailServerTrouble for one that cannot be had.
    """
    # aiosmtpd logs what clients say as it came; our own lines tell it clean.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    writer = InboxWriter(db, settings.outgoing.envelope)
    gateway, host = settings.gateway, socket.gethostname()
    sessions = SessionRegistry(
        writer, host, _limits(gateway), _tls(settings), gateway.trusted_relays
    )
    servers: list[asyncio.Server] = []
    try:
        names = await _open_all(gateway, sessions, servers)
        ready(names)
        await stop.wait()
    finally:
        for server in servers:
            server.close()
        await asyncio.sleep(_ACCEPTED_SECONDS)
        await sessions.close(grace)
        await asyncio.to_thread(writer.close)


def check_addresses(settings: Settings) -> None:
    """The errors of `serve`, before anything is started."""
    _tls(settings)
    for _, place in _places(settings.gateway):
        listen.check(place)


async def _open_all(
    gateway: Gateway, sessions: SessionRegistry, servers: list[asyncio.Server]
) -> list[str]:
    names = []
    for door, place in _places(gateway):
        server, addresses = await listen.open_(place, partial(door, sessions))
        servers.append(server)
        names += [f"{door.via} {address}" for address in addresses]
    return names


def _places(gateway: Gateway) -> list[tuple[type[SmtpDoor], listen.Tcp | listen.Unix]]:
    smtp = [(SmtpDoor, listen.parse("gateway.smtp", text)) for text in gateway.smtp]
    lmtp = [(LmtpDoor, listen.parse("gateway.lmtp", text)) for text in gateway.lmtp]
    return [*smtp, *lmtp]


def _limits(gateway: Gateway) -> Limits:
    return Limits(
        size=gateway.max_message_size,
        connections=gateway.max_connections,
        connections_per_address=gateway.max_connections_per_address,
    )


def _tls(settings: Settings) -> Certificate | None:
    cert, key = settings.gateway.tls_cert, settings.gateway.tls_key
    if bool(cert) != bool(key):
        raise BadInput("gateway.tls_cert and gateway.tls_key belong together; set both or none.")
    return Certificate(cert, key) if cert else None
