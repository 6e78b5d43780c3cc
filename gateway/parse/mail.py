"""Mail: a parsed message, as a frozen record. Nothing in it is trusted."""

from datetime import datetime

from msgspec import Struct

from ticketctl.domain.base.addresses import address_key

WHOLE = ""
"""The path of a Part that is the whole raw mail."""


class Address(Struct, frozen=True):
    """A mailbox of a header: decoded display name, address as written (`email`) and for comparing (`key`)."""

    name: str
    email: str

    @property
    def key(self) -> str:
        """Return the form in which addresses are compared (G1)."""
        return address_key(self.email)


class Part(Struct, frozen=True, kw_only=True):
    """An attachment, as an index into the raw mail (`path`: numbers of the part, 1.2; H28, J1, J2)."""

    path: str
    name: str
    type: str
    size: int
    sha256: str
    inline: bool
    content_id: str | None = None


class Mail(Struct, frozen=True, kw_only=True):
    """A parsed mail. Header names in `headers` are lower case, values decoded and unfolded, in order."""

    headers: tuple[tuple[str, str], ...]
    from_: tuple[Address, ...]
    sender: Address | None  # the author, by G1, G3 and G4; None if there is no valid one (G5)
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]  # Delivered-To, X-Original-To, Envelope-To: addresses, lower case
    subject: str
    message_id: str | None  # with <>, normalised by C3
    in_reply_to: str | None
    references: tuple[str, ...]  # oldest first
    date: datetime | None  # as stated (H21), aware
    language: str | None  # Content-Language, Accept-Language
    text: str  # the whole text body, LF lines, NFC, no NUL
    html: str | None  # the HTML body as sent
    parts: tuple[Part, ...]
    content_type: str  # of the whole mail, lower case, without parameters
    content_hash: str  # identity by content (C4): survives other Received lines
    defects: tuple[str, ...]  # what was wrong, and what was done about it

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a header, in order; `name` in lower case."""
        return tuple(value for header, value in self.headers if header == name)

    def first(self, name: str) -> str:
        """Return the first value of a header (H30), or ""."""
        for header, value in self.headers:
            if header == name:
                return value
        return ""
