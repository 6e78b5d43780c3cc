"""The outbound door: nothing internal reaches a customer, whatever is done (F-A23, L8, F-R22)."""

import json
from typing import Any

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl import clock
from ticketctl.actions.base.context import Work
from ticketctl.actions.jobs import sla_check, surveys
from ticketctl.actions.mail import outbound
from ticketctl.actions.mail.auto_answer import CommandResult, how_it_is, transcript, trouble
from ticketctl.actions.mail.delivery import BOUNCED, note
from ticketctl.actions.texts import canned
from ticketctl.actions.tickets import steps
from ticketctl.actions.tickets.assign import assign, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.link import link, unlink
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.open_ticket import Draft, by_hand
from ticketctl.actions.tickets.receive_mail import agent_mail, customer_message, expert_answer
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam, unspam
from ticketctl.actions.tickets.wait import wait
from ticketctl.domain.base.records import Participant, Ticket
from ticketctl.domain.rules.canned import Canned
from ticketctl.errors import Refused
from ticketctl.store.tickets import tickets

MARKER = "ZANZIBAR"
INSIDE = {
    "ana@help.example",
    "ben@help.example",
    "eva@help.example",
    "root@help.example",
    "ida@help.example",
}
EXPERT = "expert@lab.example"


def written(row: Any) -> str:
    return json.dumps([row.subject, row.data], default=str)


def asked(work: Work, number: int) -> tuple[Ticket, outbound.OutboundMail]:
    """A ticket with the mail that asks its customer how it was."""
    ticket = tickets.get(work.tx, number)
    return ticket, surveys.survey_mail(
        work, ticket, work.definition.surveys[0], "carl@customer.example"
    )


def test_a_marker_word_sent_down_every_path_reaches_no_customer_F_A23(
    helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = f"{MARKER}: he is a pain"
    number = helpdesk.open(others=(Participant("dora@customer.example", "", "cc"),))
    other = helpdesk.open(subject="Other")
    made = Draft(customer="carl@customer.example", subject="Call", comment=why, text="It rang.")
    third = helpdesk.do(lambda w: by_hand(w, made))
    helpdesk.apply(DESK + '[[survey]]\nname = "csat"')
    helpdesk.do(lambda w: canned.add(w, Canned(name="soon", text="We are at it.")))
    late = helpdesk.open(cut=True, author="dora@customer.example")
    helpdesk.do(lambda w: take(w, late, comment=why))
    from_expert = helpdesk.incoming(f"{MARKER} it is the drum", author=EXPERT)
    from_agent = helpdesk.incoming(f"{MARKER} I look", author="ben@help.example")
    again = helpdesk.incoming("And now?")
    verbs = [
        lambda w: comment(w, number, f"@ben {why}"),
        lambda w: assign(w, number, "ben", comment=why),
        lambda w: take(w, number, comment=why, steal=True),
        lambda w: edit(
            w,
            number,
            TicketChanges(priority="high", status="waiting", add_tags=("t",)),
            comment=why,
        ),
        lambda w: escalate(w, number, comment=why, to=(EXPERT,)),
        lambda w: expert_answer(w, number, from_expert),
        lambda w: agent_mail(w, number, from_agent, "ben"),
        lambda w: reply(w, number, "Try this.", Extras(to_message=1)),
        lambda w: wait(w, number, comment=why),
        lambda w: customer_message(w, number, again),
        lambda w: link(w, number, "blocks", other, comment=why),
        lambda w: unlink(w, number, "blocks", other, comment=why),
        lambda w: merge(w, other, number, comment=why),
        lambda w: unmerge(w, other, comment=why),
        lambda w: resolve(w, number, comment=why),
        lambda w: reopen(w, number, comment=why),
        lambda w: close(w, number, comment=why, reply_text="Done."),
        lambda w: reply(w, number, "Really done."),
        lambda w: close(w, third, comment=why),
        lambda w: spam(w, other, comment=why),
        lambda w: unspam(w, other, comment=why),
        lambda w: trouble(w, tickets.get(w.tx, number), from_agent, why, proven=True),
        lambda w: transcript(
            w, tickets.get(w.tx, number), from_agent, [CommandResult(f"!close {why}", why, False)]
        ),
        lambda w: how_it_is(w, again, tickets.get(w.tx, number)),
        lambda w: how_it_is(w, again, None),
        lambda w: steps.run(w, late, f"comment:{why}", why=why),
        lambda w: steps.run(w, late, "notify:owner", why=why),
        lambda w: steps.run(w, late, "notify:root@help.example", why=why),
        lambda w: steps.run(w, late, "reply:soon", why=why),
        lambda w: outbound.send(w, *asked(w, number)),
    ]
    for verb in verbs:
        helpdesk.do(verb)
    bounced = helpdesk.outbox("reply")[0]
    helpdesk.do(lambda w: note(w, bounced, "carl@customer.example", BOUNCED, why), "gateway")
    helpdesk.later(days=9)
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(helpdesk.at))
    assert list(sla_check.run(helpdesk.db))

    rows = helpdesk.outbox()
    assert {"sla", "rule"} <= {
        one for row in rows for one in row.data.values() if isinstance(one, str)
    }
    for row in rows:
        outside = {one.lower() for one in (*row.to, *row.cc, *row.bcc)} - INSIDE - {EXPERT}
        assert not outside or MARKER not in written(row), row
        assert not outside or row.kind in outbound.FOR_CUSTOMERS, row
    assert {row.kind for row in rows} == outbound.FOR_CUSTOMERS | outbound.INTERNAL
    assert any(MARKER in written(row) for row in rows)  # agents and the expert did read it


@pytest.mark.parametrize("kind", ["notification", "escalation"])
@pytest.mark.parametrize("address", ["Carl@customer.example", "dora@customer.example"])
def test_the_door_refuses_internal_mail_to_the_customers_side(
    helpdesk: DeskFixture, kind: str, address: str
) -> None:
    number = helpdesk.open(others=(Participant("dora@customer.example", "", "cc"),))
    letter = outbound.OutboundMail(
        kind=kind, to=("ana@help.example",), bcc=(address,), subject="x", data={}
    )
    with pytest.raises(Refused, match="internal mail may not go there"):
        helpdesk.do(lambda w: outbound.send(w, tickets.get(w.tx, number), letter))


@pytest.mark.parametrize("inside", ["reason", "messages", "owner", "status", "ticket_fields"])
def test_the_door_refuses_internal_data_in_a_customers_mail(
    helpdesk: DeskFixture, inside: str
) -> None:
    number = helpdesk.open()
    letter = outbound.OutboundMail(
        kind="reply", to=("carl@customer.example",), subject="x", data={inside: "x"}
    )
    with pytest.raises(Refused, match=f"{inside} may not be in mail to a customer"):
        helpdesk.do(lambda w: outbound.send(w, tickets.get(w.tx, number), letter))


def test_the_door_knows_only_its_own_kinds(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    letter = outbound.OutboundMail(
        kind="advert", to=("carl@customer.example",), subject="x", data={}
    )
    with pytest.raises(Refused):
        helpdesk.do(lambda w: outbound.send(w, tickets.get(w.tx, number), letter))


def test_a_mail_to_ourselves_alone_is_no_mail_L16(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    sent = len(helpdesk.outbox())
    letter = outbound.OutboundMail(
        kind="reply", to=("support@help.example", "soporte+x@help.example"), subject="x", data={}
    )
    assert helpdesk.do(lambda w: outbound.send(w, tickets.get(w.tx, number), letter)) is None
    assert len(helpdesk.outbox()) == sent


def test_an_agent_who_is_the_customer_is_not_told_internally(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(author="ben@help.example")
    helpdesk.do(lambda w: comment(w, number, "@ben is a pain"))
    assert all("ben@help.example" not in row.to for row in helpdesk.outbox())
