"""Chooses the files of an agent's mail that go to the customer, and keeps inline images in place (H28, J7)."""

from collections.abc import Callable, Sequence

from gateway.parse.parse import parts_bytes
from ticketctl.actions.mail.filing import LOGO
from ticketctl.actions.mail.outgoing_attachments import SHOWN, NewAttachment
from ticketctl.domain.base.records import Attachment
from ticketctl.write_guard import never_in_a_write


@never_in_a_write
def place_images(
    attached: Sequence[Attachment], text: str, raw: Callable[[], bytes]
) -> tuple[str, list[NewAttachment]]:
    """Return the text with `[name]` for each inline image, and the files, without small images of a signature.

    `raw` loads the mail's bytes, if there are files.
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
    """Return the text that marks the image's place, or "".

    Gmail writes `[image: name]`, Outlook `[cid:id]`, and our own HTML conversion `[name]`.
    """
    if one.type not in SHOWN or not one.content_id:
        return ""
    places = (f"[cid:{one.content_id}]", f"[image: {one.name}]", f"[{one.name}]")
    return next((place for place in places if place in text), "")


def _files(
    raw: Callable[[], bytes], wanted: Sequence[Attachment], shown: Sequence[Attachment]
) -> list[NewAttachment]:
    if not wanted:
        return []
    contents = parts_bytes(raw(), [one.part or "" for one in wanted])
    return [
        NewAttachment(one.name, one.type, contents[one.part or ""], one in shown) for one in wanted
    ]
