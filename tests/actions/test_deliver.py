"""What became of an outgoing mail."""

from typing import Any

import pytest
from msgspec import Struct

from tests.support.desk import DeskFixture
from ticketctl.actions.mail.delivery import FAILED, note, outcomes, report
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.store.queues import outbox
from ticketctl.store.queues import recipients as reach

CARL = "carl@customer.example"


class Named(Struct):
    """A recipient as a report names them."""

    address: str = CARL
    action: str = "failed"
    hard: bool = True
    status: str = "5.1.1"
    diagnostic: str = "550 5.1.1 no such user"


class Kind(Struct):
    """What kind of report it is."""

    is_bounce: bool = False
    is_delay_notice: bool = False
    is_dsn_success: bool = False


def answered(helpdesk: DeskFixture) -> tuple[int, Any]:
    """A ticket of ben's with a reply in the outbox."""
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ben", comment="x"))
    helpdesk.do(
        lambda w: reply(w, number, "Try this.", Extras(cc=("dora@customer.example",))), "ben"
    )
    return number, helpdesk.outbox("reply")[0]


def told(
    helpdesk: DeskFixture,
    *recipients: Named,
    delivery: Any = None,
    about: str | None = None,
    **kind: bool,
) -> Any:
    return helpdesk.do(
        lambda w: report(
            w,
            delivery=delivery,
            original_message_id=about,
            recipients=outcomes(recipients),
            flags=Kind(**kind),
            blob="0" * 64,
        ),
        "gateway",
    )


def states(helpdesk: DeskFixture, row: Any) -> dict[str, str]:
    found = helpdesk.read(lambda tx: outbox.deliveries(tx, row.id))
    return {one.address: one.state for one in found}


@pytest.mark.postgres
def test_a_bounce_is_shown_in_its_ticket_and_the_owner_told_once_F2_F13(
    helpdesk: DeskFixture,
) -> None:
    number, row = answered(helpdesk)
    before, sent = helpdesk.ticket(number).status, len(helpdesk.outbox())
    for _ in range(2):
        noted = told(helpdesk, Named(), about=row.message_id, is_bounce=True)
        assert (noted.ticket, noted.message) == (number, 2)
    assert helpdesk.ticket(number).status == before
    assert [(e.field, e.new["mail"], e.comment) for e in helpdesk.events(number, "bounced")] == [
        (CARL, row.id, "550 5.1.1 no such user")
    ] * 2
    (notice,) = helpdesk.outbox()[sent:]
    assert (notice.to, notice.data["event"]) == (("ben@help.example",), "bounce")
    assert states(helpdesk, row)[CARL] == "bounced"
    assert helpdesk.messages(number)[-1].delivery == "bounced"


def test_the_signed_bounce_address_says_which_recipient_F3(helpdesk: DeskFixture) -> None:
    number, row = answered(helpdesk)
    dora = helpdesk.read(lambda tx: outbox.deliveries(tx, row.id))[1]
    told(helpdesk, Named(address="d.ora@forwarded.example"), delivery=dora.id, is_bounce=True)
    assert [e.field for e in helpdesk.events(number, "bounced")] == ["dora@customer.example"]


def test_each_recipient_of_a_report_is_an_event_F10(helpdesk: DeskFixture) -> None:
    number, row = answered(helpdesk)
    told(
        helpdesk,
        Named(),
        Named(address="Dora@customer.example", action="delayed", hard=False),
        about=row.message_id,
        is_bounce=True,
    )
    assert [(e.type, e.field) for e in helpdesk.events(number, "bounced", "delayed")] == [
        ("bounced", CARL),
        ("delayed", "dora@customer.example"),
    ]


def test_a_bounce_of_nothing_of_ours_marks_no_address_F11(helpdesk: DeskFixture) -> None:
    number, _ = answered(helpdesk)
    noted = told(helpdesk, Named(), delivery=999, about="<forged@evil.example>", is_bounce=True)
    assert noted.ticket is None and "no mail of ours" in noted.reasons[0].text
    assert helpdesk.events(number, "bounced") == []
    assert helpdesk.read(lambda tx: reach.undeliverable(tx, [CARL])) == frozenset()


@pytest.mark.parametrize("hard", [True, False])
def test_only_a_hard_bounce_marks_the_address(helpdesk: DeskFixture, hard: bool) -> None:
    _, row = answered(helpdesk)
    told(helpdesk, Named(hard=hard), about=row.message_id, is_bounce=True)
    assert helpdesk.read(lambda tx: reach.undeliverable(tx, [CARL])) == ({CARL} if hard else set())


@pytest.mark.parametrize(
    ("status", "dead"), [("5.1.1", True), ("", True), ("5.6.0", False), ("5.5.2", False)]
)
def test_a_failure_that_is_not_about_the_address_does_not_mark_it_F6(
    helpdesk: DeskFixture, status: str, dead: bool
) -> None:
    _, row = answered(helpdesk)
    told(helpdesk, Named(status=status), about=row.message_id, is_bounce=True)
    assert helpdesk.read(lambda tx: reach.undeliverable(tx, [CARL])) == ({CARL} if dead else set())


@pytest.mark.parametrize(
    ("kind", "type"),
    [("is_delay_notice", "delayed"), ("is_dsn_success", "delivered"), ("is_bounce", "bounced")],
)
def test_a_report_that_names_nobody_is_read_by_its_kind_F4(
    helpdesk: DeskFixture, kind: str, type: str
) -> None:
    number, row = answered(helpdesk)
    carl = helpdesk.read(lambda tx: outbox.deliveries(tx, row.id))[0]
    sent = len(helpdesk.outbox())
    told(helpdesk, delivery=carl.id, **{kind: True})  # type: ignore[arg-type]
    assert [e.field for e in helpdesk.events(number, type)] == [CARL]
    assert len(helpdesk.outbox()) == sent + (type == "bounced")


def test_a_mail_that_could_not_be_sent_is_told_to_the_owner_once_L11(helpdesk: DeskFixture) -> None:
    number, row = answered(helpdesk)
    sent = len(helpdesk.outbox())
    for _ in range(2):
        helpdesk.do(lambda w: note(w, row, CARL, FAILED, "timeout"), "gateway")
    assert len(helpdesk.events(number, "mail-failed")) == 2
    (notice,) = helpdesk.outbox()[sent:]
    assert notice.data["text"] == f"{CARL}: timeout"


def test_of_a_colleagues_address_the_managers_are_told_once_while_it_fails(
    helpdesk: DeskFixture,
) -> None:
    """Not the colleague, who would not get it; and not for each of their tickets."""
    notices = [_notice_to_ben(helpdesk) for _ in range(3)]
    sent = len(helpdesk.outbox())
    for row in notices[:2]:
        told(helpdesk, Named("ben@help.example"), about=row.message_id, is_bounce=True)
    (notice,) = helpdesk.outbox()[sent:]
    assert notice.to == ("eva@help.example", "root@help.example")
    assert notice.ticket == notices[0].ticket
    assert "ben@help.example: 550 5.1.1" in notice.data["text"]
    assert all(len(helpdesk.events(row.ticket, "bounced")) == 1 for row in notices[:2])
    helpdesk.later(days=8)
    told(helpdesk, Named("ben@help.example"), about=notices[2].message_id, is_bounce=True)
    assert len(helpdesk.outbox()) == sent + 2


def _notice_to_ben(helpdesk: DeskFixture) -> Any:
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ben", comment="x"))
    row = helpdesk.outbox("notification")[-1]
    assert row.to == ("ben@help.example",) and row.ticket == number
    return row
