"""The envelope sender of received mail as text, in the database and in `inbox list`.

By SMTP and LMTP the sender is always stated, so "" is the null sender. By other ways "" is an unknown sender, and `<>`
the null sender. Everywhere else "" is the null sender and None an unknown one.
"""

_ALWAYS_STATED = ("smtp", "lmtp")
_NULL = "<>"


def to_text(via: str, sender: str | None) -> str:
    """Return the text for a sender of mail that came in by `via`."""
    if via in _ALWAYS_STATED:
        return sender or ""
    return "" if sender is None else sender or _NULL


def from_text(via: str, text: str) -> str | None:
    """Return the sender that `to_text` made this text of."""
    if via in _ALWAYS_STATED:
        return text
    return None if text == "" else text.removeprefix(_NULL)
