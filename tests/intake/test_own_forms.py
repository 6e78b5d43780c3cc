"""Forms that send from an address of our own: the customer is in Reply-To, and nothing else is believed (G7)."""

import pytest

from tests.support.mail_desk import ANA, CARL, MailDesk
from ticketctl.actions.tickets.reply import reply
from ticketctl.domain.base.records import InboxRow
from ticketctl.store.tickets import tickets

SUPPORT, BILLING = "support@help.example", "billing@help.example"
VISITORS = [
    "Nadja Weiß <nadja@werk.example>",
    "=?utf-8?b?0JjQstCw0L0=?= <ivan@zavod.example>",
    "visiteur@usine.example",
]


def form(
    helpdesk: MailDesk, reply_to: str, sender: str = SUPPORT, subject: str = "Form", **more: str
) -> InboxRow:
    text = "Le portail est bloqué."
    return helpdesk.mail(f"Website <{sender}>", SUPPORT, subject, text, Reply_To=reply_to, **more)


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize(
    "sender", [SUPPORT, "Soporte@help.example", BILLING, "support+web@help.example"]
)
def test_the_customer_of_a_form_from_our_own_address_is_in_reply_to_G7(
    helpdesk: MailDesk, visitor: str, sender: str
) -> None:
    row = form(helpdesk, visitor, sender)
    address = visitor.rpartition("<")[2].rstrip(">")
    opened = helpdesk.ticket(row.ticket or 0)
    assert (row.verdict, opened.customer.email) == ("new", address)
    (message,) = helpdesk.messages(opened.id)
    assert (message.author, message.proof) == (address, "none")
    assert helpdesk.outbox("ack")[-1].to == (address,)


@pytest.mark.parametrize("named", [SUPPORT, "bounces@help.example", ANA, "Ben <ben@help.example>"])
def test_nobody_of_the_desk_is_the_customer_of_a_form_G7_G13(
    helpdesk: MailDesk, named: str
) -> None:
    sent = len(helpdesk.outbox())
    row = form(helpdesk, named)
    opened = helpdesk.ticket(row.ticket or 0)
    assert opened.customer.email == SUPPORT
    assert not [one for one in helpdesk.outbox()[sent:] if one.kind in ("ack", "reply")]


def test_the_first_outside_address_of_reply_to_counts_G7(helpdesk: MailDesk) -> None:
    row = form(helpdesk, f"{SUPPORT}, {ANA}, Zoë <zoe@x.example>, eve@x.example")
    assert helpdesk.ticket(row.ticket or 0).customer.email == "zoe@x.example"


def naming(helpdesk: MailDesk, how: str) -> tuple[str, dict[str, str]]:
    """A subject and headers by which a mail names Carl's ticket."""
    if how == "tag":
        return "Re: [Help #1] Printer", {}
    if how == "id":
        return "Re: Printer", {"In_Reply_To": helpdesk.outbox("ack")[0].message_id}
    return "Re: Printer", {"In_Reply_To": helpdesk.messages()[0].message_id or ""}


@pytest.mark.parametrize("how", ["tag", "id", "first"])
@pytest.mark.parametrize("reply_to", ["Eve <eve@evil.example>", CARL])
@pytest.mark.parametrize("proven", [False, True])
def test_a_form_from_our_own_address_joins_no_ticket_and_diverts_no_answer_G7_D9(
    helpdesk: MailDesk, how: str, reply_to: str, proven: bool
) -> None:
    subject, headers = naming(helpdesk, how)
    row = form(helpdesk, reply_to, subject=subject, proven=proven, **headers)  # type: ignore[arg-type]
    assert (row.verdict, row.ticket) == ("claim", 2)
    assert len(helpdesk.messages(1)) == 1
    assert helpdesk.read(lambda tx: tickets.participants(tx, 1)) == []
    helpdesk.do(lambda work: reply(work, 1, "Please switch it off and on."))
    (answer,) = helpdesk.to_carl()
    assert (answer.to, answer.cc) == (("carl@customer.example",), ())


@pytest.mark.parametrize("command", ["!close", "!assign ben", "status #1"])
def test_a_form_from_our_own_address_commands_nothing_G7_G11(
    helpdesk: MailDesk, command: str
) -> None:
    before = helpdesk.ticket(1)
    sent = len(helpdesk.outbox())
    row = helpdesk.mail(SUPPORT, SUPPORT, command, f"{command}\n", Reply_To=CARL, proven=True)
    assert row.ticket == 2 and row.verdict in ("new", "claim")
    after = helpdesk.ticket(1)
    assert (after.status, after.owner) == (before.status, before.owner)
    assert {one.kind for one in helpdesk.outbox()[sent:]} <= {"ack", "notification"}


def test_a_list_that_answers_to_itself_is_no_form_G7_E3(helpdesk: MailDesk) -> None:
    row = form(helpdesk, "pumps@lists.example", List_Id="<pumps.lists.example>")
    assert helpdesk.ticket(row.ticket or 0).customer.email == SUPPORT


def test_an_agents_own_mail_is_no_form_G7(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(ANA, SUPPORT, "Hello", "From me.", Reply_To="zoe@x.example", proven=True)
    assert helpdesk.ticket(row.ticket or 0).customer.email == "ana@help.example"
