"""Cuts out the part of an agent's mail that may go to the customer (I12): the text above our notification.

If what is left may contain our notification or internal text, the result has a `doubt`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from msgspec import Struct

from gateway.trim.line_kinds import letters_of
from gateway.trim.trim import MAX_TEXT, trim
from ticketctl.normal_form import normal_form
from ticketctl.write_guard import never_in_a_write

RUN_LENGTH = 8
"""This many consecutive words that occur in an internal text count as copied from it."""

MIN_WORDS = 4
"""Words that a line of an internal text needs to be recognised on its own."""

MIN_LETTERS = 6
"""Letters that a whole comment needs to be recognised if it is a line of its own."""

_WORDS = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"^[ \t]{0,3}[>|]")
_SIGNATURE = re.compile(r"^--\s*$")
_TOKEN = re.compile(r"[+=-][tce][1-9][0-9]{0,17}\.[a-z2-7]{16}@", re.IGNORECASE)

_UNSEEN = ("Cf", "Mn", "Me")  # format characters, and marks on a letter


class OwnText(Struct, frozen=True):
    """The author's own text, and why it may contain more than that ("" if it does not)."""

    text: str
    doubt: str


@never_in_a_write
def own_words(
    text: str,
    *,
    markers: tuple[str, ...],
    public: Sequence[str],
    internal: Sequence[str],
    notices: Iterable[str] = (),
) -> OwnText:
    """Cut off everything from our notification on.

    `markers`: our "reply above this line". `public`: texts that the customer has seen. `internal`: texts that the
    customer must never see. `notices`: lines that all our notifications have.
    """
    kept = trim(text, sent=(*public, *internal), markers=markers).text
    doubt = (
        _is_too_long(kept)
        or _below(text, markers)
        or _marker_left(kept, markers)
        or _ours(kept, notices)
        or contains_internal(kept, public, internal)
        or _strange_quote(kept, public)
    )
    return OwnText(kept, doubt)


def _is_too_long(kept: str) -> str:
    """Doubt if the text is longer than what is compared."""
    return "it is too long to be compared with internal text" if len(kept) > MAX_TEXT else ""


def _below(text: str, markers: tuple[str, ...]) -> str:
    """Doubt if the cut would remove the agent's own words below a quoted marker."""
    lines = text[:MAX_TEXT].split("\n")
    at = letters_of(lines, markers=markers).find("m")
    if at < 0 or not _QUOTED.match(lines[at]):
        return ""
    for before, line in zip(lines[at:], lines[at + 1 :], strict=False):
        if _SIGNATURE.match(line):
            return ""
        wrapped = _QUOTED.match(before) is not None and len(before) > 60
        if line.strip() and not _QUOTED.match(line) and not wrapped:
            return "it has text below the line “reply above this line”"
    return ""


def _marker_left(kept: str, markers: tuple[str, ...]) -> str:
    if "m" in letters_of(kept[:MAX_TEXT].split("\n"), markers=markers):
        return "it has no text of your own above the line “reply above this line”"
    return ""


def _ours(kept: str, notices: Iterable[str]) -> str:
    """Doubt if lines of our notifications, or internal addresses, are left."""
    lines = {_plain(line) for line in kept.split("\n")}
    if _TOKEN.search(_normalise(kept)) or any(
        form and form in lines for form in map(_plain, notices)
    ):
        return "it still contains text of our notification"
    return ""


def contains_internal(kept: str, public: Sequence[str], internal: Sequence[str]) -> str:
    """Does the text contain a run of words, a whole line or a whole comment of an internal text that is not public?"""
    runs_of_text, shown = _runs(_words(kept)), f" {' '.join(_words(' '.join(public)))} "
    lines = _lines(kept)
    single, block = frozenset(lines), "\n{}\n".format("\n".join(lines))
    for text in internal:
        runs = (run for run in _runs(_words(text)) & runs_of_text)
        of_text = _lines(text)
        taken = (one for one in of_text if one.count(" ") + 1 >= MIN_WORDS and one in single)
        whole = " ".join(of_text)
        alone = whole in single or "\n{}\n".format("\n".join(of_text)) in block
        comment = (whole,) if alone and len(whole.replace(" ", "")) >= MIN_LETTERS else ()
        if any(f" {one} " not in shown for one in (*runs, *taken, *comment)):
            return "it still contains words of an internal comment"
    return ""


def _strange_quote(kept: str, public: Sequence[str]) -> str:
    """Doubt if a quote contains text that is in no message of the ticket."""
    shown = f" {' '.join(_words(' '.join(public)))} "
    for line in kept.split("\n"):
        words = " ".join(_words(line))
        if _QUOTED.match(line) and words and f" {words} " not in shown:
            return "it quotes text that is in no message of this ticket"
    return ""


def _lines(text: str) -> list[str]:
    """Return the words of each line that is not empty."""
    return [line for line in (" ".join(_words(line)) for line in text.splitlines()) if line]


def _words(text: str) -> list[str]:
    return _WORDS.findall(_normalise(text))


def _normalise(text: str) -> str:
    """Normalise text for comparing: no case, accents, soft hyphens or direction marks."""
    if text.isascii():
        return text.lower()
    plain = normal_form("NFKD", text).casefold()
    unseen = {ord(one): None for one in set(plain) if unicodedata.category(one) in _UNSEEN}
    return plain.translate(unseen)


def _runs(words: list[str]) -> set[str]:
    return {" ".join(words[at : at + RUN_LENGTH]) for at in range(len(words) - RUN_LENGTH + 1)}


def _plain(line: str) -> str:
    """Normalise a line for comparing: its words, with all numbers equal."""
    return _NUMBER.sub("0", " ".join(_words(line)))
