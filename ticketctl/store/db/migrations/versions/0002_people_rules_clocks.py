"""People, routing, rules, saved texts and queries; clocks, surveys: what the desk knows beside its mail."""

import sqlalchemy as sa
from alembic import op

from ticketctl.store.db.columns import Json, UtcTime

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What lists of tickets are found and sorted by, beside the first schema's.
_ORDERS = (
    ("mailbox", "created_at", "id"),
    ("channel", "created_at", "id"),
)
_ORDERS_OF_KNOWN = (("type", "created_at", "id"), ("due_at", "id"), ("resolved_at", "id"))


def upgrade() -> None:
    """Add the tables and columns; what is there keeps its rows."""
    op.add_column("customer", sa.Column("merged_into", NUMBER))
    op.add_column(
        "message", sa.Column("channel", sa.Text(), nullable=False, server_default="email")
    )
    op.add_column("event", sa.Column("way_back", Json()))
    for column in _of_ticket():
        op.add_column("ticket", column)
    for columns in (*_ORDERS, *_ORDERS_OF_KNOWN):
        there = sa.text(f"{columns[0]} IS NOT NULL") if columns in _ORDERS_OF_KNOWN else None
        op.create_index(
            op.f("_".join(("ix_ticket", *columns))),
            "ticket",
            list(columns),
            sqlite_where=there,
            postgresql_where=there,
        )
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"])
    _tables()


def _of_ticket() -> list[sa.Column[object]]:
    return [
        sa.Column("messages_gone", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("comments_gone", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("response_id", NUMBER),
        sa.Column("policy", sa.Text()),
        sa.Column("policy_version", sa.Integer()),
        sa.Column("due_by", UtcTime()),
        sa.Column("due_at", UtcTime()),
        sa.Column("due_clock", sa.Text()),
        sa.Column("warn_at", UtcTime()),
        sa.Column("sla_state", sa.Text()),
    ]


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_autoincrement=True)


def _tables() -> None:
    _table(
        "customer_order",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("customer_id", NUMBER, sa.ForeignKey("customer.id")),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False, server_default=""),
        sa.Column("total", sa.Text(), nullable=False, server_default=""),
        sa.Column("currency", sa.Text(), nullable=False, server_default=""),
        sa.Column("financial_status", sa.Text(), nullable=False, server_default=""),
        sa.Column("fulfilment_status", sa.Text(), nullable=False, server_default=""),
        sa.Column("placed_at", UtcTime()),
        sa.Column("at", UtcTime(), nullable=False),
        sa.UniqueConstraint("provider", "number"),
        sa.Index(None, "customer_id", "placed_at"),
        sa.Index(None, "email"),
    )
    _table(
        "absence",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime()),
        sa.Column("comment", sa.Text(), nullable=False, server_default=""),
        sa.Index(None, "agent", "until"),
    )
    _table(
        "routed",
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("n", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("segment", "agent"),
    )
    _table(
        "journal",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("os_user", sa.Text(), nullable=False, server_default=""),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("old", Json()),
        sa.Column("new", Json()),
        sa.Column("comment", sa.Text()),
        sa.Column("undo_group", sa.Text(), nullable=False),
        sa.Index(None, "kind", "subject", "id"),
        sa.Index(None, "undo_group"),
    )
    _table(
        "saved_query",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "name"),
    )
    _table(
        "template",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, server_default=""),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False, server_default=""),
        sa.Column("subject", sa.Text(), nullable=False, server_default=""),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "language"),
    )
    _table(
        "rule_log",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id")),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("did", Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("rule", "event"),
        sa.Index(None, "at", "id"),
        sa.Index(None, "ticket_id"),
    )
    _table(
        "clock",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False, server_default=""),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("runs", Json()),
        sa.Column("since", UtcTime()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", UtcTime()),
        sa.Column("warn_at", UtcTime()),
        sa.Column("stopped_at", UtcTime()),
        sa.Column("breached_at", UtcTime()),
        sa.Column("at_retarget", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("segment", sa.Text(), nullable=False, server_default=""),
        sa.Column("owner", sa.Text()),
        sa.Column("answered_by", sa.Text()),
        sa.Column("next_at", UtcTime()),
        sa.UniqueConstraint("ticket_id", "kind", "cycle"),
        sa.Index(None, "due_at", "id"),
        sa.Index(None, "next_at", "id"),
        sa.Index(None, "stopped_at", "id"),
    )
    _table(
        "sla_event",
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("noted_at", UtcTime(), nullable=False),
        sa.Column("told_at", UtcTime()),
        sa.PrimaryKeyConstraint("ticket_id", "clock", "cycle", "kind", "level"),
        sa.Index(None, "noted_at"),
    )
    _table(
        "survey_sent",
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False, server_default="1-5"),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("outbox_id", NUMBER),
        sa.Column("segment", sa.Text(), nullable=False, server_default=""),
        sa.Column("owner", sa.Text()),
        sa.PrimaryKeyConstraint("ticket_id", "survey"),
        sa.Index(None, "at"),
    )
    _table(
        "rating",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id")),
        sa.Column("customer_id", NUMBER, sa.ForeignKey("customer.id")),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.Text()),
        sa.Column("segment", sa.Text(), nullable=False, server_default=""),
        sa.Column("owner", sa.Text()),
        sa.Column("replaced", sa.Integer(), nullable=False, server_default="0"),
        sa.UniqueConstraint("survey", "answer_id"),
        sa.Index(None, "at", "id"),
        sa.Index(None, "customer_id", "at"),
        sa.Index(None, "ticket_id", "id"),
    )
