"""Nothing waits for somebody who is not there: owners who are gone or away, managers who are away."""

from collections.abc import Callable
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from tests.store.actions.conftest import DESK, House
from ticketctl import clock
from ticketctl.actions.customers import absence
from ticketctl.actions.jobs import sweep
from ticketctl.actions.tickets import routing
from ticketctl.actions.tickets.assign import assign, auto, most_urgent, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import Changes, edit
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.domain.base.condition import EVERYTHING
from ticketctl.domain.query.parser import parse
from ticketctl.reports.figures import facts, period
from ticketctl.reports.figures.frame import Frame, Request
from ticketctl.store.db.engine import Tx
from ticketctl.store.desk import definitions, loads
from ticketctl.store.reports import figures
from ticketctl.store.tickets import match, tickets

WITHOUT_ANA = DESK.replace(
    '[[agent]]\nname = "ana"\nemail = "ana@help.example"\n', ""
).replace('agents = ["ana", "ben"]', 'agents = ["ben"]')  # fmt: skip


def owned(house: House, who: str = "ana") -> int:
    number = house.open()
    house.do(lambda w: assign(w, number, who, comment="x"), "eva", "manager")
    return number


def away(house: House, *names: str) -> None:
    for name in names:
        house.do(lambda w, n=name: absence.away(w, n, None), "root", "admin")  # type: ignore[misc]


def writes(house: House, number: int) -> tuple[str, ...]:
    """The customer writes; who is told."""
    before = len(house.outbox("notification"))
    mail = house.incoming("And now?")
    house.do(lambda w: customer_message(w, number, mail), "gateway")
    return tuple(a for row in house.outbox("notification")[before:] for a in row.to)


def found(house: House, text: str) -> list[int]:
    condition = parse(text, now=house.at, zone=UTC, me="ben").condition
    return [one.id for one in house.read(lambda tx: list(tickets.stream(tx, condition, ())))]


def backlog(house: House) -> list[facts.Waiting]:
    """What is open now, as the report counts it."""

    def ask(tx: Tx) -> list[facts.Waiting]:
        span = period.parse("today", now=house.at, zone=ZoneInfo("UTC"))
        request = Request(definition=definitions.current(tx), period=span, now=house.at)
        return list(facts.backlog(Frame(tx, request)))

    return house.read(ask)


def test_a_present_owner_alone_is_notified(house: House) -> None:
    assert writes(house, owned(house)) == ("ana@help.example",)


def test_managers_are_notified_too_when_the_owner_is_away(house: House) -> None:
    number = owned(house)
    away(house, "ana")
    assert writes(house, number) == ("ana@help.example", "eva@help.example", "root@help.example")
    away(house, "eva", "root")
    assert writes(house, number) == ("ana@help.example", "ben@help.example")
    away(house, "ben")
    assert writes(house, number) == ("ana@help.example",)


def test_working_hours_are_no_absence(house: House) -> None:
    hours = '\n[[calendar]]\nname = "mornings"\ntimezone = "UTC"\n[calendar.hours]\nmon = ["05:00-06:00"]\n'
    house.apply(
        DESK.replace('email = "ana@help.example"', 'email = "ana@help.example"\nhours = "mornings"')
        + hours
    )
    assert writes(house, owned(house)) == ("ana@help.example",)


@pytest.mark.postgres
def test_a_ticket_whose_owner_is_gone_is_the_teams_and_unassigned(house: House) -> None:
    number, kept = owned(house), owned(house, "ben")
    assert found(house, "is:unassigned") == []
    house.apply(WITHOUT_ANA)
    assert found(house, "is:unassigned") == found(house, "owner:none") == [number]
    assert found(house, "owner:any") == [kept]
    by_owner = house.read(lambda tx: figures.counts(tx, EVERYTHING, ["owner"]))
    assert {one.values[0]: one.tickets for one in by_owner} == {None: 1, "ben": 1}
    assert {one.place.ticket: one.place.agent for one in backlog(house)} == {
        number: None,
        kept: "ben",
    }
    assert found(house, "owner:ana") == [number]
    asked = parse("is:unassigned", now=house.at, zone=UTC, me=None).condition
    assert house.read(lambda tx: match.of(tx, number, [asked])) == [True]
    assert set(writes(house, number)) == {
        "ben@help.example", "eva@help.example", "root@help.example",
    }  # fmt: skip
    assert house.do(lambda w: most_urgent(w, "support", claim=True), "ben") == number
    house.do(lambda w: take(w, number), "ben")  # without --steal
    assert house.ticket(number).owner == "ben"


def test_routing_reassigns_tickets_of_a_removed_agent(house: House) -> None:
    number = owned(house)
    house.apply(WITHOUT_ANA)
    assert house.do(lambda w: auto(w, number, comment="x"), "eva", "manager").name == "ben"
    number = owned(house, "ben")
    house.apply(WITHOUT_ANA)
    assert house.do(lambda w: routing.auto(w, tickets.get(w.tx, number))).owner == "ben"


def test_a_desk_without_agents_has_no_owner_who_is_gone(house: House) -> None:
    number = owned(house)
    house.apply(
        '[[mailbox]]\naddress = "support@help.example"\nsegment = "support"\n[[segment]]\nname = "support"\n'
    )
    assert found(house, "is:unassigned") == []
    assert found(house, "owner:ana") == [number]


def test_a_sole_absent_manager_gets_no_ticket_and_admins_are_notified(house: House) -> None:
    number = house.open(mailbox="billing@help.example")
    assert house.ticket(number).owner == "ida"
    away(house, "ida")
    number = house.open(mailbox="billing@help.example")
    assert house.ticket(number).owner is None
    (line,) = house.events(number, "unassigned")
    assert "ida, the sole manager, is away" in line.comment
    told = {a for row in house.outbox("notification") if row.ticket == number for a in row.to}
    assert told == {"ida@help.example", "root@help.example"}
    moved = house.open()
    house.do(lambda w: edit(w, moved, Changes(segment="billing"), comment="x"), "root", "admin")
    assert house.ticket(moved).owner is None


@pytest.mark.postgres
def test_owners_are_counted_also_those_who_are_gone(house: House) -> None:
    owned(house)
    owned(house, "ben")
    house.apply(WITHOUT_ANA)
    assert house.read(loads.owners) == {"ana": 1, "ben": 1}


# ---- tried again ----------------------------------------------------------------------------------------------------

FULL = DESK.replace(
    'email = "ana@help.example"', 'email = "ana@help.example"\ncapacity = 1'
).replace('agents = ["ana", "ben"]', 'agents = ["ana"]\nrouting = "load"')


@pytest.fixture
def swept(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[tuple[int, str]]]:
    """Lets time pass over the house, and says what it brought about."""

    def sweeps() -> list[tuple[int, str]]:
        monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(house.at))
        return [(one.ticket, one.what) for one in sweep.run(house.db)]

    return sweeps


Swept = Callable[[], list[tuple[int, str]]]


def test_freed_capacity_takes_the_oldest_waiting_ticket(house: House, swept: Swept) -> None:
    house.apply(FULL)
    numbers = [house.open() for _ in range(3)]
    assert [house.ticket(n).owner for n in numbers] == ["ana", None, None]
    assert swept() == []
    lines = len(house.events(numbers[1]))
    house.do(lambda w: close(w, numbers[0], comment="x"))
    newest = house.open()  # comes when there is room again, and waits behind the others
    assert house.ticket(newest).owner is None
    assert "older tickets counted" in house.events(newest, "unassigned")[0].comment
    assert len(house.events(numbers[1])) == lines
    assert swept() == [(numbers[1], "assigned")]
    assert [house.ticket(n).owner for n in (*numbers[1:], newest)] == ["ana", None, None]
    told = house.outbox("notification")[-1]
    assert (told.ticket, told.to, told.data["event"]) == (
        numbers[1], ("ana@help.example",), "assigned",
    )  # fmt: skip


def test_an_older_ticket_that_nobody_there_can_take_holds_up_no_other(
    house: House, swept: Swept
) -> None:
    house.apply(FULL.replace('routing = "load"', 'routing = "skill"').replace(
        'email = "ben@help.example"', 'email = "ben@help.example"\nskills = ["lang:cs"]'))  # fmt: skip
    czech = house.open(language="cs")
    other = house.open(author="dora@customer.example")
    assert (house.ticket(czech).owner, house.ticket(other).owner) == (None, "ana")
    assert swept() == []


def test_a_returning_agent_gets_the_waiting_tickets(house: House, swept: Swept) -> None:
    away(house, "ida")
    numbers = [house.open(mailbox="billing@help.example") for _ in range(2)]
    house.do(lambda w: absence.back(w, "ida"), "ida")
    assert swept() == [(number, "assigned") for number in numbers]
    assert {house.ticket(n).owner for n in numbers} == {"ida"}


def test_a_rule_that_found_no_agent_is_retried(house: House, swept: Swept) -> None:
    rule = '\n[[rule]]\nname = "give"\non = "created"\nthen = ["owner:auto"]\n'
    house.apply(DESK + rule)
    away(house, "ana", "ben")
    number = house.open()
    assert house.ticket(number).owner is None
    house.do(lambda w: absence.back(w, "ben"), "ben")
    assert swept() == [(number, "assigned")]
    assert house.ticket(number).owner == "ben"


def test_a_ticket_unassigned_on_purpose_stays_unassigned(house: House, swept: Swept) -> None:
    house.apply(FULL)
    number = house.open()
    house.do(lambda w: assign(w, number, None, comment="wait"), "eva", "manager")
    assert swept() == []
    assert house.ticket(number).owner is None
