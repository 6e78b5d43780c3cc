"""Canned replies of the team: shared, made from messages, suggested, replaced, and all of it undone."""

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.base.context import Work
from ticketctl.actions.texts import canned as template
from ticketctl.actions.texts import replace
from ticketctl.actions.texts.suggest import Suggestion, suggest
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.reply import names, reply
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.condition import EVERYTHING
from ticketctl.domain.rules.canned import Canned
from ticketctl.errors import BadInput, Conflict, DeskError, NotFound, Refused
from ticketctl.store.desk import canned_replies
from ticketctl.templating import canned


def text(name: str = "refund-ok", text: str = "Dear {{ customer_name }}", **more: Any) -> Canned:
    return Canned(name=name, text=text, **more)


def add(helpdesk: DeskFixture, *texts: Canned) -> None:
    def added(work: Work) -> None:
        for one in texts:
            template.add(work, one)

    helpdesk.do(added)


def kept(helpdesk: DeskFixture) -> list[Canned]:
    return helpdesk.read(canned_replies.every)


def grouped(helpdesk: DeskFixture, deed: Callable[[Work], Any]) -> str:
    """Do it; the group to undo it by."""

    def done(work: Work) -> str:
        deed(work)
        return work.group

    return helpdesk.do(done)


def words(found: list[Suggestion]) -> list[tuple[str, bool, list[str]]]:
    return [(one.answer.name, one.same_type, list(one.words)) for one in found]


@pytest.mark.parametrize("name", ["Customer, Carl", "Carl Customer"])
def test_a_name_becomes_a_placeholder_in_either_order_F_C13(
    helpdesk: DeskFixture, name: str
) -> None:
    number = helpdesk.open(author_name="Customer, Carl")
    helpdesk.do(lambda work: reply(work, number, f"Dear {name}, done."))
    source = helpdesk.do(lambda work: template.from_message(work, number, 2))
    assert source == "Dear {{ customer_name }}, done."


def test_the_text_of_a_message_becomes_a_template_and_the_reply_equals_it_F_C13(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    helpdesk.do(
        lambda work: reply(work, number, "Dear Carl,\n\nyour refund is on its way.\n\nCarla")
    )
    source = helpdesk.do(lambda work: template.from_message(work, number, 2))
    assert source == "Dear {{ customer_name }},\n\nyour refund is on its way.\n\nCarla"
    add(helpdesk, text(text=source))
    other = helpdesk.open(
        author="dora@customer.example", author_name="Dora", answer_to="dora@customer.example"
    )

    def answered(work: Work) -> str:
        answers = canned.Answers("", "en", canned_replies.every(work.tx))
        rendered = answers.fill("refund-ok", *names(work, other))
        reply(work, other, rendered)
        return rendered

    rendered = helpdesk.do(answered)
    assert rendered == "Dear Dora,\n\nyour refund is on its way.\n\nCarla"
    assert (
        helpdesk.messages(other)[-1].text == helpdesk.outbox("reply")[-1].data["text"] == rendered
    )


@settings(max_examples=60, deadline=None)
@given(st.text("{%#}- \n\"'Carl", max_size=30))
def test_what_a_message_says_is_never_read_as_a_template_K8(said: str) -> None:
    pieces = "{{ customer_name }}".join(
        template._OPENING.sub('{{ "{" }}', piece) for piece in said.split("Carl")
    )
    data = dict.fromkeys(canned.NAMES, "Carl")
    assert canned.fill(pieces, data) == said.strip()


def test_a_message_of_another_segment_is_not_to_be_had(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(mailbox="billing@help.example")
    with pytest.raises(DeskError) as refused:
        helpdesk.do(lambda work: template.from_message(work, number, 1))
    assert refused.value.exit_code == 4


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (
            "one\n{{ owner }}",
            "line 2: 'owner' is undefined; known names: customer_name",
        ),
        ("{% if ticket %}{{ owner }}{% endif %}", "line 1"),
        ("one\n\n{% if %}", "line 3"),
        ("{{ ticket | nothing }}", "No filter named 'nothing'"),
        ("{% include 'x' %}", "line 1: Include is not allowed here"),
        ("{% for one in ticket_subject %}{% endfor %}", "For is not allowed here"),
        ("{{ 2 * 3 }}", "Mul is not allowed here"),
        ("{{ ticket.__class__.__mro__ }}", "unsafe"),
        ("{{ ''.__class__ }}", "unsafe"),
    ],
)
def test_a_bad_template_is_refused_with_its_line_and_the_names_there_are(
    bad: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says.replace("'", ".")):
        canned.check(text(text=bad))


def test_only_good_words_are_kept(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK + '[[type]]\nname = "billing"\n')
    for bad, error in (
        (text(text=" "), Refused),
        (text(type="nothing"), Refused),
        (text(kind="mail"), BadInput),
        (text(language="../x"), BadInput),
        (text(subject="Only of tickets"), BadInput),
        (text(kind="ticket", fields={"cf.reason": "nothing"}), Refused),
        (text(kind="ticket", fields={"cf.nothing": "x"}), NotFound),
        (text(kind="ticket", fields={"priority": "urgent"}), BadInput),
    ):
        with pytest.raises(error):
            add(helpdesk, bad)
    assert kept(helpdesk) == []
    add(helpdesk, text(kind="ticket", fields={"cf.invoice": "7", "tags": ["b", "a", "b"]}))
    assert kept(helpdesk)[0].fields == {"cf.invoice": 7, "tags": ["a", "b"]}


def test_a_name_has_one_text_a_language_and_one_kind(helpdesk: DeskFixture) -> None:
    add(helpdesk, text(), text(language="es", text="Hola"))
    with pytest.raises(Conflict, match=r"refund-ok \(es\) already exists"):
        add(helpdesk, text(language="es"))
    with pytest.raises(Conflict, match="of kind reply"):
        add(helpdesk, text(language="cs", kind="ticket"))


@pytest.mark.parametrize(
    ("language", "expected"), [("es-MX", "Hola"), ("es", "Hola"), ("cs", "Dear"), (None, "Dear")]
)
def test_each_customer_gets_it_in_their_language_L15(
    helpdesk: DeskFixture, language: str | None, expected: str
) -> None:
    add(helpdesk, text(text="Dear"), text(language="es", text="Hola"))
    assert (
        canned.Answers("", "en", kept(helpdesk)).fill(
            "refund-ok", language, dict.fromkeys(canned.NAMES)
        )
        == expected
    )


def test_do_and_undo_of_a_template_is_identity(helpdesk: DeskFixture) -> None:
    add(helpdesk, text("old"), text("old", language="es", text="Hola"))
    before = kept(helpdesk)
    for deed in (
        lambda work: template.add(work, text("new")),
        lambda work: template.change(work, before[0], text("old", text="other")),
        lambda work: template.remove(work, "old", "es"),
        lambda work: template.remove(work, "old", None),
    ):
        helpdesk.later(minutes=1)
        group = grouped(helpdesk, deed)
        assert kept(helpdesk) != before
        helpdesk.do(undo, "ana", group=group)
        assert kept(helpdesk) == before


@pytest.mark.postgres
def test_undo_names_who_changed_a_template_since(helpdesk: DeskFixture) -> None:
    group = grouped(helpdesk, lambda work: template.add(work, text()))
    helpdesk.later(minutes=3)
    helpdesk.do(lambda work: template.change(work, kept(helpdesk)[0], text(text="mine")), "ben")
    with pytest.raises(Conflict, match="canned reply refund-ok was changed since by ben 0 s ago"):
        helpdesk.do(undo, group=group)
    with pytest.raises(Conflict, match="changed meanwhile by ben"):
        helpdesk.do(lambda work: template.change(work, text(), text(text="other")))


def test_suggestions_are_for_the_type_first_and_then_by_rare_words_shared_F_L10(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open("Where is the refund of my invoice?", subject="Invoice")
    helpdesk.do(lambda work: edit(work, number, TicketChanges(type="billing"), comment="x"))
    add(
        helpdesk,
        text("greeting", text="Hello {{ customer_name }}, about the invoice"),
        text("refund", text="Your refund of the invoice is on its way."),
        text("refund", language="es", text="Su reembolso"),
        text("printer", text="Switch it off."),
        text("account", text="Your account", type="billing"),
    )

    def found(work: Work) -> list[Suggestion]:
        return suggest(work, number, canned_replies.every(work.tx))

    assert words(helpdesk.do(found)) == [
        ("account", True, []),
        ("refund", False, ["refund", "invoice"]),
        ("greeting", False, ["invoice"]),
    ]


FIELDS = DESK + '[[field]]\non = "ticket"\nname = "note"\ntype = "text"\n'


def replaced(
    helpdesk: DeskFixture, old: str, new: str, type: str | None = None, who: str = "root"
) -> str:
    role = "admin" if who == "root" else "agent"

    def done(work: Work) -> str:
        replace.replace(work, old, new, EVERYTHING, type)
        return work.group

    return helpdesk.do(done, who, role)


@pytest.mark.postgres
def test_replace_changes_templates_and_fields_never_messages_F_T17(
    helpdesk: DeskFixture,
) -> None:
    helpdesk.apply(FIELDS)
    number = helpdesk.open("Acme owes me. Acme!")
    fields = {"note": "Acme and ACME", "reason": "refund", "invoice": "7"}
    helpdesk.do(lambda work: edit(work, number, TicketChanges(fields=fields), comment="x"))
    add(
        helpdesk,
        text(text="Acme is sorry.\nAcme"),
        text("bug", "x", kind="ticket", subject="Acme", fields={"cf.note": "Acme"}),
    )
    before, ticket = kept(helpdesk), helpdesk.ticket(number)
    group = replaced(helpdesk, "Acme", "Bolt")
    bug, refund = kept(helpdesk)
    assert (refund.text, bug.subject, bug.fields) == (
        "Bolt is sorry.\nBolt",
        "Bolt",
        {"cf.note": "Bolt"},
    )
    assert helpdesk.ticket(number).fields == ticket.fields | {"note": "Bolt and ACME"}
    assert helpdesk.messages(number)[0].text == "Acme owes me. Acme!"
    assert helpdesk.events(number, "field")[-1].comment == '"Acme" replaced by "Bolt"'
    helpdesk.do(undo, "root", "admin", group=group)
    assert kept(helpdesk) == before and helpdesk.ticket(number).fields == ticket.fields


def test_a_choice_is_replaced_as_a_whole_and_only_by_another_F_T17(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(
        lambda work: edit(work, number, TicketChanges(fields={"reason": "refund"}), comment="x")
    )
    replaced(helpdesk, "fund", "x")
    assert helpdesk.ticket(number).fields == {"reason": "refund"}
    replaced(helpdesk, "refund", "other")
    assert helpdesk.ticket(number).fields == {"reason": "other"}
    add(helpdesk, text(text="other things"))
    replaced(helpdesk, "other", "nothing")
    assert helpdesk.ticket(number).fields == {"reason": "other"}
    assert kept(helpdesk)[0].text == "nothing things"


def test_a_field_that_is_emptied_is_unset_F_T17(helpdesk: DeskFixture) -> None:
    helpdesk.apply(FIELDS)
    add(helpdesk, text("bug", "x", kind="ticket", fields={"cf.note": "Acme", "priority": "high"}))
    replaced(helpdesk, "Acme", "")
    assert kept(helpdesk)[0].fields == {"priority": "high"}


def test_a_bulk_replace_changes_all_or_none_and_names_the_refusal_F_T17(
    helpdesk: DeskFixture,
) -> None:
    helpdesk.apply(FIELDS)
    number = helpdesk.open()
    helpdesk.do(
        lambda work: edit(work, number, TicketChanges(fields={"note": "Acme"}), comment="x")
    )
    add(helpdesk, text(text="Acme"))
    with pytest.raises(DeskError, match=f"^ticket {number}: ticket {number} belongs to segment"):
        replaced(helpdesk, "Acme", "Bolt", who="ida")
    assert kept(helpdesk)[0].text == "Acme"


@pytest.mark.postgres
def test_only_of_a_type_and_never_into_a_broken_template_F_T17(helpdesk: DeskFixture) -> None:
    add(helpdesk, text("a", "word", type="billing"), text("b", "word"))
    replaced(helpdesk, "word", "sign", "billing")
    assert [one.text for one in kept(helpdesk)] == ["sign", "word"]
    with pytest.raises(BadInput, match=r"^canned reply b: line 1"):
        replaced(helpdesk, "word", "{{ word }}")
    with pytest.raises(BadInput):
        replaced(helpdesk, "", "x")


def test_undo_names_a_ticket_that_was_changed_since_F_T17(helpdesk: DeskFixture) -> None:
    helpdesk.apply(FIELDS)
    number = helpdesk.open()
    helpdesk.do(
        lambda work: edit(work, number, TicketChanges(fields={"note": "Acme"}), comment="x")
    )
    group = replaced(helpdesk, "Acme", "Bolt")
    helpdesk.do(
        lambda work: edit(work, number, TicketChanges(fields={"note": "else"}), comment="x"), "ben"
    )
    with pytest.raises(Conflict, match=f"ticket {number}: cf.note was changed by ben"):
        helpdesk.do(undo, "root", "admin", group=group)


def test_an_acknowledgement_holds_the_snippet_of_its_type_F_T19(helpdesk: DeskFixture) -> None:
    helpdesk.apply(
        DESK
        + '[[type]]\nname = "shipping"\nsnippet = "Parcels take three days."\n'
        + '[[rule]]\nname = "parcels"\non = "created"\nwhen = "parcel"\nthen = ["type:shipping"]\n'
    )
    number = helpdesk.open("Where is my parcel?")
    assert helpdesk.ticket(number).type == "shipping"
    assert helpdesk.outbox("ack")[0].data["snippet"] == "Parcels take three days."
