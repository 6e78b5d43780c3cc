"""What agents look at: lists, filters, the overview, columns, boards."""

import pytest

from tests.support.outside import CARL, DORA, Outside

FOUR = ["carl@x.example", "dora@x.example", "eve@x.example", "fay@x.example"]


@pytest.fixture
def four(outside: Outside) -> Outside:
    """Four tickets: support or billing, high or low; ticket 1 is open, ticket 4 resolved."""
    kinds = [("support", "high"), ("support", "low"), ("billing", "high"), ("billing", "low")]
    for customer, (segment, priority) in zip(FOUR, kinds, strict=True):
        outside.new("--segment", segment, "--priority", priority, customer=customer)
    outside.run("edit", "1", "--status", "open", "--owner", "ana", "-m", "x")
    outside.run("resolve", "4", "-m", "x")
    return outside


def test_F_C16_the_state_is_visible_without_colours(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yellow and red are words as well, and `stats` counts them."""
    monkeypatch.setenv("NO_COLOR", "1")
    outside.mail(Subject="old")
    outside.at("2026-03-09T12:00:00Z")
    outside.mail(Subject="younger", sender=DORA)
    outside.at("2026-03-10T08:30:00Z")
    table = outside.see("list")
    assert ["red" in line for line in table.splitlines() if "old" in line] == [True]
    assert ["yellow" in line for line in table.splitlines() if "younger" in line] == [True]
    counts = {one["alert"]: one["tickets"] for one in outside.data("stats", "--by", "alert")}
    assert counts == {"red": 1, "yellow": 1}


def test_F_C15_the_thresholds_are_the_desks_to_choose(outside: Outside) -> None:
    """6 and 12 hours: 7 hours is yellow, 13 is red; `desk show` says so; red below yellow is refused with 6."""
    ours = '[alerts]\nyellow = "6h"\nred = "12h"\n'
    outside.apply(ours)
    outside.mail()
    for hour, alert in (("14:00:00", "none"), ("15:00:00", "yellow"), ("21:00:00", "red")):
        outside.at(f"2026-03-09T{hour}Z")
        assert outside.ticket()["age_alert"] == alert
    assert ours.strip() in outside.run("desk", "show")
    wrong = outside.run("desk", "show").replace('red = "12h"', 'red = "5h"')
    outside.run("apply", outside.file("wrong.toml", wrong), "-y", code=6)
    assert "red" in outside.errors


def test_F_Q11_the_list_shows_the_last_month(outside: Outside) -> None:
    """A line below says how many open ones are older; after a long month it begins on the last day of the short one."""
    for now in ("2026-01-31T08:00:00Z", "2026-02-27T08:00:00Z", "2026-02-28T08:00:00Z"):
        outside.at(now)
        outside.new()
    outside.at("2026-03-29T08:00:00Z")
    recent = outside.new()
    outside.at("2026-03-31T08:00:00Z")
    assert sorted(outside.ids("list")) == [3, recent]
    outside.see("list")
    assert "2 open tickets are older (--since all)" in outside.errors


def test_F_Q12_the_range_of_dates_is_changed(outside: Outside) -> None:
    """--since all, --until and a month."""
    outside.at("2026-01-15T08:00:00Z")
    old = outside.new()
    outside.at("2026-03-09T08:00:00Z")
    new = outside.new()
    assert sorted(outside.ids("list", "--since", "all")) == [old, new]
    assert outside.ids("list", "--created", "2026-01") == [old]
    assert outside.ids("list", "--since", "2026-01-01", "--until", "2026-02-01") == [old]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("--segment support", [1, 2]),
        ("--priority high", [1, 3]),
        ("--segment support --priority high", [1]),
        ("--segment support --segment billing", [1, 2, 3, 4]),
        ("--owner ana", [1]),
        ("--owner none --priority low", [2]),
        ("--status open --status resolved", [1, 4]),
        ("--status resolved --segment support", []),
    ],
)
def test_F_Q13_filters_narrow_and_combine(four: Outside, words: str, found: list[int]) -> None:
    """The same option again is or, another one is and."""
    assert sorted(four.ids("list", *words.split())) == found


def test_F_Q14_filters_are_saved_and_reset(four: Outside) -> None:
    """A saved query can be the default, is left out once, and is reset."""
    four.run("query", "save", "hot", "priority:high")
    four.run("query", "default", "hot")
    assert sorted(four.ids("list")) == [1, 3]
    assert sorted(four.ids("list", "--no-default")) == [1, 2, 3, 4]
    four.run("query", "reset")
    assert sorted(four.ids("list")) == [1, 2, 3, 4]


def test_F_Q15_an_overview_counts_by_status(four: Outside) -> None:
    """New, open, escalated, resolved and the total; --status changes the rows and not the overview."""
    for words in (("list",), ("list", "--status", "new")):
        first = four.see(*words).splitlines()[0]
        assert first == "New 2 · Open 1 · Escalated 0 · Resolved 1 · total 4"
    assert sorted(four.ids("list", "--status", "new")) == [2, 3]
    by = {one["status"]: one["tickets"] for one in four.data("stats", "--by", "status")}
    assert by == {"new": 2, "open": 1, "resolved": 1}


def test_F_Q17_a_table_has_every_column(four: Outside) -> None:
    """`--columns all` shows what JSON names."""
    head = four.run("list", "--columns", "all").splitlines()[0].split("\t")
    wanted = {"id", "response_id", "email", "source_segment", "segment", "owner", "priority"}
    assert wanted | {"status", "reported", "customer_comment", "age_alert", "sla"} <= set(head)
    assert len(four.run("list", "--columns", "all", "--no-headers").splitlines()) == 4


def test_F_Q19_the_address_of_the_customer_is_a_column(four: Outside) -> None:
    """EMAIL, in a table and in a pipe."""
    assert "EMAIL" in four.see("list", "--columns", "id,email")
    shown = four.run("list", "--columns", "email", "--no-headers", "--sort", "id")
    assert shown.split() == FOUR


def test_F_Q20_the_segment_a_ticket_started_in_stays(four: Outside) -> None:
    """A move leaves the source segment as it was."""
    four.run("edit", "1", "--owner", "none", "--segment", "billing", "-m", "x")
    assert four.ticket(1)["source_segment"] == "support"
    assert 1 in four.ids("list", "source_segment:support")


def test_F_Q21_the_segment_a_ticket_is_in_changes(four: Outside) -> None:
    """The move shows and history records it."""
    four.run("edit", "2", "--segment", "billing", "-m", "x")
    assert four.ticket(2)["segment"] == "billing"
    (moved,) = four.events(2, "segment")
    assert (moved["old"], moved["new"]) == ("support", "billing")


def test_F_Q24_priorities_sort_by_rank(outside: Outside) -> None:
    """Low, medium, high, critical; another is refused with 2."""
    for priority in ("high", "low", "critical", "medium"):
        outside.new("--priority", priority)
    assert outside.ids("list", "--sort", "priority") == [2, 4, 1, 3]
    assert outside.ids("list", "--sort", "-priority") == [3, 1, 4, 2]
    outside.run("edit", "1", "--priority", "urgent", "-m", "x", code=2)


def test_F_Q25_every_status_is_counted_under_one_of_four(outside: Outside) -> None:
    """Waiting counts as open, closed as resolved, spam not at all."""
    for status in ("new", "open", "waiting", "escalated", "resolved", "closed", "spam"):
        outside.new("--status", status, "--no-ack")
    first = outside.see("list").splitlines()[0]
    assert first == "New 1 · Open 2 · Escalated 1 · Resolved 2 · total 6"


def test_F_Q26_when_a_ticket_was_reported_is_a_column(four: Outside) -> None:
    """REPORTED equals the time of creation."""
    rows = four.data("list", "--columns", "reported,created_at")
    assert rows and all(one["reported"] == one["created_at"] for one in rows)
    assert "REPORTED" in four.see("list", "--columns", "id,reported")


def test_F_A33_previous_tickets_look_like_any_list(four: Outside) -> None:
    """The rows of `customer tickets` are those of `list`."""
    four.new("--subject", "Again", customer=FOUR[0])
    mine = four.data("customer", "tickets", FOUR[0])
    assert mine == four.data("list", "--customer", FOUR[0], "--sort", "-updated,-id")
    head = four.see("customer", "tickets", FOUR[0]).splitlines()[0]
    assert head in four.see("list", "--customer", FOUR[0]).splitlines()


def test_F_A36_tickets_stand_in_columns(four: Outside) -> None:
    """A column for each status, owner, segment or saved query, with its count."""
    by = {one["column"]: one["count"] for one in four.data("board", "--by", "status")}
    assert {name: count for name, count in by.items() if count} == {
        "new": 2, "open": 1, "resolved": 1,
    }  # fmt: skip
    assert {"new", "open", "waiting", "escalated", "resolved"} <= set(by)
    four.run("query", "save", "hot", "priority:high")
    columns = four.data("board", "--by", "query")
    assert [(one["column"], one["count"]) for one in columns] == [("hot", 2)]


def test_F_A32_the_last_25_tickets_of_a_customer_are_shown(outside: Outside) -> None:
    """The newest by last change, those in which they were only in copy too; --all for more."""
    for _ in range(29):
        outside.new(customer="carl@customer.example")
    outside.at("2026-03-09T09:00:00Z")
    outside.mail(sender=DORA, Cc=CARL)
    found = outside.ids("customer", "tickets", "carl@customer.example")
    assert found == list(range(30, 5, -1))
    assert len(outside.ids("customer", "tickets", "carl@customer.example", "--all")) == 30
    assert outside.ticket(1)["customer"]["tickets"] == list(range(30, 5, -1))


def test_F_L5_what_is_due_first_is_next(outside: Outside) -> None:
    """By due time, then priority, then age."""
    outside.apply("""
[[sla]]
name = "all"
targets = { high = { first = "1h" }, default = { first = "4h" } }
""")
    low = outside.new("--priority", "low")
    medium, older = outside.new(), outside.new()
    high = outside.new("--priority", "high")
    order = []
    for _ in range(4):
        order += [one["id"] for one in outside.data("next", "--take")]
    assert order == [high, medium, older, low]


def test_F_L6_tickets_are_grouped_with_their_counts(outside: Outside) -> None:
    """By type, tag and segment; a type that is not declared is refused."""
    outside.apply('\n[[type]]\nname = "order"\n[[type]]\nname = "billing"\n')
    outside.new("--type", "order", "--tag", "shop")
    outside.new("--type", "order", "--tag", "shop", "--tag", "vip")
    outside.new("--type", "billing")
    counts = {one["type"]: one["tickets"] for one in outside.data("stats", "--by", "type")}
    assert counts == {"order": 2, "billing": 1}
    assert {one["tag"]: one["tickets"] for one in outside.data("stats", "--by", "tag")} == {
        "shop": 2, "vip": 1, None: 1,
    }  # fmt: skip
    grouped = outside.see("list", "--group-by", "type")
    assert grouped.index("billing") < grouped.index("order")
    outside.run("new", "--customer", "a@x.example", "--type", "odd", "-m", "x", code=6)


def test_F_T6_agents_follow_their_own_tickets(four: Outside) -> None:
    """`my` shows only mine, the latest change first; --changed-since what moved."""
    four.run("assign", "2", "ana", "-m", "x")
    four.become("ana")
    four.at("2026-03-09T09:00:00Z")
    four.run("comment", "1", "-m", "the ribbon?")
    assert four.ids("my") == [1, 2]
    assert four.ids("my", "--changed-since", "2026-03-09T08:30") == [1]
    assert four.events(1, "commented")


def test_a_list_marks_the_tickets_in_which_the_customer_waits_for_us(four: Outside) -> None:
    """`new ←` in STATUS is awaiting:agent, in 80 columns and in more; programs read the status alone."""
    four.run("reply", "1", "-m", "Try again.")
    marked = {int(one) for one in four.run("list", "awaiting:agent", "--ids").split()}
    assert marked == {2, 3}
    for width in (80, 160):
        rows = four.see("list", "--since", "all", width=width).splitlines()
        found = {int(row.split()[0]): "←" in row for row in rows if row.split()[0].isdecimal()}
        assert found == {1: False, 2: True, 3: True, 4: False}, width
    four.run("take", "2")
    assert "new ←" in four.see("my")
    assert "←" not in four.run("list", "--columns", "id,status")
    statuses = {one["status"] for one in four.data("list", "--since", "all")}
    assert statuses == {"open", "new", "resolved"}
