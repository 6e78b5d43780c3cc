"""Who is in Cc of answers (L9): the people of the customer's mail, each once, never ourselves."""

from typing import Any

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.domain.base.records import Participant
from ticketctl.store.tickets import tickets

CARL, DORA, FRANK = (f"{name}@customer.example" for name in ("carl", "dora", "frank"))


def named(*addresses: str) -> tuple[Participant, ...]:
    return tuple(Participant(one, "", "cc") for one in addresses)


def wrote(helpdesk: DeskFixture, number: int, author: str, *others: str, **changes: Any) -> None:
    mail = helpdesk.incoming(author=author, others=named(*others), **changes)
    helpdesk.do(lambda w: customer_message(w, number, mail), "gateway")


def answered(
    helpdesk: DeskFixture, number: int, **extras: Any
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To and Cc of an answer."""
    helpdesk.do(lambda w: reply(w, number, "Try this.", Extras(**extras)))
    mail = helpdesk.outbox("reply")[-1]
    return mail.to, mail.cc


def roles(helpdesk: DeskFixture, number: int) -> dict[str, str]:
    found = helpdesk.read(lambda tx: tickets.participants(tx, number))
    return {one.address: one.role for one in found}


def test_to_and_cc_are_in_copy_once_each_without_us_our_agents_and_the_requester_L9(
    helpdesk: DeskFixture,
) -> None:
    others = (DORA, "Dora@Customer.example", FRANK, "support@help.example", "Soporte@help.example",
              "support+t1.aaaaaaaaaaaaaaaa@help.example", "ben@help.example", "CARL@customer.example")  # fmt: skip
    number = helpdesk.open(others=named(*others))
    assert answered(helpdesk, number) == ((CARL,), (DORA, FRANK))
    assert answered(helpdesk, number, cc=("DORA@customer.example",)) == ((CARL,), (DORA, FRANK))


def test_an_answer_by_somebody_in_copy_does_not_change_the_requester_L9(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open(others=named(DORA))
    wrote(helpdesk, number, DORA, CARL, FRANK, answer_to="dora@home.example")
    assert helpdesk.ticket(number).customer.email == CARL
    assert answered(helpdesk, number) == ((CARL,), (DORA, FRANK))


def test_a_cc_the_requester_drops_gets_no_copies_and_may_still_write_L9(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open(others=named(DORA, FRANK))
    wrote(helpdesk, number, CARL, FRANK)
    assert answered(helpdesk, number) == ((CARL,), (FRANK,))
    assert roles(helpdesk, number) == {DORA: "mailed", FRANK: "cc"}


def test_a_cc_the_requester_adds_again_gets_copies_again_L9(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(others=named(DORA, FRANK))
    wrote(helpdesk, number, CARL, FRANK)
    wrote(helpdesk, number, CARL, FRANK, DORA)
    assert answered(helpdesk, number) == ((CARL,), (DORA, FRANK))


def test_a_reply_to_the_desk_alone_keeps_all_participants_L9(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(others=named(DORA, FRANK))
    wrote(helpdesk, number, CARL)
    assert answered(helpdesk, number) == ((CARL,), (DORA, FRANK))


def test_a_cc_cannot_remove_participants_L9(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(others=named(DORA, FRANK))
    wrote(helpdesk, number, DORA, CARL)
    assert roles(helpdesk, number) == {DORA: "cc", FRANK: "cc"}


def test_an_expert_who_is_named_stays_internal_L9(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    lab = Participant("lab@partner.example", "", "expert")
    helpdesk.do(lambda w: tickets.add_participant(w.tx, number, lab))
    wrote(helpdesk, number, CARL, "lab@partner.example")
    assert roles(helpdesk, number) == {"lab@partner.example": "expert"}
    assert answered(helpdesk, number) == ((CARL,), ())
