"""Runs all SMTP and LMTP listeners of a gateway in one event loop."""

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial

from gateway.receive.inbox_writer import InboxWriter
from gateway.receive.smtp import listen
from gateway.receive.smtp.lmtp import LmtpSession
from gateway.receive.smtp.sessions import SessionLimits, SessionRegistry
from gateway.receive.smtp.smtp import SmtpSession
from gateway.receive.smtp.tls import Certificate
from ticketctl.errors import BadInput
from ticketctl.settings.table import Gateway, Settings
from ticketctl.store.db.database import Database

Place = tuple[type[SmtpSession], listen.Tcp | listen.Unix]
Listening = dict[Place, list[socket.socket]]
"""The sockets of each address. The supervisor holds them, so that senders wait while the doors are replaced."""

GRACE_SECONDS = 20.0  # for mails in progress at shutdown

_ACCEPTED_SECONDS = (
    0.01  # for connections just accepted to be registered, so that they are ended in order
)


async def serve(
    settings: Settings,
    db: Database,
    stop: asyncio.Event,
    ready: Callable[[list[str]], None],
    grace: float = GRACE_SECONDS,
    listening: Listening | None = None,
) -> None:
    """Receive mail until `stop` is set, then finish mails in progress within `grace` seconds (A19).

    `ready` is called with the actual addresses, such as `smtp 127.0.0.1:2525`, once all of them are open. `listening`
    are the sockets that the supervisor has opened, if there is one. Errors as those of `open_addresses`.
    """
    # aiosmtpd logs what clients send unescaped; our own log lines escape it.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    writer = InboxWriter(db, settings.outgoing.envelope)
    gateway, host = settings.gateway, socket.gethostname()
    sessions = SessionRegistry(
        writer, host, _limits(gateway), _tls(settings), gateway.trusted_relays
    )
    servers: list[asyncio.Server] = []
    try:
        names = []
        for (session, _), sockets in (listening or open_addresses(settings)).items():
            for one in sockets:
                names.append(f"{session.via} {listen.address(one)}")
                servers.append(await listen.accept(one, partial(session, sessions)))
        ready(names)
        await stop.wait()
    finally:
        for server in servers:
            server.close()
        await asyncio.sleep(_ACCEPTED_SECONDS)
        await sessions.close(grace)
        await asyncio.to_thread(writer.close)


def check_addresses(settings: Settings) -> None:
    """Raise the errors of `serve` before anything is started."""
    _tls(settings)
    for place in places(settings.gateway):
        listen.check(place)


def places(gateway: Gateway) -> list[listen.Tcp | listen.Unix]:
    """Return the addresses on which to listen. BadInput."""
    return [place for _, place in _places(gateway)]


def open_addresses(settings: Settings, held: Listening | None = None) -> Listening:
    """Listen on the addresses of these settings: all or none. An address that is in `held` keeps its sockets.

    BadInput for an invalid address or certificate, MailServerTrouble if an address cannot be opened.
    """
    _tls(settings)
    held = held or {}
    wanted = _places(settings.gateway)
    opened: Listening = {}
    try:
        for place in wanted:
            if place not in held:
                opened[place] = listen.bind(place[1])
    except BaseException:
        close_addresses(opened)
        raise
    return {place: held[place] if place in held else opened[place] for place in wanted}


def close_addresses(listening: Listening) -> None:
    """Close the sockets; only those who accept connections on copies of them go on."""
    for sockets in listening.values():
        for one in sockets:
            one.close()


def _places(gateway: Gateway) -> list[Place]:
    smtp: list[Place] = [(SmtpSession, listen.parse("gateway.smtp", text)) for text in gateway.smtp]
    lmtp: list[Place] = [(LmtpSession, listen.parse("gateway.lmtp", text)) for text in gateway.lmtp]
    return [*smtp, *lmtp]


def _limits(gateway: Gateway) -> SessionLimits:
    return SessionLimits(
        size=gateway.max_message_size,
        connections=gateway.max_connections,
        connections_per_address=gateway.max_connections_per_address,
    )


def _tls(settings: Settings) -> Certificate | None:
    cert, key = settings.gateway.tls_cert, settings.gateway.tls_key
    if bool(cert) != bool(key):
        raise BadInput("gateway.tls_cert and gateway.tls_key belong together; set both or none.")
    return Certificate(cert, key) if cert else None
