"""The first schema: desk, tickets, the two queues, doors' memory, full text."""

import secrets
import uuid

import sqlalchemy as sa
from alembic import op

from ticketctl.store.db.columns import Json, UtcTime

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table, the full-text structures, and the desk's own key and name."""
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_text USING fts5"
            "(text, content='', tokenize='unicode61 remove_diacritics 2')"
        )
    else:
        op.execute("ALTER TABLE search_entry ADD COLUMN text_vector tsvector")
        op.execute(
            "CREATE INDEX ix_search_entry_text_vector ON search_entry USING gin (text_vector)"
        )
    _names()
    _turns()


def _turns() -> None:
    turn = sa.table("turn", sa.column("bucket", sa.Integer()))
    op.bulk_insert(turn, [{"bucket": bucket} for bucket in range(256)])


def _names() -> None:
    meta = sa.table("meta", sa.column("name", sa.Text()), sa.column("value", sa.Text()))
    op.bulk_insert(
        meta,
        [
            {"name": "key", "value": secrets.token_hex(32)},
            {"name": "instance", "value": str(uuid.uuid4())},
        ],
    )


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_autoincrement=True)


def _tables() -> None:
    _table(
        "ban",
        sa.Column("pattern", sa.Text(), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False, server_default=""),
    )
    _table(
        "blob",
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
    )
    _table(
        "customer",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("email", sa.Text(), nullable=False, server_default=""),
        sa.Column("language", sa.Text()),
        sa.Column("profile", Json(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime()),
        sa.Column("last_page", sa.Text()),
    )
    _table(
        "definition",
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("os_user", sa.Text(), nullable=False, server_default=""),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("document", Json(), nullable=False),
    )
    _table(
        "filed",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("inbox_id", NUMBER, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "identity", "content"),
    )
    _table(
        "imap_folder",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", NUMBER, nullable=False),
        sa.Column("last_uid", NUMBER, nullable=False),
        sa.Column("last_ok_at", UtcTime()),
        sa.Column("oldest_waiting_at", UtcTime()),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("account", "folder"),
    )
    _table(
        "imap_mail",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", NUMBER, nullable=False),
        sa.Column("uid", NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("account", "folder", "uidvalidity", "uid"),
    )
    _table(
        "lease",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
    )
    _table("turn", sa.Column("bucket", sa.Integer(), primary_key=True, autoincrement=False))
    _table(
        "meta",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    _table(
        "identity",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("customer_id", NUMBER, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("undeliverable_at", UtcTime()),
        sa.Column("undeliverable_why", sa.Text()),
        sa.UniqueConstraint("kind", "value"),
        sa.Index(None, "customer_id"),
    )
    _table(
        "ticket",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("important", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("kind", sa.Text(), nullable=False, server_default="private"),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False, server_default=""),
        sa.Column("segment", sa.Text(), nullable=False, server_default=""),
        sa.Column("source_segment", sa.Text(), nullable=False, server_default=""),
        sa.Column("owner", sa.Text()),
        sa.Column("type", sa.Text()),
        sa.Column("customer_id", NUMBER, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("resolved_at", UtcTime()),
        sa.Column("closed_at", UtcTime()),
        sa.Column("wait_until", UtcTime()),
        sa.Column("last_customer_at", UtcTime()),
        sa.Column("first_reply_at", UtcTime()),
        sa.Column("closed_loop_at", UtcTime()),
        sa.Column("messages_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("comments_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("events_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("awaiting", sa.Text(), nullable=False, server_default="agent"),
        sa.Column("escalation_level", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("merged_into", NUMBER, sa.ForeignKey("ticket.id")),
        sa.Column("language", sa.Text()),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "customer_id", "updated_at", "id"),
        sa.Index(None, "merged_into"),
        sa.Index(None, "owner", "status", "created_at", "id"),
        sa.Index(None, "priority", "created_at", "id"),
        sa.Index(None, "segment", "status", "created_at", "id"),
        sa.Index(None, "status", "created_at", "id"),
        sa.Index(None, "updated_at", "id"),
    )
    _table(
        "comment",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blob_sha256", sa.Text(), sa.ForeignKey("blob.sha256")),
        sa.UniqueConstraint("ticket_id", "n"),
    )
    _table(
        "event",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("os_user", sa.Text(), nullable=False, server_default=""),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("field", sa.Text()),
        sa.Column("old", Json()),
        sa.Column("new", Json()),
        sa.Column("comment", sa.Text()),
        sa.Column("undo_group", sa.Text(), nullable=False),
        sa.UniqueConstraint("ticket_id", "n"),
        sa.Index(None, "at", "id"),
        sa.Index(None, "undo_group"),
    )
    _table(
        "inbox",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False, server_default=""),
        sa.Column("envelope_from", sa.Text(), nullable=False, server_default=""),
        sa.Column("recipients", Json(), nullable=False),
        sa.Column("remote", sa.Text(), nullable=False, server_default=""),
        sa.Column("authenticated", sa.Text(), nullable=False, server_default=""),
        sa.Column("trace", sa.Text(), nullable=False, server_default=""),
        sa.Column("message_id", sa.Text()),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("blob_sha256", sa.Text(), sa.ForeignKey("blob.sha256"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.Column("class", sa.Text()),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id")),
        sa.Column("message_n", sa.Integer()),
        sa.Column("reasons", Json(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("claimed_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("claimed_until", UtcTime()),
        sa.Index(None, "received_at", "id"),
        sa.Index(None, "state", "id"),
        sa.Index(None, "ticket_id"),
    )
    _table(
        "link",
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("other_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "kind", "other_id"),
        sa.Index(None, "other_id"),
    )
    _table(
        "mail_id",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("message_n", sa.Integer()),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.UniqueConstraint("hash", "ticket_id"),
        sa.Index(None, "ticket_id"),
    )
    _table(
        "message",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False, server_default="private"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, server_default=""),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("full_text", sa.Text()),
        sa.Column("message_id", sa.Text()),
        sa.Column("in_reply_to", sa.Text()),
        sa.Column("permalink", sa.Text()),
        sa.Column("blob_sha256", sa.Text(), sa.ForeignKey("blob.sha256")),
        sa.UniqueConstraint("ticket_id", "n"),
        sa.Index(None, "blob_sha256"),
    )
    _table(
        "outbox",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id")),
        sa.Column("message_n", sa.Integer()),
        sa.Column("undo_group", sa.Text(), nullable=False, server_default=""),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("to", Json(), nullable=False),
        sa.Column("cc", Json(), nullable=False),
        sa.Column("bcc", Json(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("in_reply_to", sa.Text()),
        sa.Column("references", Json(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("next_try_at", UtcTime()),
        sa.Column("claimed_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("claimed_until", UtcTime()),
        sa.Column("error", sa.Text()),
        sa.Column("blob_sha256", sa.Text(), sa.ForeignKey("blob.sha256")),
        sa.UniqueConstraint("message_id"),
        sa.Index(None, "state", "next_try_at", "id"),
        sa.Index(None, "ticket_id"),
    )
    _table(
        "participant",
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "address"),
        sa.Index(None, "address", "ticket_id"),
    )
    _table(
        "search_entry",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.UniqueConstraint("ticket_id", "part", "n"),
    )
    _table(
        "ticket_tag",
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "tag"),
        sa.Index(None, "tag", "ticket_id"),
    )
    _table(
        "attachment",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("message_id", NUMBER, sa.ForeignKey("message.id")),
        sa.Column("comment_id", NUMBER, sa.ForeignKey("comment.id")),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("inline", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("part", sa.Text()),
        sa.Column("content_id", sa.Text()),
        sa.Index(None, "comment_id"),
        sa.Index(None, "message_id"),
    )
    _table(
        "delivery",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("outbox_id", NUMBER, sa.ForeignKey("outbox.id"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text()),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("at", UtcTime()),
        sa.UniqueConstraint("outbox_id", "address"),
        sa.Index(None, "address", "kind", "created_at"),
    )
