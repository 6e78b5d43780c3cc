"""What every kind of outgoing mail says of itself, from the act that causes it to its bytes (L3, L6, L7)."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from typing import NamedTuple

import pytest

from tests.support.desk import DESK
from tests.support.mail_desk import ANA, CARL, MailDesk
from ticketctl import clock
from ticketctl.actions.jobs import sla_check, surveys
from ticketctl.actions.mail import outbound, report_email
from ticketctl.actions.texts import canned as canned_action
from ticketctl.actions.tickets import comment, escalate, reply, resolve
from ticketctl.domain.rules.canned import Canned
from ticketctl.store.db.database import Database

SUPPORT = "support@help.example"
RULED = """
[[survey]]
name = "csat"

[[sla]]
name = "usual"
targets = { default = { resolve = "2h" } }
escalations = [ { at = "due", do = ["notify:boss@help.example"] } ]

[[rule]]
name = "closed"
on = "message"
when = "body:opening"
then = ["reply:hours"]
"""
START = clock.parse("2026-03-09T08:00:00Z")
REPLIED, GENERATED = "auto-replied", "auto-generated"
CARLS, ANAS = "carl's mail", "ana's mail"
Deed = Callable[[MailDesk], object]


class Kind(NamedTuple):
    """A kind of mail: what causes it, whom it goes to, and its headers. `answers`: whose last mail it answers."""

    name: str
    kind: str  # in the outbox
    cause: Deed
    to: str
    automatic: str = ""
    answers: str = ""
    bulk: bool = False
    lists: tuple[str, ...] = ()


CARL_S, ANA_S, LAB = "carl@customer.example", "ana@help.example", "lab@partner.example"


def report(desk: MailDesk) -> None:
    desk.do(
        lambda w: report_email.send(
            w, [LAB], subject="Week", text="2", html="", file="a.xlsx", workbook=b"x"
        )
    )


def rule_reply(desk: MailDesk) -> None:
    text = Canned(name="hours", kind="reply", text="We open on Monday.")
    desk.do(lambda w: canned_action.add(w, text))
    desk.mail(CARL, SUPPORT, "Hours", "What are your opening hours?")


def digest(desk: MailDesk) -> None:
    desk.later(hours=3)
    list(sla_check.run(desk.db))


def survey(desk: MailDesk) -> None:
    desk.do(lambda w: resolve.resolve(w, 1, comment="toner"))
    desk.later(days=1)
    list(surveys.send(desk.db))


def too_large(desk: MailDesk) -> None:
    head = desk.raw(CARL, SUPPORT, "Photographs", "").partition(b"\n\n")[0] + b"\n\n"
    desk.feed(head, SUPPORT, size=73_000_000)


KINDS = (
    Kind(
        "acknowledgement",
        "ack",
        lambda d: d.mail(CARL, SUPPORT, "Scanner", "It is loud."),
        CARL_S,
        REPLIED,
        CARLS,
    ),
    Kind("acknowledgement of a large mail", "ack", too_large, CARL_S, REPLIED, CARLS),
    Kind(
        "status",
        "ack",
        lambda d: d.mail(CARL, SUPPORT, "status #1", ""),
        CARL_S,
        REPLIED,
        CARLS,
    ),
    Kind(
        "status of no ticket",
        "ack",
        lambda d: d.mail(CARL, SUPPORT, "status #99", ""),
        CARL_S,
        REPLIED,
        CARLS,
    ),
    Kind("canned reply of a rule", "ack", rule_reply, CARL_S, REPLIED, CARLS),
    Kind(
        "reply",
        "reply",
        lambda d: d.do(lambda w: reply.reply(w, 1, "Is it on?")),
        CARL_S,
        answers=CARLS,
    ),
    Kind("reply by mail", "reply", lambda d: d.ana_answers("Is it on?"), CARL_S, answers=CARLS),
    Kind(
        "resolution in an agent's words",
        "resolution",
        lambda d: d.do(lambda w: resolve.resolve(w, 1, comment="x", reply_text="New toner.")),
        CARL_S,
        answers=CARLS,
    ),
    Kind(
        "resolution without",
        "resolution",
        lambda d: d.do(lambda w: resolve.resolve(w, 1, comment="x")),
        CARL_S,
        GENERATED,
        CARLS,
    ),
    Kind("survey", "survey", survey, CARL_S, GENERATED, CARLS, lists=("List-Unsubscribe",)),
    Kind(
        "report",
        "report",
        report,
        LAB,
        GENERATED,
        bulk=True,
        lists=("List-Id", "List-Unsubscribe"),
    ),
    Kind("notification", "notification", lambda d: None, ANA_S, GENERATED, bulk=True),
    Kind(
        "notification of a comment",
        "notification",
        lambda d: d.do(lambda w: comment.comment(w, 1, "@ana look"), "ben"),
        ANA_S,
        GENERATED,
        bulk=True,
    ),
    Kind("digest of due times", "notification", digest, "boss@help.example", GENERATED, bulk=True),
    Kind(
        "transcript of commands",
        "notification",
        lambda d: d.ana_answers("!priority high"),
        ANA_S,
        REPLIED,
        ANAS,
    ),
    Kind(
        "transcript of a refused command",
        "error",
        lambda d: d.ana_answers("!owner ben"),
        ANA_S,
        REPLIED,
        ANAS,
    ),
    Kind(
        "error to an agent",
        "error",
        lambda d: d.mail(ANA, d.address(), "Re: Printer", "Is it on?"),
        ANA_S,
        REPLIED,
        ANAS,
    ),
    Kind(
        "a person's escalation",
        "escalation",
        lambda d: d.do(lambda w: escalate.escalate(w, 1, comment="look", to=[LAB])),
        LAB,
    ),
    Kind(
        "a rule's escalation",
        "escalation",
        lambda d: d.do(lambda w: escalate.dossier(w, 1, LAB, comment="look"), "gateway"),
        LAB,
        GENERATED,
    ),
)


class Timely(MailDesk):
    """A desk with the time of the clock, which `later` moves."""

    patch: pytest.MonkeyPatch

    def later(self, **span: int) -> None:
        self.patch.setenv(clock.VARIABLE, clock.rfc3339(clock.now() + timedelta(**span)))


@pytest.fixture
def desk(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> MailDesk:
    """A desk with all that causes mail. Carl has written twice in ticket 1, ana once between."""
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(START))
    made = Timely(sqlite_db, DESK + RULED)
    made.patch = monkeypatch
    made.mail(CARL, SUPPORT, "Printer is broken", "It does not print.")
    made.do(lambda w: reply.reply(w, 1, "Is it plugged in?"))
    asked = made.outbox("reply")[0].message_id
    made.mail(CARL, SUPPORT, "Re: Printer is broken", "It is.", In_Reply_To=asked)
    return made


def newest_id(desk: MailDesk, author: str) -> str:
    """The Message-ID of the last mail that came from this author."""
    raws = [message_from_bytes(raw, policy=policy.default) for raw in desk.raws()]
    return [str(m["Message-ID"]) for m in raws if author in str(m["From"])][-1]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_every_kind_of_mail_says_what_it_is_L3_L6_L7(desk: MailDesk, kind: Kind) -> None:
    kind.cause(desk)
    row = desk.outbox(to=kind.to)[-1]
    mail = message_from_bytes(desk.bytes_to(row, kind.to), policy=policy.default)
    assert row.kind == kind.kind
    assert (mail["Auto-Submitted"] or "") == kind.automatic
    assert mail["X-Auto-Response-Suppress"] == ("All" if kind.automatic else None)
    assert mail["Precedence"] == ("bulk" if kind.bulk else None)
    assert tuple(sorted(name for name in mail if name.startswith("List-"))) == kind.lists
    assert mail["X-Ticketctl-Loop"] is not None
    author = {CARLS: CARL_S, ANAS: ANA_S}.get(kind.answers)
    assert mail["In-Reply-To"] == (newest_id(desk, author) if author else None)
    references = str(mail["References"] or "").split()
    assert len(references) == len(set(references))
    if author:
        assert references[-1] == mail["In-Reply-To"]


def test_the_table_has_every_kind_of_the_outbox() -> None:
    every = outbound.FOR_CUSTOMERS | outbound.INTERNAL | {"report"}
    assert {kind.kind for kind in KINDS} == every
