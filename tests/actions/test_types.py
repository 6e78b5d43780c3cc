"""A desk that declares types takes no others, by hand, by mail or by a rule (F-L6); types lead to segments (F-T12)."""

from typing import Any

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.tickets import open_ticket
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.errors import Refused

TYPES = """
[[type]]
name = "billing"
segment = "billing"
[[type]]
name = "fault"
"""


def draft(**more: Any) -> open_ticket.Draft:
    return open_ticket.Draft(
        customer="carl@customer.example", subject="Bill", comment="by phone", **more
    )


def test_a_desk_that_declares_types_takes_no_others_F_L6(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK + TYPES)
    number = helpdesk.open()
    for verb in (
        lambda w: edit(w, number, TicketChanges(type="payroll"), comment="?"),
        lambda w: open_ticket.by_hand(w, draft(type="payroll")),
    ):
        with pytest.raises(Refused, match=r'no type "payroll"; the desk has billing, fault\.'):
            helpdesk.do(verb)
    helpdesk.do(lambda w: edit(w, number, TicketChanges(type="fault"), comment="?"))
    helpdesk.do(lambda w: edit(w, number, TicketChanges(type=None), comment="?"))


def test_without_types_any_type_is_accepted_F_L6(sqlite_helpdesk: DeskFixture) -> None:
    number = sqlite_helpdesk.open()
    sqlite_helpdesk.do(lambda w: edit(w, number, TicketChanges(type="payroll"), comment="?"))
    assert sqlite_helpdesk.ticket(number).type == "payroll"


def test_a_type_leads_to_its_segment_unless_one_is_given_F_T12(
    sqlite_helpdesk: DeskFixture,
) -> None:
    sqlite_helpdesk.apply(DESK + TYPES)
    number, other = sqlite_helpdesk.open(), sqlite_helpdesk.open()
    sqlite_helpdesk.do(lambda w: edit(w, number, TicketChanges(type="billing"), comment="?"))
    sqlite_helpdesk.do(
        lambda w: edit(w, other, TicketChanges(type="billing", segment="support"), comment="?")
    )
    made = sqlite_helpdesk.do(lambda w: open_ticket.by_hand(w, draft(type="billing")))
    placed = sqlite_helpdesk.do(
        lambda w: open_ticket.by_hand(w, draft(type="billing", segment="support"))
    )
    found = [sqlite_helpdesk.ticket(one).segment for one in (number, other, made, placed)]
    assert found == ["billing", "support", "billing", "support"]
    assert sqlite_helpdesk.ticket(number).owner == "ida"
