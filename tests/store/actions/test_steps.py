"""What each step of a rule or an escalation does, and the words that say so."""

import pytest
from sqlalchemy import insert

from tests.store.actions.conftest import DESK, House
from tests.store.actions.test_rules import rule
from ticketctl.actions.tickets import steps
from ticketctl.errors import DeskError, Refused
from ticketctl.store.db.schema import template
from ticketctl.store.desk import rule_log

TYPES = """
[[type]]
name = "billing"
segment = "billing"
"""


def do(house: House, number: int, step: str) -> str:
    """Do one step as an escalation would."""
    return house.do(lambda w: steps.run(w, number, step, why="level 1"), "gateway")


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
    sqlite_house: House, step: str, said: str, field: str, value: object
) -> None:
    number = sqlite_house.open()
    assert do(sqlite_house, number, step) == said
    assert getattr(sqlite_house.ticket(number), field) == value
    if step not in ("comment:look here", "priority:+1", "priority:-1"):
        assert do(sqlite_house, number, step) == f"{said} already"


def test_priority_has_a_top_and_a_bottom(sqlite_house: House) -> None:
    number = sqlite_house.open()
    said = [do(sqlite_house, number, "priority:+1") for _ in range(3)]
    assert said == ["priority high", "priority critical", "priority critical already"]


def test_notify_tells_owner_managers_agents_and_addresses(sqlite_house: House) -> None:
    house, number = sqlite_house, sqlite_house.open()
    assert do(house, number, "notify:owner") == "told owner: there is nobody"
    assert do(house, number, "notify:managers") == "told eva, root"
    assert do(house, number, "notify:agents") == "told eva, root, ana, ben"
    assert do(house, number, "notify:lab@partner.example") == "told lab@partner.example"
    told = [mail.to for mail in house.outbox("notification")[1:]]
    assert told == [
        ("eva@help.example", "root@help.example"),
        ("eva@help.example", "root@help.example", "ana@help.example", "ben@help.example"),
        ("lab@partner.example",),
    ]
    assert (
        do(house, number, "notify:carl@customer.example") == "could not tell carl@customer.example"
    )
    assert house.outbox("notification")[-1].to == ("lab@partner.example",)


def test_escalate_and_dossier_mail_the_ticket_to_an_expert(sqlite_house: House) -> None:
    house, number = sqlite_house, sqlite_house.open()
    assert do(house, number, "dossier:lab@partner.example") == "dossier to lab@partner.example"
    assert house.ticket(number).status == "new"
    assert do(house, number, "escalate:lab@partner.example") == "escalated to lab@partner.example"
    assert house.ticket(number).escalation_level == 1
    assert [mail.to for mail in house.outbox("escalation")] == [("lab@partner.example",)] * 2
    with pytest.raises(Refused):
        do(house, number, "dossier:carl@customer.example")


@pytest.mark.parametrize(
    "step", ["assign:ivo", "segment:sales", "set:size=1", "status:merged", "sing:a song"]
)
def test_a_step_that_cannot_be_done_says_why(sqlite_house: House, step: str) -> None:
    number = sqlite_house.open()
    with pytest.raises(DeskError):
        do(sqlite_house, number, step)


@pytest.mark.postgres
def test_a_rule_shares_tickets_among_agents_F_T9(house: House) -> None:
    house.apply(
        DESK.replace('agents = ["ana", "ben"]', 'agents = ["ana", "ben", "ida"]')
        + rule("share", "created", "segment:support", "assign:auto")
    )
    owners = [house.ticket(house.open(f"mail {n}")).owner for n in range(6)]
    assert sorted(owners, key=str) == ["ana", "ana", "ben", "ben", "ida", "ida"]


def test_a_type_set_by_a_rule_goes_to_its_segment_F_T12(sqlite_house: House) -> None:
    sqlite_house.apply(DESK + TYPES + rule("money", "message", "body:invoice", "type:billing"))
    ticket = sqlite_house.ticket(sqlite_house.open("Where is my invoice?"))
    assert (ticket.segment, ticket.owner) == ("billing", "ida")


def test_a_rule_sets_no_type_that_the_desk_does_not_have_F_L6(sqlite_house: House) -> None:
    with pytest.raises(Refused) as refusal:
        sqlite_house.apply(DESK + TYPES + rule("x", "message", "", "type:payroll"))
    assert refusal.value.problems == ('$.rule[0].then[0]: no type "payroll"',)


ANSWER = {
    "name": "hours", "language": "", "kind": "reply", "type": "", "subject": "", "fields": {}, "actor": "ana",
    "text": "Dear {{ customer_name }}, we open on Monday.",
}  # fmt: skip


def with_answer(house: House, *rules: str) -> None:
    """Give the desk rules and a canned reply."""
    house.apply("\n".join((DESK, *rules)))
    house.db.write(lambda tx: tx.execute(insert(template), ANSWER | {"at": house.at}))


def test_reply_answers_the_customer_as_a_machine_does(house: House) -> None:
    with_answer(house, rule("closed", "message", "", "reply:hours"))
    number = house.open()
    said = house.messages(number)[1]
    assert (said.direction, said.class_, said.text) == (
        "out",
        "auto",
        "Dear Carl, we open on Monday.",
    )
    letter = next(mail for mail in house.outbox("ack") if mail.message == 2)
    assert (letter.to, letter.data["template"]) == (("carl@customer.example",), "reply")
    ticket = house.ticket(number)  # no agent has answered yet
    assert (ticket.status, ticket.awaiting, ticket.first_reply_at) == ("new", "agent", None)


def test_reply_keeps_to_the_limits_of_automatic_mail(sqlite_house: House) -> None:
    with_answer(
        sqlite_house,
        rule("closed", "message", "", "tag:asked", "reply:hours"),
        rule("also", "updated", "tag:asked", "reply:hours"),
    )
    listed = sqlite_house.open(may_ack=False)  # a mailing list, say
    assert len(sqlite_house.messages(listed)) == 1
    assert sqlite_house.outbox("ack") == []
    numbers = [sqlite_house.open() for _ in range(4)]
    assert sum(len(sqlite_house.messages(number)) - 1 for number in numbers) + 1 < 6


def test_reply_without_its_answer_fails_alone(sqlite_house: House) -> None:
    sqlite_house.apply(DESK + rule("closed", "message", "", "reply:nothing"))
    number = sqlite_house.open()
    line = sqlite_house.read(lambda tx: rule_log.lines(tx, number=number))[0]
    assert (line.branch, line.did) == ("failed", ('no canned reply "nothing".',))
