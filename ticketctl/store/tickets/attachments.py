"""The index of attachments of messages and comments. The bytes are in the raw mail or in a blob of their own."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Column, exists, insert, select, update

from ticketctl.domain.base.records import Attachment
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import attachment, message

_ADD_ATTACHMENTS = insert(attachment)
_MOST_LOGOS = 50  # of one mail


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
    tx: Tx, owner: Column[object], ids: Sequence[int]
) -> defaultdict[int, tuple[Attachment, ...]]:
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
        sent = exists().where(message.c.id == attachment.c.message_id, message.c.author == author)
        held = attachment.c.sha256.in_(logos) & (attachment.c.inline == 0)
        tx.execute(update(attachment).where(held, sent).values(inline=1))
    return tuple(replace(one, inline=True) if one.sha256 in logos else one for one in some)


def _messages_with(tx: Tx, author: str, sha256: str, most: int) -> int:
    """How many messages of an author contain this content; counts up to `most`."""
    query = (
        select(attachment.c.message_id)
        .join(message, message.c.id == attachment.c.message_id)
        .where(attachment.c.sha256 == sha256, message.c.author == author)
        .distinct()
        .limit(most)
    )
    return len(tx.execute(query).all())
