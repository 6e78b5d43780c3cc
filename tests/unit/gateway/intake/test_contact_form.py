"""A contact form's mail is the customer's who filled it in (G7)."""

import pytest
from msgspec.structs import replace

from gateway.intake.contact_form import FormEntry, form_entry
from gateway.parse.mail import Address
from gateway.parse.parse import parse
from ticketctl.domain.base import document
from ticketctl.domain.definition.definition import Mailbox
from ticketctl.domain.loading import load
from ticketctl.errors import Refused

BOX = Mailbox(
    address="support@help.example",
    form_senders=("www@shop.example",),
    form_fields={"email": "E-mail", "name": "Name", "subject": "Subject"},
)


def form(head: str = "", text: str = "", sender: str = "www@shop.example") -> FormEntry | None:
    raw = f"From: Shop <{sender}>\n{head}Subject: Form\n\n{text}"
    return form_entry(parse(raw.encode()), BOX, lambda address: address.endswith("@help.example"))


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("Reply-To: carl@customer.example\n", ""),
        ("X-Customer-Email: carl@customer.example\n", ""),
        ("", "Hello\nE-mail: carl@customer.example\n"),
        ("Reply-To: support@help.example\n", "*E-MAIL*: <carl@customer.example>"),
        ("Reply-To: www@shop.example\nX-Customer-Email: carl@customer.example\n", ""),
    ],
    ids=["reply-to", "header", "line", "ours is nobody", "its own address is nobody"],
)
def test_the_form_says_who_the_customer_is_G7(head: str, text: str) -> None:
    assert form(head, text) == FormEntry(Address("", "carl@customer.example"), "")


def test_name_and_subject_are_lines_of_the_text_G7() -> None:
    text = "Name: Carl Customer\nE-mail: carl@customer.example\nSubject: It is broken\n\nName: not this"
    assert form("", text) == FormEntry(
        Address("Carl Customer", "carl@customer.example"), "It is broken"
    )


@pytest.mark.parametrize(
    ("head", "text", "sender"),
    [
        ("Reply-To: carl@customer.example\n", "", "other@shop.example"),
        ("", "My E-mail: carl@customer.example", "www@shop.example"),
        ("Reply-To: anna@help.example\n", "E-mail: nobody", "www@shop.example"),
    ],
    ids=["no form", "no such line", "an agent"],
)
def test_otherwise_it_is_the_senders_own_G7(head: str, text: str, sender: str) -> None:
    assert form(head, text, sender) is None


def test_other_lines_are_about_the_ticket_F_T20() -> None:
    box = replace(BOX, form_fields={"type": "Topic", "cf.reason": "Reason", "cf.size": "Size"})
    raw = b"From: www@shop.example\nReply-To: carl@customer.example\n\nTopic: order\nSize:\nReason: a\n"
    found = form_entry(parse(raw), box, lambda address: False)
    assert found and found.ticket == {"type": "order", "cf.reason": "a"}


def test_form_fields_are_written_as_they_are_read_F_T20() -> None:
    toml = (
        '[[field]]\non = "ticket"\nname = "reason"\n[[mailbox]]\naddress = "support@help.example"\n'
        'form_senders = ["www@shop.example"]\nform_fields = { "cf.reason" = "Reason" }\n'
    )
    (box,) = load.parse(toml).mailboxes
    assert dict(document.keys(box))["form_fields"] == '{ "cf.reason" = "Reason" }'


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (
            'form_senders = ["www@shop.example"]\nform_fields = { "cf.colour" = "Colour" }',
            '$.mailbox[0].form_fields.cf.colour: no ticket field "colour"',
        ),
        ('form_fields = { cf.colour = "Colour" }', 'dots in quotes, as "cf.reason"'),
        ('form_fields = { email = "E-mail" }', "$.mailbox[0].form_fields: needs form_senders"),
        (
            'form_fields = { mail = "E-mail" }',
            '$.mailbox[0].form_fields.mail: "mail" is not one of',
        ),
        ('form_senders = ["support@help.example"]', "is an address of the desk"),
        ('form_senders = ["anna@help.example"]', "an agent's"),
    ],
)
def test_a_wrong_form_is_refused_with_its_path_G7(lines: str, problem: str) -> None:
    agent = '[[agent]]\nname = "anna"\nemail = "anna@help.example"\n'
    with pytest.raises(Refused) as refused:
        load.parse(f'{agent}[[mailbox]]\naddress = "support@help.example"\n{lines}\n')
    assert problem in str(refused.value)
