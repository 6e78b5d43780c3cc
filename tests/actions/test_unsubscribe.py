"""Unsubscribing from reports and surveys by mail: who may, all forms of an address, and what it stops."""

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import report_email, unsubscribe
from ticketctl.actions.mail.report_email import QueuedReport
from ticketctl.domain.base.optional_mail import OPTIONAL, REPORTS, SURVEYS
from ticketctl.errors import BadInput, NotAllowed, NotFound, Refused
from ticketctl.store.queues import unsubscribed
from ticketctl.store.tickets import tickets

pytestmark = pytest.mark.postgres

LEA = "lea@board.example"


def add(helpdesk: DeskFixture, address: str, *mails: str, who: str = "ana") -> list[str]:
    return helpdesk.do(lambda work: unsubscribe.add(work, address, mails or OPTIONAL), who)


def remove(helpdesk: DeskFixture, address: str, *mails: str) -> list[str]:
    return helpdesk.do(lambda work: unsubscribe.remove(work, address, mails or OPTIONAL))


def held(helpdesk: DeskFixture) -> list[tuple[str, str, str]]:
    rows = helpdesk.read(unsubscribed.listing)
    return [(one.address, one.mail, one.actor) for one in rows]


def report(helpdesk: DeskFixture, *to: str) -> QueuedReport:
    def send(work: Work) -> QueuedReport:
        return report_email.send(
            work, to, subject="Week 10", text="2 tickets", html="", file="a.xlsx", workbook=b"x"
        )

    return helpdesk.do(send, "eva", "manager")


def test_unsubscribing_twice_changes_nothing(helpdesk: DeskFixture) -> None:
    assert add(helpdesk, LEA, REPORTS) == [REPORTS]
    assert add(helpdesk, LEA) == [SURVEYS]
    assert add(helpdesk, LEA) == []
    assert held(helpdesk) == [(LEA, REPORTS, "ana"), (LEA, SURVEYS, "ana")]


def test_undo_subscribes_again_once(helpdesk: DeskFixture) -> None:
    add(helpdesk, LEA)
    assert remove(helpdesk, LEA, SURVEYS) == [SURVEYS]
    assert remove(helpdesk, LEA) == [REPORTS]
    assert held(helpdesk) == []
    with pytest.raises(NotFound, match="is not unsubscribed from reports or surveys"):
        remove(helpdesk, LEA)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("Lea@Board.EXAMPLE", "lea@board.example"),
        ("jana@příklad.example", "jana@xn--pklad-zsa96e.example"),
        ("jorg@bücher.example", "JORG@XN--BCHER-KVA.EXAMPLE"),
        (" lea@board.example ", "lea@board.example"),
    ],
)
def test_all_forms_of_an_address_are_one(helpdesk: DeskFixture, written: str, other: str) -> None:
    add(helpdesk, written)
    assert helpdesk.read(lambda tx: unsubscribed.among(tx, [other, LEA[1:]], SURVEYS)) == {other}
    assert add(helpdesk, other) == []
    assert remove(helpdesk, other) == [REPORTS, SURVEYS]


@pytest.mark.parametrize("written", ["lea", "lea@", "a b@c.example", "x@y\r\nBcc: z@z.example", ""])
def test_what_is_no_address_is_refused(helpdesk: DeskFixture, written: str) -> None:
    with pytest.raises(BadInput, match="is not a mail address"):
        add(helpdesk, written)


def test_the_address_of_a_customer_out_of_sight_is_left_alone(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK)
    id = helpdesk.open(author="dora@customer.example", author_name="")
    helpdesk.db.write(lambda tx: tickets.change(tx, id, at=helpdesk.at, segment="billing"))
    for action in (add, remove):
        with pytest.raises(NotAllowed):
            action(helpdesk, "dora@customer.example")
    assert held(helpdesk) == []


def test_a_report_leaves_out_who_has_unsubscribed_from_reports(helpdesk: DeskFixture) -> None:
    add(helpdesk, LEA, REPORTS)
    add(helpdesk, "eva@help.example", SURVEYS)
    sent = report(helpdesk, "Lea@board.example", "eva@help.example")
    assert (sent.to, sent.left_out) == (("eva@help.example",), (LEA,))
    (row,) = helpdesk.outbox("report")
    assert row.to == ("eva@help.example",)


def test_a_report_to_nobody_else_is_refused(helpdesk: DeskFixture) -> None:
    add(helpdesk, LEA, REPORTS)
    add(helpdesk, "leo@board.example", REPORTS)
    with pytest.raises(Refused, match=r"^lea@.*, leo@board\.example have unsubscribed from"):
        report(helpdesk, LEA, "leo@board.example")
    assert helpdesk.outbox("report") == []
    remove(helpdesk, LEA, REPORTS)
    assert report(helpdesk, LEA).left_out == ()
