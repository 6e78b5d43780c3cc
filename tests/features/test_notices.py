"""Customers are told that their ticket was taken, waits, was escalated or reopened (F-L4)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.support.desk import DESK
from tests.support.mail_desk import CARL, MailDesk
from ticketctl import clock
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import reply
from ticketctl.actions.tickets.assign import assign, take
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import OutboxRow
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox

ALL = 'notices = ["taken", "waiting", "escalated", "reopened"]\n'
Verb = Callable[[Work], object]


def _status(word: str) -> Verb:
    return lambda w: edit(w, 1, TicketChanges(status=word), comment="why")


def desk(db: Database, notices: str = ALL, **more: str) -> MailDesk:
    """A desk with Carl's acknowledged ticket, whose segment has these notices."""
    made = MailDesk(
        db, DESK.replace('agents = ["ana", "ben"]\n', f'agents = ["ana", "ben"]\n{notices}')
    )
    made.mail(more.pop("sender", CARL), "support@help.example", "Printer", "It is broken.", **more)
    return made


def notices(made: MailDesk) -> list[OutboxRow]:
    """What the customer was told besides the acknowledgement."""
    return [row for row in made.outbox("ack") if row.data.get("template") == "notice"]


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        (lambda w: take(w, 1), "taken"),
        (lambda w: assign(w, 1, "ben", comment="yours"), "taken"),
        (lambda w: wait(w, 1, comment="parts"), "waiting"),
        (_status("waiting"), "waiting"),
        (lambda w: escalate(w, 1, comment="help"), "escalated"),
        (_status("escalated"), "escalated"),
        (lambda w: reopen(w, 1, comment="again"), "reopened"),
        (_status("open"), "reopened"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es", "cs"])
def test_F_L4_the_customer_is_told_of_a_status(
    db: Database, verb: Verb, what: str, language: str
) -> None:
    made = desk(db, Content_Language=language)
    if what == "reopened":
        made.do(lambda w: resolve(w, 1, comment="done"), notify=False)
    made.do(verb)
    (row,) = notices(made)
    assert (row.data["notice"], row.language, row.to) == (
        what,
        language,
        ("carl@customer.example",),
    )
    said = made.text(row)
    assert "Auto-Submitted: auto-generated" in said and "In-Reply-To: <1@mail.example>" in said
    assert made.events(1, "ack")[-1].comment == f"it is {what}"


def test_F_L4_each_notice_has_its_own_words_in_every_language() -> None:
    from ticketctl.templating.render import MailTemplates
    from ticketctl.templating.samples import samples

    said = {
        MailTemplates().render("notice", language, one).text
        for language in ("en", "es", "cs")
        for one in samples("notice")
    }
    assert len(said) == 18


def test_F_L4_only_waiting_is_told_unless_the_segment_says_more(db: Database) -> None:
    made = desk(db, "")
    made.do(lambda w: take(w, 1))
    made.do(lambda w: escalate(w, 1, comment="help"))
    assert notices(made) == []
    made.do(lambda w: wait(w, 1, until=clock.now() + timedelta(days=2), comment="parts"))
    (row,) = notices(made)
    assert "is on hold until 20" in made.text(row)


def test_F_L4_a_segment_may_tell_nothing(db: Database) -> None:
    made = desk(db, "notices = []\n")
    made.do(lambda w: wait(w, 1, comment="parts"))
    assert notices(made) == []


def test_F_L4_a_change_of_owner_is_not_told_again_nor_is_routing(db: Database) -> None:
    made = desk(db)
    made.do(lambda w: take(w, 1))
    made.do(lambda w: assign(w, 1, "ben", comment="yours"))
    made.do(lambda w: assign(w, 1, None, comment="nobody's"))
    assert len(notices(made)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example>"},
        {"sender": "no-reply@shop.example"},
        {"X_Auto_Response_Suppress": "All"},
        {"sender": "Ana <ana@help.example>", "proven": True},
    ],
)
def test_F_L4_automatic_senders_and_colleagues_are_told_nothing(
    db: Database, more: dict[str, str]
) -> None:
    made = desk(db, **more)
    made.do(lambda w: wait(w, 1, comment="parts"), who="root", role="admin")
    assert notices(made) == []


def test_F_L4_notices_stay_within_the_limits_of_automatic_mail(db: Database) -> None:
    made = desk(db)
    for _ in range(4):
        made.do(lambda w: wait(w, 1, comment="parts"))
        made.do(_status("open"))
    assert len(notices(made)) == 1  # with the acknowledgement two of one subject within three hours
    assert "within three hours" in (made.events(1, "ack")[-1].comment or "")


def test_F_L4_no_notify_and_a_reply_in_the_same_mail_tell_nothing_more(db: Database) -> None:
    made = desk(db)
    made.do(lambda w: wait(w, 1, comment="parts"), notify=False)
    made.do(lambda w: reply.reply(w, 1, "Soon.", reply.Extras(status="waiting")))
    made.ana_answers("!wait 2d\n\nThe part comes on Wednesday.")
    assert notices(made) == [] and len(made.outbox("reply")) == 2


def test_F_L4_undo_stops_a_notice_and_a_sent_one_does_not_stop_undo(db: Database) -> None:
    made = desk(db)
    made.do(lambda w: wait(w, 1, comment="parts"), group="a", delay=30)
    made.do(undo, group="a")
    assert [row.state for row in notices(made)] == ["cancelled"]
    made.do(lambda w: wait(w, 1, comment="parts"), group="b")
    row = notices(made)[-1]
    sent = made.read(lambda tx: outbox.deliveries(tx, row.id))[0]
    made.db.write(lambda tx: outbox.settle_delivery(tx, sent.id, "sent", "250", clock.now()))
    made.do(undo, group="b")
    assert made.ticket().status == "new"


def test_F_L4_notices_name_nothing_internal(db: Database) -> None:
    made = desk(db)
    made.do(lambda w: wait(w, 1, comment="the marker word"))
    made.do(lambda w: escalate(w, 1, comment="the marker word", to=("lab@partner.example",)))
    assert all("marker" not in made.text(row) for row in notices(made))


def test_F_L4_a_customer_whose_turn_it_is_is_asked_to_answer(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    made = desk(db)
    made.do(lambda w: reply.reply(w, 1, "Which model is it?"))
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T12:00:00Z")
    made.do(lambda w: wait(w, 1, comment="the model"))
    said = made.text(notices(made)[-1])
    assert "waits for your answer to our last message" in said and "need not" not in said
    made.do(lambda w: wait(w, 1, until=clock.now() + timedelta(days=1), comment="the part"))
    said = made.text(notices(made)[-1])
    assert "on hold until 2026-03-10 12:00 UTC" in said and "need not do anything" in said
