"""Emoji reactions: noted on the message they are about (F8)."""

import pytest

from tests.support.mail_desk import MailDesk
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.domain.base.records import InboxRow

CARL = "Carl Customer <carl@customer.example>"
SUPPORT = "support@help.example"


def with_reaction(helpdesk: MailDesk, text: str, answered: str, sender: str = CARL) -> InboxRow:
    """A mail with Gmail's part for an emoji reaction."""
    raw = f"""From: {sender}
To: {SUPPORT}
Subject: Re: Printer
Message-ID: <{len(text)}@gmail.example>
In-Reply-To: {answered}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=cut

--cut
Content-Type: text/plain; charset=utf-8

{text}
--cut
Content-Type: text/vnd.google.email-reaction+json; charset=utf-8

{{"emoji": "🎉", "version": 1}}
--cut--
"""
    return helpdesk.feed(raw.encode())


def test_an_emoji_reaction_is_noted_on_its_message_and_opens_nothing_F8(
    helpdesk: MailDesk,
) -> None:
    helpdesk.ana_answers("Please switch it off and on again.")
    answer, sent = helpdesk.to_carl()[-1], len(helpdesk.outbox())
    row = with_reaction(helpdesk, "🎉 Carl a réagi via Gmail", answer.message_id)
    assert (row.verdict, row.class_, row.ticket) == ("bounce", "report", 1)
    noted = helpdesk.events(1, "reported")[-1]
    assert (noted.comment, noted.new["message"]) == ("🎉 Carl a réagi via Gmail", answer.message)
    stray = with_reaction(helpdesk, "🎉 Carl reacted", "<other@forest.example>")
    assert (stray.class_, stray.ticket) == ("report", None)
    assert len(helpdesk.outbox()) == sent


def test_words_beside_an_emoji_reaction_are_an_answer_F8(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers("Please switch it off and on again.")
    text = "Danke!\n\nEs geht.\n\nNoch eine Frage:\n\nwas kostet ein neuer?\n"
    row = with_reaction(helpdesk, text, helpdesk.to_carl()[-1].message_id)
    assert (row.verdict, row.class_, row.ticket) == ("reply", "human", 1)


@pytest.mark.parametrize(
    "line",
    [
        "👍 Carl reacted via Gmail",
        "❤️ Carl hat über Gmail reagiert",
        "😂 Carl が Gmail で反応しました",
    ],
)
def test_a_reaction_to_a_message_that_came_in_is_noted_and_reopens_nothing_F8(
    helpdesk: MailDesk, line: str
) -> None:
    first = helpdesk.messages()[0].message_id or ""
    helpdesk.do(lambda work: resolve(work, 1, comment="done"))
    sent = len(helpdesk.outbox())
    row = with_reaction(helpdesk, line, first)
    assert (row.class_, row.ticket, row.message) == ("report", 1, 1)
    assert [one.comment for one in helpdesk.events(1, "reported")] == [line]
    assert (helpdesk.ticket(1).status, len(helpdesk.messages())) == ("resolved", 1)
    assert len(helpdesk.outbox()) == sent


def test_a_strangers_reaction_to_a_message_that_came_in_is_not_noted_F8_D9(
    helpdesk: MailDesk,
) -> None:
    first = helpdesk.messages()[0].message_id or ""
    row = with_reaction(helpdesk, "👍 Eve", first, sender="Eve <eve@evil.example>")
    assert (row.class_, row.ticket) == ("report", None)
    assert helpdesk.events(1, "reported") == []
