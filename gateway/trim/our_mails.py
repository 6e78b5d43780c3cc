"""The mails we sent, to recognise quotes of them."""

from collections.abc import Iterable

OPENING = 20
"""Characters at the beginning of a mail by which it is recognised."""


def normal(line: str) -> str:
    """Normalise a line for comparing: no quote marks or extra blanks, lower case."""
    return " ".join(line.lstrip("> |\t").split()).lower()


class OurMails:
    """The texts of mails we sent, joined to one line each, by their beginning."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_opening: dict[str, set[str]] = {}
        for text in texts:
            whole = " ".join(filter(None, map(normal, text.split("\n"))))
            if len(whole) >= OPENING:
                self._by_opening.setdefault(whole[:OPENING], set()).add(whole)

    def __bool__(self) -> bool:
        return bool(self._by_opening)

    def opening_at(self, said: str, at: int) -> str:
        """Return the beginning of our mail that stands at this place; "" if there is none."""
        opening = said[at : at + OPENING]
        return opening if opening in self._by_opening else ""

    def end_of(self, opening: str, said: str, at: int) -> int:
        """Return where our mail that begins here ends, the longest if there are several; -1 if it is not whole."""
        whole = (mail for mail in self._by_opening[opening] if said.startswith(mail, at))
        return at + max(map(len, whole), default=-1 - at)
