"""Loads the certificate for STARTTLS, again when its files change (A12)."""

import contextlib
import logging
import ssl
from datetime import UTC, datetime
from pathlib import Path

from gateway.shared.log import log_value
from ticketctl.errors import BadInput

log = logging.getLogger("ticketctl.gateway.smtp")

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL
_FLIGHTS = 4  # of a handshake


class Certificate:
    """`gateway.tls_cert` (with its chain) and `gateway.tls_key`, PEM files. BadInput if they cannot be used."""

    def __init__(self, cert: str, key: str) -> None:
        self._cert = Path(cert)
        self._key = Path(key)
        self._stamp = self._stamps()
        try:
            self._context = self._load()
        except (OSError, ssl.SSLError) as error:
            raise BadInput(
                f"gateway.tls_cert {cert} with gateway.tls_key {key} cannot be used: {_why(error)}."
            ) from None

    def context(self) -> ssl.SSLContext:
        """Return the context for the next connection. If a changed file is bad, log it and keep the old certificate."""
        stamp = self._stamps()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._context = self._load()
            except (OSError, ssl.SSLError) as error:
                log.error("the changed TLS certificate is not used: %s", log_value(_why(error)))
        return self._context

    def valid_until(self) -> datetime:
        """Return when the certificate expires, as a client sees it that trusts nothing else."""
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname = False
        client.load_verify_locations(self._cert)
        client.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
        inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        ends = (
            client.wrap_bio(inward, outward),
            self._context.wrap_bio(outward, inward, server_side=True),
        )
        for end in ends * _FLIGHTS:
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
        seen = ends[0].getpeercert()
        assert seen
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(seen["notAfter"])), UTC)

    def _load(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self._cert, self._key)
        return context

    def _stamps(self) -> tuple[tuple[int, int], ...]:
        """Return a stamp that changes when one of the two files changes."""
        return tuple(_stamp(path) for path in (self._cert, self._key))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_ino)


def _why(error: OSError) -> str:
    return error.strerror or str(error) or "not a certificate"
