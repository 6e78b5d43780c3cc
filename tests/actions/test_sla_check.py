"""sla check: each event once whoever looks and whatever was missed, the levels, one mail to each who should know."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from gateway.run.timer import Timer
from tests.actions.test_clocks import CALENDAR
from tests.support.desk import DESK, DeskFixture
from ticketctl import clock
from ticketctl.actions.base.recent_changes import last_change
from ticketctl.actions.customers.erase import erase
from ticketctl.actions.jobs import sla_check
from ticketctl.actions.tickets.assign import take
from ticketctl.actions.tickets.clocks import recompute
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.undo.undo import undo
from ticketctl.cli.views.ticket_history import change
from ticketctl.domain.sla.happenings import NOTICES
from ticketctl.store.db.locks import alone
from ticketctl.store.sla import clock_rows, due, events
from ticketctl.templating.render import MailTemplates

GOLD = """
[[sla]]
name = "gold"
calendar = "madrid"
targets = { high = { first = "1h" }, default = { first = "2h", resolve = "16h" } }
"""
LEVELS = """escalations = [
  { at = "75%", do = ["notify:owner"] },
  { at = "due", do = ["notify:managers", "status:escalated"] },
  { at = "due+1h", do = ["priority:+1", "notify:boss@help.example"] },
]
"""
Check = Callable[..., list[str]]


@pytest.fixture
def check(helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Looks at the clocks at the desk's time and says what happened: `1 first breach`."""

    def look(*, dry_run: bool = False) -> list[str]:
        monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(helpdesk.at))
        return [
            f"{one.event.ticket} {one.event.clock} {one.event.kind} {one.event.level}".strip()
            for one in sla_check.run(helpdesk.db, dry_run=dry_run)
        ]

    return look


def told(helpdesk: DeskFixture) -> list[tuple[tuple[str, ...], list[tuple[int, str, bool]]]]:
    """Who gets the digests; of each line its ticket, its clock, and whether it is late."""
    return [
        (row.to, [(line["ticket"], line["clock"], line["late"]) for line in row.data["lines"]])
        for row in helpdesk.outbox("notification")
        if row.data.get("template") == "sla"
    ]


def notes(helpdesk: DeskFixture, number: int) -> list[str]:
    """What history says of the clocks of a ticket."""
    return [f"{one.type} {change(one)}" for one in helpdesk.events(number) if one.type in NOTICES]


@pytest.mark.postgres
def test_warning_breach_and_levels_come_once_and_in_order(
    helpdesk: DeskFixture, check: Check
) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD + LEVELS)
    number = helpdesk.open()  # 09:00 in Madrid: due 11:00, warned 10:30
    helpdesk.do(lambda w: take(w, number))
    helpdesk.later(minutes=89, seconds=59)
    assert check() == []
    helpdesk.later(seconds=1)
    assert check(dry_run=True) == ["1 first warning", "1 first level 75%"]
    assert check() == ["1 first warning", "1 first level 75%"]
    assert told(helpdesk) == [(("ana@help.example",), [(1, "first", False)])]  # one mail, one line
    helpdesk.later(minutes=30)
    assert check() == []  # due at this second is in time
    helpdesk.later(seconds=1)
    assert check() == ["1 first breach", "1 first level due"]
    assert check() == []
    ticket = helpdesk.ticket(number)
    assert (ticket.status, ticket.sla_state) == ("escalated", "breached")
    late = [(1, "first", True)]
    assert told(helpdesk)[1:] == [
        (("ana@help.example",), late),
        (("eva@help.example",), late),
        (("root@help.example",), late),
    ]
    helpdesk.later(hours=1)
    assert check() == ["1 first level due+1h"]
    assert helpdesk.ticket(number).priority == "high"
    assert told(helpdesk)[-1] == (("boss@help.example",), late)
    (event,) = helpdesk.events(number, "priority")
    assert (event.actor, event.comment) == ("sla", "service level gold, due+1h")
    assert notes(helpdesk, number) == [
        "sla_warning first response due 2026-03-09T10:00:00Z, told ana",
        "sla_warning first response due 2026-03-09T10:00:00Z, level 75%, told ana",
        "sla_breach first response due 2026-03-09T10:00:00Z, told ana",
        "sla_breach first response due 2026-03-09T10:00:00Z, level due, told eva, root",
        "sla_breach first response due 2026-03-09T10:00:00Z, level due+1h, told boss@help.example",
    ]


@pytest.mark.postgres
def test_a_night_without_a_check_loses_nothing_and_doubles_nothing(
    helpdesk: DeskFixture, check: Check
) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD + LEVELS)
    numbers = [helpdesk.open() for _ in range(3)]
    helpdesk.later(days=1)
    found = check()
    assert len(found) == len(set(found)) == 3 * 5
    assert check() == []
    sent = told(helpdesk)
    assert len({to for to, _ in sent}) == len(sent)  # one mail a person
    assert all([line[0] for line in lines] == numbers for _, lines in sent)
    assert all(
        len(notes(helpdesk, number)) == len(set(notes(helpdesk, number))) == 5 for number in numbers
    )


@pytest.mark.postgres
def test_two_checks_at_once_note_and_tell_each_event_once(
    helpdesk: DeskFixture, check: Check
) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD + LEVELS)
    for _ in range(4):
        helpdesk.open()
    helpdesk.later(hours=4)
    with ThreadPoolExecutor(3) as pool:
        found = [one for part in pool.map(lambda _: check(), range(3)) for one in part]
    assert len(found) == len(set(found)) == 4 * 5
    lines = [(to, line) for to, lines in told(helpdesk) for line in lines]
    assert len(lines) == len(set(lines))
    for number in range(1, 5):
        assert len(notes(helpdesk, number)) == len(set(notes(helpdesk, number))) == 5


@pytest.mark.postgres
def test_the_gateway_checks_slas_too_unless_another_check_runs(
    helpdesk: DeskFixture, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD)
    helpdesk.open()
    helpdesk.later(hours=3)
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(helpdesk.at))
    with alone(helpdesk.db, sla_check.LOCK):
        assert Timer(helpdesk.db).once() == 0
    assert Timer(helpdesk.db).once() == 2
    assert check() == []
    assert not helpdesk.read(lambda tx: due.waits(tx, helpdesk.at))


def test_notices_wait_for_opening_hours_where_the_policy_says_so(
    helpdesk: DeskFixture, check: Check
) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD + 'notify = "business"\n')
    helpdesk.at = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)  # 16:00 in Madrid: due when it closes
    number = helpdesk.open()
    helpdesk.later(hours=3)
    assert check() == ["1 first warning", "1 first breach"]
    assert check() == []
    assert told(helpdesk) == []
    (warning, *_) = helpdesk.read(lambda tx: events.of(tx, number))
    assert warning.told_at is None
    due = "first response due 2026-03-09T17:00:00Z"
    night = [f"sla_warning {due}, nobody told yet", f"sla_breach {due}, nobody told yet"]
    assert notes(helpdesk, number) == night
    helpdesk.at = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
    check()
    assert [lines for _, lines in told(helpdesk)] == [[(1, "first", True)]] * 2  # ana and ben
    assert all(
        one.told_at == helpdesk.at for one in helpdesk.read(lambda tx: events.of(tx, number))
    )
    check()
    assert len(told(helpdesk)) == 2
    morning = [f"notified {due}, told ana, ben"] * 2
    assert notes(helpdesk, number) == night + morning


def test_a_step_that_fails_is_said_and_stops_no_other(
    helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 'escalations = [{ at = "due", do = ["status:new", "tag:late"] }]\n'.replace(
        "status:new", "set:reason=refund"
    )
    helpdesk.apply(DESK + CALENDAR + GOLD + steps)
    number = helpdesk.open()
    helpdesk.apply(
        (DESK + CALENDAR + GOLD + "escalations = []\n").replace('name = "reason"', 'name = "cause"')
    )
    helpdesk.later(hours=3)
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(helpdesk.at))
    level = list(sla_check.run(helpdesk.db))[-1]
    assert level.did == ("tag late",)
    assert [one.partition(":")[0] for one in level.failed] == ["set"]
    assert helpdesk.ticket(number).tags == ("late",)


def test_what_was_answered_meanwhile_is_noted_but_not_acted_on(
    helpdesk: DeskFixture, check: Check
) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD + LEVELS)
    late, early = helpdesk.open(), helpdesk.open()
    helpdesk.later(hours=1, minutes=45)
    helpdesk.do(lambda w: reply(w, early, "Yes."))
    helpdesk.later(minutes=30)
    helpdesk.do(lambda w: reply(w, late, "Yes."))
    assert sorted(check()) == sorted((
        "1 first warning", "1 first level 75%", "1 first breach", "1 first level due",
        "2 first warning", "2 first level 75%",
    ))  # fmt: skip
    assert helpdesk.ticket(late).status == "open"
    assert {line for _, lines in told(helpdesk) for line in lines} == {(late, "first", True)}
    due = "first response due 2026-03-09T10:00:00Z"
    assert notes(helpdesk, early) == [
        f"sla_warning {due}, nobody told",
        f"sla_warning {due}, level 75%, nobody told",
    ]


def test_history_of_clocks_changes_nothing_else(helpdesk: DeskFixture, check: Check) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD)
    number = helpdesk.open()
    helpdesk.do(lambda w: take(w, number))
    before = helpdesk.ticket(number)
    (assigned,) = helpdesk.events(number, "assigned")
    helpdesk.later(hours=3)
    check(dry_run=True)
    assert notes(helpdesk, number) == []
    check()
    assert len(notes(helpdesk, number)) == 2
    after = helpdesk.ticket(number)
    assert (after.version, after.updated_at) == (before.version, before.updated_at)
    clocks = helpdesk.read(lambda tx: clock_rows.of(tx, number))
    helpdesk.do(lambda w: recompute(w, helpdesk.ticket(number)))
    again = helpdesk.read(lambda tx: clock_rows.of(tx, number))
    assert [one.due_at for one in again] == [one.due_at for one in clocks]
    assert helpdesk.do(lambda w: last_change(w, after)) == "Ana assigned it 3 h ago"
    group = assigned.group
    helpdesk.do(lambda w: undo(replace(w, group=group)))
    assert helpdesk.ticket(number).owner is None
    kept = notes(helpdesk, number)
    helpdesk.do(lambda w: erase(w, after.customer.id), "root", "admin")
    assert notes(helpdesk, number) == kept


def test_no_digest_goes_to_an_agent_who_is_the_customer(
    helpdesk: DeskFixture, check: Check
) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD)
    helpdesk.open(author="ana@help.example")
    helpdesk.later(hours=3)
    check()
    assert [to for to, _ in told(helpdesk)] == [("ben@help.example",)]


def test_the_digest_reads_well_in_every_language(helpdesk: DeskFixture, check: Check) -> None:
    helpdesk.apply(DESK + CALENDAR + GOLD)
    number = helpdesk.open()
    helpdesk.do(lambda w: take(w, number))
    helpdesk.later(hours=3)
    check()
    row = helpdesk.outbox("notification")[-1]
    data = row.data | {"timezone": "Europe/Madrid", "mailbox_name": "Help"}
    said = MailTemplates().render("sla", "en", data)
    assert said.subject == "Help: 1 overdue"
    assert "Ticket 1  Printer is broken\n" in said.text
    assert "    Due:      first response, 2026-03-09 11:00 CET, overdue\n" in said.text
    assert "    Owner:    ana\n" in said.text
    for language, word in (("es", "fuera de plazo"), ("cs", "po termínu")):
        assert word in MailTemplates().render("sla", language, data).text
