"""Loops and floods, with real mail between real desks (E1–E14): everything comes to rest, nothing is lost."""

import re
from email import message_from_bytes, policy
from email.utils import parseaddr
from typing import Any

import pytest

from tests.wire.rounds.conftest import NewOffice, Office, Road
from ticketctl.actions.mail.limits import AN_HOUR, SAME_SUBJECT
from ticketctl.cli import main as cli

CARL = "carl@customer.example"
QUESTION = """From: {sender}
To: {to}
Subject: {subject}
Date: Mon, 09 Mar 2026 08:00:00 +0000
Message-ID: <{id}>

It does not print.
"""

# Whatever says to a machine that this is a machine's mail, or that it is an answer.
_MARKS = re.compile(
    rb"^(?:Auto-Submitted|X-Auto-Response-Suppress|Precedence|X-Ticketctl-[A-Za-z]+|In-Reply-To|References"
    rb"|Reply-To|Thread-Index|Thread-Topic|Content-Language):.*\r\n(?:[ \t].*\r\n)*",
    re.MULTILINE | re.IGNORECASE,
)
_TAG = re.compile(rb"\[[^\]\r\n]* #\d+\]")


def naked(raw: bytes) -> bytes:
    """A mail without any mark and any thread: what the worst gateway on the way leaves of it."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    head = _TAG.sub(b"", _MARKS.sub(b"", head + b"\r\n")).removesuffix(b"\r\n")
    return head + blank + body


def ask(
    desk: Any,
    sender: str,
    to: str = "support@help.example",
    *,
    id: str = "q1@elsewhere.example",
    subject: str = "Printer",
) -> None:
    """A question comes in at the desk's door."""
    desk.take(QUESTION.format(sender=sender, to=to, id=id, subject=subject), sender, to)


def rounds_until_rest(road: Road, *desks: Office) -> int:
    """Let mail go round until none moves; the number of rounds, at most 60."""
    for n in range(60):
        start = len(road.carried)
        for desk in desks:
            desk.work()
        if road.deliver(start) == 0:
            return n
    raise AssertionError("the desks do not come to rest")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_desks_that_answer_each_other_rest_after_one_mail_E1(
    office: NewOffice, road: Road, kind: str
) -> None:
    one, two = office("One", "one.example", kind), office("Two", "two.example")
    ask(one, "support@two.example", "support@one.example")
    rounds_until_rest(road, one, two)
    acks = [left for left in road.carried if left.recipient == "support@two.example"]
    assert len(acks) == 1 and acks[0].mail["Auto-Submitted"] == "auto-replied"
    assert len(one.tickets()) == len(two.tickets()) == 1
    assert two.outbox("ack") == [] and two.inbox()[0].class_ == "auto"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_desks_rest_even_when_every_mark_is_stripped_on_the_way_E7(
    office: NewOffice, road: Road, kind: str
) -> None:
    road.strip = naked
    one, two = office("One", "one.example", kind), office("Two", "two.example")
    ask(one, "support@two.example", "support@one.example")
    rounds_until_rest(road, one, two)
    for desk in (one, two):
        assert 1 <= len(desk.outbox("ack")) <= SAME_SUBJECT
        assert all(row.state == "done" for row in desk.inbox())
    assert len(one.outbox("ack")) + len(two.outbox("ack")) + 1 == len(one.inbox()) + len(
        two.inbox()
    )


def test_new_subjects_do_not_keep_a_loop_going_E7(office: NewOffice, road: Road) -> None:
    count = iter(range(1000))

    def renamed(raw: bytes) -> bytes:
        subject = b"Subject: new %d" % next(count)
        return re.sub(rb"(?m)^Subject:.*(?:\r\n[ \t].*)*", subject, naked(raw), count=1)

    road.strip = renamed
    one, two = office("One", "one.example"), office("Two", "two.example")
    ask(one, "support@two.example", "support@one.example")
    rounds_until_rest(road, one, two)
    assert len(one.outbox("ack")) == AN_HOUR and len(two.outbox("ack")) <= AN_HOUR
    quiet = one.events(one.tickets()[-1].id, "created")[0].comment
    assert f"{AN_HOUR} automatic mails went to this address within an hour" in quiet


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_storm_of_one_sender_is_stored_flagged_and_hardly_answered_E7(
    office: NewOffice, kind: str
) -> None:
    desk = office(kind=kind)
    for n in range(100):
        if n == 50:
            desk.work()
            desk.restart()
        ask(desk, CARL, id=f"{n}@c.example", subject=f"No {n}")
    desk.work()
    found = desk.tickets()
    assert len(found) == 100
    assert len(desk.outbox("ack")) == AN_HOUR
    made = [desk.events(one.id, "created")[0].comment or "" for one in found]
    assert sum("not acknowledged" in comment for comment in made) == 100 - AN_HOUR


def test_the_hour_goes_by_and_an_answer_is_given_again_E7(
    office: NewOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office()
    for n, at in enumerate(["08:10"] * 12 + ["09:11"]):
        monkeypatch.setenv("TICKETCTL_NOW", f"2026-03-09T{at}:00Z")
        ask(desk, CARL, id=f"{n}@c.example", subject=f"No {n}")
        desk.work()
        desk.restart()
    assert len(desk.outbox("ack")) == AN_HOUR + 1


@pytest.mark.parametrize("left_of_it", ["all of it", "only its Message-ID"])
def test_our_own_mail_that_comes_back_is_stopped_E6_C7(
    office: NewOffice, road: Road, left_of_it: str
) -> None:
    desk = office()
    ask(desk, CARL)
    desk.work()
    (ours,) = (left for left in road.carried if left.recipient == CARL)
    raw = ours.raw if left_of_it == "all of it" else naked(ours.raw)
    desk.take(raw, "list@lists.example", "support@help.example")
    before = len(road.carried)
    desk.work()
    back = desk.inbox()[-1]
    assert (back.state, back.verdict) == ("held", "loop")
    assert any("our own mail came back" in reason.text for reason in back.reasons)
    assert len(desk.tickets()) == 1 and len(road.carried) == before


@pytest.mark.parametrize(
    "sender",
    ["support@help.example", "Hilfe@help.example", "support+x@help.example", "ana@help.example"],
)
def test_our_own_addresses_are_never_answered_E8(
    office: NewOffice, road: Road, sender: str
) -> None:
    desk = office()
    ask(desk, sender)
    desk.work()
    assert desk.outbox("ack") == []
    assert len(desk.tickets()) == 1
    assert not any(left.recipient.lower().startswith(("support", "hilfe")) for left in road.carried)


def test_a_reply_is_not_acknowledged_E14(office: NewOffice, road: Road) -> None:
    desk = office()
    ask(desk, CARL)
    desk.work()
    token = str(next(left for left in road.carried if left.recipient == CARL).mail["Reply-To"])
    ask(desk, CARL, token, id="q2@c.example")
    desk.work()
    assert [row.verdict for row in desk.inbox()] == ["new", "reply"]
    assert len(desk.outbox("ack")) == 1


def test_a_mail_that_names_no_language_is_answered_in_that_of_its_text_L15(
    office: NewOffice,
) -> None:
    desk = office()
    spanish = (
        "Hola, la impresora no imprime desde ayer. ¿Pueden mirarlo, por favor? Muchas gracias."
    )
    for n, (text, name) in enumerate([(spanish, ""), (spanish, "cs"), ("12.50 EUR", "")]):
        raw = QUESTION.format(
            sender=CARL, to="support@help.example", id=f"l{n}@c.example", subject=n
        )
        named = f"Content-Language: {name}\nSubject:" if name else "Subject:"
        raw = raw.replace("It does not print.", text).replace("Subject:", named)
        desk.take(raw, CARL, "support@help.example")
        desk.work()
    assert [row.language for row in desk.outbox("ack")] == ["es", "cs", "es"]


def _shuffled(n: int, raw: bytes, how: str) -> tuple[str, bytes]:
    """What a machine writes from a new address of its own when it gets this mail: to where, and the answer."""
    got = message_from_bytes(raw, policy=policy.default)
    to = "support@help.example"
    if how in ("reply address", "everything"):
        to = parseaddr(str(got["Reply-To"]))[1]
    lines = [f"From: machine{n}@wild.example", f"To: {to}", f"Message-ID: <w{n}@wild.example>"]
    if how in ("message id", "everything"):
        lines.append(f"In-Reply-To: {got['Message-ID']}")
    subject = got["Subject"] if how in ("subject", "everything") else f"Order {n}"
    lines += [f"Subject: {subject}", "", "We have received your mail."]
    return to, "\r\n".join(lines).encode()


@pytest.mark.parametrize("how", ["everything", "message id", "subject", "reply address"])
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_machine_that_changes_its_address_each_time_rests_within_three_rounds_E7(
    office: NewOffice, road: Road, kind: str, how: str
) -> None:
    desk = office(kind=kind)
    ask(desk, "machine0@wild.example", id="w0@wild.example")
    rounds = seen = 0
    for n in range(1, 30):
        desk.work()
        answers = [one for one in road.carried[seen:] if one.recipient.endswith("@wild.example")]
        seen = len(road.carried)
        if not answers:
            break
        rounds += 1
        for one in answers:
            to, raw = _shuffled(n, one.raw, how)
            desk.take(raw, f"machine{n}@wild.example", to)
    assert 1 <= rounds <= 3
    assert len(desk.tickets()) == rounds + 1 and all(row.state == "done" for row in desk.inbox())


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_limits_hold_for_plus_details_a_domain_and_the_desk_E7(
    office: NewOffice,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk = office(kind=kind)
    limited = desk.definition_with("acks_per_domain = 12\nacks_per_desk = 14")
    for n in range(12):  # one person
        ask(desk, f"bot+{n}@a.example", id=f"p{n}@a.example", subject=f"No {n}")
    desk.work()
    assert len(desk.outbox("ack")) == AN_HOUR
    for n in range(5):  # one domain: two are left
        ask(desk, f"u{n}@a.example", id=f"d{n}@a.example", subject=f"No {n}")
    desk.work()
    assert len(desk.outbox("ack")) == limited.acks_per_domain
    for n in range(5):  # the desk: two are left
        ask(desk, f"u@d{n}.example", id=f"e{n}@d{n}.example", subject=f"No {n}")
    desk.work()
    assert len(desk.outbox("ack")) == limited.acks_per_desk
    assert len(desk.tickets()) == 22
    comments = [desk.events(one.id, "created")[0].comment or "" for one in desk.tickets()]
    assert (
        sum("12 mails of a.example were acknowledged within an hour" in one for one in comments)
        == 3
    )
    assert sum("the desk has acknowledged 14 mails within an hour" in one for one in comments) == 3
    monkeypatch.setenv("TICKETCTL_DB", desk.settings.db.url)
    capsys.readouterr()
    cli.run(["doctor"])
    assert (
        "14 were sent within an hour: new tickets are not acknowledged." in capsys.readouterr().out
    )
