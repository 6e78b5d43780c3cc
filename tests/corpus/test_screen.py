"""Real mails through parser and rules: classes, acknowledgements, failed recipients."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.parse.parse import parse
from gateway.screen.envelope import Envelope
from gateway.screen.screen import Screening, screen

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CLASSES = (
    "is_bounce",
    "is_auto",
    "is_list",
    "is_vacation",
    "is_delay_notice",
    "is_dsn_success",
    "is_feedback_report",
)

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus {CORPUS} is not here"),
]

Judged = tuple[dict[str, Any], Screening]


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return list(_judged())


def _judged() -> Iterator[Judged]:
    for described in sorted(CORPUS.glob("*.json")):
        raw = described.with_suffix(".eml").read_bytes()
        yield json.loads(described.read_text("utf-8")), screen(parse(raw), Envelope(), raw)


def rate(right: int, cases: int) -> float:
    """Per cent; a share of nothing is an error, not a success."""
    assert cases
    return 100 * right / cases


@pytest.mark.parametrize(
    ("flag", "at_least"), [(flag, 98) for flag in CLASSES if flag != "is_list"]
)
def test_classes(judged: list[Judged], flag: str, at_least: int) -> None:
    cases = [(case, found) for case, found in judged if flag in case["expect"]]
    wrong = [
        (case["name"], found.hits)
        for case, found in cases
        if getattr(found.flags, flag) != case["expect"][flag]
    ]
    assert rate(len(cases) - len(wrong), len(cases)) >= at_least, wrong


def test_E14_no_mail_that_must_not_be_answered_may_be(judged: list[Judged]) -> None:
    silent = [(case, found) for case, found in judged if case["expect"].get("auto_ack") is False]
    assert len(silent) > 300
    assert [case["name"] for case, found in silent if found.flags.may_ack] == []


def test_F5_no_ordinary_mail_is_a_bounce(judged: list[Judged]) -> None:
    ordinary = [
        (case["name"], found)
        for case, found in judged
        if not {"auto_ack", "is_bounce", "bounce"} & case["expect"].keys()
        and "bounce-corpus" not in case["tags"]
    ]
    # One of them is a mail server's warning: a delivery-status part is proof, whatever its set says.
    taken = [
        (name, found.hits)
        for name, found in ordinary
        if found.flags.is_bounce and "delivery status part (F1)" not in found.hits
    ]
    assert len(ordinary) > 150 and taken == []


def test_E14_most_ordinary_mails_may_be_answered(judged: list[Judged]) -> None:
    replies = [found for case, found in judged if "reply-trim" in case["tags"]]
    assert rate(sum(found.flags.may_ack for found in replies), len(replies)) >= 95


def test_F1_F5_failed_recipients(judged: list[Judged]) -> None:
    right, wrong = 0, []
    for case, found in judged:
        if told := case["expect"].get("bounce"):
            addresses = (
                sorted(each.address for each in found.bounce.recipients) if found.bounce else []
            )
            wanted = told.get("recipients_count", sorted(told.get("recipients", [])))
            if wanted in (len(addresses), addresses):
                right += 1
            else:
                wrong.append((case["name"], wanted, addresses))
    assert rate(right, right + len(wrong)) >= 97, wrong


def test_F1_F5_statuses(judged: list[Judged]) -> None:
    right, wrong = 0, []
    for case, found in judged:
        if wanted := set(case["expect"].get("bounce", {}).get("statuses", ())):
            statuses = {each.status for each in found.bounce.recipients} if found.bounce else set()
            if wanted <= statuses:
                right += 1
            else:
                wrong.append((case["name"], wanted, statuses))
    assert rate(right, right + len(wrong)) >= 97, wrong


def test_F2_most_bounces_name_the_mail_they_are_about(judged: list[Judged]) -> None:
    bounces = [found.bounce for _, found in judged if found.flags.is_bounce and found.bounce]
    named = sum(facts.original_message_id is not None for facts in bounces)
    assert rate(named, len(bounces)) >= 80
