"""Who is awaited follows from the status and the last message; older versions also awaited agents by habit."""

from alembic import op

revision = "0011"
down_revision = "0010"

_LAST = """(
    SELECT m.direction FROM message m
    WHERE m.ticket_id = ticket.id AND m.class = 'human' AND NOT EXISTS (
        SELECT 1 FROM outbox o WHERE o.ticket_id = m.ticket_id AND o.message_n = m.n
        AND o.kind IN ('reply', 'resolution') AND o.state = 'cancelled')
    ORDER BY m.n DESC LIMIT 1)"""
_ACTIVE = "('new', 'open', 'escalated')"


def upgrade() -> None:
    """Set it anew, but not where a merge may have brought a question."""
    op.execute(
        f"""UPDATE ticket SET awaiting = CASE {_LAST} WHEN 'out' THEN 'customer' ELSE 'agent' END
            WHERE status IN {_ACTIVE} AND id NOT IN
            (SELECT merged_into FROM ticket WHERE merged_into IS NOT NULL)"""  # noqa: S608
    )
    op.execute("UPDATE ticket SET awaiting = 'customer' WHERE status = 'waiting'")
    op.execute(
        f"UPDATE ticket SET awaiting = 'nobody' WHERE status NOT IN {_ACTIVE} AND status <> 'waiting'"  # noqa: S608
    )
