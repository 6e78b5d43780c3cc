"""What the door knows about a mail and the mail itself does not: who handed it to us, and for whom."""

from msgspec import Struct


class Envelope(Struct, frozen=True, kw_only=True):
    """The envelope of one mail, and what the desk knows of itself.

    `envelope_from` is None where no door saw one (IMAP, a file); "" is the null sender.
    `trusted`: the peer is one of the configured relays, so its marks are believed.
    `instance` is the value of our own loop header; `own_hosts` are our names in Received lines.
    """

    envelope_from: str | None = None
    recipients: tuple[str, ...] = ()
    remote: str = ""
    authenticated: bool = False
    trusted: bool = False
    instance: str = ""
    own_hosts: tuple[str, ...] = ()
