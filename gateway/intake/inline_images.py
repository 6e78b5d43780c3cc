"""The files of an agent's mail that go to the customer: pictures of his text stay in their places (H28, J7)."""

from collections.abc import Callable, Sequence

from gateway.parse.parse import parts_bytes
from ticketctl.actions.mail.filing import LOGO, SHOWN, File
from ticketctl.domain.base.records import Attachment
from ticketctl.write_guard import never_in_a_write


@never_in_a_write
def placed(
    attached: Sequence[Attachment], text: str, raw: Callable[[], bytes]
) -> tuple[str, list[File]]:
    """His text with `[name]` where a picture stands, and the mail's files but for a signature's little pictures.

    `raw` gives the mail itself, which only files need.
    """
    shown: list[Attachment] = []
    wanted: list[Attachment] = []
    for one in attached:
        place = _place(one, text)
        if place:
            text = text.replace(place, f"[{one.name}]", 1)
            shown.append(one)
        if place or not (one.inline and one.size <= LOGO):
            wanted.append(one)
    return text, _files(raw, wanted, shown)


def _place(one: Attachment, text: str) -> str:
    """How the text says that the picture stands here, "" where it does not.

    Gmail writes `[image: name]`, Outlook `[cid:id]`, HTML made to text `[name]`.
    """
    if one.type not in SHOWN or not one.content_id:
        return ""
    places = (f"[cid:{one.content_id}]", f"[image: {one.name}]", f"[{one.name}]")
    return next((place for place in places if place in text), "")


def _files(
    raw: Callable[[], bytes], wanted: Sequence[Attachment], shown: Sequence[Attachment]
) -> list[File]:
    if not wanted:
        return []
    contents = parts_bytes(raw(), [one.part or "" for one in wanted])
    return [File(one.name, one.type, contents[one.part or ""], one in shown) for one in wanted]
