"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL, with the same results on both.

Texts and search words both go through `fold`, which leaves only plain words and blanks. So no text is ever syntax to
FTS5 or PostgreSQL, and case and accents make no difference on either.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from msgspec import json

from ticketctl.domain.base.condition import TEXTS, AllOf, AnyOf, Condition, Where
from ticketctl.normal_form import normal_form
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import NEVER, Expression, all_of, expression, sql
from ticketctl.store.db.tx import Tx

# Indexed octets of one text. PostgreSQL refuses a tsvector over 1 MiB, which this never reaches:
# a word takes at most twice its octets there.
_MOST = 500_000

# Chinese and Japanese have no blanks between words, so each character is a word (and a word is a phrase).
_UNSPACED = (
    ("\u3040", "\u30ff"), ("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"), ("\uf900", "\ufaff")
)  # fmt: skip
# PostgreSQL indexes no word over 2046 octets: longer ones are cut into a phrase of pieces.
_LONGEST = 200
_KNOWN_LETTERS = 10_000  # characters whose letter is remembered
_FEW_LETTERS = 40  # different ones of a text, not ASCII, which are replaced one by one
_FOLDED = 32  # texts whose folded form is remembered: those of a few mails

_INDEX = sql(
    lambda: sa.text(
        "INSERT INTO search_entry (ticket_id, part, n, text_vector)"
        " VALUES (:ticket, :part, :n, to_tsvector('simple', :words))"
        " ON CONFLICT (ticket_id, part, n) DO UPDATE SET text_vector = excluded.text_vector"
    )
)
# SQLite: a new entry has a new number, so that the old FTS5 entry is no longer found.
_ENTRIES = sql(
    lambda: sa.text(
        "INSERT OR REPLACE INTO search_entry (ticket_id, part, n)"
        " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')"
        " FROM json_each(:entries)"
        " RETURNING id, ticket_id, part, n"
    ).columns(id=sa.Integer, ticket_id=sa.Integer, part=sa.Text, n=sa.Integer)
)
_ENTRY_TEXT = sql(lambda: sa.text("INSERT INTO search_text (rowid, text) VALUES (:id, :words)"))
_FORGET_TEXT = sql(
    lambda: sa.text(
        "INSERT INTO search_text (search_text, rowid, text) VALUES ('delete', :id, :words)"
    )
)
_FORGET = sql(
    lambda: (
        sa.delete(t.search_entry)
        .where(
            t.search_entry.c.ticket_id == sa.bindparam("ticket"),
            t.search_entry.c.part == sa.bindparam("part"),
            t.search_entry.c.n == sa.bindparam("n"),
        )
        .returning(t.search_entry.c.id)
    )
)


def _element(name: str, *parameters: str) -> Any:
    from ticketctl.store.tickets import elements

    words = (sa.bindparam(one, type_=sa.Text) for one in parameters)
    return getattr(elements, name)(*words)


ANY = "|"  # how words are looked for: any of them; else as a phrase, with * one whose last word may go on
_FOUND = expression(lambda: _element("Found", "words", "how"))
_FOUND_IN = expression(lambda: _element("Found", "words", "how", "part"))
_WITHIN = expression(lambda: _element("Within", "words", "how"))
_WITHIN_IN = expression(lambda: _element("Within", "words", "how", "part"))


class _Letters(dict[int, str]):
    """What stands for each character: letters in lower case, digits, nothing for an accent, else a blank.

    Each is decomposed alone (NFKD). The order of marks, which depends on their neighbours, does not matter: no mark is
    part of a word.
    """

    def __missing__(self, code: int) -> str:
        found = "".join(map(_letter, normal_form("NFKD", chr(code)).casefold().lower()))
        if len(self) < _KNOWN_LETTERS:
            self[code] = found
        return found


_LETTERS = _Letters()


def _letter(one: str) -> str:
    if "\u0300" <= one <= "\u036f":
        return ""
    if any(first <= one <= last for first, last in _UNSPACED):
        return f" {one} "
    return one if one.isalnum() else " "


_ASCII = bytes(range(128))
_ASCII_LETTERS = bytes(
    ord(one.lower() if one.isalnum() else " ") for one in map(chr, _ASCII)
) + bytes(range(128, 256))


def fold(words: str) -> str:
    """Text for comparing: words in lower case without accents, separated by one blank."""
    others = words.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    letters = set(others.decode("utf-8", "surrogatepass"))
    if len(letters) > _FEW_LETTERS:
        words = words.translate(_LETTERS)
    else:  # as most texts; takes a third of the time, because ASCII is translated as bytes
        for one in letters:
            words = words.replace(one, _LETTERS[ord(one)])
        words = words.encode().translate(_ASCII_LETTERS).decode()
    found = words.split()
    if max(map(len, found), default=0) > _LONGEST:
        found = [piece for word in found for piece in _pieces(word)]
    return " ".join(found)


def _pieces(word: str) -> list[str]:
    return [word[start : start + _LONGEST] for start in range(0, len(word), _LONGEST)]


def fold_ahead(*texts: str) -> None:
    """Fold texts that are about to be indexed, so that it need not be done while others wait to write."""
    for text in texts:
        _indexed(text)


class _Texts:
    """Entries to write. SQLite writes what its index has gathered to disk before any later statement that may fail in
    part, so all come at the end, after the changes of tickets.
    """

    tables = frozenset(("search_entry", "search_text"))
    order = 1

    def __init__(self) -> None:
        self.words: dict[tuple[int, str, int], str] = {}  # by ticket, part and number

    def write(self, tx: Tx) -> None:
        """Write them."""
        if not tx.is_sqlite:
            names = ("ticket", "part", "n", "words")
            rows = [dict(zip(names, (*of, said), strict=True)) for of, said in self.words.items()]
            tx.execute(_INDEX, rows)
            return
        made = tx.execute(_ENTRIES, {"entries": json.encode([*self.words]).decode()})
        texts = [{"id": id, "words": self.words[of[0], of[1], of[2]]} for id, *of in made]
        tx.execute(_ENTRY_TEXT, texts)


def index(tx: Tx, ticket_id: int, part: str, n: int, text: str) -> None:
    """Index a text of a ticket, replacing what was indexed there; `n` is the number of message or comment, else 0."""
    tx.later(_Texts).words[ticket_id, part, n] = _indexed(text)


def forget(tx: Tx, ticket_id: int, part: str, n: int, text: str) -> bool:
    """Remove a text from the index. False if none was indexed.

    `text` is what was indexed (FTS5 keeps no copy).
    """
    gone = tx.execute(_FORGET, {"ticket": ticket_id, "part": part, "n": n}).scalar()
    if gone is not None and tx.is_sqlite:
        tx.execute(_FORGET_TEXT, {"id": gone, "words": _indexed(text)})
    return gone is not None


def replace(tx: Tx, ticket_id: int, part: str, n: int, old: str, new: str) -> None:
    """Index `new` instead of `old`."""
    forget(tx, ticket_id, part, n, old)
    index(tx, ticket_id, part, n, new)


def matches(terms: Iterable[str], part: str | None = None) -> Part:
    """A condition on `ticket`: every term (a word or phrase) is somewhere in this part of the ticket, or in any of its
    parts, or of one merged into it.

    A word is also found in its other forms, unless it stands in double quotes. The last word of a term that ends with
    `*` may go on: `refun*`. A term without any word, such as `---`, matches nothing.
    """
    return all_of(*(_phrase(_FOUND, _FOUND_IN, term, part) for term in terms))


def narrows(condition: Condition) -> bool:
    """Does every ticket of the condition have words that it searches for?"""
    match condition:
        case AllOf(parts):
            return any(map(narrows, parts))
        case AnyOf(parts):
            return all(map(narrows, parts))
        case Where(field, _, _):
            return field in TEXTS
    return False


def within(terms: Iterable[str], part: str | None = None) -> Part:
    """As `matches`, for one known ticket: quick for one, slow for searching."""
    return all_of(*(_phrase(_WITHIN, _WITHIN_IN, term, part) for term in terms))


def _phrase(anywhere: Expression, in_part: Expression, term: str, part: str | None) -> Part:
    phrase = fold(term)
    if not phrase:
        return NEVER.part()
    others = other_forms(term)
    values = {
        "words": " ".join((phrase, *others)),
        "how": ANY if others else "*" if term.endswith("*") else "",
    }
    return anywhere.part(values) if part is None else in_part.part({**values, "part": part})


def other_forms(term: str) -> list[str]:
    """The other forms of a term that is a word of letters like ours, without quotes, folded."""
    from ticketctl.store.tickets import word_forms

    word = normal_form("NFC", term.strip(".,;:!?").lower())
    if not word.isalpha() or not word_forms.LEAST <= len(word) <= _LONGEST:
        return []
    folded = fold(word)
    if not (folded.isascii() and folded.isalpha()):
        return []
    found = dict.fromkeys(fold(" ".join(word_forms.forms(word))).split())
    return [form for form in found if form != folded]


@lru_cache(maxsize=_FOLDED)
def _indexed(text: str) -> str:
    words = fold(text[:_MOST])
    return words.encode()[:_MOST].decode(errors="ignore")
