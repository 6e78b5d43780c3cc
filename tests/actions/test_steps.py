"""What each step of a rule or an escalation does, and the words that say so."""

import pytest
from sqlalchemy import insert

from tests.actions.test_rules import rule
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.tickets import steps
from ticketctl.errors import DeskError, Refused
from ticketctl.store.db.schema import template
from ticketctl.store.desk import rule_log

TYPES = """
[[type]]
name = "billing"
segment = "billing"
"""


def do(helpdesk: DeskFixture, number: int, step: str) -> str:
    """Do one step as an escalation would."""
    return helpdesk.do(lambda w: steps.run(w, number, step, why="level 1"), "gateway")


@pytest.mark.parametrize(
    ("step", "said", "field", "value"),
    [
        ("type:billing", "type billing", "type", "billing"),
        ("priority:critical", "priority critical", "priority", "critical"),
        ("priority:+1", "priority high", "priority", "high"),
        ("priority:-1", "priority low", "priority", "low"),
        ("status:escalated", "status escalated", "status", "escalated"),
        ("status:resolved", "status resolved", "status", "resolved"),
        ("status:spam", "status spam", "status", "spam"),
        ("owner:ben", "owner ben", "owner", "ben"),
        ("assign:ben", "owner ben", "owner", "ben"),
        ("tag:vip", "tag vip", "tags", ("vip",)),
        ("important:yes", "important", "important", True),
        ("set:reason=refund", "reason refund", "fields", {"reason": "refund"}),
        ("comment:look here", "comment 1", "comments_count", 1),
    ],
)
def test_a_step_does_what_it_says_once(
    sqlite_helpdesk: DeskFixture, step: str, said: str, field: str, value: object
) -> None:
    number = sqlite_helpdesk.open()
    assert do(sqlite_helpdesk, number, step) == said
    assert getattr(sqlite_helpdesk.ticket(number), field) == value
    if step not in ("comment:look here", "priority:+1", "priority:-1"):
        assert do(sqlite_helpdesk, number, step) == f"{said} already"


def test_priority_has_a_top_and_a_bottom(sqlite_helpdesk: DeskFixture) -> None:
    number = sqlite_helpdesk.open()
    said = [do(sqlite_helpdesk, number, "priority:+1") for _ in range(3)]
    assert said == ["priority high", "priority critical", "priority critical already"]


def test_notify_tells_owner_managers_agents_and_addresses(sqlite_helpdesk: DeskFixture) -> None:
    helpdesk, number = sqlite_helpdesk, sqlite_helpdesk.open()
    assert do(helpdesk, number, "notify:owner") == "told owner: there is nobody"
    assert do(helpdesk, number, "notify:managers") == "told eva, root"
    assert do(helpdesk, number, "notify:agents") == "told eva, root, ana, ben"
    assert do(helpdesk, number, "notify:lab@partner.example") == "told lab@partner.example"
    told = [mail.to for mail in helpdesk.outbox("notification")[1:]]
    assert told == [
        ("eva@help.example", "root@help.example"),
        ("eva@help.example", "root@help.example", "ana@help.example", "ben@help.example"),
        ("lab@partner.example",),
    ]
    assert (
        do(helpdesk, number, "notify:carl@customer.example")
        == "could not tell carl@customer.example"
    )
    assert helpdesk.outbox("notification")[-1].to == ("lab@partner.example",)


def test_escalate_and_dossier_mail_the_ticket_to_an_expert(sqlite_helpdesk: DeskFixture) -> None:
    helpdesk, number = sqlite_helpdesk, sqlite_helpdesk.open()
    assert do(helpdesk, number, "dossier:lab@partner.example") == "dossier to lab@partner.example"
    assert helpdesk.ticket(number).status == "new"
    assert (
        do(helpdesk, number, "escalate:lab@partner.example") == "escalated to lab@partner.example"
    )
    assert helpdesk.ticket(number).escalation_level == 1
    assert [mail.to for mail in helpdesk.outbox("escalation")] == [("lab@partner.example",)] * 2
    assert all(mail.data["automatic"] for mail in helpdesk.outbox("escalation"))
    with pytest.raises(Refused):
        do(helpdesk, number, "dossier:carl@customer.example")


@pytest.mark.parametrize(
    "step", ["assign:ivo", "segment:sales", "set:size=1", "status:merged", "sing:a song"]
)
def test_a_step_that_cannot_be_done_says_why(sqlite_helpdesk: DeskFixture, step: str) -> None:
    number = sqlite_helpdesk.open()
    with pytest.raises(DeskError):
        do(sqlite_helpdesk, number, step)


@pytest.mark.postgres
def test_a_rule_shares_tickets_among_agents_F_T9(helpdesk: DeskFixture) -> None:
    helpdesk.apply(
        DESK.replace('agents = ["ana", "ben"]', 'agents = ["ana", "ben", "ida"]')
        + rule("share", "created", "segment:support", "assign:auto")
    )
    owners = [helpdesk.ticket(helpdesk.open(f"mail {n}")).owner for n in range(6)]
    assert sorted(owners, key=str) == ["ana", "ana", "ben", "ben", "ida", "ida"]


def test_a_type_set_by_a_rule_goes_to_its_segment_F_T12(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + TYPES + rule("money", "message", "body:invoice", "type:billing"))
    ticket = sqlite_helpdesk.ticket(sqlite_helpdesk.open("Where is my invoice?"))
    assert (ticket.segment, ticket.owner) == ("billing", "ida")


def test_a_rule_sets_no_type_that_the_desk_does_not_have_F_L6(sqlite_helpdesk: DeskFixture) -> None:
    with pytest.raises(Refused) as refusal:
        sqlite_helpdesk.apply(DESK + TYPES + rule("x", "message", "", "type:payroll"))
    assert refusal.value.problems == ('$.rule[0].then[0]: no type "payroll"',)


ANSWER = {
    "name": "hours", "language": "", "kind": "reply", "type": "", "subject": "", "fields": {}, "actor": "ana",
    "text": "Dear {{ customer_name }}, we open on Monday.",
}  # fmt: skip


def with_answer(helpdesk: DeskFixture, *rules: str) -> None:
    """Give the desk rules and a canned reply."""
    helpdesk.apply("\n".join((DESK, *rules)))
    helpdesk.db.write(lambda tx: tx.execute(insert(template), ANSWER | {"at": helpdesk.at}))


def test_reply_answers_the_customer_as_a_machine_does(helpdesk: DeskFixture) -> None:
    with_answer(helpdesk, rule("closed", "message", "", "reply:hours"))
    number = helpdesk.open()
    said = helpdesk.messages(number)[1]
    assert (said.direction, said.class_, said.text) == (
        "out",
        "auto",
        "Dear Carl, we open on Monday.",
    )
    letter = next(mail for mail in helpdesk.outbox("ack") if mail.message == 2)
    assert (letter.to, letter.data["template"]) == (("carl@customer.example",), "reply")
    ticket = helpdesk.ticket(number)  # no agent has answered yet
    assert (ticket.status, ticket.awaiting, ticket.first_reply_at) == ("new", "agent", None)


def test_reply_keeps_to_the_limits_of_automatic_mail(sqlite_helpdesk: DeskFixture) -> None:
    with_answer(
        sqlite_helpdesk,
        rule("closed", "message", "", "tag:asked", "reply:hours"),
        rule("also", "updated", "tag:asked", "reply:hours"),
    )
    listed = sqlite_helpdesk.open(may_ack=False)  # a mailing list, say
    assert len(sqlite_helpdesk.messages(listed)) == 1
    assert sqlite_helpdesk.outbox("ack") == []
    numbers = [sqlite_helpdesk.open() for _ in range(4)]
    assert sum(len(sqlite_helpdesk.messages(number)) - 1 for number in numbers) + 1 < 6


def test_reply_without_its_answer_fails_alone(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + rule("closed", "message", "", "reply:nothing"))
    number = sqlite_helpdesk.open()
    line = sqlite_helpdesk.read(lambda tx: rule_log.lines(tx, number=number))[0]
    assert (line.branch, line.did) == ("failed", ('no canned reply "nothing".',))
