"""The envelope of a mail: who delivered it, and its recipients."""

from msgspec import Struct


class ScreenEnvelope(Struct, frozen=True, kw_only=True):
    """The envelope of one mail, and facts about this desk.

    `envelope_from` "" is the null sender, None an unknown one (IMAP, a file). `trusted`: the peer is a trusted relay,
    so its headers are believed. `instance` is the value of our loop header; `own_hosts` are our names in Received.
    """

    envelope_from: str | None = None
    recipients: tuple[str, ...] = ()
    remote: str = ""
    authenticated: bool = False
    trusted: bool = False
    instance: str = ""
    own_hosts: tuple[str, ...] = ()
