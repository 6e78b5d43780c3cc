"""The HTML of the mails a desk sends, from a customer's first mail to the report; and replies that quote this HTML."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests.intake.test_surveys import START, SurveyDesk
from tests.support.desk import DESK
from tests.support.mail_desk import CARL
from tests.support.mail_page import CLIPPED, LEAST_CONTRAST, PHONE, MailPage
from tests.unit.reports import sample
from ticketctl import clock
from ticketctl.actions.mail import report_email
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.reports.formats import email
from ticketctl.store.db.database import Database

SURVEYS = """
[[survey]]
name = "csat"

[[survey]]
name = "nps"
scale = "0-10"
"""
WORDS = "Please see https://help.example/ribbon?a=1&b=2, or write to ana@help.example."
LINKS = [
    ("https://help.example/ribbon?a=1&b=2",) * 2,
    ("mailto:ana@help.example", "ana@help.example"),
]


@pytest.fixture
def helpdesk(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> SurveyDesk:
    """Ana answered two of Carl's mails and resolved the tickets; the surveys and a report are in the outbox."""
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(START))
    made = SurveyDesk(sqlite_db)
    made.apply(DESK + SURVEYS)
    made.mail(CARL, "support@help.example", "Printer is broken", "See https://evil.example/ now.")
    made.mail(CARL, "support@help.example", "الطابعة لا تعمل", "مرحبا، الطابعة لا تعمل.")
    made.act(reply, 1, WORDS, Extras(to_message=1))
    made.act(reply, 2, "افتح https://help.example/ar/طابعة، ثم اطبع.")
    for number in (1, 2):
        made.act(resolve, number, comment="done", reply_text=WORDS)
    for days in range(1, 5):  # a customer gets one survey a day
        monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(START + timedelta(days=days)))
        made.send()
    mail = email.of(sample.ALL, desk_name="Help")
    parts = {name: getattr(mail, name) for name in ("subject", "text", "html", "file", "workbook")}
    made.act(report_email.send, ["heads@board.example"], actor="eva", **parts)
    return made


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    return part.get_content() if part is not None else ""


def test_every_mail_with_html_is_readable_anywhere(helpdesk: SurveyDesk) -> None:
    seen = set()
    for row in helpdesk.outbox():
        html = html_of(helpdesk.read_mail(row))
        if not html:
            continue
        seen.add(row.kind)
        shown = MailPage(html)
        assert shown.half_painted() == shown.left_light() == shown.tables_of_no_kind() == []
        assert shown.wide(PHONE - 32) == []
        for scheme in ("light", "dark"):
            assert min(one.contrast for one in shown.painted(scheme)) >= LEAST_CONTRAST
        assert shown.tree.findtext(".//title") and len(html.encode()) < CLIPPED
    assert seen == {"ack", "reply", "resolution", "survey", "report"}


def test_links_are_those_of_the_agents_words(helpdesk: SurveyDesk) -> None:
    first, second = (helpdesk.read_mail(row) for row in helpdesk.outbox("reply"))
    assert MailPage(html_of(first)).links() == LINKS
    assert "https://evil.example/" in html_of(first)
    assert MailPage(html_of(second)).links() == [("https://help.example/ar/طابعة",) * 2]
    for row in helpdesk.outbox("resolution"):
        assert MailPage(html_of(helpdesk.read_mail(row))).links() == LINKS
    plain = first.get_body(("plain",))
    assert plain is not None and WORDS in plain.get_content()


QUOTES = {
    "gmail": '<div dir="ltr">{}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">El mar, 10 mar 2026'
    ' a las 9:00, Help (&lt;<a href="mailto:support@help.example">support@help.example</a>&gt;) escribió:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{}</blockquote></div>',
    "apple": '<html><body>{}<div><br><blockquote type="cite"><div>10. 3. 2026 v 9:00,'
    ' Help &lt;support@help.example&gt;:</div><br><div>{}</div></blockquote></div></body></html>',
    "outlook": '<html><body><p class="MsoNormal">{}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>'
    "<b>Von:</b> Help &lt;support@help.example&gt; <br><b>Gesendet:</b> Dienstag, 10. März 2026 09:00<br>"
    "<b>An:</b> Carl<br>"
    "<b>Betreff:</b> Printer</p></div>{}</body></html>",
}  # fmt: skip


@pytest.mark.parametrize("client", QUOTES)
@pytest.mark.parametrize("survey", ["csat", "nps"])
def test_a_grade_above_our_quoted_html_is_the_grade_F_C11(
    helpdesk: SurveyDesk, survey: str, client: str
) -> None:
    (row,) = (
        one for one in helpdesk.outbox("survey") if one.ticket == 1 and one.data["survey"] == survey
    )
    asked = helpdesk.read_mail(row)
    body = re.sub(r"(?s).*<body[^>]*>|</body>.*", "", html_of(asked))
    answer = EmailMessage()
    answer["From"], answer["Message-ID"] = CARL, "<answer@customer.example>"
    answer["To"], answer["Subject"] = asked["Reply-To"], f"Re: {asked['Subject']}"
    answer["In-Reply-To"] = asked["Message-ID"]
    answer.set_content(QUOTES[client].format("4<br>Quick and friendly.", body), subtype="html")
    to = re.sub(".*<|>.*", "", asked["Reply-To"])
    assert helpdesk.feed(answer.as_bytes(), to).verdict == "rating"
    given = helpdesk.csat()
    assert given and (given.survey, given.rating, given.comment) == (
        survey, 4, "Quick and friendly.",
    )  # fmt: skip
