"""Bounces and reports, from the mail that leaves to the line in its ticket (F1–F13)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.wire.rounds.conftest import NewOffice, Office, Road
from ticketctl.actions.base.context import begin
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.cli import main as cli
from ticketctl.domain.base.records import Actor
from ticketctl.store.queues import outbox, recipients

CARL, DORA = "carl@customer.example", "dora@customer.example"
ANA = Actor("ana", "ana")
QUESTION = """From: Carl <carl@customer.example>
To: support@help.example
Subject: Printer
Message-ID: <{id}>

It does not print.
"""
DSN = """From: Mail Delivery System <MAILER-DAEMON@mx.customer.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 09 Mar 2026 08:20:00 +0000
Message-ID: <dsn{n}@mx.customer.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system. Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

{fields}
--b
Content-Type: text/rfc822-headers

{returned}
--b--
"""
FIELDS = """Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}
"""
NO_USER = "550 5.1.1 no such user"


def fields(
    address: str = CARL, action: str = "failed", status: str = "5.1.1", said: str = NO_USER
) -> str:
    return FIELDS.format(address=address, action=action, status=status, said=said)


class Post:
    """A desk whose agent answers, and whose answers come back."""

    def __init__(self, office: Office, road: Road) -> None:
        self.desk, self.road, self.reports = office, road, 0

    def opened(self, id: str = "m1@customer.example") -> int:
        """A ticket of Carl's, owned by ana."""
        self.desk.take(QUESTION.format(id=id), CARL, "support@help.example")
        self.desk.work()
        number = self.desk.tickets()[-1].id
        self.act(lambda work: assign(work, number, "ana", comment="x"))
        return int(number)

    def act(self, action: Any) -> Any:
        """Do something as ana."""
        return self.desk.db.write(lambda tx: action(begin(tx, ANA)))

    def answered(self, number: int, *cc: str) -> list[Any]:
        """Ana's reply, as it left: one mail a recipient."""
        start = len(self.road.carried)
        self.act(lambda work: reply(work, number, "Try this.", Extras(cc=cc)))
        self.desk.work()
        return list(self.road.carried[start:])

    def reported(self, to: str, *each: str, returned: str = "") -> Any:
        """A report comes in; its inbox row."""
        self.reports += 1
        told = "\n".join(each or (fields(),))
        raw = DSN.format(to=to, n=self.reports, fields=told, returned=returned or "Subject: x")
        self.desk.take(raw, "", to)
        self.desk.work()
        return self.desk.inbox()[-1]

    def lines(self, number: int, *types: str) -> list[tuple[str, str]]:
        """Type and address of what is noted on a ticket."""
        wanted = types or ("bounced", "delayed", "delivered", "mail-failed")
        return [(e.type, e.field or "") for e in self.desk.events(number, *wanted)]

    def dead(self, *addresses: str) -> set[str]:
        with self.desk.db.read() as tx:
            return set(recipients.undeliverable(tx, addresses or (CARL, DORA)))


@pytest.fixture(params=["sqlite", "postgres"])
def post(request: pytest.FixtureRequest, office: NewOffice, road: Road) -> Post:
    """The desk, on each kind of database."""
    return Post(office(kind=request.param), road)


def head(left: Any) -> str:
    """The head of a mail of ours as a report returns it, without the address it came back to."""
    raw: bytes = left.raw
    return raw.partition(b"\r\n\r\n")[0].decode().replace("\r\n", "\n")


def test_the_signed_bounce_address_beats_the_report_F2_F3(post: Post) -> None:
    number = post.opened()
    to_carl, to_dora = post.answered(number, DORA)
    row = post.reported(to_dora.sender, fields("d.ora@forwarded.example"))
    assert (row.verdict, row.class_, row.ticket) == ("bounce", "bounce", number)
    assert post.lines(number) == [("bounced", DORA)]
    post.reported(to_carl.sender, fields("c.arl@forwarded.example"))
    assert post.lines(number) == [("bounced", DORA), ("bounced", CARL)]
    assert post.dead() == {CARL}
    assert len(post.desk.tickets()) == 1


def test_without_it_the_returned_message_id_decides_F2(post: Post) -> None:
    number = post.opened()
    (left,) = post.answered(number)
    post.reported("bounces@help.example", returned=head(left))
    assert post.lines(number) == [("bounced", CARL)]


def test_what_is_late_or_arrived_is_no_failure_F4(post: Post) -> None:
    number = post.opened()
    (left,) = post.answered(number)
    for action, status in (("delayed", "4.4.1"), ("relayed", "2.0.0"), ("delivered", "2.0.0")):
        post.reported(left.sender, fields(action=action, status=status, said="x"))
    assert post.lines(number) == [("delayed", CARL), ("delivered", CARL), ("delivered", CARL)]
    assert post.dead() == set()
    assert post.desk.outbox("reply")[0].state == "sent"
    assert [n.data["event"] for n in post.desk.outbox("notification")].count("bounce") == 0


def test_a_bounce_is_answered_by_nothing_and_changes_nothing_F9(post: Post) -> None:
    number = post.opened()
    (left,) = post.answered(number)
    before, sent = post.desk.tickets()[0], len(post.desk.outbox("ack", "error", "reply"))
    post.reported(left.sender)
    after = post.desk.tickets()[0]
    assert (after.status, after.awaiting, after.messages_count) == (
        before.status,
        before.awaiting,
        2,
    )
    assert len(post.desk.outbox("ack", "error", "reply")) == sent


def test_each_recipient_of_a_report_is_one_line_F10(post: Post) -> None:
    number = post.opened()
    left, *_ = post.answered(number, DORA)
    post.reported(
        "bounces@help.example",
        fields(CARL),
        fields(DORA, "delayed", "4.2.2", "452 full"),
        returned=head(left),
    )
    assert post.lines(number) == [("bounced", CARL), ("delayed", DORA)]
    assert post.dead() == {CARL}


def test_a_forged_bounce_marks_no_address_F11(post: Post) -> None:
    number = post.opened()
    post.answered(number)
    forged = "bounces+d1.aaaaaaaaaaaaaaaa@help.example"
    row = post.reported(forged, returned=f"Message-ID: <t{number}.x.aaaaaaaaaaaaaaaa@help.example>")
    assert (row.verdict, row.ticket) == ("bounce", None)
    assert post.lines(number) == [] and post.dead() == set()


def test_a_bounce_of_nothing_of_ours_is_listed_and_opens_nothing_F12(
    post: Post, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    post.opened()
    row = post.reported("support@help.example", fields("eve@evil.example"))
    assert (row.state, row.verdict, row.ticket) == ("done", "bounce", None)
    assert len(post.desk.tickets()) == 1
    shown = run(post, monkeypatch, capsys, "inbox", "show", str(row.id))
    assert any("no mail of ours" in reason for reason in shown["reasons"])


def test_the_owner_is_notified_once_per_ticket_and_address_F13(post: Post) -> None:
    number = post.opened()
    for _ in range(2):
        (left,) = post.answered(number)
        post.reported(left.sender)
    told = [n for n in post.desk.outbox("notification") if n.data["event"] == "bounce"]
    assert [(n.to, n.data["text"]) for n in told] == [(("ana@help.example",), f"{CARL}: {NO_USER}")]
    assert post.lines(number) == [("bounced", CARL)] * 2
    other = post.opened("m2@customer.example")
    (left,) = post.answered(other)
    post.reported(left.sender)
    told = [n for n in post.desk.outbox("notification") if n.data["event"] == "bounce"]
    assert [n.ticket for n in told] == [number, other]


def run(
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *words: str,
) -> Any:
    """One command line with --json, as ana."""
    monkeypatch.setenv("TICKETCTL_DB", post.desk.settings.db.url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    capsys.readouterr()
    assert cli.run([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_outbox_and_show_say_that_it_bounced_and_that_nothing_reaches_the_address_F2(
    post: Post, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    number = post.opened()
    (left,) = post.answered(number)
    post.reported(left.sender)
    listed = run(post, monkeypatch, capsys, "outbox", "list", "--state", "bounced")
    assert [(one["kind"], one["state"], one["error"]) for one in listed] == [
        ("reply", "bounced", NO_USER)
    ]
    shown = run(post, monkeypatch, capsys, "show", str(number))
    assert shown["messages"][-1]["delivery"] == "bounced"
    (dead,) = shown["customer"]["undeliverable"]
    assert (dead["address"], dead["why"]) == (CARL, NO_USER)
    assert cli.run(["show", str(number)]) == 0
    assert f"reaches {CARL} since" in capsys.readouterr().out


def test_a_reply_to_a_dead_address_warns_and_goes_all_the_same_F6(
    post: Post, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    number = post.opened()
    (left,) = post.answered(number)
    post.reported(left.sender)
    run(post, monkeypatch, capsys, "outbox", "list")
    assert cli.run(["reply", str(number), "-m", "Again."]) == 0
    assert f"warning: mail to {CARL} failed permanently" in capsys.readouterr().err
    assert post.desk.outbox("reply")[-1].to == (CARL,)


def test_no_automatic_mail_goes_to_a_dead_address_L16(post: Post) -> None:
    number = post.opened()
    (left,) = post.answered(number)
    post.reported(left.sender)
    sent = len(post.desk.outbox("ack"))
    post.act(lambda work: resolve(work, number, comment="x"))
    assert post.desk.outbox("resolution") == [] and len(post.desk.outbox("ack")) == sent


def test_a_mail_from_a_bounced_address_clears_its_mark_F6(post: Post) -> None:
    number = post.opened()
    (left,) = post.answered(number)
    post.reported(left.sender)
    assert post.dead() == {CARL}
    post.desk.take(QUESTION.format(id="m9@customer.example"), CARL, "support@help.example")
    post.desk.work()
    assert post.dead() == set()


def test_a_bounce_to_one_of_two_leaves_the_other_delivered(post: Post) -> None:
    number = post.opened()
    to_carl, _ = post.answered(number, DORA)
    post.reported(to_carl.sender)
    (row,) = post.desk.outbox("reply")
    with post.desk.db.read() as tx:
        states = {one.address: one.state for one in outbox.deliveries(tx, row.id)}
    assert states == {CARL: "bounced", DORA: "sent"} and row.state == "bounced"


def test_a_vacation_note_is_filed_quietly_F7(post: Post) -> None:
    number = post.opened()
    (left,) = post.answered(number)
    token = str(left.mail["Reply-To"])
    before, sent = post.desk.tickets()[0], len(post.desk.outbox())
    note = QUESTION.format(id="ooo@customer.example").replace(
        "Subject: Printer", "Subject: Out of office\nAuto-Submitted: auto-replied"
    )
    post.desk.take(note, CARL, token)
    post.desk.work()
    after = post.desk.tickets()[0]
    assert (after.status, after.awaiting) == (before.status, before.awaiting)
    assert post.desk.inbox()[-1].verdict == "auto" and len(post.desk.outbox()) == sent
