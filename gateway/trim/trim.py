"""Finds the new text of a reply; quoted text and signatures are separated but kept (I1-I12)."""

import re
from collections.abc import Iterable

from msgspec import Struct

from gateway.trim.line_kinds import letters_of
from gateway.trim.our_mails import OurMails
from ticketctl.write_guard import never_in_a_write

MAX_TEXT = 200_000
"""Characters that are classified; the rest is treated like the last of them."""

ROUNDS = 8
SIGNATURE_LINES = 15

CUTS = re.compile(r"[ohmA]|(?<=e)s+(?=e+[^e])")
"""Letters at which a quoted mail without quote marks may begin; a mobile phone's line ends the new text."""

ABOVE_CUT = "edaqkSo"
"""Letters of lines that are cut together with what is below them."""


QUOTED = frozenset("qk")

CITED = (
    *(b"gmail_quote", b"moz-cite-prefix", b"yahoo_quoted", b"protonmail_quote", b"zmail_extra"),
    *(b'type="cite"', b"type='cite'", b"type=cite"),
)
"""What only mail programs write into HTML, around the mail that they quote."""


class Trimmed(Struct, frozen=True, kw_only=True):
    """The new text, the rest (in order), and the signature, which is part of the rest."""

    text: str
    elided: str
    signature: str


@never_in_a_write
def trim(
    text: str, *, sent: Iterable[str] = (), markers: tuple[str, ...] = (), html: str | None = None
) -> Trimmed:
    """Return the new text of a reply, with lines unchanged; the whole text if nothing is new (I2).

    `sent`: texts that the reply may quote. `markers`: our "reply above this line" in each language. `html`: of the
    same mail, which may show that a mail program made the quote.
    """
    ours = OurMails(sent)
    shown = (html or "").encode(errors="ignore").lower()  # as bytes, ten times as fast
    cited = any(sign in shown for sign in CITED)
    lines = text[:MAX_TEXT].split("\n")
    kept = list(range(len(lines)))
    signed: list[int] = []
    for _ in range(ROUNDS):
        chosen, signature = _once([lines[at] for at in kept], ours, markers, cited=cited)
        signed += [kept[at] for at in signature]
        if len(chosen) == len(kept):
            return _trimmed(text, lines, kept, signed)
        kept = [kept[at] for at in chosen]
    # Text that changes in every round is made to confuse us: show all of it.
    return _whole(text)


def _trimmed(text: str, lines: list[str], kept: list[int], signed: list[int]) -> Trimmed:
    """Return the result for these kept lines. The unread rest is cut only if it continues a long quote."""
    partly = len(text) > MAX_TEXT
    long_quote = bool(kept) and len(lines) - kept[-1] > 2 * SIGNATURE_LINES
    if not kept or len(kept) == len(lines) or (partly and not long_quote):
        return _whole(text)
    kept_set = set(kept)
    elided = [line for at, line in enumerate(lines) if at not in kept_set]
    rest = text[MAX_TEXT:] if partly else ""
    return Trimmed(
        text="\n".join(lines[at] for at in kept),
        elided=("\n".join(elided) + rest).strip("\n"),
        signature="\n".join(lines[at] for at in sorted(signed)),
    )


def _whole(text: str) -> Trimmed:
    """Return the whole text without empty lines around it."""
    lines = text.split("\n")
    filled = [at for at, line in enumerate(lines) if line not in ("", "\r")]
    whole = "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else text
    return Trimmed(text=whole, elided="", signature="")


def _once(
    lines: list[str], ours: OurMails, markers: tuple[str, ...], *, cited: bool
) -> tuple[list[int], list[int]]:
    """Trim once; return the indexes of the kept lines and of the signature."""
    letters = letters_of(lines, ours, markers)
    if cited:
        letters = letters.replace("q", "k")
    end = _cut(letters)
    end, signature = _without_tail(letters, end)
    start = _without_head(letters, end)
    last_quote = max(letters.rfind(quote, 0, end) for quote in QUOTED)
    kept = [at for at in range(start, end) if letters[at] != "a" or at > last_quote]
    while kept and letters[kept[0]] == "e":
        kept.pop(0)
    if not any(letters[at] in "ts" for at in kept):
        return list(range(len(lines))), []
    return kept, signature


def _cut(letters: str) -> int:
    """Return where a quoted mail without quote marks begins; there must be text above it."""
    first_text = letters.find("t")
    for found in CUTS.finditer(letters):
        if 0 <= first_text < found.start():
            return first_text + len(letters[first_text : found.start()].rstrip(ABOVE_CUT))
    return len(letters)


def _without_tail(letters: str, end: int) -> tuple[int, list[int]]:
    """Return the end without signature, phone lines and a quote below the text, and the signature's lines."""
    signature: list[int] = []
    while True:
        before = end
        while end and letters[end - 1] in "edsS":
            end -= 1
            signature += [end] if letters[end] == "s" else []
        delimiter = _signature(letters, end)
        if delimiter is not None:
            signature += range(delimiter, end)
            end = delimiter
        end = _without_quote(letters, end)
        if end == before:
            return end, signature


def _signature(letters: str, end: int) -> int | None:
    """Return the only signature delimiter in the last lines, if only text follows it (I8).

    Delimiters with only empty lines between them are one.
    """
    first = max(0, end - SIGNATURE_LINES - 1)
    at = letters.rfind("S", first, end)
    while at > 0 and letters[first:at].rstrip("e").endswith("S"):
        at = letters.rfind("S", first, at)
    if at < 1 or letters.find("t", 0, at) < 0 or set(letters[at + 1 : end]) - set("tesdS"):
        return None
    again = letters.rfind("S", max(0, at - SIGNATURE_LINES - 1), at)
    return at if again < 0 else None


def _without_quote(letters: str, end: int) -> int:
    """Return the end without the quote there and its attribution (top-posting)."""
    at = end
    while at and letters[at - 1] in "qke":
        at -= 1
    quoted = end - at - letters.count("e", at, end)
    introduced = at and letters[at - 1] in "aA"
    certain = quoted > 1 and _is_of_a_mail(letters, letters[at:end])
    while at and letters[at - 1] in "aAe":
        at -= 1
    if not quoted or letters.find("t", 0, at) < 0:
        return end
    return at if introduced or certain else end


def _is_of_a_mail(letters: str, quote: str) -> bool:
    """Is a quote for certain one of a mail, or is there an attribution in the text?

    Otherwise the author may have made it: a log, a table, an indented paragraph.
    """
    return "k" in quote or "a" in letters


def _without_head(letters: str, end: int) -> int:
    """Return where the answer begins below the only quote (bottom-posting); else 0 (I3)."""
    at = 0
    while at < end and letters[at] in "aAeqkd":
        at += 1
    only = not QUOTED.isdisjoint(letters[:at]) and QUOTED.isdisjoint(letters[at:end])
    return at if only and at < end and _is_of_a_mail(letters, letters[:at]) else 0
