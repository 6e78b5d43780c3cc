"""What of an agent's mail may go to the customer (I12): his words above our notification, or nothing.

The cut is certain when nothing that is left can be ours or internal. Where it is not, there is a `doubt`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from msgspec import Struct

from gateway.trim.line_kinds import letters_of
from gateway.trim.trim import READ, lines_of, trim
from ticketctl.normal_form import normal_form
from ticketctl.write_guard import never_in_a_write

TOGETHER = 8
"""So many words in a row that stand in an internal text are taken from there."""

FEWEST = 4
"""Words of an internal line that is recognised by itself."""

SHORTEST = 6
"""Letters of a whole comment that is recognised by itself where it is a line of its own."""

_WORDS = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"^[ \t]{0,3}[>|]")
_SIGNATURE = re.compile(r"^--\s*$")
_TOKEN = re.compile(r"[+=-][tce][1-9][0-9]{0,17}\.[a-z2-7]{16}@", re.IGNORECASE)

_UNSEEN = ("Cf", "Mn", "Me")  # format characters, and marks on a letter


class Own(Struct, frozen=True):
    """The author's own words, and why it is not certain that they are nothing else ("" where it is)."""

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
) -> Own:
    """Cut everything from our notification on.

    `markers`: our "reply above this line". `public`: what the customer knows already. `internal`: texts he
    must never see. `notices`: lines that our notifications have, whatever the ticket.
    """
    known = frozenset().union(*map(lines_of, (*public, *internal)))
    kept = trim(text, parent_lines=known, markers=markers).text
    doubt = (
        _endless(kept)
        or _below(text, markers)
        or _marker_left(kept, markers)
        or _ours(kept, notices)
        or contains_internal(kept, public, internal)
        or _strange_quote(kept, public)
    )
    return Own(kept, doubt)


def _endless(kept: str) -> str:
    """More than is read for comparing: what stands in the rest nobody knows."""
    return "it is too long to be compared with what is internal" if len(kept) > READ else ""


def _below(text: str, markers: tuple[str, ...]) -> str:
    """Words under a quoted marker would be lost by the cut."""
    lines = text[:READ].split("\n")
    at = letters_of(lines, frozenset(), markers).find("m")
    if at < 0 or not _QUOTED.match(lines[at]):
        return ""
    for before, line in zip(lines[at:], lines[at + 1 :], strict=False):
        if _SIGNATURE.match(line):
            return ""
        wrapped = _QUOTED.match(before) is not None and len(before) > 60
        if line.strip() and not _QUOTED.match(line) and not wrapped:
            return "there are words below the line “reply above this line”"
    return ""


def _marker_left(kept: str, markers: tuple[str, ...]) -> str:
    if "m" in letters_of(kept[:READ].split("\n"), frozenset(), markers):
        return "nothing of your own stands above the line “reply above this line”"
    return ""


def _ours(kept: str, notices: Iterable[str]) -> str:
    """Lines of our notifications, and addresses that are nobody else's business."""
    lines = {_plain(line) for line in kept.split("\n")}
    if _TOKEN.search(_folded(kept)) or any(form and form in lines for form in map(_plain, notices)):
        return "text of our notification is still in it"
    return ""


def contains_internal(kept: str, public: Sequence[str], internal: Sequence[str]) -> str:
    """Whether a run of words, a whole line, or a whole comment as lines of its own is in an internal text and in no
    public one."""
    said, shown = _runs(_words(kept)), f" {' '.join(_words(' '.join(public)))} "
    lines = _lines(kept)
    single, block = frozenset(lines), "\n{}\n".format("\n".join(lines))
    for text in internal:
        runs = (run for run in _runs(_words(text)) & said)
        of_text = _lines(text)
        taken = (one for one in of_text if one.count(" ") + 1 >= FEWEST and one in single)
        whole = " ".join(of_text)
        alone = whole in single or "\n{}\n".format("\n".join(of_text)) in block
        comment = (whole,) if alone and len(whole.replace(" ", "")) >= SHORTEST else ()
        if any(f" {one} " not in shown for one in (*runs, *taken, *comment)):
            return "words of an internal comment are still in it"
    return ""


def _strange_quote(kept: str, public: Sequence[str]) -> str:
    """A quote may hold what the customer knows and nothing else."""
    shown = f" {' '.join(_words(' '.join(public)))} "
    for line in kept.split("\n"):
        words = " ".join(_words(line))
        if _QUOTED.match(line) and words and f" {words} " not in shown:
            return "it quotes what is in no message of this ticket"
    return ""


def _lines(text: str) -> list[str]:
    """The words of each line that has any."""
    return [line for line in (" ".join(_words(line)) for line in text.splitlines()) if line]


def _words(text: str) -> list[str]:
    return _WORDS.findall(_folded(text))


def _folded(text: str) -> str:
    """Text for comparing: without case, accents, and what is not seen, as soft hyphens and marks of direction."""
    if text.isascii():
        return text.lower()
    plain = normal_form("NFKD", text).casefold()
    unseen = {ord(one): None for one in set(plain) if unicodedata.category(one) in _UNSEEN}
    return plain.translate(unseen)


def _runs(words: list[str]) -> set[str]:
    return {" ".join(words[at : at + TOGETHER]) for at in range(len(words) - TOGETHER + 1)}


def _plain(line: str) -> str:
    """A line for comparing: its words, all numbers alike."""
    return _NUMBER.sub("0", " ".join(_words(line)))
