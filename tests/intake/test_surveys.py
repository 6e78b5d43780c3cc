"""Surveys by mail from the question to the grade, on each kind of database (F-C11)."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from gateway.intake.worker import Worker
from gateway.lines import receive_lines
from tests.support.desk import DESK
from tests.support.mail_desk import ANA, CARL, MailDesk
from ticketctl import clock
from ticketctl.actions.base.context import begin
from ticketctl.actions.jobs import surveys as survey
from ticketctl.actions.mail import unsubscribe
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.domain.base.optional_mail import REPORTS, SURVEYS
from ticketctl.domain.base.records import Actor, InboxRow, OutboxRow
from ticketctl.store.db.database import Database
from ticketctl.store.desk import ratings, rule_log, surveys
from ticketctl.store.people import customers
from ticketctl.store.queues import inbox, recipients, unsubscribed
from ticketctl.store.tickets import tickets

if TYPE_CHECKING:
    from pathlib import Path

SURVEY = '\n[[survey]]\nname = "csat"\nsegments = ["support"]\n'
START = clock.parse("2026-03-09T08:00:00Z")
DAY = timedelta(days=1)


class SurveyDesk(MailDesk):
    """A desk with a survey. Ana resolves Carl's ticket 1; a day later Carl gets the survey."""

    set_now: Any

    def act(self, verb: Any, *args: Any, actor: str = "ana", **more: Any) -> Any:
        who = Actor(actor, role="admin")
        return self.db.write(lambda tx: verb(begin(tx, who), *args, **more))

    def send(self, **more: Any) -> list[str]:
        return [f"{one.ticket} {one.survey}" for one in survey.send(self.db, **more)]

    def asked(self) -> EmailMessage:
        """The mail that asks, as Carl gets it."""
        return self.read_mail(self.outbox("survey", to="carl@customer.example")[-1])

    def read_mail(self, row: OutboxRow) -> EmailMessage:
        """An outgoing mail as its first recipient gets it."""
        found = message_from_bytes(self.bytes_to(row, row.to[0]), policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def links(self) -> list[tuple[str, str, str]]:
        """Of each link: address, subject and text of the mail it opens."""
        html = self.asked().get_body(("html",))
        assert html is not None
        found = []
        for href in re.findall('href="(mailto:[^"]*body=[^"]*)"', html.get_content()):
            parts = urlsplit(href.replace("&amp;", "&"))
            query = parse_qs(parts.query)
            found.append((unquote(parts.path), query["subject"][0], query["body"][0]))
        return found

    def click(self, grade: int, more: str = "", sender: str = CARL, **headers: Any) -> InboxRow:
        to, subject, body = self.links()[grade - 1]
        return self.mail(sender, to.upper(), subject, f"{body}\n{more}", **headers)

    def reply(self, text: str, sender: str = CARL, **headers: Any) -> InboxRow:
        asked = self.asked()
        to = re.sub(".*<|>.*", "", asked["Reply-To"])
        return self.mail(
            sender, to, asked["Subject"], text, In_Reply_To=asked["Message-ID"], **headers
        )

    def csat(self, number: int = 1) -> ratings.Rating | None:
        with self.db.read() as tx:
            return ratings.latest(tx, number)

    def grade(self, number: int = 1) -> int | None:
        given = self.csat(number)
        return given.rating if given else None


@pytest.fixture
def helpdesk(db: Database, monkeypatch: pytest.MonkeyPatch) -> SurveyDesk:
    """The desk on each kind of database."""
    return _solved(db, monkeypatch)


@pytest.fixture
def sqlite_helpdesk(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> SurveyDesk:
    """The desk on SQLite alone, for what no database has a say in."""
    return _solved(sqlite_db, monkeypatch)


def _solved(db: Database, monkeypatch: pytest.MonkeyPatch) -> SurveyDesk:
    def set_now(at: datetime) -> None:
        monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(at))

    set_now(START)
    made = SurveyDesk(db)
    made.set_now = set_now
    made.apply(DESK + SURVEY)
    made.mail(CARL, "support@help.example", "Printer is broken", "It does not print.")
    made.act(resolve, 1, comment="new toner")
    set_now(START + DAY)
    return made


def test_one_mail_is_sent_and_its_link_is_the_grade_F_C11(helpdesk: SurveyDesk) -> None:
    helpdesk.set_now(START + DAY - timedelta(seconds=1))
    assert helpdesk.send() == []
    helpdesk.set_now(START + DAY)
    assert helpdesk.send(dry_run=True) == helpdesk.send() == ["1 csat"]
    row = helpdesk.click(4, "Quick and friendly.")
    assert (row.verdict, row.ticket, row.class_) == ("rating", 1, "human")
    given = helpdesk.csat()
    assert given and (given.rating, given.comment, given.survey, given.scale, given.via) == (
        4, "Quick and friendly.", "csat", "1-5", "mail",
    )  # fmt: skip
    assert helpdesk.ticket().status == "resolved"
    helpdesk.set_now(START + 3 * DAY)
    assert helpdesk.send() == []
    assert len(helpdesk.outbox("survey")) == 1
    assert [
        (e.type, e.new, e.comment) for e in helpdesk.events() if e.type in ("survey", "rated")
    ] == [
        ("survey", "csat", "sent to carl@customer.example"),
        ("rated", 4, "Quick and friendly."),
    ]


def test_the_survey_mail_is_threaded_localized_and_public_F_C11(
    sqlite_helpdesk: SurveyDesk,
) -> None:
    sqlite_helpdesk.mail(
        "Ana <ana@kunde.example>", "support@help.example", "Impresora",
        "Hola, la impresora no funciona y no puedo imprimir nada desde ayer por la mañana. Gracias.",
    )  # fmt: skip
    sqlite_helpdesk.act(resolve, 2, comment="INTERNAL marker")
    sqlite_helpdesk.set_now(START + 2 * DAY)
    assert sqlite_helpdesk.send() == ["1 csat", "2 csat"]
    asked = sqlite_helpdesk.asked()
    body, html = asked.get_body(("plain",)), asked.get_body(("html",))
    assert body is not None and html is not None
    first = sqlite_helpdesk.messages()[0]
    assert asked["From"].addresses[0].addr_spec == "support@help.example"
    assert asked["In-Reply-To"] == first.message_id
    assert asked["Auto-Submitted"] == "auto-generated"
    assert "a number from 1 (very dissatisfied) to 5" in body.get_content()
    row = sqlite_helpdesk.outbox("survey", to="ana@kunde.example")[-1]
    spanish = message_from_bytes(sqlite_helpdesk.bytes_to(row, row.to[0]), policy=policy.default)
    assert isinstance(spanish, EmailMessage)
    text = spanish.get_body(("plain",))
    assert text is not None and "Responda a este correo con un número" in text.get_content()
    both = [text.get_content() + body.get_content() + html.get_content()]
    assert not any(word in one for one in both for word in ("INTERNAL", "new toner", "ana"))


@pytest.mark.parametrize(
    ("text", "grade", "comment"),
    [
        ("4", 4, ""),
        ("4/5", 4, ""),
        ("5 - great\n\nOn Tue, 10 Mar 2026, Help wrote:\n> old words", 5, "great"),
        ("2\r\n\r\nToo slow.\r\n\r\n-- \r\nCarl", 2, "Too slow."),
    ],
)
def test_a_reply_that_begins_with_a_number_is_a_grade_F_C11(
    sqlite_helpdesk: SurveyDesk, text: str, grade: int, comment: str
) -> None:
    sqlite_helpdesk.send()
    assert sqlite_helpdesk.reply(text).verdict == "rating"
    given = sqlite_helpdesk.csat()
    assert given and (given.rating, given.comment) == (grade, comment)
    assert sqlite_helpdesk.ticket().status == "resolved"
    assert sqlite_helpdesk.ticket().messages_count == 1


def test_a_grade_sent_to_the_from_address_counts_F_C11(sqlite_helpdesk: SurveyDesk) -> None:
    sqlite_helpdesk.send()
    asked = sqlite_helpdesk.asked()
    more = {"In_Reply_To": asked["Message-ID"]}
    sqlite_helpdesk.mail(
        "Eve <eve@evil.example>", "support@help.example", asked["Subject"], "1", **more
    )
    assert sqlite_helpdesk.csat() is None
    row = sqlite_helpdesk.mail(CARL, "support@help.example", asked["Subject"], "4", **more)
    assert (row.verdict, sqlite_helpdesk.grade()) == ("rating", 4)


def test_a_later_grade_replaces_and_a_duplicate_mail_counts_once_F_C11(
    helpdesk: SurveyDesk,
) -> None:
    helpdesk.send()
    helpdesk.click(2, message_id="<same@mail.example>")
    assert helpdesk.click(2, message_id="<same@mail.example>").verdict == "duplicate"
    helpdesk.reply("5 sorry, my mistake")
    assert helpdesk.grade() == 5
    with helpdesk.db.read() as tx:
        first = ratings.get(tx, 1)
        assert (first.rating, first.replaced) == (2, True)
        assert surveys.figures(tx)["csat"] == surveys.Figures(1, 1, 5.0)
    assert [e.old for e in helpdesk.events() if e.type == "rated"] == [None, 2]


def test_an_answer_without_a_grade_reopens_the_ticket_F_C11(sqlite_helpdesk: SurveyDesk) -> None:
    sqlite_helpdesk.send()
    to, _, _ = sqlite_helpdesk.links()[0]
    bare = re.sub(r"\+s1\.1\.", "+s1.", to)
    row = sqlite_helpdesk.mail(CARL, bare, "about the printer", "It is broken again.")
    assert (row.verdict, row.ticket) == ("reply", 1)
    assert sqlite_helpdesk.ticket().status == "open"
    assert sqlite_helpdesk.csat() is None


@pytest.mark.parametrize(
    ("text", "grade"), [("9", "9"), ("4/10", "4/10"), ("0 - muy mal, sigue igual", "0")]
)
def test_a_grade_off_the_scale_is_asked_back_and_reopens_nothing_F_C11(
    helpdesk: SurveyDesk, text: str, grade: str
) -> None:
    helpdesk.send()
    was = helpdesk.ticket().status
    row = helpdesk.reply(text)
    assert (row.verdict, row.ticket, row.message) == ("rating", 1, 2)
    assert helpdesk.ticket().status == was
    assert helpdesk.csat() is None
    assert helpdesk.messages()[-1].text == text  # the words are kept
    first, again = helpdesk.outbox("survey")
    assert again.data["off_scale"] == grade and first.data["off_scale"] == ""
    asked = helpdesk.asked().get_body(("plain",))
    assert asked is not None
    assert f"Your answer {grade} is not on our scale from 1 to 5" in asked.get_content()
    assert helpdesk.reply("4").verdict == "rating"
    assert helpdesk.grade() == 4 and helpdesk.ticket().status == was


def test_who_answers_off_the_scale_for_ever_is_asked_a_few_times_only_E7(
    sqlite_helpdesk: SurveyDesk,
) -> None:
    sqlite_helpdesk.send()
    verdicts = [sqlite_helpdesk.reply(f"{n}").verdict for n in range(6, 12)]
    assert verdicts[0] == "rating" and verdicts[-1] == "reply"
    assert len(sqlite_helpdesk.outbox("survey")) <= 3
    assert sqlite_helpdesk.csat() is None


def test_a_vacation_answer_is_no_grade_E5(sqlite_helpdesk: SurveyDesk) -> None:
    sqlite_helpdesk.send()
    row = sqlite_helpdesk.reply("4 days away", Auto_Submitted="auto-replied")
    assert (row.verdict, row.class_) == ("auto", "auto")
    assert (sqlite_helpdesk.csat(), sqlite_helpdesk.ticket().status) == (None, "resolved")


def test_a_strangers_grade_is_a_strangers_mail_D9(sqlite_helpdesk: SurveyDesk) -> None:
    sqlite_helpdesk.send()
    row = sqlite_helpdesk.click(1, sender="Eve <eve@evil.example>")
    assert (row.verdict, row.ticket) == ("claim", 2)
    assert sqlite_helpdesk.csat() is None
    assert "Printer" not in "".join(
        map(sqlite_helpdesk.text, sqlite_helpdesk.outbox("ack", to="eve@evil.example"))
    )


def test_a_forged_or_foreign_token_is_no_token_D3(sqlite_helpdesk: SurveyDesk) -> None:
    sqlite_helpdesk.send()
    to, _, _ = sqlite_helpdesk.links()[3]
    forged = f"{to[: to.rindex('.', 0, to.index('@')) + 1]}{'a' * 16}@help.example"
    assert sqlite_helpdesk.mail(CARL, forged, "x", "4").verdict == "new"
    assert sqlite_helpdesk.csat() is None


def test_a_customer_may_answer_from_another_of_their_addresses(sqlite_helpdesk: SurveyDesk) -> None:
    sqlite_helpdesk.send()
    sqlite_helpdesk.db.write(
        lambda tx: customers.add_identity(tx, 1, "email", "carl@home.example", clock.now())
    )
    assert sqlite_helpdesk.click(3, sender="Carl <carl@home.example>").verdict == "rating"
    assert sqlite_helpdesk.grade() == 3


def test_a_low_grade_by_mail_opens_a_ticket_with_an_owner_F_Q2_F_Q5(
    sqlite_helpdesk: SurveyDesk,
) -> None:
    sqlite_helpdesk.send()
    sqlite_helpdesk.click(2, "Too slow.")
    made = sqlite_helpdesk.ticket(2)
    assert (made.type, made.segment, made.response_id) == ("detractor", "support", 1)
    assert made.owner in ("eva", "root")  # the managers
    assert made.customer_comment == "Too slow."  # F-Q27
    assert sqlite_helpdesk.ticket().status == "resolved"


@pytest.mark.parametrize(("grade", "opened"), [(6, True), (7, False)])
def test_six_of_ten_is_a_detractor_and_seven_is_not_F_Q5(
    sqlite_helpdesk: SurveyDesk, grade: int, opened: bool
) -> None:
    sqlite_helpdesk.apply(DESK + '\n[[survey]]\nname = "nps"\nscale = "0-10"\n')
    sqlite_helpdesk.set_now(START + DAY)
    sqlite_helpdesk.mail(CARL, "support@help.example", "Loud fan", "It is loud.")
    sqlite_helpdesk.act(resolve, 2, comment="oiled")
    sqlite_helpdesk.set_now(START + 2 * DAY)
    assert sqlite_helpdesk.send() == ["2 nps"]
    links = sqlite_helpdesk.links()
    assert [body for _, _, body in links] == [str(n) for n in range(11)]
    to, subject, body = links[grade]
    assert sqlite_helpdesk.mail(CARL, to, subject, body).verdict == "rating"
    assert sqlite_helpdesk.grade(2) == grade
    with sqlite_helpdesk.db.read() as tx:
        fired = rule_log.lines(tx, rule="detractor")
    assert [one.branch for one in fired] == ["then" if opened else "otherwise"]


def test_of_two_surveys_a_rule_may_mean_one_F_Q38(sqlite_helpdesk: SurveyDesk) -> None:
    rule = '\n[[rule]]\nname = "detractor"\non = "survey"\nwhen = "rating<=2 survey:csat"\nthen = ["tag:unhappy"]\n'
    sqlite_helpdesk.apply(DESK + SURVEY + '\n[[survey]]\nname = "effort"\n' + rule)
    assert sqlite_helpdesk.send() == ["1 csat"]  # it was solved before the other was introduced
    sqlite_helpdesk.mail(CARL, "support@help.example", "Loud fan", "It is loud.")
    sqlite_helpdesk.act(resolve, 2, comment="oiled")
    sqlite_helpdesk.set_now(START + 2 * DAY)
    assert sqlite_helpdesk.send() == ["2 csat"]  # one survey a day
    sqlite_helpdesk.set_now(START + 3 * DAY)
    assert sqlite_helpdesk.send() == ["2 effort"]
    for row, tags in ((-1, ()), (-2, ("unhappy",))):
        mail = sqlite_helpdesk.outbox("survey", to="carl@customer.example")[row]
        raw = sqlite_helpdesk.bytes_to(mail, "carl@customer.example").decode()
        to = re.search("^Reply-To: (.*)\r$", raw, re.MULTILINE)
        assert to and sqlite_helpdesk.mail(CARL, to[1], "x", "1").verdict == "rating"
        assert sqlite_helpdesk.ticket(2).tags == tags


def test_opened_again_before_its_time_it_is_asked_once_after_all_F_C11(
    sqlite_helpdesk: SurveyDesk,
) -> None:
    sqlite_helpdesk.set_now(START + timedelta(hours=3))
    sqlite_helpdesk.mail(
        CARL, "support@help.example", "Re: [Help #1] Printer is broken", "Still broken."
    )
    assert sqlite_helpdesk.ticket().status == "open"
    sqlite_helpdesk.set_now(START + 2 * DAY)
    assert sqlite_helpdesk.send() == []
    sqlite_helpdesk.act(resolve, 1, comment="another toner")
    assert sqlite_helpdesk.send() == []
    sqlite_helpdesk.set_now(START + 3 * DAY)
    assert sqlite_helpdesk.send() == ["1 csat"]
    sqlite_helpdesk.reply("It does not print.")
    sqlite_helpdesk.act(resolve, 1, comment="a third")
    sqlite_helpdesk.set_now(START + 9 * DAY)
    assert sqlite_helpdesk.send() == []


def test_tickets_older_than_the_survey_are_not_surveyed(helpdesk: SurveyDesk) -> None:
    helpdesk.apply(DESK)
    assert helpdesk.send() == []
    helpdesk.set_now(START + 2 * DAY)
    helpdesk.apply(DESK + SURVEY)
    assert helpdesk.send() == []  # solved before it came back
    helpdesk.mail(CARL, "support@help.example", "Loud fan", "It is loud.")
    helpdesk.act(resolve, 2, comment="oiled")
    helpdesk.set_now(START + 2 * DAY + DAY + survey.LATEST + timedelta(seconds=1))
    assert helpdesk.send() == []
    helpdesk.set_now(START + 2 * DAY + DAY + survey.LATEST)
    assert helpdesk.send() == ["2 csat"]


def test_customers_who_are_not_surveyed(helpdesk: SurveyDesk) -> None:
    """Agents, other segments, spam, machines, and whoever mail does not reach."""
    for sender, to in (
        (ANA, "support@help.example"),
        ("Dora <dora@customer.example>", "billing@help.example"),
        ("Eve <eve@evil.example>", "support@help.example"),
        ("Dead <dead@customer.example>", "support@help.example"),
    ):
        helpdesk.mail(sender, to, f"Of {sender}", "Hello there.")
    helpdesk.mail(
        "cron@host.example",
        "support@help.example",
        "Disk",
        "Full.",
        Auto_Submitted="auto-generated",
    )
    for number in range(2, 7):
        helpdesk.act(resolve, number, comment="done")
    helpdesk.db.write(lambda tx: tickets.change(tx, 4, at=START, status="spam"))
    helpdesk.db.write(
        lambda tx: recipients.mark_undeliverable(tx, "dead@customer.example", START, "5.1.1")
    )
    helpdesk.set_now(START + 3 * DAY)
    assert helpdesk.send() == ["1 csat"]


def test_two_concurrent_senders_send_one_survey(helpdesk: SurveyDesk, db_url: str) -> None:
    def run(_: int) -> list[int]:
        database = Database(db_url)
        try:
            return [one.ticket for one in survey.send(database)]
        finally:
            database.dispose()

    with ThreadPoolExecutor(2) as pool:
        sent = [number for numbers in pool.map(run, range(2)) for number in numbers]
    assert sent == [1]
    assert len(helpdesk.outbox("survey")) == 1


def test_the_grade_counts_for_who_owned_it_when_it_was_solved(sqlite_helpdesk: SurveyDesk) -> None:
    sqlite_helpdesk.act(assign, 1, "ben", comment="holidays")
    sqlite_helpdesk.send()
    sqlite_helpdesk.click(5)
    given = sqlite_helpdesk.csat()
    assert given and (given.segment, given.owner) == ("support", None)


def test_a_survey_answer_for_a_merged_ticket_is_stored_on_its_target(
    sqlite_helpdesk: SurveyDesk,
) -> None:
    sqlite_helpdesk.send()
    sqlite_helpdesk.mail(CARL, "support@help.example", "Loud fan", "It is loud.")
    sqlite_helpdesk.act(merge, 1, 2, comment="the same")
    assert sqlite_helpdesk.click(4).ticket == 2
    assert sqlite_helpdesk.grade(2) == 4


def line(helpdesk: SurveyDesk, folder: "Path", **said: Any) -> InboxRow:
    file = folder / "answers.jsonl"
    file.write_text(json.dumps(said) + "\n")
    with file.open("rb") as opened:
        taken = receive_lines.store_lines(helpdesk.db, str(file), opened, "chat", 10_000)
    Worker(helpdesk.db, helpdesk.settings).drain()
    with helpdesk.db.read() as tx:
        return inbox.get(tx, *taken.rows)


def test_an_answer_from_outside_is_kept_once_by_its_id_F_Q2(
    helpdesk: SurveyDesk, tmp_path: "Path"
) -> None:
    said = {"survey": "csat", "ticket": 1, "rating": 2, "comment": "meh", "id": "a1"}
    row = line(helpdesk, tmp_path, **said, at="2026-03-09T20:00:00+01:00")
    assert (row.verdict, row.ticket, row.message_id) == ("rating", 1, "survey:csat:a1")
    given = helpdesk.csat()
    assert given and (given.rating, given.comment, given.via, given.answer_id) == (
        2, "meh", "line", "a1",
    )  # fmt: skip
    assert given.at == clock.parse("2026-03-09T19:00:00Z")
    assert line(helpdesk, tmp_path, **said | {"rating": 5}).verdict == "duplicate"
    assert helpdesk.grade() == 2
    assert helpdesk.ticket(2).type == "detractor"


def test_an_unhappy_customer_without_ticket_gets_one_F_Q2(
    helpdesk: SurveyDesk, tmp_path: "Path"
) -> None:
    dora = {"name": "Dora", "email": "dora@customer.example"}
    row = line(helpdesk, tmp_path, survey="csat", customer=dora, rating=1, comment="never again")
    assert (row.verdict, row.ticket) == ("rating", None)
    made = helpdesk.ticket(2)
    assert (made.subject, made.segment) == ("Detractor: csat 1 of 5", "support")
    assert (made.customer.name, made.owner in ("eva", "root")) == ("Dora", True)
    assert made.customer_comment == "never again"
    assert line(helpdesk, tmp_path, survey="csat", customer=dora, rating=5).verdict == "rating"
    with helpdesk.db.read() as tx:
        assert [one.branch for one in rule_log.lines(tx, rule="detractor")] == ["otherwise", "then"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"survey": "nps", "ticket": 1, "rating": 5}, 'no survey "nps"'),
        ({"survey": "csat", "ticket": 9, "rating": 5}, "no ticket 9"),
        ({"survey": "csat", "ticket": 1, "rating": 6}, "has 1 to 5"),
        ({"survey": "csat", "rating": 5}, "an answer must name either its ticket or its customer"),
        ({"survey": "csat", "ticket": 1, "rating": "5"}, "$.rating"),
        ({"survey": "csat", "ticket": 1, "rating": 5, "colour": "red"}, "colour"),
        ({"survey": "csat", "ticket": 1, "rating": 5, "at": "2026-03-09T08:00:00"}, "zone"),
    ],
)
def test_an_answer_from_outside_that_cannot_be_kept_is_held(
    sqlite_helpdesk: SurveyDesk, tmp_path: "Path", said: dict[str, Any], why: str
) -> None:
    row = line(sqlite_helpdesk, tmp_path, **said)
    assert row.state == "held"
    assert why in (row.error or "")
    assert sqlite_helpdesk.csat() is None


def test_nobody_who_has_unsubscribed_is_asked_and_history_says_why(helpdesk: SurveyDesk) -> None:
    helpdesk.act(unsubscribe.add, "Carl@customer.example", [SURVEYS])
    assert helpdesk.send(dry_run=True) == []
    assert helpdesk.send() == helpdesk.send() == []
    assert helpdesk.outbox("survey") == []
    (line,) = helpdesk.events(1, "survey")
    assert line.comment == "not sent: carl@customer.example has unsubscribed from surveys"
    assert helpdesk.read(surveys.figures) == {}


def test_unsubscribing_from_reports_does_not_stop_surveys(helpdesk: SurveyDesk) -> None:
    helpdesk.act(unsubscribe.add, "carl@customer.example", [REPORTS])
    assert helpdesk.send() == ["1 csat"]


def test_one_click_on_a_survey_stops_all_later_ones_L7(helpdesk: SurveyDesk) -> None:
    helpdesk.send()
    uri = urlsplit(str(helpdesk.asked()["List-Unsubscribe"]).strip("<>"))
    for form in ("plain", "html"):
        body = helpdesk.asked().get_body((form,))
        assert body is not None and unquote(uri.path) in body.get_content()
    row = helpdesk.mail(CARL, unquote(uri.path), parse_qs(uri.query)["subject"][0], "")
    assert (row.verdict, helpdesk.grade(), len(helpdesk.messages(1))) == ("command", None, 1)
    helpdesk.mail(CARL, "support@help.example", "Scanner is broken", "It does not scan.")
    helpdesk.act(resolve, 2, comment="done")
    helpdesk.set_now(START + 4 * DAY)
    assert helpdesk.send() == []
    assert helpdesk.events(2, "survey")[0].comment.startswith("not sent: carl@customer.example")


def test_the_word_unsubscribe_as_an_answer_to_a_survey_is_no_message_L7(
    sqlite_helpdesk: SurveyDesk,
) -> None:
    sqlite_helpdesk.send()
    row = sqlite_helpdesk.reply("Unsubscribe")
    assert (row.verdict, len(sqlite_helpdesk.messages(1))) == ("command", 1)
    (one,) = sqlite_helpdesk.read(unsubscribed.listing)
    assert (one.address, one.mail) == ("carl@customer.example", SURVEYS)
