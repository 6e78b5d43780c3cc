"""All tables on one page.

Names: `x_id` points at a row, `x_sha256` at a blob. Row numbers are never reused (AUTOINCREMENT).
`n` counts within a ticket, from 1. Addresses are lower case where they are compared.
Words from a fixed list (status, state, verdict …) are text; the lists are in `domain/`.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from ticketctl.store.db.columns import Json, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Number = BigInteger().with_variant(Integer(), "sqlite")


def _table(name: str, *parts: SchemaItem) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_autoincrement=True)


def _id() -> Column[int]:
    return Column("id", Number, primary_key=True)


def _text(name: str, default: str | None = None) -> Column[str]:
    """A NOT NULL text column."""
    return Column(name, Text, nullable=False, server_default=default)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _time(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, UtcTime, nullable=null)


def _to(table: str, *, null: bool = False) -> Column[int]:
    return Column(f"{table}_id", Number, ForeignKey(f"{table}.id"), nullable=null)


# ---- the desk -------------------------------------------------------------------------------------------------------

# Secrets and names of this help desk: `key` (signs addresses and Message-IDs), `instance` (the loop header).
# When things happened last: `gateway_stopped_at`, `backup_at`.
meta = _table("meta", Column("name", Text, primary_key=True), _text("value"))

definition = Table(
    "definition",
    metadata,
    Column("version", Integer, primary_key=True),
    _time("at"),
    _text("actor"),
    _text("os_user", ""),
    _text("source"),  # desk.toml as applied, for `desk show`
    Column("document", Json, nullable=False),  # the same, checked and typed
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

# Leases: one holder at a time, until it stops renewing: IMAP pollers, cron commands.
lease = _table("lease", Column("name", Text, primary_key=True), _text("holder"), _time("until"))

# Rows that are only locked: transactions with the same names take turns (store/db/leases.py).
turn = _table("turn", Column("bucket", Integer, primary_key=True, autoincrement=False))

# What each part of each gateway was at its last heartbeat. A gateway that stops in order removes its rows.
heartbeat = _table(
    "heartbeat",
    _text("gateway"),  # host, process and a random number
    _text("part"),  # doors, intake1, send, timer, imap:NAME …
    _text("host"),
    Column("pid", Integer),  # None: it is not running
    _text("state"),  # starting | running | down
    _count("restarts"),
    _time("started_at", null=True),
    _time("seen_at"),  # of the machine's clock, as `until` of leases
    PrimaryKeyConstraint("gateway", "part"),
)

# ---- bytes ----------------------------------------------------------------------------------------------------------

blob = _table(
    "blob",
    Column("sha256", Text, primary_key=True),
    Column("size", Number, nullable=False),
    Column("content", LargeBinary, nullable=False),
    _time("at"),
)

# ---- people ---------------------------------------------------------------------------------------------------------

customer = _table(
    "customer",
    _id(),
    _text("name", ""),
    _text("email", ""),  # the address shown, one of the identities
    Column("language", Text),
    Column("profile", Json, nullable=False),
    _time("created_at"),
    _time("last_seen_at", null=True),
    Column("last_page", Text),
    Column("merged_into", Number),  # the customer they turned out to be; kept for undo
)

identity = _table(
    "identity",
    _id(),
    _to("customer"),
    _text("kind"),  # email, phone, twitter …
    _text("value"),  # lower case
    _time("created_at"),
    _time("undeliverable_at", null=True),
    Column("undeliverable_why", Text),
    UniqueConstraint("kind", "value"),
    Index(None, "customer_id"),
)

ban = _table(
    "ban",
    Column("pattern", Text, primary_key=True),
    _time("at"),
    _text("actor"),
    _text("comment", ""),
)

# Addresses that get no more reports or surveys by mail; they need not be customers'.
unsubscribed = _table(
    "unsubscribed",
    _text("address"),  # lower case, its domain in ASCII
    _text("mail"),  # reports | surveys
    _time("at"),
    _text("actor"),  # an agent, or gateway: by mail
    PrimaryKeyConstraint("address", "mail"),
)

# Orders from shops (F-A21). An order with an unknown address waits for a customer with that `email`.
customer_order = _table(
    "customer_order",
    _id(),
    _to("customer", null=True),
    _text("provider"),  # shopify, or what --provider says
    _text("number"),
    _text("email", ""),  # lower case
    _text("total", ""),  # a decimal number as the shop writes it
    _text("currency", ""),
    _text("financial_status", ""),
    _text("fulfilment_status", ""),
    _time("placed_at", null=True),
    _time("at"),  # when we last read it
    UniqueConstraint("provider", "number"),
    Index(None, "customer_id", "placed_at"),
    Index(None, "email"),
)

# When an agent is away, besides working hours and the absences of desk.toml.
absence = _table(
    "absence",
    _id(),
    _text("agent"),
    _time("since"),
    _time("until", null=True),  # None: until `agent back`
    _text("comment", ""),
    Index(None, "agent", "until"),
)

# The turns of a segment's agents in routing (F-T9).
routed = _table(
    "routed",
    _text("segment"),
    _text("agent"),
    Column("n", Number, nullable=False),  # increases over the whole segment: the lowest is next
    PrimaryKeyConstraint("segment", "agent"),
)

# The audit log of everything but tickets: customers, canned replies, absences. Only appended.
journal = _table(
    "journal",
    _id(),
    _time("at"),
    _text("actor"),
    _text("os_user", ""),
    _text("kind"),  # customer | template | query | agent
    _text("subject"),  # a customer's number, a name
    _text("type"),  # what happened
    Column("old", Json),
    Column("new", Json),
    Column("comment", Text),
    _text("undo_group"),
    Index(None, "kind", "subject", "id"),
    Index(None, "undo_group"),
)

# Saved queries. `owner` "" is shared by all.
saved_query = _table(
    "saved_query",
    _text("owner"),
    _text("name"),
    _text("text"),
    _count("is_default"),  # what `list` shows to its owner
    _time("at"),
    PrimaryKeyConstraint("owner", "name"),
)

# Canned replies shared by the team (F-C13, F-T16), one a language; language "" is for all.
template = _table(
    "template",
    _text("name"),
    _text("language", ""),
    _text("kind"),  # reply | ticket | mail | report
    _text("type", ""),  # the type of tickets it is for
    _text("subject", ""),
    _text("text"),
    Column("fields", Json, nullable=False),  # fields that `new --canned` sets
    _time("at"),
    _text("actor"),
    PrimaryKeyConstraint("name", "language"),
)

# ---- tickets --------------------------------------------------------------------------------------------------------

ticket = _table(
    "ticket",
    _id(),
    _text("subject"),
    _text("status"),
    Column("priority", Integer, nullable=False),  # rank in records.PRIORITIES
    _count("important"),  # 0 or 1
    _text("kind", "private"),
    _text("channel"),
    _text("mailbox", ""),
    _text("segment", ""),
    _text("source_segment", ""),
    Column("owner", Text),
    Column("type", Text),
    _to("customer"),
    _time("created_at"),
    _time("updated_at"),
    _time("resolved_at", null=True),
    _time("closed_at", null=True),
    _time("wait_until", null=True),
    _time("last_customer_at", null=True),
    _time("first_reply_at", null=True),
    _time("closed_loop_at", null=True),  # when the customer was told of the resolution (F-Q1)
    _count("messages_count"),
    _count("messages_gone"),  # split off or withdrawn: their numbers are not reused
    _count("comments_count"),
    _count("comments_gone"),  # withdrawn: the same
    _count("events_count"),
    _text("awaiting", "agent"),
    _count("escalation_level"),
    Column("merged_into", Number, ForeignKey("ticket.id")),
    Column("language", Text),
    Column("fields", Json, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("response_id", Number),  # the survey answer that opened it (F-Q18), a number of `rating`
    Column("policy", Text),  # the name of its SLA policy
    Column("policy_version", Integer),  # the version of the definition it is from
    _time("due_by", null=True),  # a manual due time
    # The most urgent of its running clocks and of due_by, so that a list needs no other table.
    _time("due_at", null=True),
    Column("due_clock", Text),  # first | next | resolve | assign | manual
    _time("warn_at", null=True),
    Column("sla_state", Text),  # running | paused | met | breached; None: no clock
    # One index for each sort order of a list, ending with id, for paging by key.
    Index(None, "created_at", "id"),
    Index(None, "updated_at", "id"),
    Index(None, "status", "created_at", "id"),
    Index(None, "owner", "status", "created_at", "id"),
    Index(None, "segment", "status", "created_at", "id"),
    Index(None, "priority", "created_at", "id"),
    Index(None, "customer_id", "updated_at", "id"),
    Index(None, "mailbox", "created_at", "id"),
    Index(None, "channel", "created_at", "id"),
    Index(None, "merged_into"),
    # In the database these six leave out tickets without a value, not important or not breached (saying so here would
    # load a dialect).
    Index(None, "important", "created_at", "id"),
    Index(None, "sla_state", "id"),
    Index(None, "warn_at", "id"),
    Index(None, "type", "created_at", "id"),
    Index(None, "due_at", "id"),
    Index(None, "resolved_at", "id"),
)

ticket_tag = _table(
    "ticket_tag",
    _to("ticket"),
    _text("tag"),
    PrimaryKeyConstraint("ticket_id", "tag"),
    Index(None, "tag", "ticket_id"),
)

participant = _table(
    "participant",
    _to("ticket"),
    _text("address"),
    _text("name", ""),
    _text("role"),  # cc | mailed | expert | answer
    PrimaryKeyConstraint("ticket_id", "address"),
    Index(None, "address", "ticket_id"),
)

# Agents who are told of a ticket as its owner is.
watcher = _table(
    "watcher",
    _to("ticket"),
    _text("agent"),
    PrimaryKeyConstraint("ticket_id", "agent"),
    Index(None, "agent", "ticket_id"),
)

link = _table(
    "link",
    _to("ticket"),
    _text("kind"),
    Column("other_id", Number, ForeignKey("ticket.id"), nullable=False),
    _time("at"),
    PrimaryKeyConstraint("ticket_id", "kind", "other_id"),
    Index(None, "other_id"),
)

message = _table(
    "message",
    _id(),
    _to("ticket"),
    Column("n", Integer, nullable=False),
    _text("direction"),
    _text("class"),
    _text("visibility", "private"),
    _text("channel", "email"),  # how this one came or went
    _text("author"),  # an address, or the agent's name
    _text("author_name", ""),
    _time("at"),
    _text("subject", ""),
    _text("text"),
    Column("full_text", Text),  # None: the same as text
    Column("message_id", Text),
    Column("in_reply_to", Text),
    Column("permalink", Text),
    Column("thread", Text),  # the channel's id of the conversation
    Column("blob_sha256", Text, ForeignKey("blob.sha256")),
    Column(
        "proof", Text
    ),  # token | authenticated | none | refuted; None: no mail, or from before this column
    UniqueConstraint("ticket_id", "n"),
    Index(None, "blob_sha256"),
)

comment = _table(
    "comment",
    _id(),
    _to("ticket"),
    Column("n", Integer, nullable=False),
    _text("author"),
    _time("at"),
    _text("text"),
    Column("blob_sha256", Text, ForeignKey("blob.sha256")),  # of a comment that came by mail
    UniqueConstraint("ticket_id", "n"),
)

attachment = _table(
    "attachment",
    _id(),
    _to("message", null=True),
    _to("comment", null=True),
    Column("n", Integer, nullable=False),
    _text("name"),
    _text("type"),
    Column("size", Number, nullable=False),
    _text("sha256"),  # of the decoded bytes
    _count("inline"),
    Column("part", Text),  # path in the raw mail; None: `sha256` is a blob of its own
    Column("content_id", Text),
    Index(None, "message_id"),
    Index(None, "comment_id"),
    Index(None, "sha256"),
)

event = _table(
    "event",
    _id(),
    _to("ticket"),
    Column("n", Integer, nullable=False),
    _time("at"),
    _text("actor"),
    _text("os_user", ""),
    _text("type"),
    Column("field", Text),
    Column("old", Json),
    Column("new", Json),
    Column("comment", Text),
    _text("undo_group"),  # one invocation, one group
    Column("way_back", Json),  # what undo needs besides old and new; never shown
    UniqueConstraint("ticket_id", "n"),
    Index(None, "undo_group"),
    Index(None, "at", "id"),
)

# The rule log: one row for each rule and event, whoever runs it (F-Q7).
rule_log = _table(
    "rule_log",
    _id(),
    _text("rule"),
    _text("event"),  # the event: `message 12/3`, `created 12` …
    _to("ticket", null=True),
    _time("at"),
    _text("branch"),  # then | otherwise
    Column("did", Json, nullable=False),  # a sentence for each step
    Column("version", Integer, nullable=False),  # of the definition
    UniqueConstraint("rule", "event"),
    Index(None, "ticket_id"),
    Index(None, "at", "id"),
)

# ---- service levels and surveys -------------------------------------------------------------------------------------

# SLA clocks; `used` are open seconds up to `since`, from where it runs on (None: it does not run).
clock = _table(
    "clock",
    _id(),
    _to("ticket"),
    _text("kind"),  # first | next | resolve | assign
    Column("cycle", Integer, nullable=False),
    _text("policy"),
    Column("policy_version", Integer, nullable=False),
    _text("calendar", ""),
    Column("target", Integer, nullable=False),
    _count("used"),
    _time("started_at"),
    Column("runs", Json),  # the spans in which it ran before `since`; None: it never stopped
    _time("since", null=True),
    _text("state"),  # running | paused | met | breached | void
    _time("due_at", null=True),
    _time("warn_at", null=True),
    _time("stopped_at", null=True),
    Column("ends", Json),  # each stop, with when it was resumed; None: it never stopped, or is void
    _time("breached_at", null=True),
    _count("at_retarget"),  # 1: the breach came with a new target
    _text("segment", ""),  # at the breach, or at the first stop
    Column("owner", Text),  # the same
    _count("priority"),  # the same
    Column("answered_by", Text),  # who gave the response
    _time("next_at", null=True),  # when `sla check` has something to do for it
    UniqueConstraint("ticket_id", "kind", "cycle"),
    Index(None, "next_at", "id"),
    Index(None, "stopped_at", "id"),
    Index(None, "due_at", "id"),
)

# How SLA clocks turned out, each once, with what the clock was then; later changes of the clock leave it as it is.
clock_outcome = _table(
    "clock_outcome",
    _id(),
    _to("ticket"),
    _text("kind"),
    Column("cycle", Integer, nullable=False),
    _text("outcome"),  # met | breached | late (a response after a breach) | void
    _time("at"),
    Column("owner", Text),  # at that instant, as segment and priority
    _text("segment", ""),
    _count("priority"),
    _text("policy"),
    Column("policy_version", Integer, nullable=False),
    _text("calendar", ""),
    Column("target", Integer, nullable=False),
    _count("used"),
    _count("elapsed"),  # seconds that it ran, open or not
    _time("started_at"),
    _time("due_at", null=True),
    _count("at_retarget"),
    _time("ended_at", null=True),  # None while the clock runs or is paused
    Column("answered_by", Text),
    Column("runs", Json),  # of a breach, as `since` and `ends`
    _time("since", null=True),
    Column("ends", Json),
    UniqueConstraint("ticket_id", "kind", "cycle", "outcome", "at"),
    Index(None, "at", "id"),
    Index(None, "ended_at", "id"),
)

# Events of SLA clocks, each once.
sla_event = _table(
    "sla_event",
    _to("ticket"),
    _text("clock"),
    Column("cycle", Integer, nullable=False),
    _text("kind"),  # warning | breach | level
    _text("level", ""),
    _time("at"),  # when it was due to happen
    _time("noted_at"),
    _time("told_at", null=True),
    PrimaryKeyConstraint("ticket_id", "clock", "cycle", "kind", "level"),
    Index(None, "noted_at"),
)

survey_sent = _table(
    "survey_sent",
    _to("ticket"),
    _text("survey"),
    _text("scale", "1-5"),  # as it was sent
    _time("at"),
    Column(
        "outbox_id", Number
    ),  # None: no mail, they had unsubscribed; 0: erased before it was sent
    _text("segment", ""),
    Column("owner", Text),
    PrimaryKeyConstraint("ticket_id", "survey"),
    Index(None, "at"),
)

# Survey answers; a later one for the same ticket and survey replaces the earlier.
rating = _table(
    "rating",
    _id(),
    _to("ticket", null=True),
    _to("customer", null=True),
    _text("survey"),
    _text("scale"),  # 1-5 | 0-10
    Column("rating", Integer, nullable=False),
    _text("comment", ""),
    _time("at"),
    _text("via"),  # mail | command | line
    Column("answer_id", Text),  # of answers from other programs: a repeated id is stored once
    _text("segment", ""),
    Column("owner", Text),  # at the resolution
    _count("replaced"),
    Column("answers", Json),  # to all questions of another program: [[question, answer], …]
    Column("url", Text),  # where the whole answer can be read
    UniqueConstraint("survey", "answer_id"),
    Index(None, "ticket_id", "id"),
    Index(None, "customer_id", "at"),
    Index(None, "at", "id"),
)

# Every Message-ID that leads to a ticket, in and out: how replies find their ticket (D4), and how our own
# mail is recognised when it comes back (C7). The hash keeps ids of any length in one index (C3).
mail_id = _table(
    "mail_id",
    _id(),
    _text("hash"),  # sha256 of the normalised id
    _to("ticket"),
    Column("message_n", Integer),
    _text("direction"),
    _time("at"),
    UniqueConstraint("hash", "ticket_id"),
    Index(None, "ticket_id"),
)

# What was filed, by mailbox and identity: the unique key makes a second run harmless (C1, C2, C4).
# It has no foreign key to a ticket on purpose: it outlives the ticket (C8).
filed = _table(
    "filed",
    _text("mailbox"),
    _text(
        "identity"
    ),  # hash of the Message-ID, or of the content where there is none; with neither Message-ID
    # nor Date also of the envelope sender, and `at` is when the mail came, as it is another one an hour later
    _text("content"),  # hash of the content: the same id with other content is another mail (C5)
    Column("inbox_id", Number, nullable=False),
    _time("at"),
    PrimaryKeyConstraint("mailbox", "identity", "content"),
)

# ---- the two queues -------------------------------------------------------------------------------------------------

inbox = _table(
    "inbox",
    _id(),
    _time("received_at"),
    _text("via"),
    _text("mailbox", ""),
    _text("envelope_from", ""),
    Column("recipients", Json, nullable=False),
    _text("remote", ""),
    _text("authenticated", ""),
    _text("authserv_id", ""),  # the authserv-id whose Authentication-Results are trusted
    _text("trace", ""),
    Column("message_id", Text),
    Column("size", Number, nullable=False),
    Column("blob_sha256", Text, ForeignKey("blob.sha256"), nullable=False),
    _text("state"),  # received | done | held
    _time("since", null=True),  # it has been in this state; None: since it came
    Column("verdict", Text),
    Column("class", Text),
    _to("ticket", null=True),
    Column("message_n", Integer),
    Column("reasons", Json, nullable=False),
    Column("error", Text),
    _count("attempts"),
    _text("claimed_by", ""),  # a holder's name, as in `lease`
    _time("claimed_until", null=True),
    Index(None, "state", "id"),
    Index(None, "ticket_id"),
    Index(None, "received_at", "id"),
)

outbox = _table(
    "outbox",
    _id(),
    _text("kind"),
    _text("channel", "email"),  # how it goes out: by mail, or through the bridge of another channel
    _to("ticket", null=True),
    Column("message_n", Integer),
    _text("undo_group", ""),
    _text("mailbox"),
    Column("to", Json, nullable=False),
    Column("cc", Json, nullable=False),
    Column("bcc", Json, nullable=False),
    _text("subject"),
    _text("message_id"),
    Column("in_reply_to", Text),
    Column("references", Json, nullable=False),
    _text("language"),
    Column("data", Json, nullable=False),
    _text("state"),
    _time("since", null=True),  # it has been in this state; None: since it was queued
    _count("attempts"),
    _time("created_at"),
    _time("next_try_at", null=True),  # None: never again
    _text("claimed_by", ""),  # a holder's name, as in `lease`
    _time("claimed_until", null=True),
    Column("error", Text),
    Column("blob_sha256", Text, ForeignKey("blob.sha256")),
    UniqueConstraint("message_id"),
    Index(None, "state", "next_try_at", "id"),
    Index(None, "ticket_id"),
)

# States that mails of the two queues have left: held until it was released, failed until it was tried again.
# Not the first one, received or queued.
mail_state = _table(
    "mail_state",
    _id(),
    _text("queue"),  # inbox | outbox
    Column("mail_id", Number, nullable=False),
    _text("state"),
    Column("verdict", Text),
    Column("why", Text),
    _time("since"),
    _time("until"),
    Index(None, "queue", "mail_id"),
)

delivery = _table(
    "delivery",
    _id(),
    _to("outbox"),
    _text("address"),  # lower case
    _text("kind"),  # that of the outbox row, copied so that one index serves the rate limits of E7
    _text("state"),
    Column("reply", Text),
    _time("created_at"),
    _time("at", null=True),
    _text("base", ""),  # the address without its +detail
    UniqueConstraint("outbox_id", "address"),
    Index(None, "address"),
    Index(None, "base", "kind", "created_at"),
    Index(None, "kind", "created_at"),
)

# ---- IMAP polling ---------------------------------------------------------------------------------------------------

imap_folder = _table(
    "imap_folder",
    _text("account"),
    _text("folder"),
    Column("uidvalidity", Number, nullable=False),
    Column("last_uid", Number, nullable=False),  # everything up to it is in our inbox
    _time("last_ok_at", null=True),
    _time("oldest_waiting_at", null=True),
    Column("error", Text),
    PrimaryKeyConstraint("account", "folder"),
)

# Mail that is filed but not yet moved out of its folder, and mail given up: not fetched again (B4, B7, B12).
imap_mail = _table(
    "imap_mail",
    _text("account"),
    _text("folder"),
    Column("uidvalidity", Number, nullable=False),
    Column("uid", Number, nullable=False),
    _text("state"),  # filed | failed | oversize
    _count("attempts"),
    _time("at"),
    _time("first_at", null=True),  # when first recorded; `at` is the last time
    Column("error", Text),
    PrimaryKeyConstraint("account", "folder", "uidvalidity", "uid"),
)

# ---- full text ------------------------------------------------------------------------------------------------------

# The search index. PostgreSQL keeps a tsvector beside it, SQLite an FTS5 table `search_text` with the same rowid
# (both made in the migration); the text itself stays in ticket, message and comment.
search_entry = _table(
    "search_entry",
    _id(),
    _to("ticket"),
    _text("part"),  # subject | body | comments | fields
    Column("n", Integer, nullable=False),  # of the message or comment, 0 otherwise
    UniqueConstraint("ticket_id", "part", "n"),
)
