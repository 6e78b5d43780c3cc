"""Who wrote a mail (G1, G3, G4)."""

from gateway.parse.mail import Address

_LIST_MARKS = ("list-id", "list-post", "x-beenthere", "mailing-list", "x-mailing-list")
_AUTHOR_MARKS = ("x-original-from", "x-mailfrom")


def author(
    from_: tuple[Address, ...],
    sender: tuple[Address, ...],
    reply_to: tuple[Address, ...],
    list_marks: dict[str, tuple[Address, ...]],
) -> Address | None:
    """The first valid From, Sender only if From has none; the real author where a list put itself into From.

    `list_marks` are the addresses of the list's own headers and of X-Original-From, by header name.
    None means that the caller falls back to the envelope.
    """
    stated = next(iter(from_ or sender), None)
    if stated is None or not _put_in_by_list(stated, list_marks):
        return stated
    for name in _AUTHOR_MARKS:
        if list_marks.get(name):
            return _with_name(list_marks[name][0], stated)
    lists = {address.key for name in _LIST_MARKS for address in list_marks.get(name, ())}
    people = [a for a in reply_to if a.key not in lists and a.key != stated.key]
    return _with_name(people[0], stated) if len(people) == 1 else stated


def _put_in_by_list(stated: Address, list_marks: dict[str, tuple[Address, ...]]) -> bool:
    """Whether From is the list itself and the list's own headers are there."""
    if not any(name in list_marks for name in _LIST_MARKS):
        return False
    lists = {address.key for name in _LIST_MARKS for address in list_marks.get(name, ())}
    return stated.key in lists or " via " in stated.name


def _with_name(address: Address, stated: Address) -> Address:
    name = address.name or stated.name.rpartition(" via ")[0].strip("'\" ")
    return Address(name, address.email)
