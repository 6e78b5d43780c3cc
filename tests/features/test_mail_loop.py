"""From the customer's mail to the closed loop: what comes in by any way is a ticket, and what ends is told."""

import json
import smtplib
from collections.abc import Iterator, Mapping

import pytest

from tests.conftest import OpenDoors
from tests.support.outside import CARL, DORA, NOW, Outside
from ticketctl.settings.table import Gateway, Settings
from ticketctl.store.db.database import Database

HOURS = """
[[calendar]]
name = "office"
timezone = "UTC"
hours = { mon = ["09:00-17:00"], tue = ["09:00-17:00"] }

[[sla]]
name = "office"
calendar = "office"
targets = { default = { first = "2h" } }
"""
CHATS = [
    "email", "chat", "phone", "form", "wall", "dm", "social", "mention", "call", "forum", "review",
]  # fmt: skip


def test_F_C2_what_comes_when_nobody_is_there_is_kept(outside: Outside) -> None:
    """A mail at night and a chat become tickets without an owner, and the customer is told when we are back."""
    outside.apply(HOURS)
    for agent in ("ana", "ben", "eva", "root"):
        outside.run("agent", "away", agent, "-m", "asleep")
    outside.mail()
    (ack,) = outside.outbox("ack")
    assert "Nobody is here right now" in outside.text(ack)
    chat = outside.file("chat.txt", "[08:00] Dora: Hello?\n[08:01] ana: One moment.\n")
    number = outside.new("--channel", "chat", "--transcript", chat, customer="dora@x.example")
    assert outside.ids("list", "--owner", "none") == [number, 1]
    assert "Hello?" in outside.run("show", str(number))


@pytest.fixture
def doors(sqlite_url: str, outside: Outside, open_doors: OpenDoors) -> Iterator[dict[str, str]]:
    """The SMTP and LMTP servers of the desk."""
    database = Database(sqlite_url)
    settings = Settings(gateway=Gateway(smtp=("127.0.0.1:0",), lmtp=("127.0.0.1:0",)))
    with open_doors(database, settings) as addresses:
        yield addresses
    database.dispose()


def test_F_C4_a_mail_makes_the_same_ticket_by_every_door(
    outside: Outside, doors: dict[str, str]
) -> None:
    """By SMTP, LMTP and the pipe: one ticket each, with the same fields."""
    raw = b"From: %s\r\nTo: support@help.example\r\nSubject: Hi\r\nMessage-ID: <%d@x.example>\r\n\r\nHelp!\r\n"
    senders = ["a@x.example", "b@x.example", "c@x.example"]
    for number, (way, door) in enumerate((("smtp", smtplib.SMTP), ("lmtp", smtplib.LMTP))):
        host, _, port = doors[way].rpartition(":")
        with door(host, int(port), timeout=60) as client:
            mail = raw % (senders[number].encode(), number)
            client.sendmail(senders[number], ["support@help.example"], mail)
    outside.run("gateway", "file")
    outside.deliver(raw % (senders[2].encode(), 2))
    tickets = [outside.ticket(number) for number in (1, 2, 3)]
    assert [one["customer"]["email"] for one in tickets] == senders
    for name in ("subject", "status", "channel", "mailbox", "segment", "priority", "kind"):
        assert len({one[name] for one in tickets}) == 1, name
    assert {one["messages"][0]["text"] for one in tickets} == {"Help!"}


def test_F_C10_an_answer_is_decoded_and_opens_the_ticket(outside: Outside) -> None:
    """ISO-8859-2 in quoted-printable: the text is right, the status open, the raw mail as it came."""
    outside.mail()
    outside.run("reply", "1", "-m", "Is it on?", "--status", "waiting")
    ours = outside.sent(outside.outbox("reply")[0])["Message-ID"]
    raw = (
        f"From: {CARL}\r\nTo: support@help.example\r\nSubject: =?iso-8859-2?q?Re:_=AElu=BBou=E8k=FD?=\r\n"
        f"Message-ID: <cs@customer.example>\r\nIn-Reply-To: {ours}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=iso-8859-2\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "\r\nP=F8=EDli=B9 =BElu=BBou=E8k=FD k=F9=F2.\r\n"
    ).encode()
    outside.deliver(raw)
    shown = outside.ticket()
    assert shown["status"] == "open"
    assert shown["messages"][-1]["text"] == "Příliš žluťoučký kůň."
    kept = outside.raw("show", "1", "--raw", "--message", str(len(shown["messages"])))
    assert kept == raw


@pytest.mark.parametrize("verb", ["resolve", "close"])
def test_F_Q1_the_customer_is_told_of_the_solution_once(outside: Outside, verb: str) -> None:
    """One mail, and the ticket keeps when; --no-notify tells nobody."""
    outside.mail()
    outside.mail(sender=DORA)
    outside.run(verb, "1", "-m", "done")
    outside.run(verb, "2", "-m", "done", "--no-notify")
    assert [one["ticket"] for one in outside.outbox("resolution")] == [1]
    assert outside.ticket(1)["closed_loop_at"] == NOW
    assert outside.ticket(2)["closed_loop_at"] is None


def lines(outside: Outside, *messages: Mapping[str, object]) -> None:
    """Hand in messages of other channels."""
    path = outside.file("in.jsonl", "".join(json.dumps(one) + "\n" for one in messages))
    outside.run("gateway", "ingest", "-q", "--channel", "chat", path)


def test_F_L1_requests_of_every_channel_become_tickets(outside: Outside) -> None:
    """One line a channel makes one ticket each; the same line again none."""
    messages = [
        {
            "channel": one,
            "id": f"{one} 1",
            "customer": {"email": f"{one}@x.example"},
            "text": "Help!",
        }
        for one in CHATS[1:]
    ]
    lines(outside, *messages)
    lines(outside, *messages)
    assert sorted(one["channel"] for one in outside.data("list")) == sorted(CHATS[1:])


def test_F_L2_each_kind_of_identity_finds_its_customer(outside: Outside) -> None:
    """An address, a telephone number and a name in a network, each known again."""
    kinds = [{"email": "ana@x.example"}, {"phone": "+34600112233"}, {"identity": "twitter:@ana"}]
    for again in ("a", "b"):
        lines(
            outside,
            *({"id": f"{again}{n}", "customer": one, "text": "Hi"} for n, one in enumerate(kinds)),
        )
    owners = [one["customer"]["id"] for one in outside.data("list", "--sort", "id")]
    assert len(set(owners)) == 3 and owners[:3] == owners[3:]


@pytest.mark.parametrize("channel", ["email", "chat", "social", "mention", "call", "form", "forum"])
def test_F_T5_each_type_of_request_is_accepted(outside: Outside, channel: str) -> None:
    """An unknown one is refused with 2."""
    number = outside.new("--channel", channel)
    assert outside.ticket(number)["channel"] == channel
    outside.run("new", "--customer", "a@x.example", "--channel", "pigeon", "-m", "x", code=2)


def test_F_T4_an_interaction_on_another_channel_joins_its_ticket(outside: Outside) -> None:
    """A program logs both sides of a conversation; an answer given there counts and is not sent."""
    asked = {"id": "1", "thread": "t", "customer": {"identity": "twitter:@ana"}, "text": "Hi"}
    answer = {"id": "2", "thread": "t", "direction": "out", "agent": "ana", "text": "Hello"}
    lines(outside, asked, answer)
    shown = outside.ticket()
    assert [one["direction"] for one in shown["messages"]] == ["in", "out"]
    assert shown["awaiting"] == "customer"
    assert outside.outbox("reply") == []


def test_F_T7_all_tickets_are_in_one_inbox(outside: Outside) -> None:
    """Mail to two accounts, a call and a chat are in one list, and `next` takes from all."""
    outside.mail()
    outside.mail(to="billing@help.example", sender=DORA)
    outside.new("--channel", "call", customer="eve@x.example")
    lines(outside, {"id": "1", "customer": {"identity": "twitter:@ana"}, "text": "Hi"})
    assert sorted(outside.ids("list")) == [1, 2, 3, 4]
    assert [one["id"] for one in outside.data("next")] == [1]


def test_F_T19_the_acknowledgement_answers_the_frequent_question(outside: Outside) -> None:
    """The snippet of the type is in it."""
    outside.apply("""
[[type]]
name = "shipping"
snippet = "Parcels take three days."

[[rule]]
name = "shipping words"
on = "message"
when = "subject:parcel"
then = ["type:shipping"]
""")
    outside.mail(Subject="Where is my parcel")
    outside.mail(sender=DORA)
    first, second = (outside.text(one) for one in outside.outbox("ack"))
    assert "Parcels take three days." in first
    assert "Parcels take three days." not in second


def test_F_T20_a_contact_form_fills_the_fields(outside: Outside) -> None:
    """The customer is the one of the form, only if the form's own address sent it."""
    form = "E-mail: ana@x.example\nSubject: Wrong bill\nreason: refund\n\nPlease look.\n"
    proof = "mx.help.example; dmarc=pass header.from=shop.example"
    outside.mail(form, sender="www@shop.example", Authentication_Results=proof)
    outside.mail(form, sender="stranger@x.example")
    shown = outside.ticket(1)
    assert (shown["customer"]["email"], shown["subject"]) == ("ana@x.example", "Wrong bill")
    assert outside.ticket(2)["customer"]["email"] == "stranger@x.example"
