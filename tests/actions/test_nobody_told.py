"""Nothing waits for somebody who is not there: owners who are gone or away, managers who are away."""

from collections.abc import Callable
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl import clock
from ticketctl.actions.customers import absence
from ticketctl.actions.jobs import sweep
from ticketctl.actions.tickets import route
from ticketctl.actions.tickets.assign import assign, auto, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.most_urgent import most_urgent
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.domain.base.condition import EVERYTHING
from ticketctl.domain.query.parser import parse
from ticketctl.reports.figures import facts, period
from ticketctl.reports.figures.frame import Frame, Request
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import definitions, loads
from ticketctl.store.reports import figures
from ticketctl.store.tickets import match, ticket_lists, tickets

WITHOUT_ANA = DESK.replace(
    '[[agent]]\nname = "ana"\nemail = "ana@help.example"\n', ""
).replace('agents = ["ana", "ben"]', 'agents = ["ben"]')  # fmt: skip


def owned(helpdesk: DeskFixture, who: str = "ana") -> int:
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, who, comment="x"), "eva", "manager")
    return number


def away(helpdesk: DeskFixture, *names: str) -> None:
    for name in names:
        helpdesk.do(lambda w, n=name: absence.away(w, n, None), "root", "admin")  # type: ignore[misc]


def writes(helpdesk: DeskFixture, number: int) -> tuple[str, ...]:
    """The customer writes; who is told."""
    before = len(helpdesk.outbox("notification"))
    mail = helpdesk.incoming("And now?")
    helpdesk.do(lambda w: customer_message(w, number, mail), "gateway")
    return tuple(a for row in helpdesk.outbox("notification")[before:] for a in row.to)


def found(helpdesk: DeskFixture, text: str) -> list[int]:
    condition = parse(text, now=helpdesk.at, zone=UTC, me="ben").condition
    return [
        one.id for one in helpdesk.read(lambda tx: list(ticket_lists.stream(tx, condition, ())))
    ]


def backlog(helpdesk: DeskFixture) -> list[facts.Waiting]:
    """What is open now, as the report counts it."""

    def ask(tx: Tx) -> list[facts.Waiting]:
        span = period.parse("today", now=helpdesk.at, zone=ZoneInfo("UTC"))
        request = Request(definition=definitions.current(tx), period=span, now=helpdesk.at)
        return list(facts.backlog(Frame(tx, request), ()))

    return helpdesk.read(ask)


def test_a_present_owner_alone_is_notified(helpdesk: DeskFixture) -> None:
    assert writes(helpdesk, owned(helpdesk)) == ("ana@help.example",)


def test_managers_are_notified_too_when_the_owner_is_away(helpdesk: DeskFixture) -> None:
    number = owned(helpdesk)
    away(helpdesk, "ana")
    assert writes(helpdesk, number) == ("ana@help.example", "eva@help.example", "root@help.example")
    away(helpdesk, "eva", "root")
    assert writes(helpdesk, number) == ("ana@help.example", "ben@help.example")
    away(helpdesk, "ben")
    assert writes(helpdesk, number) == ("ana@help.example",)


def test_working_hours_are_no_absence(helpdesk: DeskFixture) -> None:
    hours = '\n[[calendar]]\nname = "mornings"\ntimezone = "UTC"\n[calendar.hours]\nmon = ["05:00-06:00"]\n'
    helpdesk.apply(
        DESK.replace('email = "ana@help.example"', 'email = "ana@help.example"\nhours = "mornings"')
        + hours
    )
    assert writes(helpdesk, owned(helpdesk)) == ("ana@help.example",)


@pytest.mark.postgres
def test_a_ticket_whose_owner_is_gone_is_the_teams_and_unassigned(helpdesk: DeskFixture) -> None:
    number, kept = owned(helpdesk), owned(helpdesk, "ben")
    assert found(helpdesk, "is:unassigned") == []
    helpdesk.apply(WITHOUT_ANA)
    assert found(helpdesk, "is:unassigned") == found(helpdesk, "owner:none") == [number]
    assert found(helpdesk, "owner:any") == [kept]
    by_owner = helpdesk.read(lambda tx: figures.counts(tx, EVERYTHING, ["owner"]))
    assert {one.values[0]: one.tickets for one in by_owner} == {None: 1, "ben": 1}
    assert {one.place.ticket: one.place.agent for one in backlog(helpdesk)} == {
        number: None,
        kept: "ben",
    }
    assert found(helpdesk, "owner:ana") == [number]
    asked = parse("is:unassigned", now=helpdesk.at, zone=UTC, me=None).condition
    assert helpdesk.read(lambda tx: match.of(tx, number, [asked])) == [True]
    assert set(writes(helpdesk, number)) == {
        "ben@help.example", "eva@help.example", "root@help.example",
    }  # fmt: skip
    assert helpdesk.do(lambda w: most_urgent(w, "support", claim=True), "ben") == number
    helpdesk.do(lambda w: take(w, number), "ben")  # without --steal
    assert helpdesk.ticket(number).owner == "ben"


def test_routing_reassigns_tickets_of_a_removed_agent(helpdesk: DeskFixture) -> None:
    number = owned(helpdesk)
    helpdesk.apply(WITHOUT_ANA)
    assert helpdesk.do(lambda w: auto(w, number, comment="x"), "eva", "manager").name == "ben"
    number = owned(helpdesk, "ben")
    helpdesk.apply(WITHOUT_ANA)
    assert helpdesk.do(lambda w: route.auto(w, tickets.get(w.tx, number))).owner == "ben"


def test_a_desk_without_agents_has_no_owner_who_is_gone(helpdesk: DeskFixture) -> None:
    number = owned(helpdesk)
    helpdesk.apply(
        '[[mailbox]]\naddress = "support@help.example"\nsegment = "support"\n[[segment]]\nname = "support"\n'
    )
    assert found(helpdesk, "is:unassigned") == []
    assert found(helpdesk, "owner:ana") == [number]


def test_a_sole_absent_manager_gets_no_ticket_and_admins_are_notified(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open(mailbox="billing@help.example")
    assert helpdesk.ticket(number).owner == "ida"
    away(helpdesk, "ida")
    number = helpdesk.open(mailbox="billing@help.example")
    assert helpdesk.ticket(number).owner is None
    (line,) = helpdesk.events(number, "unassigned")
    assert "ida, the sole manager, is away" in line.comment
    told = {a for row in helpdesk.outbox("notification") if row.ticket == number for a in row.to}
    assert told == {"ida@help.example", "root@help.example"}
    moved = helpdesk.open()
    helpdesk.do(
        lambda w: edit(w, moved, TicketChanges(segment="billing"), comment="x"), "root", "admin"
    )
    assert helpdesk.ticket(moved).owner is None


@pytest.mark.postgres
def test_owners_are_counted_also_those_who_are_gone(helpdesk: DeskFixture) -> None:
    owned(helpdesk)
    owned(helpdesk, "ben")
    helpdesk.apply(WITHOUT_ANA)
    assert helpdesk.read(loads.owners) == {"ana": 1, "ben": 1}


# ---- tried again ----------------------------------------------------------------------------------------------------

FULL = DESK.replace(
    'email = "ana@help.example"', 'email = "ana@help.example"\ncapacity = 1'
).replace('agents = ["ana", "ben"]', 'agents = ["ana"]\nrouting = "load"')


@pytest.fixture
def swept(
    helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[tuple[int, str]]]:
    """Lets time pass, and says what it brought about."""

    def sweeps() -> list[tuple[int, str]]:
        monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(helpdesk.at))
        return [(one.ticket, one.what) for one in sweep.run(helpdesk.db)]

    return sweeps


Swept = Callable[[], list[tuple[int, str]]]


def test_freed_capacity_takes_the_oldest_waiting_ticket(
    helpdesk: DeskFixture, swept: Swept
) -> None:
    helpdesk.apply(FULL)
    numbers = [helpdesk.open() for _ in range(3)]
    assert [helpdesk.ticket(n).owner for n in numbers] == ["ana", None, None]
    assert swept() == []
    lines = len(helpdesk.events(numbers[1]))
    helpdesk.do(lambda w: close(w, numbers[0], comment="x"))
    newest = helpdesk.open()  # comes when there is room again, and waits behind the others
    assert helpdesk.ticket(newest).owner is None
    assert "older tickets counted" in helpdesk.events(newest, "unassigned")[0].comment
    assert len(helpdesk.events(numbers[1])) == lines
    assert swept() == [(numbers[1], "assigned")]
    assert [helpdesk.ticket(n).owner for n in (*numbers[1:], newest)] == ["ana", None, None]
    told = helpdesk.outbox("notification")[-1]
    assert (told.ticket, told.to, told.data["event"]) == (
        numbers[1], ("ana@help.example",), "assigned",
    )  # fmt: skip


def test_an_older_ticket_that_nobody_there_can_take_holds_up_no_other(
    helpdesk: DeskFixture, swept: Swept
) -> None:
    helpdesk.apply(FULL.replace('routing = "load"', 'routing = "skill"').replace(
        'email = "ben@help.example"', 'email = "ben@help.example"\nskills = ["lang:cs"]'))  # fmt: skip
    czech = helpdesk.open(language="cs")
    other = helpdesk.open(author="dora@customer.example")
    assert (helpdesk.ticket(czech).owner, helpdesk.ticket(other).owner) == (None, "ana")
    assert swept() == []


def test_a_returning_agent_gets_the_waiting_tickets(helpdesk: DeskFixture, swept: Swept) -> None:
    away(helpdesk, "ida")
    numbers = [helpdesk.open(mailbox="billing@help.example") for _ in range(2)]
    helpdesk.do(lambda w: absence.back(w, "ida"), "ida")
    assert swept() == [(number, "assigned") for number in numbers]
    assert {helpdesk.ticket(n).owner for n in numbers} == {"ida"}


def test_a_rule_that_found_no_agent_is_retried(helpdesk: DeskFixture, swept: Swept) -> None:
    rule = '\n[[rule]]\nname = "give"\non = "created"\nthen = ["owner:auto"]\n'
    helpdesk.apply(DESK + rule)
    away(helpdesk, "ana", "ben")
    number = helpdesk.open()
    assert helpdesk.ticket(number).owner is None
    helpdesk.do(lambda w: absence.back(w, "ben"), "ben")
    assert swept() == [(number, "assigned")]
    assert helpdesk.ticket(number).owner == "ben"


def test_a_ticket_unassigned_on_purpose_stays_unassigned(
    helpdesk: DeskFixture, swept: Swept
) -> None:
    helpdesk.apply(FULL)
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, None, comment="wait"), "eva", "manager")
    assert swept() == []
    assert helpdesk.ticket(number).owner is None
