"""How many statements a mail costs in the transaction that files it."""

from collections.abc import Callable

from tests.support.mail_desk import CARL, MailDesk
from tests.support.statements import heard, plan

DORA = "Dora New <dora@customer.example>"
LARGE = {
    "ticket",
    "message",
    "event",
    "identity",
    "customer",
    "outbox",
    "delivery",
    "mail_id",
    "inbox",
    "filed",
}
SUPPORT, BILLING = "support@help.example", "billing@help.example"


def statements(deed: Callable[[], object]) -> list[str]:
    """The statements that file one mail, without those that begin and end the transaction."""
    with heard() as asked:
        deed()
    texts = [text for text, _ in asked]
    first = next(place for place, text in enumerate(texts) if text.startswith("INSERT INTO filed"))
    texts = texts[first:]
    claim = "SELECT inbox.id, inbox.attempts"
    return texts[: next(place for place, text in enumerate(texts) if text.startswith(claim))]


def test_a_new_mail_costs_24_statements_with_its_acknowledgement(each_helpdesk: MailDesk) -> None:
    run = statements(lambda: each_helpdesk.mail(DORA, SUPPORT, "Paper", "It is out."))
    assert len(each_helpdesk.outbox("ack", to="dora@customer.example")) == 1
    assert len(run) <= 24, "\n".join(run)
    assert_each_once(run)


def test_a_new_mail_to_a_sole_manager_costs_no_more(each_helpdesk: MailDesk) -> None:
    run = statements(lambda: each_helpdesk.mail(DORA, BILLING, "Bill", "It is wrong."))
    assert each_helpdesk.ticket(2).owner == "ida"
    assert len(run) <= 24, "\n".join(run)
    assert_each_once(run)


def test_a_reply_costs_23_statements(each_helpdesk: MailDesk) -> None:
    run = statements(
        lambda: each_helpdesk.mail(
            CARL, SUPPORT, "Re: Printer", "It still does not.", In_Reply_To="<1@mail.example>"
        )
    )
    assert each_helpdesk.ticket(1).messages_count == 2
    assert len(run) <= 23, "\n".join(run)
    assert sum("INTO mail_id " in text for text in run) == 1


def test_no_statement_of_a_mail_goes_through_a_table(helpdesk: MailDesk) -> None:
    with heard() as asked:
        helpdesk.mail(DORA, SUPPORT, "Paper", "It is out.", Cc="Eva <eva@friends.example>")
        helpdesk.mail(
            CARL, SUPPORT, "Re: Printer", "It still does not.", In_Reply_To="<1@mail.example>"
        )
    kinds = ("SELECT", "UPDATE", "INSERT INTO identity")
    run = [one for one in asked if one[0].startswith(kinds)]
    steps = helpdesk.read(lambda tx: plan(tx, run))
    assert len(run) > 30
    assert [step for step in steps if step.startswith("SCAN") and step.split()[1] in LARGE] == []
    assert [step for step in steps if step.endswith("(kind=?)")] == []  # all addresses there are


def assert_each_once(run: list[str]) -> None:
    """One statement writes all that a new mail brings of a kind, and none is changed that was just written."""
    for table in ("ticket", "event", "mail_id", "search_entry", "message"):
        assert sum(f"INTO {table} " in text for text in run) == 1, table
    assert sum(text.startswith("UPDATE ticket") for text in run) == 1
    assert not any(text.startswith("SELECT") and "FROM ticket" in text for text in run)
