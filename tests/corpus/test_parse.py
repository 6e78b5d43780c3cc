"""What holds for every mail of the corpus that goes through the parser."""

import hashlib
import re

import pytest

from gateway.parse.parse import parse, part_bytes
from tests.corpus.facts import Case
from tests.support.paths import CORPUS

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus {CORPUS} is not here"),
]


def test_no_mail_of_the_corpus_raises_H2(measured: list[Case]) -> None:
    assert len(measured) > 500


def test_strings_of_every_mail_can_be_stored(measured: list[Case]) -> None:
    for case in measured:
        mail = case.mail
        for text in (mail.text, mail.subject, mail.html or "", *(v for _, v in mail.headers)):
            assert "\0" not in text, case.name
            text.encode("utf-8")


def test_every_part_can_be_read_again_J1(measured: list[Case]) -> None:
    for case in measured:
        for part in case.mail.parts:
            again = part_bytes(case.raw, part.path)
            digest = hashlib.sha256(again).hexdigest()
            assert (len(again), digest) == (part.size, part.sha256), case.name


def test_content_hash_ignores_received_headers_C4(measured: list[Case]) -> None:
    way = b"Received: from other.example by mx2.example; Mon, 3 Feb 2025 10:00:00 +0000\n"
    checked = 0
    for case in measured:
        # Only where the first line is a header: a line before it would otherwise change the meaning.
        first = case.raw.split(b"\n", 1)[0]
        if b"\r" not in case.raw and re.match(rb"[A-Za-z][A-Za-z-]*:", first):
            assert parse(way + case.raw).content_hash == case.mail.content_hash, case.name
            checked += 1
    assert checked > 300
