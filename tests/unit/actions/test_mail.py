"""The small parts of outgoing mail that need no database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketctl.actions.base.context import Work
from ticketctl.actions.base.custom_fields import value
from ticketctl.actions.base.recent_changes import ago
from ticketctl.actions.mail import outbound
from ticketctl.clock import parse
from ticketctl.domain.base.records import Actor
from ticketctl.domain.base.subject import bare_subject
from ticketctl.domain.definition.definition import DEFAULT
from ticketctl.domain.loading.load import parse as parse_desk
from ticketctl.errors import Refused
from ticketctl.safe import header_value

NO_DATABASE: Any = None
WORK = Work(
    tx=NO_DATABASE,
    definition=DEFAULT,
    key=b"k" * 32,
    actor=Actor("ana"),
    at=parse("2026-03-09T08:00:00Z"),
    group="g",
)


@pytest.mark.parametrize(
    "subject",
    [
        "Printer",
        "Re: Printer",
        "RE: AW: Sv: Printer",
        "Re[2]: Printer",
        "Re: [Help #7] Printer",
        "[help  #7]Re: Printer",
        "Res: R: Ynt: Printer",
        "回复： Printer",
        "RE： Printer",
    ],
)
def test_a_subject_loses_its_prefixes_and_our_tags_L5(subject: str) -> None:
    assert bare_subject("Help", subject) == "Printer"


def test_foreign_tags_and_similar_prefixes_stay_L5() -> None:
    assert bare_subject("Help", "Re: [Bugs #7] Reprint: all") == "[Bugs #7] Reprint: all"


@given(st.text())
def test_no_line_break_or_nul_leaves_one_line_L13(text: str) -> None:
    clean = header_value(text)
    assert len(clean.splitlines()) <= 1
    assert "\0" not in clean


@given(st.lists(st.integers(0, 60).map(lambda n: f"<{'m' * n}{n}@x.example>"), max_size=80))
def test_references_are_short_and_keep_first_and_last_L3(ids: list[str]) -> None:
    kept = outbound.references(WORK, 12, ids)
    unique = list(dict.fromkeys(ids))
    assert kept[0] == "<ticket.12@localhost>"
    assert len(kept) <= 20 and sum(len(one) + 1 for one in kept) <= 1500
    assert len(set(kept)) == len(kept)
    if unique:
        assert (kept[1], kept[-1]) == (unique[0], unique[-1])


@given(
    st.lists(st.integers(0, 60).map(lambda n: f"<{'m' * n}{n}@x.example>"), max_size=80),
    st.integers(0, 80).map(lambda n: f"<{'m' * n}{n}@x.example>"),
)
def test_the_parent_is_the_last_of_references_L3(ids: list[str], parent: str) -> None:
    kept = outbound.references(WORK, 12, ids, parent)
    assert kept[0] == "<ticket.12@localhost>" and kept[-1] == parent
    assert len(set(kept)) == len(kept) <= 20
    assert parent not in ids or set(kept[1:]) <= set(ids[: ids.index(parent) + 1])


@pytest.mark.parametrize(
    ("earlier", "words"),
    [("08:00:00", "0 s"), ("07:59:20", "40 s"), ("07:58:00", "2 min"), ("05:00:00", "3 h")],
)
def test_a_span_is_said_in_its_largest_unit(earlier: str, words: str) -> None:
    assert ago(WORK.at - parse(f"2026-03-09T{earlier}Z")) == words


FIELDS = parse_desk("""
[[field]]
on = "ticket"
name = "n"
type = "number"
[[field]]
on = "ticket"
name = "d"
type = "date"
[[field]]
on = "ticket"
name = "b"
type = "bool"
[[field]]
on = "ticket"
name = "m"
type = "multi"
choices = ["x", "y"]
[[field]]
on = "ticket"
name = "t"
""")


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("n", "12", 12), ("n", "1.5", 1.5), ("d", "2026-03-09", "2026-03-09"), ("b", "Yes", True),
        ("b", False, False), ("m", "x, y", ["x", "y"]), ("t", 5, "5"), ("t", None, None),
    ],
)  # fmt: skip
def test_a_field_keeps_what_json_has(name: str, given: Any, kept: Any) -> None:
    found = value(FIELDS, name, given)
    assert found == kept and type(found) is type(kept)


@pytest.mark.parametrize(
    ("name", "given"),
    [("n", "twelve"), ("n", "inf"), ("n", "nan"), ("d", "9.3."), ("b", "perhaps"), ("m", "x,z")],
)
def test_a_value_that_is_none_of_its_type_is_refused(name: str, given: str) -> None:
    with pytest.raises(Refused, match=f"field {name} is"):
        value(FIELDS, name, given)
