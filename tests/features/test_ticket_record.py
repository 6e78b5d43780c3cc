"""What a ticket holds: each fact is shown, kept in JSON and found by a filter."""

import pytest

from tests.support.outside import CARL, DORA, NOW, Outside

LATER = "2026-03-09T09:30:00Z"


def test_F_C1_a_ticket_is_a_record_of_named_fields(outside: Outside) -> None:
    """What `new` was told is in what it prints and in `show`."""
    given = {
        "subject": "Printer",
        "priority": "high",
        "status": "open",
        "segment": "support",
        "channel": "phone",
        "type": "hardware",
    }
    words = [word for name, value in given.items() for word in (f"--{name}", value)]
    made = outside.data(
        "new", "--customer", "carl@x.example", *words, "--set", "reason=other", "-m", "called"
    )
    told = given | {"fields": {"reason": "other"}, "owner": None, "important": False}
    assert {name: made[name] for name in told} == told
    shown = outside.ticket(made["id"])
    assert {name: shown[name] for name in told} == told
    assert made["customer"]["email"] == shown["customer"]["email"] == "carl@x.example"


def test_F_A1_a_ticket_is_the_record_of_a_conversation(outside: Outside) -> None:
    """Messages of both sides in order of time, comments apart."""
    outside.mail("It does not print.")
    outside.at(LATER)
    outside.run("comment", "1", "-m", "the ribbon?")
    outside.run("reply", "1", "-m", "Is it on?")
    shown = outside.ticket()
    assert [(m["direction"], m["author"], m["at"]) for m in shown["messages"]] == [
        ("in", "carl@customer.example", NOW),
        ("out", "root", LATER),
    ]
    assert [(c["author"], c["text"]) for c in shown["comments"]] == [("root", "the ribbon?")]


def test_F_A3_a_ticket_is_followed_to_its_solution_and_rating(outside: Outside) -> None:
    """Creation, reply, solution and rating are in the history, each with its time."""
    outside.apply('\n[[survey]]\nname = "csat"\nscale = "1-5"\ndelay = "24h"\n')
    outside.mail()
    steps = [
        ("reply", "1", "-m", "Turn it on."),
        ("resolve", "1", "-m", "done"),
        ("survey", "answer", "1", "5"),
    ]
    for hour, words in enumerate(steps, 9):
        outside.at(f"2026-03-09T{hour:02}:00:00Z")
        outside.run(*words)
    kept = {one["type"]: one["at"] for one in outside.events()}
    assert [kept[one] for one in ("created", "replied", "resolved", "rated")] == [
        f"2026-03-09T{hour:02}:00:00Z" for hour in (8, 9, 10, 11)
    ]


def test_F_A4_the_time_of_creation_is_shown_and_filtered_by(outside: Outside) -> None:
    """UTC in JSON, local in the table; --created, --since, --until and the query."""
    outside.mail()
    outside.at("2026-03-10T08:00:00Z")
    outside.mail(sender=DORA)
    assert outside.ticket()["created_at"] == NOW
    table = outside.see("--tz", "Europe/Madrid", "list", "--columns", "id,created_at")
    assert "09:00" in table and "08:00" not in table
    assert outside.ids("list", "--created", "2026-03-09") == [1]
    assert outside.ids("list", "--since", "2026-03-10") == [2]
    assert outside.ids("list", "--until", "2026-03-10") == [1]
    assert outside.ids("list", "created>=2026-03-10") == [2]


def test_F_A5_an_address_is_one_customer_whatever_its_case(outside: Outside) -> None:
    """Ana@X.cz and ana@x.cz are the same person."""
    outside.mail(sender="Ana@X.cz")
    outside.mail(sender="ana@x.cz")
    assert outside.ticket(1)["customer"]["id"] == outside.ticket(2)["customer"]["id"]


def test_F_A6_a_ticket_has_a_channel(outside: Outside) -> None:
    """--channel shows only those of one channel."""
    outside.mail()
    phone = outside.new("--channel", "phone")
    assert outside.ids("list", "--channel", "phone") == [phone]
    assert outside.ids("list", "--channel", "email") == [1]


def test_F_A7_each_message_says_in_a_word_whether_it_is_public(outside: Outside) -> None:
    """`show` prints public or private for each."""
    wall = outside.new("--channel", "wall", "--public", "--text", "It broke!")
    outside.mail()
    assert "public" in outside.see("show", str(wall))
    assert "private" in outside.see("show", str(wall + 1))


def test_F_A8_each_status_is_shown_and_filtered_by(outside: Outside) -> None:
    """From new to closed, each step is what the lists say."""
    outside.mail()
    steps = [
        ("new", ()),
        ("open", ("edit", "1", "--status", "open", "-m", "x")),
        ("waiting", ("wait", "1", "-m", "x")),
        ("escalated", ("escalate", "1", "-m", "x")),
        ("resolved", ("resolve", "1", "-m", "x")),
        ("closed", ("close", "1", "-m", "x")),
    ]
    for status, words in steps:
        if words:
            outside.run(*words)
        assert outside.ticket()["status"] == status
        assert outside.ids("list", "--status", status) == [1]
        assert status in outside.run("list", "--columns", "status", "--since", "all")


def test_F_A9_a_number_is_never_reused_and_written_three_ways(outside: Outside) -> None:
    """12, #12 and T-12 are the same; a deleted number is not given again."""
    numbers = [outside.new() for _ in range(3)]
    outside.run("close", str(numbers[-1]), "-m", "x")
    outside.at("2027-03-09T08:00:00Z")
    outside.run("purge", "--closed-before", "30d", "-y")
    outside.run("show", str(numbers[-1]), code=3)
    assert outside.new() == numbers[-1] + 1
    assert outside.data("show", "2") == outside.data("show", "#2") == outside.data("show", "T-2")


def test_F_A10_a_ticket_keeps_the_account_it_came_to(outside: Outside) -> None:
    """Answers leave from the same address."""
    outside.mail(to="support@help.example")
    outside.mail(to="billing@help.example", sender=DORA)
    for number, address in ((1, "support@help.example"), (2, "billing@help.example")):
        assert outside.ticket(number)["mailbox"] == address
        assert outside.ids("list", "--mailbox", address) == [number]
        outside.run("reply", str(number), "-m", "Thank you.")
        (row,) = [one for one in outside.outbox("reply") if one["ticket"] == number]
        assert address in str(outside.sent(row)["From"])


def test_F_A11_a_ticket_is_classified(outside: Outside) -> None:
    """Type, tag and field; history names the old value, the new one, who and when."""
    outside.mail()
    outside.at(LATER)
    outside.run(
        "edit", "1", "--type", "billing", "--tag", "vip", "--set", "reason=refund", "-m", "x"
    )
    shown = outside.ticket()
    assert (shown["type"], shown["tags"]) == ("billing", ["vip"])
    assert shown["fields"] == {"reason": "refund"}
    (one,) = outside.events(1, "type")
    told = {"old": None, "new": "billing", "actor": "root", "at": LATER}
    assert {name: one[name] for name in told} == told


def test_F_A12_important_tickets_are_marked_and_found(outside: Outside) -> None:
    """is:important shows only those, and they come first."""
    for sender in (CARL, DORA, "eve@customer.example"):
        outside.mail(sender=sender)
    outside.run("edit", "2", "--important", "-m", "press")
    assert outside.ids("list", "is:important") == [2]
    assert outside.ids("list") == [2, 3, 1]
    outside.run("edit", "2", "--no-important", "-m", "calm again")
    assert outside.ids("list", "is:important") == []


def test_F_A13_comments_are_counted_and_mailed_to_no_customer(outside: Outside) -> None:
    """A comment raises the count and nothing leaves for the customer."""
    outside.mail()
    before = outside.outbox(to="carl@customer.example")
    outside.run("comment", "1", "-m", "the ribbon?")
    assert outside.ticket()["comments_count"] == 1
    assert outside.outbox(to="carl@customer.example") == before


def test_F_A14_a_ticket_has_an_owner_to_filter_by(outside: Outside) -> None:
    """--owner with a name, @me and none."""
    outside.mail()
    outside.mail(sender=DORA)
    outside.run("assign", "1", "ana", "-m", "yours")
    outside.become("ana")
    assert outside.ids("list", "--owner", "@me") == outside.ids("list", "--owner", "ana") == [1]
    assert outside.ids("list", "--owner", "none") == [2]


@pytest.mark.parametrize(
    ("now", "state"),
    [("08:10", "ok"), ("09:45", "warn"), ("10:05", "breach")],
)
def test_F_A15_a_ticket_says_how_it_stands_with_its_service_level(
    outside: Outside, now: str, state: str
) -> None:
    """A word and a time: ok, warn, breach as the first answer falls due."""
    outside.apply('\n[[sla]]\nname = "quick"\ntargets = { default = { first = "2h" } }\n')
    outside.mail()
    outside.at(f"2026-03-09T{now}:00Z")
    assert outside.ticket()["sla"]["state"] == state
    assert f"{state} " in outside.run("list", "--columns", "sla")
    assert outside.ids("list", "--sla", state) == [1]


def test_F_A16_the_time_of_the_last_change_is_kept(outside: Outside) -> None:
    """A comment moves it and leaves the time of creation; lists sort and filter by it."""
    outside.mail()
    outside.mail(sender=DORA)
    outside.at(LATER)
    outside.run("comment", "1", "-m", "the ribbon?")
    shown = outside.ticket()
    assert (shown["created_at"], shown["updated_at"]) == (NOW, LATER)
    assert outside.ids("list", "--sort", "-updated") == [1, 2]
    assert outside.ids("list", "updated>=2026-03-09T09:00") == [1]
