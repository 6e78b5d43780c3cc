"""Foreign text is read before the transaction that files the mail, and read again where its ticket is another (17)."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.auth import authentication_results, sender_proof
from gateway.commands import command_block, status_question
from gateway.intake import contact_form, forward, inline_images, read_text, survey_answers, worker
from gateway.intake.analysed_mail import AnalysedMail
from gateway.lines import message_line, survey_line
from gateway.parse import language, parse
from gateway.screen import screen
from gateway.thread import subject_tag
from gateway.trim import own_words, trim
from tests.support.mail_desk import MailDesk
from ticketctl import clock
from ticketctl.actions.base.context import begin
from ticketctl.actions.tickets.merge import merge
from ticketctl.domain.base.records import Actor, ReceivedMail
from ticketctl.settings.table import Settings
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

CARL = "Carl Customer <carl@customer.example>"
SUPPORT = "support@help.example"

DOORS: dict[str, Callable[..., Any]] = {
    "parse": parse.parse,
    "parse_head": parse.parse_head,
    "parts_bytes": parse.parts_bytes,
    "screen": screen.screen,
    "trim": trim.trim,
    "own_words": own_words.own_words,
    "ask": status_question.ticket_asked_about,
    "commands": command_block.parse,
    "rating": survey_answers.read,
    "is_forward": forward.is_forward,
    "forwarded": forward.find_forwarded,
    "form": contact_form.form_entry,
    "language": language.guess,
    "subject tag": subject_tag.find,
    "pictures": inline_images.place_images,
    "sender": sender_proof.by_login_or_relay,
    "signature": sender_proof.by_dkim,
    "relay": authentication_results.verdict,
    "line": message_line.read,
    "answer": survey_line.read,
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_what_reads_foreign_text_refuses_to_run_inside_a_write_transaction(
    sqlite_db: Database, door: Callable[..., Any]
) -> None:
    with pytest.raises(RuntimeError, match="inside a write transaction"):
        sqlite_db.write(lambda _: door())
    with pytest.raises(TypeError):  # outside it is only called wrongly here
        door()


def waiting(helpdesk: MailDesk, raw: bytes) -> int:
    """A mail in the inbox that nobody has filed."""
    arrival = ReceivedMail(
        raw=raw, via="pipe", envelope_from=None, recipients={SUPPORT: (SUPPORT,)}
    )
    return helpdesk.db.write(lambda tx: inbox.accept(tx, arrival, clock.now())[0])


def test_a_mail_whose_ticket_is_merged_while_it_is_read_is_read_again(
    each_helpdesk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpdesk = each_helpdesk
    other = int(
        helpdesk.mail(CARL, SUPPORT, "Invoice", "It is too high, by far too high.").ticket or 0
    )
    tickets: list[int | None] = []
    read = read_text.read

    def then_merged(db: Database, settings: Settings, analysed: AnalysedMail) -> AnalysedMail:
        ready = read(db, settings, analysed)
        assert ready.text is not None
        tickets.append(ready.text.ticket)
        if len(tickets) == 1:
            ana = Actor("ana", "ana", "agent")
            helpdesk.db.write(lambda tx: merge(begin(tx, ana), 1, other))
        return ready

    monkeypatch.setattr(read_text, "read", then_merged)
    row = helpdesk.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "Thanks.")
    assert (tickets, row.verdict, row.ticket, row.attempts) == ([1, other], "reply", other, 1)


def test_a_mail_and_its_answer_in_one_batch_stay_in_their_order_and_together(
    each_helpdesk: MailDesk,
) -> None:
    helpdesk = each_helpdesk
    raws = [
        helpdesk.raw(CARL, SUPPORT, "Router", "It blinks red all day long.", message_id="<a@x.example>"),
        helpdesk.raw(CARL, SUPPORT, "Re: Router", "Now green.",
                 message_id="<b@x.example>", In_Reply_To="<a@x.example>"),
        helpdesk.raw(CARL, SUPPORT, "Re: Router", "Red again.",
                 message_id="<c@x.example>", In_Reply_To="<b@x.example>"),
    ]  # fmt: skip
    ids = [waiting(helpdesk, raw) for raw in raws]
    worker.Worker(helpdesk.db, helpdesk.settings).drain()
    with helpdesk.db.read() as tx:
        rows = [inbox.get(tx, one) for one in ids]
    assert [row.verdict for row in rows] == ["new", "reply", "reply"]
    assert {row.ticket for row in rows} == {rows[0].ticket}
    texts = [one.text for one in helpdesk.messages(rows[0].ticket or 0)]
    assert [text.strip() for text in texts] == [
        "It blinks red all day long.",
        "Now green.",
        "Red again.",
    ]


def test_a_mail_that_is_never_read_for_the_right_ticket_fails_its_attempt_alone(
    helpdesk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_text.read

    def unread(db: Database, settings: Settings, analysed: AnalysedMail) -> AnalysedMail:
        ready = read(db, settings, analysed)
        return analysed if "moves" in ready.mail.subject else ready

    monkeypatch.setattr(read_text, "read", unread)
    ids = [
        waiting(helpdesk, helpdesk.raw(CARL, SUPPORT, one, "Words."))
        for one in ("It moves", "Calm")
    ]
    worker.Worker(helpdesk.db, helpdesk.settings).drain()
    with helpdesk.db.read() as tx:
        moving, calm = (inbox.get(tx, one) for one in ids)
    assert moving.state == "held" and "changed each time" in (moving.error or "")
    assert calm.verdict == "new"
