"""What the corpus expects of a mail, compared by the rules of its README: facts, each right or wrong."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from gateway.parse.mail import Mail, Part
from gateway.parse.parse import parse, part_bytes
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.screen import Screening, screen
from gateway.trim.trim import trim
from tests.support.paths import CORPUS


class Fact(NamedTuple):
    """One expectation of one mail: its key in `expect`, whether it holds, and what was found."""

    key: str
    right: bool
    found: str


class Case:
    """A mail of the corpus with what is expected of it, and what we made of it."""

    def __init__(self, described: Path) -> None:
        about = json.loads(described.read_text("utf-8"))
        self.name: str = about["name"]
        self.tags: list[str] = about["tags"]
        self.expect: dict[str, Any] = about["expect"]
        self.raw = described.with_suffix(".eml").read_bytes()
        self.mail: Mail = parse(self.raw)
        self.screening: Screening = screen(self.mail, ScreenEnvelope(), self.raw)

    @property
    def counts(self) -> bool:
        """Whether good programs agree on it."""
        return "soft" not in self.tags


def cases(folder: Path = CORPUS) -> list[Case]:
    """Every mail of the corpus, or of another folder like it; none where it is absent."""
    return [Case(described) for described in sorted(folder.glob("*.json"))]


def facts(case: Case) -> Iterator[Fact]:
    """Everything that one mail is measured by."""
    for some in (head, text, attachments, classes, bounce, reply):
        yield from some(case)


def head(case: Case) -> Iterator[Fact]:
    """Decoded header facts."""
    mail, expect = case.mail, case.expect
    subject = blanks(mail.subject)
    sender = mail.from_[0] if mail.from_ else None
    author = mail.sender
    date = mail.date.isoformat() if mail.date else None
    found: dict[str, tuple[bool, object]] = {}

    def compare(key: str, right: bool, shown: object) -> None:
        found[key] = (right, shown)

    wanted = {key: value for key, value in expect.items() if value is not None}
    get = wanted.get
    compare("subject", subject == blanks(get("subject", "")), subject)
    compare("subject_prefix", subject.startswith(blanks(get("subject_prefix", ""))), subject)
    compare("subject_contains", blanks(get("subject_contains", "")) in subject, subject)
    compare("subject_any", subject in map(blanks, get("subject_any", ())), subject)
    compare("from", sender is not None and sender.key == get("from"), sender)
    compare("from_name", sender is not None and sender.name == get("from_name"), sender)
    compare("sender", author is not None and author.key == get("sender"), author)
    compare("to", [a.key for a in mail.to] == [a.lower() for a in get("to", ())], mail.to)
    compare("reply_to", [a.key for a in mail.reply_to] == [get("reply_to")], mail.reply_to)
    delivered = set(get("delivered_to", ())) <= set(mail.delivered_to)
    compare("delivered_to", delivered, mail.delivered_to)
    compare("message_id", bare(mail.message_id) == get("message_id"), mail.message_id)
    compare("in_reply_to", bare(mail.in_reply_to) == get("in_reply_to"), mail.in_reply_to)
    compare("references", list(map(bare, mail.references)) == get("references"), mail.references)
    compare("date", date == str(get("date")).replace("Z", "+00:00"), date)
    for key, (right, shown) in found.items():
        if key in wanted:
            yield Fact(key, right, str(shown))


def text(case: Case) -> Iterator[Fact]:
    """The text body."""
    mail, expect = case.mail, case.expect
    if "text" in expect:
        yield Fact("text", comparable(mail.text) == comparable(expect["text"]), mail.text)
    for words in expect.get("text_contains", ()):
        yield Fact("text_contains", words in mail.text, f"no {words!r}")
    for words in expect.get("text_not_contains", ()):
        yield Fact("text_not_contains", words not in mail.text, f"has {words!r}")
    for words in expect.get("text_contains_ws", ()):
        # NULs cannot be stored and are taken out of text (H25).
        right = blanks(words.replace("\0", "")) in blanks(mail.text)
        yield Fact("text_contains_ws", right, f"no {words!r}")


def attachments(case: Case) -> Iterator[Fact]:
    """The parts: listed ones for counts, all of them for hashes."""
    parts, raw, expect = case.mail.parts, case.raw, case.expect
    for wanted in expect.get("attachments", ()):
        right = any(_fits(wanted, part, raw) for part in parts)
        yield Fact("attachments", right, f"no {wanted} in {parts}")
    shown = [part for part in parts if not part.inline]
    if "attachments_count" in expect:
        right = expect["attachments_count"] in (len(shown), len(parts))
        yield Fact("attachments_count", right, str(shown))
    if "attachments_count_min" in expect:
        right = len(parts) >= expect["attachments_count_min"]
        yield Fact("attachments_count_min", right, str(parts))
    for size in expect.get("attachments_any_size", ()):
        # Attached messages were measured with LF line ends there; ours keep theirs (H13).
        sizes = [(p.size, p.size - part_bytes(raw, p.path).count(b"\r\n")) for p in parts]
        yield Fact("attachments_any_size", any(size in some for some in sizes), str(sizes))
    for digest in expect.get("attachments_any_sha256", ()):
        yield Fact("attachments_any_sha256", any(p.sha256 == digest for p in parts), digest)


CLASSES = (
    "is_bounce",
    "is_auto",
    "is_list",
    "is_vacation",
    "is_delay_notice",
    "is_dsn_success",
    "is_feedback_report",
)


def classes(case: Case) -> Iterator[Fact]:
    """What kind of mail it is, and whether it may be answered by a machine."""
    flags, hits = case.screening.flags, str(case.screening.hits)
    for key in CLASSES:
        if key in case.expect:
            yield Fact(key, getattr(flags, key) == case.expect[key], hits)
    if case.expect.get("auto_ack") is False:
        yield Fact("auto_ack", not flags.may_ack, hits)


def bounce(case: Case) -> Iterator[Fact]:
    """Who a bounce is about, and what happened to them."""
    told = case.expect.get("bounce")
    if not told:
        return
    failed = case.screening.bounce.recipients if case.screening.bounce else ()
    addresses = sorted(each.address for each in failed)
    wanted = told.get("recipients_count", sorted(told.get("recipients", [])))
    yield Fact("bounce recipients", wanted in (len(addresses), addresses), str(addresses))
    statuses = {each.status for each in failed}
    if told.get("statuses"):
        yield Fact("bounce statuses", set(told["statuses"]) <= statuses, str(statuses))


REPLY_FORMS = {
    "reply_text": lambda text: comparable(text),
    "reply_text_ws": lambda text: blanks(text),
    "reply_text_nows": lambda text: "".join(text.split()),
}


def reply(case: Case) -> Iterator[Fact]:
    """The new words of a reply."""
    if not any(key.startswith(("reply_", "elided_")) for key in case.expect):
        return
    found = trim(case.mail.text)
    short = found.text
    if "elided_text" in case.expect:
        wanted = case.expect["elided_text"].split()
        yield Fact("elided_text", "".join(found.elided.split()) == "".join(wanted), found.elided)
    for key, form in REPLY_FORMS.items():
        if key in case.expect:
            yield Fact(key, form(short) == form(case.expect[key]), short)
    for words in case.expect.get("reply_contains", ()):
        yield Fact("reply_contains", words in short, short)
    for words in case.expect.get("reply_not_contains", ()):
        yield Fact("reply_not_contains", words not in short, short)


def _fits(wanted: dict[str, Any], part: Part, raw: bytes) -> bool:
    name = wanted.get("name")
    if name is not None and unicodedata.normalize("NFC", name) != part.name:
        return False
    if wanted.get("message") and not part.type.startswith("message/"):
        return False
    contained = wanted.get("content_contains", "").encode()
    if contained and contained not in part_bytes(raw, part.path):
        return False
    return all(wanted.get(key) in (None, getattr(part, key)) for key in ("size", "sha256"))


def blanks(text: str) -> str:
    """Runs of blanks to one."""
    return " ".join(text.split())


def bare(id_: str | None) -> str | None:
    """A Message-ID without its brackets."""
    return id_.strip("<>") if id_ else None


def comparable(text: str) -> str:
    """LF, right-trimmed lines, at most one empty line running, no empty ends."""
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
