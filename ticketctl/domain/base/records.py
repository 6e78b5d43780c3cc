"""The records that all packages pass to each other. Times are aware, UTC, in whole seconds."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.proof import UNCHECKED, Proof
from ticketctl.domain.base.reasons import Reason

PRIORITIES = ("low", "medium", "high", "critical")
ALERTS = ("none", "yellow", "red")  # the colours of an age, as [alerts] says
CHANNELS = (
    "email", "chat", "phone", "form", "wall", "dm", "social", "mention", "call", "forum", "review", "manual",
)  # fmt: skip
SPLIT = "split from"
# The kinds of links, with the kind as seen from the other ticket.
LINKS = {
    "blocks": "blocked by",
    "related": "related",
    "duplicate": "duplicated by",
    "parent": "child",
    "follow-up": "followed up by",
    "claims": "claimed by",  # a stranger's mail that names the other (D9)
    "follows": "followed by",  # it came after the other's reopen window (D14)
    SPLIT: "split into",
}


class Actor(Struct, frozen=True):
    """Who acts: the agent's name (or `gateway`, `rule`), the OS user, the role."""

    name: str
    os_user: str = ""
    role: str = "agent"


# Actors that are not people: they need no comment, have access to everything, and never count as a reply.
AUTOMATIC = frozenset({"gateway", "rule", "sla"})


class Person(Struct, frozen=True, gc=False):
    """A customer as a ticket names them."""

    id: int
    name: str
    email: str


class Ticket(Struct, frozen=True, kw_only=True, gc=False):
    """A ticket, as in every list."""

    id: int
    subject: str
    status: str
    priority: str
    important: bool
    kind: str  # public | private | mixed
    channel: str
    mailbox: str
    segment: str
    source_segment: str
    owner: str | None
    type: str | None
    tags: tuple[str, ...]
    customer: Person
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    wait_until: datetime | None
    last_customer_at: datetime | None
    messages_count: int  # with those of tickets merged into it, as comments_count
    comments_count: int
    awaiting: str  # agent | customer | nobody
    escalation_level: int
    merged_into: int | None
    language: str | None
    fields: dict[str, Any]
    version: int
    awaiting_since: datetime | None = None  # when the customer began to wait for an agent
    first_reply_at: datetime | None = None  # the first public answer of an agent
    closed_loop_at: datetime | None = None  # when the customer was told of the resolution (F-Q1)
    response_id: int | None = None  # the survey answer that opened it (F-Q18)
    customer_comment: str | None = None  # what the customer wrote with that answer (F-Q27)
    policy: str | None = None  # the name of its SLA policy
    policy_version: int | None = None  # the version of the definition it is from
    due_by: datetime | None = None  # a manual due time
    due_at: datetime | None = None  # of the most urgent clock
    due_clock: str | None = None  # first | next | resolve | assign | manual
    warn_at: datetime | None = None
    sla_state: str | None = None  # running | paused | met | breached; None: no clock


class Attachment(Struct, frozen=True, kw_only=True):
    """An entry in a message's index of attachments. `part` is its path in the raw mail; None: a blob of its own."""

    n: int
    name: str
    type: str
    size: int
    sha256: str
    inline: bool
    part: str | None
    content_id: str | None = None


class Message(Struct, frozen=True, kw_only=True):
    """A public message, incoming or outgoing."""

    id: int
    ticket: int
    n: int
    direction: str  # in | out
    class_: str  # human | auto | bounce | report
    visibility: str  # public | private
    author: str
    author_name: str
    at: datetime
    subject: str
    text: str
    full_text: str
    message_id: str | None
    in_reply_to: str | None
    permalink: str | None
    delivery: str | None  # queued | sent | failed | bounced | cancelled, of an outgoing one
    blob: str | None  # sha256 of the raw mail
    attachments: tuple[Attachment, ...] = ()
    channel: str = "email"  # how this one came or went
    thread: str | None = None  # the channel's id of the conversation
    proof: str | None = (
        None  # see domain/base/proof.py; None for our own messages, and without mail
    )


class Comment(Struct, frozen=True, kw_only=True):
    """An internal comment; never sent to a customer."""

    id: int
    ticket: int
    n: int
    author: str
    at: datetime
    text: str
    attachments: tuple[Attachment, ...] = ()


class Customer(Struct, frozen=True, kw_only=True):
    """A person who writes to the help desk, with identities `kind:value`."""

    id: int
    name: str
    email: str
    identities: tuple[str, ...]
    language: str | None
    profile: dict[str, Any]
    last_seen_at: datetime | None
    last_page: str | None = None
    merged_into: int | None = None  # the customer they turned out to be


class Order(Struct, frozen=True, kw_only=True):
    """What somebody bought in a shop, as the shop says it (F-A21)."""

    provider: str  # shopify …
    number: str
    email: str  # lower case, "" if the shop has none
    total: str  # a decimal number
    currency: str
    financial_status: str
    fulfilment_status: str
    placed_at: datetime | None
    customer: int | None = None  # the customer with that address; None: not yet known


class Event(Struct, frozen=True, kw_only=True):
    """A row of history; only appended."""

    n: int
    ticket: int
    at: datetime
    actor: str
    os_user: str
    type: str
    field: str | None
    old: Any
    new: Any
    comment: str | None
    group: str
    way_back: Any = None  # what undo needs besides old and new; never shown


class Link(Struct, frozen=True):
    """This ticket is linked to that ticket as `kind`."""

    kind: str  # a kind of LINKS, or its reverse
    ticket: int
    status: str  # of that ticket


class Participant(Struct, frozen=True):
    """Somebody else who may write to a ticket.

    `role`: cc (in Cc of replies), mailed (had mail about it), expert (was asked for help; internal),
    answer (where the requester wants replies, G2).
    """

    address: str
    name: str
    role: str


class ReceivedMail(Struct, frozen=True, kw_only=True):
    """A raw mail as it was received."""

    raw: bytes
    via: str  # smtp | lmtp | imap | pipe | line
    envelope_from: str | None  # "" is the null sender, None an unknown one
    recipients: dict[str, tuple[str, ...]]  # by mailbox; "" is the mailbox of bounce addresses
    trace: str = ""  # our own Received: line (A18), kept beside the raw bytes
    remote: str = ""  # the peer's IP address, if any
    authenticated: str = ""  # the user who logged in, if any
    authserv_id: str = ""  # the authserv-id that is trusted in its Authentication-Results, if any
    size: int = 0  # bytes of the whole mail if `raw` is only a part of it; else 0


class Incoming(Struct, frozen=True, kw_only=True):
    """A mail as intake understood it: everything that an action needs to file it, nothing raw."""

    mailbox: str
    author: str  # the sender's address, lower case
    author_name: str
    answer_to: str  # where replies go (G2): Reply-To, else the author's address
    subject: str
    text: str  # the new text in it
    full_text: str  # the whole text
    language: str | None
    class_: str  # human | auto | bounce | report
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    blob: str  # sha256 of the raw mail
    attachments: tuple[Attachment, ...]
    others: tuple[Participant, ...]  # To and Cc without us and without the author (L9)
    may_ack: bool  # the screens allow an automatic answer (E1–E16)
    spam: bool = False
    form: dict[str, str] = {}  # a contact form's values for the ticket: type, cf.NAME (F-T20)
    cut: bool = False  # it was too large: only its headers were read
    seen_before: bool = False  # a mail with its Message-ID was filed before, in another mailbox
    notes: tuple[str, ...] = ()  # notes for the reader: attachments left out, parse defects
    proof: Proof = UNCHECKED  # whether the author wrote it


class InboxRow(Struct, frozen=True, kw_only=True):
    """A row of the inbox with its verdict."""

    id: int
    received_at: datetime
    via: str
    mailbox: str
    envelope_from: str | None  # "" is the null sender, None an unknown one
    recipients: tuple[str, ...]
    remote: str
    authenticated: str
    authserv_id: str
    trace: str
    message_id: str | None
    size: int
    sha256: str
    state: str  # received | done | held
    verdict: str | None
    class_: str | None
    ticket: int | None
    message: int | None
    reasons: tuple[Reason, ...]
    error: str | None
    attempts: int


class OutboxRow(Struct, frozen=True, kw_only=True):
    """An outgoing mail: its content (template and data), its recipients, and its bytes once composed."""

    id: int
    kind: str  # ack | reply | resolution | notification | escalation | survey | report | error
    ticket: int | None
    message: int | None  # n of the outgoing message it delivers
    mailbox: str  # From: the sending mailbox
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    subject: str
    message_id: str
    in_reply_to: str | None
    references: tuple[str, ...]
    language: str
    data: dict[str, Any]  # the variables of the template
    state: str  # queued | sending | sent | uncertain | failed | cancelled
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    error: str | None
    blob: str | None  # sha256 of the composed bytes
    group: str = ""  # the undo group of its command
    channel: str = "email"  # how it goes out: by mail, or through the bridge of another channel


class Delivery(Struct, frozen=True, kw_only=True):
    """One envelope recipient of an outbox row: its own SMTP transaction and bounce address."""

    id: int
    outbox: int
    address: str
    state: str  # queued | sent | uncertain | failed | bounced | cancelled
    reply: str | None  # the server's answer, or the bounce's diagnosis
    at: datetime | None
