"""Mail to an address of the desk comes back to it: nobody is acknowledged there, and it is no customer's (E8)."""

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.intake.conftest import CARL, DESK
from ticketctl.domain.base.reference import bounce_address
from ticketctl.store.tickets import tickets

if TYPE_CHECKING:
    from tests.intake.conftest import Room

SUPPORT = "support@help.example"
OURS = [
    "postmaster@help.example",
    "PostMaster@HELP.example",
    "postmaster@help.example.",
    '"postmaster"@help.example',
    r'"post\master"@help.example',
    "abuse@help.example",
    "bounces@help.example",
    "Bounces+x@help.example",
    bounce_address(b"another key", "bounces@help.example", 7),
    '"support"@help.example',
    '"Support+x"@help.example',
    "billing+x@Help.Example",
    "abuse@xn--bcher-kva.example",
    "Info+x@XN--Bcher-KVA.example",
]
BOOKS = '[[mailbox]]\naddress = "info@xn--bcher-kva.example"\n'


@pytest.mark.parametrize("address", OURS)
def test_no_mail_is_sent_to_the_desks_own_addresses(room: "Room", address: str) -> None:
    room.apply(DESK + BOOKS)
    before = len(room.outbox("ack"))
    asked = room.mail(CARL, SUPPORT, "Ask", "Where?", Reply_To=address, Cc=address)
    assert asked.ticket and asked.verdict == "new"
    (answered,) = room.outbox("ack")[: len(room.outbox("ack")) - before]
    assert answered.to == ("carl@customer.example",)
    with room.db.read() as tx:
        assert tickets.participants(tx, asked.ticket) == []
    wrote = room.mail(address, SUPPORT, "Machine", "It is I.")
    assert wrote.ticket and len(room.outbox("ack")) == before + 1


def test_the_bounce_address_of_the_settings_is_ours(room: "Room") -> None:
    outgoing = replace(room.settings.outgoing, envelope="back@mail.example")
    room.settings = replace(room.settings, outgoing=outgoing)
    for address in ("back@mail.example", "Back+d7.x@mail.example", "postmaster@mail.example"):
        room.mail(CARL, SUPPORT, f"Ask {address}", "Where?", Reply_To=address)
        assert room.outbox("ack")[0].to == ("carl@customer.example",)


@pytest.mark.parametrize(
    "address", ["postmaster@customer.example", "bounces@customer.example", "eva@help.example"]
)
def test_addresses_of_others_are_answered(room: "Room", address: str) -> None:
    room.mail(CARL, SUPPORT, "Ask", "Where?", Reply_To=address)
    assert room.outbox("ack")[0].to == (address,)


def test_an_agent_who_reads_abuse_is_told_of_tickets(room: "Room") -> None:
    room.apply(DESK.replace("anna@help.example", "abuse@help.example"))
    room.mail(CARL, SUPPORT, "Ask", "Where?")
    assert room.outbox("notification", to="abuse@help.example")
