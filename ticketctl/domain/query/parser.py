"""The query language: `status:open -tag:spam (owner:@me OR created>=2026-03) "paper jam" sort:-priority`.

    query  = either
    either = every { "OR" every }
    every  = term { [ "AND" ] term }
    term   = [ "-" ] ( "(" either ")" | field op value { "," value } | "@" name | word )
    op     = ":" | "<" | "<=" | ">" | ">="          value = [ "~" ] word         word = bare | '"' phrase '"'

A word without a field has a meaning of its own (`bare_words`: `open`, `mine`) or is searched for in the ticket's texts;
a word in quotes is always searched for. `~` before the first value negates, as `-` does. `@name` is a saved query, read
as if it stood there in brackets. Also valid: AND, OR and NOT in any case, `&&`, `||`, `!x`, `=`, `==`, `!=` and `<>`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import NoReturn

from msgspec import Struct

from ticketctl.domain.base import when
from ticketctl.domain.base.condition import (
    TEXTS,
    AllOf,
    Condition,
    Sort,
    both,
    either,
    every,
    negation,
)
from ticketctl.domain.query import bare_words
from ticketctl.domain.query.context import QueryContext, Use
from ticketctl.domain.query.fields import OF_COLUMNS, SORTS, fields_line, is_field, leaf
from ticketctl.errors import BadInput, NotFound

__all__ = ["Query", "Use", "both", "either", "every", "parse", "sort_keys", "where"]

DEEPEST = 20  # brackets within brackets
MOST_TERMS = 200  # SQLite takes expressions up to a depth of 1000

_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)(:!?|!:|!=|==?|<=|>=|<>|<|>)")
_UNEQUAL = (":!", "!:", "!=", "<>")
_EQUAL = (":", "=", "==")
_BARE = re.compile(r'[^\s()"]+')
_NEXT = re.compile(r'\s+(?:[:=]\s*)?([^\s()",:=<>~!-][^\s()",:=<>~!]*)(?=[\s)]|\Z)')
_BARE_VALUE = re.compile(r'[^\s()",]+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_OR = re.compile(r"((?i:OR)|\|\|)(?=[\s()\"]|\Z)")
_AND = re.compile(r"((?i:AND)|&&)(?=[\s()\"]|\Z)")
_NOT = re.compile(r"(?i:NOT)(?=[\s()\"]|\Z)")


Saved = Callable[[str], str | None]  # the text of a saved query by name, None for an unknown one


class Query(Struct, frozen=True):
    """What to list, in which order, and which columns; none of these if the query does not say."""

    condition: Condition
    sort: tuple[Sort, ...]
    columns: tuple[str, ...] = ()


def parse(
    text: str,
    *,
    now: datetime,
    zone: tzinfo,
    me: str | None,
    saved: Saved | None = None,
    types: Mapping[str, str] | None = None,
    use: Use = Use.NOW,
    alert: Callable[[str], Condition] | None = None,
) -> Query:
    """Read a query; dates are in `zone`, `@me` is `me`, `@name` is the query that `saved` has under that name.

    `types` are those of custom fields (`own_fields.kinds`), `use` is what the query is for, `alert` knows the desk's
    age colours. BadInput has a caret
    under the invalid word; NotFound for an unknown saved query.
    """
    return _Reader(text, QueryContext(now, zone, me, types or {}, use, alert), saved).query()


def where(
    field: str,
    op: str,
    value: str,
    *,
    now: datetime,
    zone: tzinfo,
    me: str | None,
    alert: Callable[[str], Condition] | None = None,
) -> Condition:
    """The condition of one option, as for `field:value` in a query: commas mean or, `~` means not.

    `op` is =, <, <=, > or >=. BadInput names what is invalid.
    """
    words = value.removeprefix("~").split(",")
    if "" in words:
        raise BadInput(f"{field} needs a value.")
    condition = leaf(field, op, words, QueryContext(now, zone, me, alert=alert))
    return negation(condition) if value.startswith("~") else condition


def sort_keys(text: str) -> tuple[Sort, ...]:
    """Read `-priority,created` as sort keys; BadInput for an unknown one."""
    keys = []
    for word in text.split(","):
        name = word.removeprefix("-")
        name = OF_COLUMNS.get(name, name)
        if hint := _other_order(name):
            raise BadInput(f'"{name}" is not a sort field; write {hint}.')
        if name not in SORTS:
            raise BadInput(f'"{name}" is not a sort field; sort by one of {", ".join(SORTS)}.')
        keys.append(Sort(name, word.startswith("-")))
    return tuple(keys)


def _other_order(name: str) -> str:
    """The order that `created:desc` or `newest` means, as we write it."""
    if name.lower() in ("newest", "latest", "recent"):
        return "-created"
    if name.lower() in ("oldest", "first"):
        return "created"
    field, sign, way = name.partition(":")
    way = way.lower()
    return f"{'-' * (way[:4] == 'desc')}{field}" if sign and field in SORTS else ""


class _Reader:
    """Reads a query once from left to right; `at` is the position, `within` the saved queries that led here."""

    def __init__(
        self, text: str, context: QueryContext, saved: Saved | None, within: tuple[str, ...] = ()
    ) -> None:
        self.text = text
        self.context = context
        self.saved = saved
        self.within = within
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.sort: tuple[Sort, ...] = ()
        self.columns: tuple[str, ...] = ()
        self.plain: tuple[int, int] | None = None  # position of a word with one clear meaning
        self.texts = False  # is there a search word without quotes?
        self.asks = False  # is there a condition besides texts?
        self.nouns: list[str] = []  # `tickets` beside words with a meaning, as in `new tickets`

    def query(self) -> Query:
        condition = self._either()
        if self.nouns and (not self.asks or self.texts):
            condition = both(
                condition, every(leaf("text", "=", (word,), self.context) for word in self.nouns)
            )
            self.texts = True
        if self.at < len(self.text):
            self._bad("this bracket was never opened.", self.at, self.at + 1)
        if self.plain and self.texts:
            start, end = self.plain
            self._bad(bare_words.beside_text(self.text[start:end]).sentence, start, end)
        return Query(condition, self.sort, self.columns)

    def _either(self) -> Condition:
        parts = [self._every()]
        while self._takes_word(_OR):
            parts.append(self._every())
        if len(parts) > 1 and AllOf() in parts:
            self._bad("OR must stand between two conditions.", self.at, self.at + 1)
        return either(parts)

    def _every(self) -> Condition:
        parts: list[Condition] = []
        while self._more():
            if _AND.match(self.text, self.at):
                self._bad("AND must stand between two conditions.", self.at, self.at + 1)
            term = self._term()
            if term is not None:
                parts.append(term)
            if self._takes_word(_AND) and not self._more():
                self._bad("AND must stand between two conditions.", self.at, self.at + 1)
        return every(parts)

    def _more(self) -> bool:
        self._skip_blanks()
        return not (
            self.at >= len(self.text) or self.text[self.at] == ")" or _OR.match(self.text, self.at)
        )

    def _term(self) -> Condition | None:
        start = self.at
        self.terms += 1
        if self.terms > MOST_TERMS:
            self._bad(f"a query may have at most {MOST_TERMS} words.", start, len(self.text))
        if not self._takes_not():
            return self._positive()
        if not self._more() or _AND.match(self.text, self.at):
            self._bad("NOT must stand before a condition.", start, self.at)
        term = self._term()
        if term is None:
            self._bad("an order, or columns, cannot be negated.", start, self.at)
        return negation(term)

    def _takes_not(self) -> bool:
        """`-x`, `!x` or `NOT x`; a sign that is followed by a blank is a word."""
        if self._takes_word(_NOT):
            return True
        after = self.text[self.at + 1 : self.at + 2]
        taken = self.text[self.at] in "-!" and bool(after.strip()) and after not in ")-="
        self.at += taken
        return taken

    def _positive(self) -> Condition | None:
        if self.text[self.at] == "(":
            return self._bracket()
        if self.text[self.at] == "@":
            return self._saved()
        found = _FIELD.match(self.text, self.at)
        if not found:
            return self._alone()
        if found[1] == "sort":
            self._read_sort(found)
            return None
        if found[1] == "columns":
            self._read_columns(found)
            return None
        return self._field(found)

    def _alone(self) -> Condition | None:
        """A word without a field: text if it is in quotes or has no other meaning."""
        start = self.at
        if self.text[start] == '"':
            return leaf("text", "=", (self._exact(_BARE),), self.context)
        word = self._word(_BARE)
        try:
            if word.lower() in bare_words.NOUNS and self.context.use is Use.NOW:
                self.nouns.append(word)
                return None
            if bare_words.plain(word) or (bare_words.is_my(word, self._following())):
                self.plain, self.asks = self.plain or (start, self.at), True
                return bare_words.condition(word, self.context)
            self.texts = True
            return bare_words.text(word, self.context, self._following())
        except BadInput as trouble:
            before = self.text[slice(*self.plain)].lower() if self.plain else ""
            said = trouble.sentence
            if before in ("closed", "resolved") and said.startswith("write created:"):
                said = said.replace("created:", f"{before}:", 1)
            self._bad(said, start, self.at)

    def _bracket(self) -> Condition:
        start = self.at
        self.depth += 1
        if self.depth > DEEPEST:
            self._bad(f"brackets may be nested at most {DEEPEST} deep.", start, start + 1)
        self.at += 1
        condition = self._either()
        if not self._takes(")"):
            self._bad("this bracket is never closed.", start, start + 1)
        if condition == AllOf():
            self._bad("there is nothing in these brackets.", start, self.at)
        self.depth -= 1
        return condition

    def _saved(self) -> Condition | None:
        """Read a saved query in place of its name; its order and columns apply if the query has none."""
        start = self.at
        name = self._word(_BARE).removeprefix("@")
        if not name:
            self._bad("name the saved query: @NAME.", start, self.at)
        if name == "me":
            return leaf("owner", "=", ("@me",), self.context)
        if self.saved is None:
            self._bad("a saved query cannot be used here.", start, self.at)
        if name in self.within:
            self._bad(f"@{name} refers to itself: {self._chain(name)}.", start, self.at)
        if len(self.within) == DEEPEST:
            self._bad(f"saved queries may be nested at most {DEEPEST} deep.", start, self.at)
        text = self.saved(name)
        if text is None:
            raise NotFound(f"no saved query @{name}.", *self._caret(start, self.at))
        inner = _Reader(text, self.context, self.saved, (*self.within, name))
        inner.terms = self.terms
        try:
            found = inner.query()
        except BadInput as trouble:
            if self.within:
                raise
            raise BadInput(f"in @{name}: {trouble.sentence}", *trouble.problems) from None
        self.terms = inner.terms
        self.sort = self.sort or found.sort
        self.columns = self.columns or found.columns
        return None if found.condition == AllOf() else found.condition

    def _chain(self, name: str) -> str:
        return " → ".join(f"@{each}" for each in (*self.within, name))

    def _field(self, found: re.Match[str]) -> Condition:
        name = found[1] if is_field(found[1]) else found[1].lower()
        if not is_field(name):
            value = self.text[found.end() :].split(" ", 1)[0]
            if name == "no" and (condition := self._lacking(found)):
                return condition
            said = bare_words.no_field(found[1], value)
            more = () if said.endswith("?") or "; write " in said else (fields_line(),)
            self._bad(said, found.start(1), found.end(1), *more)
        self.at, self.asks = found.end(), True
        negated = found[2] in _UNEQUAL or self._takes("~")
        op = "=" if found[2] in (*_EQUAL, *_UNEQUAL) else found[2]
        words = [self._value(name, op)]
        while self._takes(","):
            words.append(self._value(name, op))
        condition = leaf(name, op, words, self.context)
        return negation(condition) if negated else condition

    def _lacking(self, found: re.Match[str]) -> Condition | None:
        """`no:owner`; None for a field that no ticket lacks, and in a stored query, which needs the full form."""
        named = _BARE_VALUE.match(self.text, found.end())
        if named is None or found[2] not in _EQUAL or self.context.use is not Use.NOW:
            return None
        condition = bare_words.lacking(named[0], self.context)
        if condition is not None:
            self.at, self.asks = named.end(), True
        return condition

    def _value(self, name: str, op: str) -> str:
        """Read one value on its own, so that the caret is under the invalid one."""
        start = self.at
        if start >= len(self.text) or self.text[start] in ",() \t\n":
            value = self._following()
            hint = f"; write {name}:{value} without a blank." if value else "."
            self._bad(f"{name} needs a value{hint}", start, start + 1)
        word = self._exact(_BARE_VALUE) if name in TEXTS else self._word(_BARE_VALUE)
        try:
            leaf(name, op, [word], self.context)
        except BadInput as trouble:
            said = trouble.sentence
            whole = f"{word}-{self._following()}".lower()
            if "is not a time" in said and when.is_time(whole):
                said = f"write {name}:{whole}."
            self._bad(said, start, self.at)
        return word

    def _read_sort(self, found: re.Match[str]) -> None:
        self.at = found.end()
        keys = _BARE.match(self.text, self.at)
        self.at = keys.end() if keys else self.at
        if found[2] not in _EQUAL or keys is None or self.depth:
            self._bad("write the order like sort:-priority,created.", found.start(), self.at)
        try:
            self.sort = sort_keys(keys[0])
        except BadInput as trouble:
            self._bad(trouble.sentence, keys.start(), keys.end())

    def _read_columns(self, found: re.Match[str]) -> None:
        self.at = found.end()
        names = _BARE.match(self.text, self.at)
        self.at = names.end() if names else self.at
        if found[2] not in _EQUAL or names is None or self.depth:
            self._bad("write the columns like columns:id,owner,subject.", found.start(), self.at)
        self.columns = tuple(names[0].split(","))

    def _following(self) -> str:
        """The next word, perhaps a value separated from its field by a blank; "" for none."""
        found = _NEXT.match(self.text, self.at)
        return found[1] if found else ""

    def _exact(self, bare: re.Pattern[str]) -> str:
        """As `_word`, but a single word in quotes keeps them, as it is found in no other form."""
        quoted = self.text[self.at] == '"'
        word = self._word(bare)
        return f'"{word}"' if quoted and word.isalpha() else word

    def _word(self, bare: re.Pattern[str]) -> str:
        if self.text[self.at] == '"':
            found = _QUOTED.match(self.text, self.at)
            if not found:
                self._bad("this quotation mark is never closed.", self.at, self.at + 1)
            self.at = found.end()
            return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)
        found = bare.match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        return found[0]

    def _skip_blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _takes(self, letter: str) -> bool:
        taken = self.text.startswith(letter, self.at)
        self.at += taken
        return taken

    def _takes_word(self, word: re.Pattern[str]) -> bool:
        self._skip_blanks()
        found = word.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return bool(found)

    def _bad(self, sentence: str, start: int, end: int, *more: str) -> NoReturn:
        """BadInput: the sentence, the query on one line, a caret line under `start` … `end`, and `more` lines."""
        raise BadInput(sentence, *self._caret(start, end), *more)

    def _caret(self, start: int, end: int) -> tuple[str, str]:
        line = re.sub(r"[\s\x00-\x1f\x7f-\x9f]", " ", self.text)
        return f"  {line}", "  " + " " * start + "^" * max(1, end - start)
