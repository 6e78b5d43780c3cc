"""Finds the author of a mail (G1, G3, G4)."""

from gateway.parse.mail import Address

_LIST_MARKS = ("list-id", "list-post", "x-beenthere", "mailing-list", "x-mailing-list")
_AUTHOR_MARKS = ("x-original-from", "x-mailfrom")


def author(
    from_: tuple[Address, ...],
    sender: tuple[Address, ...],
    reply_to: tuple[Address, ...],
    list_marks: dict[str, tuple[Address, ...]],
) -> Address | None:
    """Return the first valid From, else Sender; the real author if a mailing list replaced From.

    `list_marks`: addresses in the list's own headers and in X-Original-From, by header name. None: use the envelope.
    """
    stated = next(iter(from_ or sender), None)
    if stated is None or not _is_list(stated, list_marks):
        return stated
    for name in _AUTHOR_MARKS:
        if list_marks.get(name):
            return _with_name(list_marks[name][0], stated)
    lists = {address.key for name in _LIST_MARKS for address in list_marks.get(name, ())}
    people = [a for a in reply_to if a.key not in lists and a.key != stated.key]
    return _with_name(people[0], stated) if len(people) == 1 else stated


def _is_list(stated: Address, list_marks: dict[str, tuple[Address, ...]]) -> bool:
    """Is From the list itself, with the list's own headers?"""
    if not any(name in list_marks for name in _LIST_MARKS):
        return False
    lists = {address.key for name in _LIST_MARKS for address in list_marks.get(name, ())}
    return stated.key in lists or " via " in stated.name


def _with_name(address: Address, stated: Address) -> Address:
    name = address.name or stated.name.rpartition(" via ")[0].strip("'\" ")
    return Address(name, address.email)
