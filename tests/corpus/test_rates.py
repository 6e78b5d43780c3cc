"""Every mail of the corpus against what its README expects: the least share of facts that must be right."""

import pytest

from tests.corpus.facts import Case, facts
from tests.corpus.rates import by_key, table
from tests.support.paths import CORPUS

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus {CORPUS} is not here"),
]

# Per cent, of some keys together where some have only a handful of mails.
LEAST = [
    (99, ("subject", "subject_prefix", "subject_contains", "from", "from_name")),
    (99, ("to", "reply_to", "delivered_to", "message_id", "references", "date")),
    (97, ("text", "text_contains", "text_contains_ws", "text_not_contains")),
    (100, ("attachments", "attachments_any_size", "attachments_count")),
    (98, ("is_bounce",)),
    (98, ("is_auto", "is_vacation", "is_delay_notice", "is_dsn_success", "is_feedback_report")),
    (100, ("auto_ack",)),
    (97, ("bounce recipients",)),
    (97, ("bounce statuses",)),
    (95, ("reply_text", "reply_text_ws", "reply_text_nows")),
    (100, ("reply_contains", "reply_not_contains")),
]


@pytest.mark.parametrize(("least", "keys"), LEAST, ids=lambda value: str(value))
def test_rate(measured: list[Case], least: int, keys: tuple[str, ...]) -> None:
    found = [
        (case, fact) for case in measured if case.counts for fact in facts(case) if fact.key in keys
    ]
    wrong = [(case.name, fact) for case, fact in found if not fact.right]
    assert found and 100 * (len(found) - len(wrong)) / len(found) >= least, wrong


def test_the_table_has_a_line_for_every_key(measured: list[Case]) -> None:
    lines = table(by_key(measured)).split("\n")
    assert len(lines) > 20 and lines[0].startswith("key")
