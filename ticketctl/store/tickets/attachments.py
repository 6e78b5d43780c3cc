"""The index of attachments of messages and comments. The bytes are in the raw mail or in a blob of their own."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from ticketctl.domain.base.records import Attachment
from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import Statement, sql

_ADD_ATTACHMENTS = sql(lambda: sa.insert(t.attachment))
_MOST_LOGOS = 50  # of one mail


def _indexed(owner: "sa.Column[object]") -> "sa.Select[object]":
    return (
        sa.select(t.attachment, owner.label("owner"))
        .where(in_list(owner, "ids"))
        .order_by(t.attachment.c.n)
    )


OF_MESSAGES = sql(lambda: _indexed(t.attachment.c.message_id))
OF_COMMENTS = sql(lambda: _indexed(t.attachment.c.comment_id))
_HIDE = sql(
    lambda: (
        sa.update(t.attachment)
        .where(
            in_list(t.attachment.c.sha256, "logos"),
            t.attachment.c.inline == 0,
            sa.exists().where(
                t.message.c.id == t.attachment.c.message_id,
                t.message.c.author == sa.bindparam("of_author"),
            ),
        )
        .values(inline=1)
    )
)
_CONTAINING = sql(
    lambda: (
        sa.select(t.attachment.c.message_id)
        .join(t.message, t.message.c.id == t.attachment.c.message_id)
        .where(
            t.attachment.c.sha256 == sa.bindparam("content"),
            t.message.c.author == sa.bindparam("of_author"),
        )
        .distinct()
        .limit(sa.bindparam("most"))
    )
)


def add_attachments(tx: Tx, attachments: Sequence[Attachment], **owner: int) -> None:
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


def attachments_of(
    tx: Tx, query: Statement, ids: Sequence[int]
) -> defaultdict[int, tuple[Attachment, ...]]:
    """The attachments of these messages or comments (OF_MESSAGES, OF_COMMENTS), by the owner's id."""
    found: defaultdict[int, tuple[Attachment, ...]] = defaultdict(tuple)
    if not ids:
        return found
    for row in tx.execute(query, {"ids": ids}):
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


def hide_repeated(
    tx: Tx, author: str, some: Sequence[Attachment], *, largest: int, times: int
) -> tuple[Attachment, ...]:
    """The attachments of a new message of `author`. Images of at most `largest` bytes that `times` of their messages
    contain are marked as inline, in all of them: a signature's logo does not belong in a list (J7).
    """
    images = {one.sha256 for one in some if one.type.startswith("image/") and one.size <= largest}
    few = sorted(images)[:_MOST_LOGOS]
    logos = {one for one in few if _messages_with(tx, author, one, times - 1) == times - 1}
    if logos:
        tx.execute(_HIDE, {"logos": sorted(logos), "of_author": author})
    return tuple(replace(one, inline=True) if one.sha256 in logos else one for one in some)


def _messages_with(tx: Tx, author: str, sha256: str, most: int) -> int:
    """How many messages of an author contain this content; counts up to `most`."""
    values = {"content": sha256, "of_author": author, "most": most}
    return len(tx.execute(_CONTAINING, values).all())
