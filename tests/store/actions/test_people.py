"""Who is in Cc of answers (L9): the people of the customer's mail, each once, never ourselves."""

from typing import Any

from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.domain.base.records import Participant
from ticketctl.store.tickets import tickets

CARL, DORA, FRANK = (f"{name}@customer.example" for name in ("carl", "dora", "frank"))


def named(*addresses: str) -> tuple[Participant, ...]:
    return tuple(Participant(one, "", "cc") for one in addresses)


def wrote(house: Any, number: int, author: str, *others: str, **changes: Any) -> None:
    mail = house.incoming(author=author, others=named(*others), **changes)
    house.do(lambda w: customer_message(w, number, mail), "gateway")


def answered(house: Any, number: int, **extras: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To and Cc of an answer."""
    house.do(lambda w: reply(w, number, "Try this.", Extras(**extras)))
    mail = house.outbox("reply")[-1]
    return mail.to, mail.cc


def roles(house: Any, number: int) -> dict[str, str]:
    found = house.read(lambda tx: tickets.participants(tx, number))
    return {one.address: one.role for one in found}


def test_to_and_cc_are_in_copy_once_each_without_us_our_agents_and_the_requester_L9(
    house: Any,
) -> None:
    others = (DORA, "Dora@Customer.example", FRANK, "support@help.example", "Soporte@help.example",
              "support+t1.aaaaaaaaaaaaaaaa@help.example", "ben@help.example", "CARL@customer.example")  # fmt: skip
    number = house.open(others=named(*others))
    assert answered(house, number) == ((CARL,), (DORA, FRANK))
    assert answered(house, number, cc=("DORA@customer.example",)) == ((CARL,), (DORA, FRANK))


def test_an_answer_by_somebody_in_copy_does_not_change_the_requester_L9(house: Any) -> None:
    number = house.open(others=named(DORA))
    wrote(house, number, DORA, CARL, FRANK, answer_to="dora@home.example")
    assert house.ticket(number).customer.email == CARL
    assert answered(house, number) == ((CARL,), (DORA, FRANK))


def test_a_cc_the_requester_drops_gets_no_copies_and_may_still_write_L9(
    house: Any,
) -> None:
    number = house.open(others=named(DORA, FRANK))
    wrote(house, number, CARL, FRANK)
    assert answered(house, number) == ((CARL,), (FRANK,))
    assert roles(house, number) == {DORA: "mailed", FRANK: "cc"}


def test_a_cc_the_requester_adds_again_gets_copies_again_L9(house: Any) -> None:
    number = house.open(others=named(DORA, FRANK))
    wrote(house, number, CARL, FRANK)
    wrote(house, number, CARL, FRANK, DORA)
    assert answered(house, number) == ((CARL,), (DORA, FRANK))


def test_a_reply_to_the_desk_alone_keeps_all_participants_L9(house: Any) -> None:
    number = house.open(others=named(DORA, FRANK))
    wrote(house, number, CARL)
    assert answered(house, number) == ((CARL,), (DORA, FRANK))


def test_a_cc_cannot_remove_participants_L9(house: Any) -> None:
    number = house.open(others=named(DORA, FRANK))
    wrote(house, number, DORA, CARL)
    assert roles(house, number) == {DORA: "cc", FRANK: "cc"}


def test_an_expert_who_is_named_stays_internal_L9(house: Any) -> None:
    number = house.open()
    lab = Participant("lab@partner.example", "", "expert")
    house.do(lambda w: tickets.add_participant(w.tx, number, lab))
    wrote(house, number, CARL, "lab@partner.example")
    assert roles(house, number) == {"lab@partner.example": "expert"}
    assert answered(house, number) == ((CARL,), ())
