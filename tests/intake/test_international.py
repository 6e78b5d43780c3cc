"""Customers, agents and bans with international domains: two spellings, one person."""

import json

import pytest

from tests.support.desk import DESK
from tests.support.mail_desk import CARL, MailDesk
from ticketctl.actions.customers import erase
from ticketctl.cli import main as cli
from ticketctl.store.desk import definitions
from ticketctl.store.people import customers
from ticketctl.store.queues import bans

DOMAINS = [
    ("Bücher.example", "xn--bcher-kva.example"),
    ("ПРИМЕР.example", "xn--e1afmkfd.example"),
    ("例え.example", "xn--r8jz45g.example"),
]
each_domain = pytest.mark.parametrize(("written", "ascii"), DOMAINS)


def eight_bit(sender: str, subject: str, id: str, more: str = "") -> bytes:
    """A mail with its sender in UTF-8, as SMTPUTF8 brings it."""
    return (
        f"From: Ana <{sender}>\r\nTo: support@help.example\r\nSubject: {subject}\r\nMessage-ID: <{id}@x.example>\r\n"
        f"{more}Content-Type: text/plain; charset=utf-8\r\n\r\nOur lamp is dark, see {sender}.\r\n"
    ).encode()


@each_domain
@pytest.mark.parametrize("turned", [False, True])
def test_both_spellings_of_a_domain_are_one_customer_G1(
    helpdesk: MailDesk, written: str, ascii: str, turned: bool
) -> None:
    first, second = (ascii, written) if turned else (written, ascii)
    lamp = helpdesk.feed(eight_bit(f"ana@{first}", "Lamp", "1")).ticket or 0
    answer = eight_bit(f"ana@{second}", "Re: Lamp", "2", "In-Reply-To: <1@x.example>\r\n")
    assert helpdesk.feed(answer).ticket == lamp
    assert len(helpdesk.messages(lamp)) == 2
    other = helpdesk.feed(eight_bit(f"ANA@{second}", "Another", "3")).ticket or 0
    assert other != lamp
    assert helpdesk.ticket(lamp).customer == helpdesk.ticket(other).customer
    assert helpdesk.ticket(lamp).customer.email == f"ana@{ascii}"


@each_domain
def test_a_ban_in_one_spelling_holds_for_the_other_G15(
    helpdesk: MailDesk, written: str, ascii: str
) -> None:
    for pattern, sender in ((f"@{written}", ascii), (f"@{ascii}", written), (f"*@*.{written}", "")):
        helpdesk.db.write(lambda tx, p=pattern: bans.add(tx, p, at=helpdesk.now(), actor="ana"))
        sender = f"eve@{sender or 'shop.' + ascii}"
        assert helpdesk.read(lambda tx, s=sender: bans.Banned(tx).holds(s))
        row = helpdesk.feed(eight_bit(sender, "Buy", str(len(pattern))))
        assert helpdesk.ticket(row.ticket or 0).status == "spam", pattern
        assert helpdesk.db.write(lambda tx, p=pattern: bans.remove(tx, p))


@each_domain
def test_an_agent_with_an_international_address_is_known_in_both_spellings_G9(
    helpdesk: MailDesk, written: str, ascii: str
) -> None:
    helpdesk.apply(DESK.replace("ben@help.example", f"ben@{written}"))
    definition = helpdesk.read(definitions.current)
    for spelling in (f"ben@{written}", f"Ben@{ascii}"):
        agent = definition.agent_by_email(spelling)
        assert agent is not None and agent.name == "ben"


@each_domain
def test_commands_find_the_customer_in_both_spellings(
    helpdesk: MailDesk,
    written: str,
    ascii: str,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    lamp = helpdesk.feed(eight_bit(f"ana@{ascii}", "Lamp", "1")).ticket
    for spelling in (f"ana@{written}", f"ana@{ascii}"):
        assert cli.run(["customer", "show", spelling, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["email"] == f"ana@{ascii}"
        assert cli.run(["list", f"email:{spelling}", "--json"]) == 0
        assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [lamp]
        assert cli.run(["customer", "list", spelling, "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)) == 1
    assert cli.run(["list", f"email:@{written}", "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [lamp]


@each_domain
def test_an_erased_customer_is_erased_in_both_spellings(
    helpdesk: MailDesk, written: str, ascii: str
) -> None:
    helpdesk.feed(eight_bit(f"ana@{written.lower()}", "Lamp", "1"))
    told = helpdesk.mail(CARL, "support@help.example", "Desk", f"Ask ana@{written}.").ticket or 0
    assert written in helpdesk.messages(told)[0].text
    one = helpdesk.read(lambda tx: customers.by_identity(tx, "email", f"ana@{ascii}"))
    assert one is not None
    helpdesk.do(lambda work: erase.erase(work, one.id), "root", role="admin")
    assert written.lower() not in helpdesk.messages(told)[0].text.lower()
