"""Every mail of the corpus through the parser, measured by the rules of its README."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.parse.mail import Mail
from gateway.parse.parse import parse, part_bytes

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus {CORPUS} is not here"),
]

Case = tuple[str, dict[str, Any], bytes]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    found = []
    for described in sorted(CORPUS.glob("*.json")):
        case = json.loads(described.read_text("utf-8"))
        found.append((described.stem, case, described.with_suffix(".eml").read_bytes()))
    return found


@pytest.fixture(scope="module")
def mails(cases: list[Case]) -> dict[str, Mail]:
    return {name: parse(raw) for name, _, raw in cases}


def test_H2_no_mail_of_the_corpus_raises(cases: list[Case], mails: dict[str, Mail]) -> None:
    assert len(mails) == len(cases) > 500


def test_strings_of_every_mail_can_be_stored(mails: dict[str, Mail]) -> None:
    for name, mail in mails.items():
        for text in (mail.text, mail.subject, mail.html or "", *(v for _, v in mail.headers)):
            assert "\0" not in text, name
            text.encode("utf-8")


def test_J1_every_part_can_be_read_again(cases: list[Case], mails: dict[str, Mail]) -> None:
    for name, _, raw in cases:
        for part in mails[name].parts:
            again = part_bytes(raw, part.path)
            assert (len(again), hashlib.sha256(again).hexdigest()) == (part.size, part.sha256), name


def test_C4_identity_does_not_hang_on_the_way_the_mail_took(cases: list[Case]) -> None:
    way = b"Received: from other.example by mx2.example; Mon, 3 Feb 2025 10:00:00 +0000\n"
    checked = 0
    for name, _, raw in cases:
        # Only where the first line is a header: a line before it would otherwise change the meaning.
        first = raw.split(b"\n", 1)[0]
        if b"\r" not in raw and re.match(rb"[A-Za-z][A-Za-z-]*:", first):
            assert parse(way + raw).content_hash == parse(raw).content_hash, name
            checked += 1
    assert checked > 300


def test_subject_and_sender_at_least_99_percent(cases: list[Case], mails: dict[str, Mail]) -> None:
    _hold(cases, mails, _head_facts, 0.99)


def test_text_at_least_97_percent(cases: list[Case], mails: dict[str, Mail]) -> None:
    _hold(cases, mails, _text_facts, 0.97)


def test_attachments_at_least_97_percent(cases: list[Case], mails: dict[str, Mail]) -> None:
    _hold(cases, mails, _attachment_facts, 0.97)


def _hold(
    cases: list[Case],
    mails: dict[str, Mail],
    facts: Callable[[dict[str, Any], Mail, bytes], Iterator[tuple[str, bool]]],
    least: float,
) -> None:
    """Count the facts of all cases that are not `soft`, and name those that fail."""
    results = [
        (f"{name}: {fact}", right)
        for name, case, raw in cases
        if "soft" not in case["tags"]
        for fact, right in facts(case["expect"], mails[name], raw)
    ]
    wrong = [fact for fact, right in results if not right]
    rate = 1 - len(wrong) / len(results)
    print(f"\n{len(results)} facts, {rate:.1%} right", *wrong, sep="\n  ")
    assert rate >= least, "\n".join(wrong)


def _head_facts(expect: dict[str, Any], mail: Mail, raw: bytes) -> Iterator[tuple[str, bool]]:
    subject = _blanks(mail.subject)
    sender = mail.from_[0] if mail.from_ else None
    if "subject" in expect:
        yield f"subject {subject!r}", subject == _blanks(expect["subject"])
    if "subject_prefix" in expect:
        yield f"subject {subject!r}", subject.startswith(_blanks(expect["subject_prefix"]))
    if "subject_contains" in expect:
        yield f"subject {subject!r}", _blanks(expect["subject_contains"]) in subject
    if "subject_any" in expect:
        yield f"subject {subject!r}", subject in map(_blanks, expect["subject_any"])
    if "from" in expect:
        yield f"from {sender}", sender is not None and sender.key == expect["from"]
    if "from_name" in expect:
        yield f"name {sender}", sender is not None and sender.name == expect["from_name"]
    if "to" in expect:
        yield f"to {mail.to}", [to.key for to in mail.to] == [to.lower() for to in expect["to"]]
    if "reply_to" in expect:
        yield f"reply_to {mail.reply_to}", [a.key for a in mail.reply_to] == [expect["reply_to"]]
    if "delivered_to" in expect:
        yield (
            f"delivered {mail.delivered_to}",
            set(expect["delivered_to"]) <= set(mail.delivered_to),
        )
    if "message_id" in expect:
        yield f"id {mail.message_id}", _bare(mail.message_id) == expect["message_id"]
    if "references" in expect:
        yield f"ids {mail.references}", list(map(_bare, mail.references)) == expect["references"]
    if "date" in expect:
        date = mail.date.isoformat() if mail.date else None
        yield f"date {date}", date == expect["date"].replace("Z", "+00:00")


def _text_facts(expect: dict[str, Any], mail: Mail, raw: bytes) -> Iterator[tuple[str, bool]]:
    if "text" in expect:
        yield "text", _comparable(mail.text) == _comparable(expect["text"])
    for words in expect.get("text_contains", ()):
        yield f"text lacks {words!r}", words in mail.text
    for words in expect.get("text_not_contains", ()):
        yield f"text has {words!r}", words not in mail.text
    for words in expect.get("text_contains_ws", ()):
        # NULs cannot be stored and are taken out of text (H25).
        yield f"text lacks {words!r}", _blanks(words.replace("\0", "")) in _blanks(mail.text)


def _attachment_facts(expect: dict[str, Any], mail: Mail, raw: bytes) -> Iterator[tuple[str, bool]]:
    for wanted in expect.get("attachments", ()):
        yield f"no {wanted} in {mail.parts}", any(_fits(wanted, p, raw) for p in mail.parts)
    shown = [part for part in mail.parts if not part.inline]
    if "attachments_count" in expect:
        count = expect["attachments_count"]
        yield f"{len(shown)} for {count}", count in (len(shown), len(mail.parts))
    if "attachments_count_min" in expect:
        yield f"only {len(mail.parts)}", len(mail.parts) >= expect["attachments_count_min"]
    for size in expect.get("attachments_any_size", ()):
        # Attached messages were measured with LF line ends there; ours keep theirs (H13).
        sizes = [(p.size, p.size - part_bytes(raw, p.path).count(b"\r\n")) for p in mail.parts]
        yield f"none of {size}", any(size in some for some in sizes)
    for digest in expect.get("attachments_any_sha256", ()):
        yield f"none of {digest}", any(part.sha256 == digest for part in mail.parts)


def _fits(wanted: dict[str, Any], part: Any, raw: bytes) -> bool:
    name = wanted.get("name")
    if name is not None and unicodedata.normalize("NFC", name) != part.name:
        return False
    if wanted.get("message") and not part.type.startswith("message/"):
        return False
    contained = wanted.get("content_contains", "").encode()
    if contained and contained not in part_bytes(raw, part.path):
        return False
    return all(wanted.get(key) in (None, getattr(part, key)) for key in ("size", "sha256"))


def _blanks(text: str) -> str:
    return " ".join(text.split())


def _bare(id_: str | None) -> str | None:
    return id_.strip("<>") if id_ else None


def _comparable(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
