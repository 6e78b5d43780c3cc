"""Tickets entered and changed by hand, and the fields a desk asks for."""

import pytest

from tests.support.outside import CARL, NOW, Outside

ASKED = """
[[field]]
on = "customer"
name = "contract"
required = "close"

[[field]]
on = "ticket"
name = "cause"
type = "choice"
choices = ["wear", "fall"]
required = "close"
"""
FIELDS = """
[[field]]
on = "ticket"
name = "paid"
type = "bool"

[[field]]
on = "ticket"
name = "delivery"
type = "date"

[[field]]
on = "ticket"
name = "parts"
type = "multi"
choices = ["lid", "fuser", "tray"]

[[field]]
on = "ticket"
name = "remark"
type = "text"
"""


@pytest.mark.parametrize("verb", ["close", "resolve"])
def test_F_A18_a_profile_may_be_required(outside: Outside, verb: str) -> None:
    """Without the field of the customer a ticket does not end: 6 and its name."""
    outside.apply(ASKED)
    outside.mail()
    outside.run(verb, "1", "-m", "x", "--set", "cause=wear", code=6)
    assert "contract" in outside.errors
    assert outside.ticket()["status"] == "new"
    outside.run("customer", "edit", "carl@customer.example", "--set", "contract=C7")
    outside.run(verb, "1", "-m", "x", "--set", "cause=wear")
    assert outside.ticket()["status"] == {"close": "closed", "resolve": "resolved"}[verb]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("reason=refund", "refund"),
        ("invoice=12.5", 12.5),
        ("paid=yes", True),
        ("delivery=2026-03-20", "2026-03-20"),
        ("remark=next to the door", "next to the door"),
    ],
)
def test_F_A19_a_field_has_a_type(outside: Outside, given: str, kept: object) -> None:
    """Its value is kept as what it is, and found."""
    outside.apply(FIELDS)
    outside.mail()
    outside.run("edit", "1", "--set", given, "-m", "x")
    name, _, value = given.partition("=")
    assert outside.ticket()["fields"][name] == kept
    assert outside.ids("list", f'cf.{name}:"{value}"') == [1]


@pytest.mark.parametrize("given", ["reason=because", "invoice=many", "paid=maybe", "parts=door"])
def test_F_A19_a_wrong_value_is_refused(outside: Outside, given: str) -> None:
    """With 6; a choice names the choices."""
    outside.apply(FIELDS)
    outside.mail()
    outside.run("edit", "1", "--set", given, "-m", "x", code=6)
    if given.startswith("reason"):
        assert "refund" in outside.errors and "other" in outside.errors
    assert outside.ticket()["fields"] == {}


def test_F_A20_a_required_field_blocks_the_end_and_nothing_else(outside: Outside) -> None:
    """Mail comes in and is assigned; one bad ticket of several does not stop the others."""
    outside.apply(ASKED.partition("\n\n")[2])
    outside.mail()
    outside.mail(Subject="Another")
    outside.run("assign", "1", "ana", "-m", "x")
    outside.run("close", "1", "-m", "x", code=6)
    assert "cause" in outside.errors
    outside.run("edit", "1", "--set", "cause=fall", "-m", "x")
    outside.run("close", "1", "2", "-m", "x", code=7)
    assert [outside.ticket(n)["status"] for n in (1, 2)] == ["closed", "new"]


def test_F_Q28_a_ticket_is_added_by_hand(outside: Outside) -> None:
    """Its channel says that it came by hand."""
    number = outside.new()
    assert outside.ticket(number)["channel"] == "manual"
    assert outside.ids("list", "channel:manual") == [number]


def test_F_Q30_a_ticket_by_hand_needs_a_reason(outside: Outside) -> None:
    """Without -m and without a terminal: 6 and no ticket; given, it is a comment."""
    outside.run("new", "--customer", "carl@customer.example", "--subject", "Printer", code=6)
    assert outside.ids("list") == []
    number = outside.new()
    assert [one["text"] for one in outside.ticket(number)["comments"]] == ["by phone"]


def test_F_Q31_each_change_is_one_event(outside: Outside) -> None:
    """Priority, status, segment and owner in one command: four events, and the ticket is so."""
    outside.mail()
    before = outside.events()
    words = ("--priority", "high", "--status", "open", "--segment", "billing", "--owner", "ida")
    outside.run("edit", "1", *words, "-m", "x")
    shown = outside.ticket()
    kept = (shown["priority"], shown["status"], shown["segment"], shown["owner"])
    assert kept == ("high", "open", "billing", "ida")
    fields = [one["field"] for one in outside.events()[len(before) :] if one["field"]]
    assert sorted(fields) == ["owner", "priority", "segment", "status"]


def test_F_Q32_the_form_shows_the_basics_first(outside: Outside) -> None:
    """Facts above as lines that only say, changes below; a changed fact is refused."""
    outside.mail(sender=CARL)
    seen = outside.home / "seen"
    outside.type_in_editor(
        f'cp "$1" {seen}; sed -i "s/^Priority:.*/Priority: high/; s/^(why.*/a call/" "$1"'
    )
    outside.run("edit", "1")
    lines = [one.partition(": ") for one in seen.read_text().splitlines()]
    assert [name.rstrip(":") for name, _, _ in lines[1:8]] == [
        *("Response-Id", "E-Mail", "Source-Segment", "Current-Segment"),
        *("Current-Owner", "Date", "Customer-Comment"),
    ]
    assert (lines[2][2], lines[3][2]) == ("carl@customer.example", "support")
    assert NOW[:10] in lines[6][2]
    assert outside.ticket()["priority"] == "high"
    outside.type_in_editor('sed -i "s/^E-Mail:.*/E-Mail: eve@x.example/; s/^(why.*/x/" "$1"')
    outside.run("edit", "1", code=6)
    assert "E-Mail" in outside.errors
