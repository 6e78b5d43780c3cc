"""Parses the mailboxes of a header (RFC 5322 section 3.4), tolerantly (G1, G3). Linear time, no recursion."""

import re
from collections.abc import Iterator
from itertools import pairwise

from gateway.parse.clean_text import blanks_to_one
from gateway.parse.headers import WORD, decode_words, text, word_end
from gateway.parse.mail import Address

_PLAIN = re.compile(r'[^"(<,;:=]+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LOCAL = r'(?:"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*"|[^\s"<>(),:;@\\\[\]\x00-\x1f\x7f]+)'
_DOMAIN = r"(?:\[[^\s\[\]<>@]+\]|[^\s.@<>()\[\],;:\"\\\x00-\x1f\x7f/]+(?:\.[^\s.@<>()\[\],;:\"\\\x00-\x1f\x7f/]+)*)"
_ADDRESS = re.compile(_LOCAL + "@" + _DOMAIN)
_MAX_LENGTH = 320  # bytes of local part, @ and domain (RFC 5321 section 4.5.3.1)


def parse(value: str, limit: int = 1000) -> tuple[Address, ...]:
    """Return the valid mailboxes of a raw header value, with encoded words still in it; at most `limit`.

    The members of groups are included; invalid addresses are left out.
    """
    found = tuple(_mailboxes(value, limit))
    if not found and "=?" in value:
        # Some senders encode name and address together.
        found = tuple(_mailboxes(decode_words(value), limit))
    return found


def is_valid(email: str) -> bool:
    """Is this local@domain? UTF-8, quoted local parts and domain literals are allowed (A16)."""
    return len(email) <= _MAX_LENGTH and _ADDRESS.fullmatch(email) is not None


class _Phrase:
    """The text between two separators."""

    def __init__(self, carried: str = "") -> None:
        self.pieces: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self.angle: str | None = None
        self.carried = carried  # `Smith` of an unquoted `Smith, John <…>`

    def add(self, kind: str, piece: str) -> None:
        if kind == "comment":
            self.comments.append(piece)
        elif kind == "angle" and (self.angle is None or not is_valid(self.angle)):
            self.angle = piece
        elif kind != "angle":
            self.pieces.append((kind, piece))

    def written(self) -> str:
        return "".join(f'"{p}"' if kind == "quoted" else p for kind, p in self.pieces).strip()

    def mailbox(self) -> Address | None:
        written = _without_root(self.written())
        if self.angle is not None and is_valid(self.angle):
            return Address(self._name(""), self.angle)
        email = written if is_valid(written) else _word_with_at(self.written())
        return Address(self._name(email), email) if email else None

    def _name(self, email: str) -> str:
        words = [_ESCAPE.sub(r"\1", p) if kind == "quoted" else p for kind, p in self.pieces]
        name = "".join(words)
        if email:
            whole = _without_root(self.written()) == email
            name = "" if whole else name.replace(f"{email}.", email, 1).replace(email, " ", 1)
        name = blanks_to_one(name) or blanks_to_one(" ".join(self.comments))
        if self.carried and self.angle is not None:
            name = f"{self.carried}, {name}" if name else self.carried
        name = text(name)
        if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
            name = name[1:-1].strip()
        return blanks_to_one(name)


def _mailboxes(value: str, limit: int) -> Iterator[Address]:
    count = 0
    phrase = _Phrase()
    for kind, piece in _tokens(value):
        if kind == "group":
            phrase = _Phrase()
        elif kind != "separator":
            phrase.add(kind, piece)
        else:
            mailbox = phrase.mailbox()
            if mailbox is not None:
                yield mailbox
                count += 1
                if count >= limit:
                    return
            carried = "" if mailbox is not None or piece == ";" else phrase.written()
            phrase = _Phrase(carried if len(carried) < 80 else "")


def _tokens(value: str) -> Iterator[tuple[str, str]]:
    """Yield quoted, comment, angle, text, group and separator tokens, in linear time."""
    closing = _closing_parentheses(value) if "(" in value else {}
    last_quote = value.rfind('"')
    last_angle = value.rfind(">")
    last_semicolon = value.rfind(";")
    at = word = 0
    while at < len(value):
        character = value[at]
        if character == '"' and at < last_quote and (quoted := _QUOTED.match(value, at)):
            yield "quoted", quoted[1]
            at = quoted.end()
        elif character == '"':
            last_quote = min(last_quote, at)  # it is not closed, nor is any later one
            at += 1
        elif character == "(" and at in closing:
            yield "comment", value[at + 1 : closing[at]]
            at = closing[at] + 1
        elif character == "<":
            end = value.find(">", at) if at < last_angle else _next_separator(value, at)
            yield "angle", _inside(value[at + 1 : end])
            at = end + 1 if at < last_angle else end
        elif character in ",;":
            yield "separator", character
            at += 1
        elif character == ":" and at < last_semicolon:
            yield "group", ""
            at += 1
        elif character == "=" and (opening := WORD.match(value, at)):
            word = word_end(value, opening, word)
            end = word + 2 if word >= 0 else opening.end()
            word = max(word, 0)
            yield "text", value[at:end]
            at = end
        else:
            plain = _PLAIN.match(value, at)
            end = plain.end() if plain else at + 1
            yield "text", value[at:end]
            at = end
    yield "separator", ";"


def _closing_parentheses(value: str) -> dict[int, int]:
    """Return where each outermost balanced parenthesis opens and closes."""
    open_: list[int] = []
    pairs: dict[int, int] = {}
    for found in _PARENTHESIS.finditer(value):
        if found[0] == "(":
            open_.append(found.start())
        elif found[0] == ")" and open_:
            pairs[open_.pop()] = found.start()
    return pairs


def _next_separator(value: str, at: int) -> int:
    ends = [end for end in (value.find(",", at), value.find(";", at)) if end >= 0]
    return min(ends, default=len(value))


def _inside(angle: str) -> str:
    """Return the address between angle brackets, without additions of old or broken senders."""
    angle = angle.rpartition("<")[2].strip()
    if angle.startswith("@") and ":" in angle:  # a source route (RFC 5322 section 4.4)
        angle = angle.rpartition(":")[2]
    return _bare(angle if angle.startswith('"') else _joined(angle.split()))


def _joined(words: list[str]) -> str:
    """Join words at a dot or @, where RFC 5322 section 4.4 allows blanks; others stay apart, so that the address is
    invalid: nobody wrote the one that joining them would make."""
    joined = "".join(words[:1])
    for before, word in pairwise(words):
        joined += word if before[-1] in ".@" or word[0] in ".@" else f" {word}"
    return joined


def _bare(word: str) -> str:
    word = _without_root(word.strip("'"))
    return word[7:] if word[:7].lower() == "mailto:" else word


def _without_root(address: str) -> str:
    """Remove the dot of the DNS root, which some senders write after the domain."""
    return address.removesuffix(".")


def _word_with_at(written: str) -> str:
    """Return the address among words without angle brackets, or ""."""
    if "@" not in written:
        return ""
    for word in written.split()[:100]:
        bare = _bare(word.strip("[]<>,"))
        if is_valid(bare):
            return bare
    return ""
