"""Mail to an address of the desk comes back to it: nobody is acknowledged there, and it is no customer's (E8)."""

import pytest
from msgspec.structs import replace

from tests.support.desk import DESK
from tests.support.mail_desk import CARL, MailDesk
from ticketctl.domain.base.signed_addresses import bounce_address
from ticketctl.store.tickets import tickets

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
def test_no_mail_is_sent_to_the_desks_own_addresses(helpdesk: MailDesk, address: str) -> None:
    helpdesk.apply(DESK + BOOKS)
    before = len(helpdesk.outbox("ack"))
    asked = helpdesk.mail(CARL, SUPPORT, "Ask", "Where?", Reply_To=address, Cc=address)
    assert asked.ticket and asked.verdict == "new"
    (answered,) = helpdesk.outbox("ack")[before:]
    assert answered.to == ("carl@customer.example",)
    with helpdesk.db.read() as tx:
        assert tickets.participants(tx, asked.ticket) == []
    wrote = helpdesk.mail(address, SUPPORT, "Machine", "It is I.")
    assert wrote.ticket and len(helpdesk.outbox("ack")) == before + 1


def test_the_bounce_address_of_the_settings_is_ours(helpdesk: MailDesk) -> None:
    outgoing = replace(helpdesk.settings.outgoing, envelope="back@mail.example")
    helpdesk.settings = replace(helpdesk.settings, outgoing=outgoing)
    for address in ("back@mail.example", "Back+d7.x@mail.example", "postmaster@mail.example"):
        helpdesk.mail(CARL, SUPPORT, f"Ask {address}", "Where?", Reply_To=address)
        assert helpdesk.outbox("ack")[-1].to == ("carl@customer.example",)


@pytest.mark.parametrize(
    "address", ["postmaster@customer.example", "bounces@customer.example", "zoe@help.example"]
)
def test_addresses_of_others_are_answered(helpdesk: MailDesk, address: str) -> None:
    helpdesk.mail(CARL, SUPPORT, "Ask", "Where?", Reply_To=address)
    assert helpdesk.outbox("ack")[-1].to == (address,)


def test_an_agent_who_reads_abuse_is_told_of_tickets(helpdesk: MailDesk) -> None:
    helpdesk.apply(DESK.replace("ana@help.example", "abuse@help.example"))
    helpdesk.mail(CARL, SUPPORT, "Ask", "Where?")
    assert helpdesk.outbox("notification", to="abuse@help.example")
