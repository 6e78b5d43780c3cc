"""The attachments of messages and comments: an index. The bytes stay in the raw mail, or in a blob of their own."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, insert, select

from ticketctl.desk.records import Attachment
from ticketctl.store.engine import Tx
from ticketctl.store.schema import attachment

_ADD_ATTACHMENTS = insert(attachment)


def add(tx: Tx, attachments: Sequence[Attachment], **owner: int) -> None:
    """Index the attachments of one `message_id` or one `comment_id`, in one statement."""
    if not attachments:
        return
    rows = [
        {
            "message_id": None,
            "comment_id": None,
            **owner,
            "n": one.n,
            "name": one.name,
            "type": one.type,
            "size": one.size,
            "sha256": one.sha256,
            "inline": int(one.inline),
            "part": one.part,
            "content_id": one.content_id,
        }
        for one in attachments
    ]
    tx.execute(_ADD_ATTACHMENTS, rows)


def of(tx: Tx, owner: Column[Any], ids: Sequence[int]) -> defaultdict[int, tuple[Attachment, ...]]:
    """The attachments of these messages or comments, by the owner's id."""
    found: defaultdict[int, tuple[Attachment, ...]] = defaultdict(tuple)
    if not ids:
        return found
    query = select(attachment, owner.label("owner")).where(owner.in_(ids)).order_by(attachment.c.n)
    for row in tx.execute(query):
        found[row.owner] += (
            Attachment(
                n=row.n,
                name=row.name,
                type=row.type,
                size=row.size,
                sha256=row.sha256,
                inline=bool(row.inline),
                part=row.part,
                content_id=row.content_id,
            ),
        )
    return found
