"""What holds for real mails that go through parser and rules."""

import pytest

from tests.corpus.facts import Case
from tests.support.paths import CORPUS

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus {CORPUS} is not here"),
]


def test_no_ordinary_mail_is_a_bounce_F5(measured: list[Case]) -> None:
    ordinary = [
        case
        for case in measured
        if not {"auto_ack", "is_bounce", "bounce"} & case.expect.keys()
        and "bounce-corpus" not in case.tags
    ]
    # One of them is a mail server's warning: a delivery-status part is proof, whatever its set says.
    taken = [
        (case.name, case.screening.hits)
        for case in ordinary
        if case.screening.flags.is_bounce
        and not any(one.slug == "delivery-status-part" for one in case.screening.hits)
    ]
    assert len(ordinary) > 150 and taken == []


def test_most_ordinary_mails_may_be_answered_E14(measured: list[Case]) -> None:
    replies = [case.screening for case in measured if "reply-trim" in case.tags]
    assert sum(found.flags.may_ack for found in replies) >= 0.95 * len(replies) > 0


def test_most_bounces_name_the_mail_they_are_about_F2(measured: list[Case]) -> None:
    bounces = [
        case.screening.bounce
        for case in measured
        if case.screening.flags.is_bounce and case.screening.bounce
    ]
    named = sum(facts.original_message_id is not None for facts in bounces)
    assert named >= 0.8 * len(bounces) > 0
