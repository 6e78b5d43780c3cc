"""Where tickets go by themselves: turns, loads, skills, who is there, and what is said where nobody is."""

from collections import Counter

import pytest

from tests.support.desk import DeskFixture
from tests.support.statements import heard
from ticketctl.actions.base.context import Work
from ticketctl.actions.customers import absence
from ticketctl.actions.tickets import route
from ticketctl.actions.tickets.assign import assign, auto
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.open_ticket import Draft, by_hand
from ticketctl.actions.tickets.spam import unspam
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.calendar.availability import Absence
from ticketctl.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import journal, loads
from ticketctl.store.people import absences

ROUTED = """
[desk]
name = "Help"
domain = "help.example"
timezone = "Europe/Madrid"

[[mailbox]]
address = "support@help.example"
segment = "support"

[[agent]]
name = "ana"
email = "ana@help.example"
skills = ["lang:cs"]
{ana}

[[agent]]
name = "ben"
email = "ben@help.example"
{ben}

[[agent]]
name = "cid"
email = "cid@help.example"
hours = "mornings"

[[agent]]
name = "eva"
email = "eva@help.example"
role = "manager"

[[agent]]
name = "ida"
email = "ida@help.example"

[[segment]]
name = "support"
managers = ["eva", "ida"]
agents = ["ana", "ben", "cid"]
{support}

[[segment]]
name = "billing"
managers = ["ida"]
{billing}

[[type]]
name = "invoice"
segment = "billing"
{type}

[[calendar]]
name = "mornings"
timezone = "Europe/Madrid"

[calendar.hours]
mon = ["09:00-12:00"]
tue = ["09:00-12:00"]
"""

BILLS_ARE_INVOICES = """
[[rule]]
name = "bills"
on = "created"
when = "subject:printer"
then = ["type:invoice"]
"""


def apply(helpdesk: DeskFixture, support: str = 'routing = "round-robin"', **more: str) -> None:
    """A desk with three agents in support; 2026-03-09 is a Monday, and it is nine in Madrid."""
    words = {"ana": "", "ben": "", "billing": "", "type": "", **more}
    helpdesk.apply(ROUTED.format(support=support, **words))


def owners(helpdesk: DeskFixture, numbers: list[int]) -> list[str | None]:
    return [helpdesk.ticket(number).owner for number in numbers]


def test_six_mails_to_three_agents_are_two_each_F_T9(helpdesk: DeskFixture) -> None:
    apply(helpdesk)
    numbers = [helpdesk.open() for _ in range(6)]
    assert Counter(owners(helpdesk, numbers)) == {"ana": 2, "ben": 2, "cid": 2}
    (event,) = helpdesk.events(numbers[0], "assigned")
    assert (event.actor, event.new, event.comment) == ("gateway", "ana", "routing: round-robin")


def test_load_counts_open_tickets_but_not_waiting_ones_F_T10(helpdesk: DeskFixture) -> None:
    apply(helpdesk, "")
    numbers = [helpdesk.open() for _ in range(6)]
    for number, owner in zip(numbers, ("ana", "ana", "ana", "ben", "cid", "cid"), strict=True):
        helpdesk.do(lambda w, n=number, o=owner: assign(w, n, o, comment="x"))  # type: ignore[misc]
    apply(helpdesk, 'routing = "load"')
    assert owners(helpdesk, [helpdesk.open()]) == ["ben"]  # 3, 1, 2
    for number in numbers[:3]:
        helpdesk.do(lambda w, n=number: wait(w, n))  # type: ignore[misc]
    assert owners(helpdesk, [helpdesk.open()]) == ["ana"]
    assert helpdesk.read(lambda tx: loads.loads(tx, ["ana"]))["ana"] == loads.Load(1, 1, 3)


@pytest.mark.postgres
def test_where_all_are_full_it_stays_unassigned_and_is_reported_F_T10(
    helpdesk: DeskFixture,
) -> None:
    apply(helpdesk, 'routing = "load"', ana="capacity = 1", ben="capacity = 1")
    helpdesk.do(lambda w: absence.away(w, "cid", None), "cid")
    numbers = [helpdesk.open() for _ in range(3)]
    assert owners(helpdesk, numbers) == ["ana", "ben", None]
    (event,) = helpdesk.events(numbers[2], "unassigned")
    reason = "no agent is available: ana is full (1 of 1), ben is full (1 of 1), cid is away"
    assert event.comment == reason
    notices = [row for row in helpdesk.outbox("notification") if row.data["event"] == "unassigned"]
    assert [(row.to, row.data["text"]) for row in notices] == [
        (("eva@help.example", "ida@help.example"), reason)
    ]


def test_routing_again_writes_no_second_reason_F_T10(helpdesk: DeskFixture) -> None:
    apply(helpdesk, 'routing = "load"', ana="absences = ['2026-03-09']", ben="capacity = 1")
    helpdesk.later(hours=5)
    helpdesk.open()
    number = helpdesk.open()
    reason = (
        "no agent is available: ana is away until 2026-03-10 00:00, ben is full (1 of 1), "
        "cid is off duty until 2026-03-10 09:00"
    )
    assert helpdesk.do(lambda w: auto(w, number, comment="again")).reason == reason
    assert [event.comment for event in helpdesk.events(number, "unassigned")] == [reason]
    events = [row.data["event"] for row in helpdesk.outbox("notification")]
    assert events.count("unassigned") == 1


def test_only_an_agent_who_speaks_czech_gets_a_czech_ticket_F_T11(helpdesk: DeskFixture) -> None:
    apply(helpdesk, 'routing = "skill"')
    numbers = [helpdesk.open(language="cs") for _ in range(2)]
    assert owners(helpdesk, numbers) == ["ana", "ana"]
    assert helpdesk.events(numbers[1], "assigned")[0].comment == (
        "routing: skill, 1 open, the fewest of those with lang:cs"
    )
    spanish = helpdesk.open(language="es")
    assert helpdesk.ticket(spanish).owner is None
    assert str(helpdesk.events(spanish, "unassigned")[0].comment).startswith(
        "no agent is available: ana lacks lang:es,"
    )


def test_a_type_brings_its_segment_F_T12(helpdesk: DeskFixture) -> None:
    apply(helpdesk, "")
    number = helpdesk.open()
    helpdesk.do(lambda w: edit(w, number, TicketChanges(type="invoice"), comment="a bill"))
    ticket = helpdesk.ticket(number)
    assert (ticket.segment, ticket.source_segment, ticket.owner) == ("billing", "support", "ida")
    stays = helpdesk.open()
    helpdesk.do(
        lambda w: edit(w, stays, TicketChanges(type="invoice", segment="support"), comment="no")
    )
    assert helpdesk.ticket(stays).segment == "support"
    draft = Draft(customer="carl@customer.example", subject="Bill", comment="phoned", type="invoice")  # fmt: skip
    assert (
        helpdesk.ticket(helpdesk.do(lambda w: by_hand(w, draft), "eva", "manager")).segment
        == "billing"
    )


def test_absent_agents_are_not_chosen_and_returned_ones_are_F_T13(helpdesk: DeskFixture) -> None:
    apply(helpdesk)
    until = helpdesk.at.replace(hour=10)
    helpdesk.do(lambda w: absence.away(w, "ana", until, "dentist"), "ana")
    assert owners(helpdesk, [helpdesk.open() for _ in range(3)]) == ["ben", "cid", "ben"]
    helpdesk.do(lambda w: absence.back(w, "ana"), "ana")
    assert owners(helpdesk, [helpdesk.open()]) == ["ana"]
    helpdesk.do(lambda w: absence.away(w, "ana", until), "eva", "manager")
    helpdesk.later(hours=2)  # it is eleven in Madrid
    assert owners(helpdesk, [helpdesk.open() for _ in range(3)]) == ["cid", "ben", "ana"]
    helpdesk.later(hours=1)  # cid's hours are over
    assert "cid" not in owners(helpdesk, [helpdesk.open() for _ in range(3)])


def test_absence_is_set_by_the_agent_or_a_manager_and_recorded_F_T13(helpdesk: DeskFixture) -> None:
    apply(helpdesk)
    with pytest.raises(NotAllowed, match="only managers and admins may set ana away"):
        helpdesk.do(lambda w: absence.away(w, "ana", None), "ben")
    with pytest.raises(NotFound, match='no agent "zoe"'):
        helpdesk.do(lambda w: absence.back(w, "zoe"), "eva", "manager")
    with pytest.raises(BadInput, match="that time is in the past"):
        helpdesk.do(lambda w: absence.away(w, "ana", helpdesk.at), "ana")
    helpdesk.do(lambda w: absence.away(w, "ana", None, " ill "), "ana")
    helpdesk.later(minutes=1)
    until = helpdesk.at.replace(hour=12)
    helpdesk.do(lambda w: absence.away(w, "ana", until), "eva", "manager")

    def noted(tx: Tx) -> list[Absence]:
        return absences.of(tx, ["ana", "ben"], helpdesk.at)

    assert [(one.since, one.until) for one in helpdesk.read(noted)] == [(helpdesk.at, until)]
    assert helpdesk.do(lambda w: absence.back(w, "ana"), "ana")
    assert not helpdesk.do(lambda w: absence.back(w, "ana"), "ana")
    lines = helpdesk.read(lambda tx: journal.of(tx, "agent", "ana"))
    assert [(one.actor, one.type, len(one.old), one.comment) for one in lines] == [
        ("ana", "away", 0, "ill"),
        ("eva", "away", 1, None),
        ("ana", "back", 1, None),
    ]


def test_undo_reverts_an_absence_unless_it_changed_since(helpdesk: DeskFixture) -> None:
    apply(helpdesk)
    until = helpdesk.at.replace(hour=12)

    def noted(tx: Tx) -> list[Absence]:
        return absences.of(tx, ["ana"], helpdesk.at)

    helpdesk.do(lambda w: absence.away(w, "ana", None, "ill"), "ana", group="one")
    first = helpdesk.read(noted)
    helpdesk.later(minutes=1)
    helpdesk.do(lambda w: absence.away(w, "ana", until), "ana", group="two")
    with pytest.raises(Conflict, match="agent ana: the absence was changed since"):
        helpdesk.do(undo, "ana", group="one")
    helpdesk.do(undo, "ana", group="two")
    assert helpdesk.read(noted) == first
    helpdesk.do(lambda w: absence.back(w, "ana"), "ana", group="three")
    helpdesk.do(undo, "ana", group="three")
    assert helpdesk.read(noted) == first


def test_the_customers_earlier_agent_is_chosen_first_if_able_F_T14(helpdesk: DeskFixture) -> None:
    apply(helpdesk, 'routing = "round-robin"\nsticky = true', ben="capacity = 2")
    first = helpdesk.open()
    helpdesk.do(lambda w: assign(w, first, "ben", comment="knows him"), "eva", "manager")
    numbers = [helpdesk.open() for _ in range(2)]
    assert owners(helpdesk, numbers) == ["ben", "cid"]  # then ben is full, and ana had a turn
    assert helpdesk.events(numbers[0], "assigned")[0].comment == (
        "routing: the customer's earlier agent"
    )
    assert owners(helpdesk, [helpdesk.open(author="dora@customer.example")]) == ["ana"]


def test_without_routing_a_plain_mail_has_no_owner_F_T1(helpdesk: DeskFixture) -> None:
    apply(helpdesk, 'routing = "none"')
    assert owners(helpdesk, [helpdesk.open()]) == [None]


def test_without_routing_placing_asks_the_database_nothing(sqlite_helpdesk: DeskFixture) -> None:
    helpdesk = sqlite_helpdesk
    apply(helpdesk, 'routing = "none"')
    ticket = helpdesk.ticket(helpdesk.open())

    def place(work: Work) -> None:
        with heard() as asked:
            assert route.place(work, ticket) == ticket
        assert not asked

    helpdesk.do(place)


def test_a_ticket_unmarked_as_spam_is_routed_like_a_new_one(helpdesk: DeskFixture) -> None:
    apply(helpdesk)
    number = helpdesk.open(spam=True)
    assert helpdesk.ticket(number).owner is None
    helpdesk.do(lambda w: unspam(w, number), "eva", "manager")
    assert helpdesk.ticket(number).owner == "ana"
    assert [row.to for row in helpdesk.outbox("notification")] == [("ana@help.example",)]


def test_an_owner_that_is_given_is_not_routed(helpdesk: DeskFixture) -> None:
    apply(helpdesk)
    draft = Draft(customer="carl@customer.example", subject="x", comment="phoned", owner="eva")
    assert owners(helpdesk, [helpdesk.do(lambda w: by_hand(w, draft))]) == ["eva"]


def test_moved_to_a_segment_its_one_manager_owns_it_F_Q34(helpdesk: DeskFixture) -> None:
    apply(helpdesk, "")
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ana", comment="x"))
    helpdesk.do(lambda w: edit(w, number, TicketChanges(segment="billing"), comment="a bill"))
    assert helpdesk.ticket(number).owner == "ida"
    last = helpdesk.events(number, "assigned")[-1]
    assert (last.old, last.new, last.comment) == ("ana", "ida", "sole manager")
    helpdesk.do(
        lambda w: edit(w, number, TicketChanges(segment="support"), comment="no bill"), "ida"
    )
    assert helpdesk.ticket(number).owner is None


@pytest.mark.postgres
def test_moved_to_a_segment_with_routing_it_is_routed_F_Q34(helpdesk: DeskFixture) -> None:
    apply(helpdesk, "", billing='agents = ["ben", "ida"]\nrouting = "load"')
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ana", comment="x"))
    helpdesk.do(lambda w: edit(w, number, TicketChanges(segment="billing"), comment="a bill"))
    assert helpdesk.ticket(number).owner == "ben"
    helpdesk.do(lambda w: absence.away(w, "ida", None), "ida")
    helpdesk.do(lambda w: absence.away(w, "ben", None), "ben")
    other = helpdesk.open()
    helpdesk.do(lambda w: assign(w, other, "ana", comment="x"))
    helpdesk.do(lambda w: edit(w, other, TicketChanges(segment="billing"), comment="a bill"))
    assert helpdesk.ticket(other).owner is None
    assert helpdesk.events(other, "unassigned")[0].comment == (
        "no agent is available: ben is away, ida is away"
    )


def test_assign_auto_assigns_an_unowned_ticket_and_says_why_F_T9(helpdesk: DeskFixture) -> None:
    apply(helpdesk, "")
    number = helpdesk.open()
    chosen = helpdesk.do(lambda w: auto(w, number, comment="busy"), "eva", "manager")
    assert (chosen.name, chosen.reason) == ("ana", "routing: load, 0 open, the fewest")
    assert helpdesk.events(number, "assigned")[0].comment == (
        "busy; routing: load, 0 open, the fewest"
    )
    (told,) = [row for row in helpdesk.outbox("notification") if row.data["event"] == "assigned"]
    assert told.to == ("ana@help.example",)
    with pytest.raises(Conflict, match="already Ana's; use --steal"):
        helpdesk.do(lambda w: auto(w, number, comment="x"), "eva", "manager")
    again = helpdesk.do(
        lambda w: auto(w, number, strategy="round-robin", comment="x", steal=True), "eva", "manager"
    )
    assert (again.name, helpdesk.ticket(number).owner) == ("ben", "ben")


def test_assign_auto_refuses_what_cannot_be_given_out(helpdesk: DeskFixture) -> None:
    apply(helpdesk, "")
    number = helpdesk.open()
    with pytest.raises(Refused, match="assign needs a comment"):
        helpdesk.do(lambda w: auto(w, number))
    helpdesk.do(lambda w: assign(w, number, "ana", comment="x"))
    for name in ("ana", "ben", "cid"):
        helpdesk.do(lambda w, n=name: absence.away(w, n, None), "eva", "manager")  # type: ignore[misc]
    with pytest.raises(Refused, match=r"stays Ana's: no agent is available: ana is away, ben"):
        helpdesk.do(lambda w: auto(w, number, comment="x", steal=True))
    helpdesk.do(lambda w: edit(w, number, TicketChanges(status="closed"), comment="x"))
    with pytest.raises(Refused, match="is closed: only active tickets can be assigned"):
        helpdesk.do(lambda w: auto(w, number, comment="x"))


def test_out_of_hours_the_acknowledgement_says_so_and_the_ticket_is_kept_F_C2(
    helpdesk: DeskFixture,
) -> None:
    apply(helpdesk, 'routing = "load"')
    helpdesk.open()
    assert helpdesk.outbox("ack")[0].data["out_of_hours"] is False
    for name, hour in (("ana", 15), ("ben", 14), ("eva", 16), ("ida", 17)):
        until = helpdesk.at.replace(hour=hour)
        helpdesk.do(lambda w, n=name, u=until: absence.away(w, n, u), "eva", "manager")  # type: ignore[misc]
    helpdesk.later(hours=5)
    number = helpdesk.open(author="dora@customer.example")
    assert helpdesk.ticket(number).owner is None
    data = helpdesk.outbox("ack")[-1].data
    assert (data["out_of_hours"], data["back_at"]) == (True, "2026-03-09T14:00:00Z")


def test_the_acknowledgement_holds_the_snippet_of_its_type_F_T19(helpdesk: DeskFixture) -> None:
    apply(helpdesk, "", type='snippet = "Bills come monthly."', billing=BILLS_ARE_INVOICES)
    helpdesk.open()
    assert helpdesk.outbox("ack")[0].data["snippet"] == "Bills come monthly."
