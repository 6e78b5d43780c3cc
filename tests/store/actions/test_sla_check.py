"""sla check: each event once whoever looks and whatever was missed, the levels, one mail to each who should know."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from gateway.run.timer import Timer
from tests.store.actions.conftest import DESK, House
from tests.store.actions.test_clocks import CALENDAR
from ticketctl import clock
from ticketctl.actions.jobs import sla_check
from ticketctl.actions.tickets.assign import take
from ticketctl.actions.tickets.reply import reply
from ticketctl.store.db.locks import alone
from ticketctl.store.sla import due, events
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
def check(house: House, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Looks at the clocks at the house's time and says what happened: `1 first breach`."""

    def look(*, dry_run: bool = False) -> list[str]:
        monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(house.at))
        return [
            f"{one.event.ticket} {one.event.clock} {one.event.kind} {one.event.level}".strip()
            for one in sla_check.run(house.db, dry_run=dry_run)
        ]

    return look


def told(house: House) -> list[tuple[tuple[str, ...], list[tuple[int, str, bool]]]]:
    """Whom the digests go to, with ticket, clock, and whether it is late, of each line."""
    return [
        (row.to, [(line["ticket"], line["clock"], line["late"]) for line in row.data["lines"]])
        for row in house.outbox("notification")
        if row.data.get("template") == "sla"
    ]


@pytest.mark.postgres
def test_warning_breach_and_levels_come_once_and_in_order(house: House, check: Check) -> None:
    house.apply(DESK + CALENDAR + GOLD + LEVELS)
    number = house.open()  # 09:00 in Madrid: due 11:00, warned 10:30
    house.do(lambda w: take(w, number))
    house.later(minutes=89, seconds=59)
    assert check() == []
    house.later(seconds=1)
    assert check(dry_run=True) == ["1 first warning", "1 first level 75%"]
    assert check() == ["1 first warning", "1 first level 75%"]
    assert told(house) == [(("ana@help.example",), [(1, "first", False)])]  # one mail, one line
    house.later(minutes=30)
    assert check() == []  # due at this second is in time
    house.later(seconds=1)
    assert check() == ["1 first breach", "1 first level due"]
    assert check() == []
    ticket = house.ticket(number)
    assert (ticket.status, ticket.sla_state) == ("escalated", "breached")
    late = [(1, "first", True)]
    assert told(house)[1:] == [
        (("ana@help.example",), late),
        (("eva@help.example",), late),
        (("root@help.example",), late),
    ]
    house.later(hours=1)
    assert check() == ["1 first level due+1h"]
    assert house.ticket(number).priority == "high"
    assert told(house)[-1] == (("boss@help.example",), late)
    (event,) = house.events(number, "priority")
    assert (event.actor, event.comment) == ("sla", "service level gold, due+1h")


@pytest.mark.postgres
def test_a_night_without_a_check_loses_nothing_and_doubles_nothing(
    house: House, check: Check
) -> None:
    house.apply(DESK + CALENDAR + GOLD + LEVELS)
    numbers = [house.open() for _ in range(3)]
    house.later(days=1)
    found = check()
    assert len(found) == len(set(found)) == 3 * 5
    assert check() == []
    sent = told(house)
    assert len({to for to, _ in sent}) == len(sent)  # one mail a person
    assert all([line[0] for line in lines] == numbers for _, lines in sent)


@pytest.mark.postgres
def test_two_checks_at_once_note_and_tell_each_event_once(house: House, check: Check) -> None:
    house.apply(DESK + CALENDAR + GOLD + LEVELS)
    for _ in range(4):
        house.open()
    house.later(hours=4)
    with ThreadPoolExecutor(3) as pool:
        found = [one for part in pool.map(lambda _: check(), range(3)) for one in part]
    assert len(found) == len(set(found)) == 4 * 5
    lines = [(to, line) for to, lines in told(house) for line in lines]
    assert len(lines) == len(set(lines))


@pytest.mark.postgres
def test_the_gateway_checks_slas_too_unless_another_check_runs(
    house: House, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.apply(DESK + CALENDAR + GOLD)
    house.open()
    house.later(hours=3)
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(house.at))
    with alone(house.db, sla_check.LOCK):
        assert Timer(house.db).once() == 0
    assert Timer(house.db).once() == 2
    assert check() == []
    assert not house.read(lambda tx: due.waits(tx, house.at))


def test_notices_wait_for_opening_hours_where_the_policy_says_so(
    house: House, check: Check
) -> None:
    house.apply(DESK + CALENDAR + GOLD + 'notify = "business"\n')
    house.at = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)  # 16:00 in Madrid: due when it closes
    number = house.open()
    house.later(hours=3)
    assert check() == ["1 first warning", "1 first breach"]
    assert check() == []
    assert told(house) == []
    (warning, *_) = house.read(lambda tx: events.of(tx, number))
    assert warning.told_at is None
    house.at = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
    check()
    assert [lines for _, lines in told(house)] == [[(1, "first", True)]] * 2  # ana and ben
    assert all(one.told_at == house.at for one in house.read(lambda tx: events.of(tx, number)))
    check()
    assert len(told(house)) == 2


def test_a_step_that_fails_is_said_and_stops_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 'escalations = [{ at = "due", do = ["status:new", "tag:late"] }]\n'.replace(
        "status:new", "set:reason=refund"
    )
    house.apply(DESK + CALENDAR + GOLD + steps)
    number = house.open()
    house.apply(
        (DESK + CALENDAR + GOLD + "escalations = []\n").replace('name = "reason"', 'name = "cause"')
    )
    house.later(hours=3)
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(house.at))
    level = list(sla_check.run(house.db))[-1]
    assert level.did == ("tag late",)
    assert [one.partition(":")[0] for one in level.failed] == ["set"]
    assert house.ticket(number).tags == ("late",)


def test_what_was_answered_meanwhile_is_noted_but_not_acted_on(house: House, check: Check) -> None:
    house.apply(DESK + CALENDAR + GOLD + LEVELS)
    late, early = house.open(), house.open()
    house.later(hours=1, minutes=45)
    house.do(lambda w: reply(w, early, "Yes."))
    house.later(minutes=30)
    house.do(lambda w: reply(w, late, "Yes."))
    assert sorted(check()) == sorted((
        "1 first warning", "1 first level 75%", "1 first breach", "1 first level due",
        "2 first warning", "2 first level 75%",
    ))  # fmt: skip
    assert house.ticket(late).status == "open"
    assert {line for _, lines in told(house) for line in lines} == {(late, "first", True)}


def test_no_digest_goes_to_an_agent_who_is_the_customer(house: House, check: Check) -> None:
    house.apply(DESK + CALENDAR + GOLD)
    house.open(author="ana@help.example")
    house.later(hours=3)
    check()
    assert [to for to, _ in told(house)] == [("ben@help.example",)]


def test_the_digest_reads_well_in_every_language(house: House, check: Check) -> None:
    house.apply(DESK + CALENDAR + GOLD)
    number = house.open()
    house.do(lambda w: take(w, number))
    house.later(hours=3)
    check()
    row = house.outbox("notification")[-1]
    data = row.data | {"timezone": "Europe/Madrid", "mailbox_name": "Help"}
    said = MailTemplates().render("sla", "en", data)
    assert said.subject == "Help: 1 overdue"
    assert "Ticket 1  Printer is broken\n" in said.text
    assert "    Due:      first response, 2026-03-09 11:00 CET, overdue\n" in said.text
    assert "    Owner:    ana\n" in said.text
    for language, word in (("es", "fuera de plazo"), ("cs", "po termínu")):
        assert word in MailTemplates().render("sla", language, data).text
