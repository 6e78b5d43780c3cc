"""The main job, end to end: mail in, ticket, answers out, the customer's answers by three ways, an expert's help."""

from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

if TYPE_CHECKING:
    from .conftest import Left, LoopbackDesk, NewDesk

CARL, DORA, EXPERT = "carl@customer.example", "dora@customer.example", "eve@partner.example"
DESK = "support@help.example"
INSIDE = "xyzzy-nur-intern"  # a word that only the desk may read


def mail(sender: str, text: str, **head: str) -> bytes:
    """A mail as a client writes it."""
    identity = f"<{crc32((sender + text).encode())}@client.example>"
    head = {"From": sender, "Message-ID": identity, **head}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in head.items()]
    return "\r\n".join([*lines, "", text, ""]).encode()


class Desk:
    """A running desk, looked at mail by mail."""

    def __init__(self, running: "LoopbackDesk") -> None:
        self.running = running
        self.read = 0

    def gets(self, sender: str, recipient: str, text: str, **head: str) -> list["Left"]:
        """A mail comes in; what leaves because of it."""
        self.running.deliver(mail(sender, text, **head), sender, recipient)
        return self.leaves()

    def does(self, *words: str) -> list["Left"]:
        """Anna types a command; what leaves because of it."""
        self.running.run(*words)
        return self.leaves()

    def leaves(self) -> list["Left"]:
        self.running.work()
        left = self.running.left()[self.read :]
        self.read += len(left)
        return left

    @property
    def ticket(self) -> dict[str, Any]:
        return self.running.show(1)


@pytest.fixture
def desk(new_desk: "NewDesk") -> Desk:
    return Desk(new_desk("support"))


def told(left: list["Left"]) -> list[tuple[str, str]]:
    """Who got what kind of mail."""
    return sorted((one.kind, one.recipient) for one in left)


def test_the_story(desk: Desk) -> None:
    left = desk.gets(CARL, DESK, "It does not print.", Subject="Printer", Cc=DORA)
    ack = next(one for one in left if one.kind == "ack")
    agents = [("notification", "anna@help.example"), ("notification", "ben@help.example")]
    assert told(left) == [("ack", CARL), *agents]

    desk.does("assign", "1", "@me", "-m", f"mine, {INSIDE}")
    assert desk.does("comment", "1", "-m", f"the ribbon, says {INSIDE}") == []
    left = desk.does("reply", "1", "-m", "Please turn the ribbon over.")
    assert told(left) == [("reply", CARL), ("reply", DORA)]
    reply = next(one for one in left if one.recipient == CARL)
    assert reply.mail["In-Reply-To"] and reply.mail["Subject"] == "Re: [Help #1] Printer"
    owner = [("notification", "anna@help.example")]
    assert desk.ticket["awaiting"] == "customer"

    id_ = str(reply.mail["Message-ID"])
    assert told(desk.gets(CARL, DESK, "By id.", Subject="Re: printer", In_Reply_To=id_)) == owner
    assert desk.ticket["awaiting"] == "agent"

    desk.does("resolve", "1", "-m", f"ribbon, {INSIDE}")
    assert desk.ticket["status"] == "resolved"
    address = str(reply.mail["Reply-To"])
    assert told(desk.gets(CARL, address, "By address.", Subject="no words of ours")) == owner
    assert desk.ticket["status"] == "open"

    desk.does("close", "1", "-m", f"truly done, {INSIDE}")
    tagged = f"AW: {reply.mail['Subject']}"
    assert told(desk.gets(CARL, DESK, "By tag.", Subject=tagged)) == owner
    assert desk.ticket["status"] == "open"

    texts = [one["text"] for one in desk.ticket["messages"] if one["direction"] == "in"]
    assert texts == ["It does not print.", "By id.", "By address.", "By tag."]
    assert desk.running.count("ticket") == 1
    assert ack.mail["Auto-Submitted"] == "auto-replied"
    assert_nothing_leaked(desk)


def test_what_experts_and_agents_say_inside_reaches_no_customer_L8(desk: Desk) -> None:
    desk.gets(CARL, DESK, "It does not print.", Subject="Printer", Cc=DORA)
    desk.does("take", "1")
    left = desk.does("escalate", "1", "--to", EXPERT, "-m", f"have you seen this? {INSIDE}")
    dossier = next(one for one in left if one.recipient == EXPERT)
    assert told(left) == [("escalation", EXPERT)]
    assert INSIDE in dossier.text and "It does not print." in dossier.text

    answer = f"Change the drum, {INSIDE}."
    head = {"Subject": f"Re: {dossier.mail['Subject']}", "In_Reply_To": dossier.mail["Message-ID"]}
    left = desk.gets(EXPERT, str(dossier.mail["Reply-To"]), answer, **head)
    assert told(left) == [("notification", "anna@help.example")]
    assert [one["author"] for one in desk.ticket["comments"]][-1] == EXPERT
    assert desk.ticket["comments"][-1]["text"] == answer
    assert len(desk.ticket["messages"]) == 1

    for words in (
        ("comment", "1", "-m", f"@ben look: {INSIDE}"),
        ("edit", "1", "--priority", "high", "-m", INSIDE),
        ("reply", "1", "-m", "We change the drum.", "--to-message", "1"),
        ("wait", "1", "-m", INSIDE),
        ("resolve", "1", "-m", INSIDE, "--reply", "Fixed."),
        ("reopen", "1", "-m", INSIDE),
        ("close", "1", "-m", INSIDE),
    ):
        desk.does(*words)
    assert_nothing_leaked(desk)


def test_a_bounce_is_seen_on_the_ticket_by_its_signed_address_alone_F2_F3(desk: Desk) -> None:
    desk.gets(CARL, DESK, "It does not print.", Subject="Printer")
    desk.does("take", "1")
    (reply,) = desk.does("reply", "1", "-m", "Please turn the ribbon over.")
    head = {"From": "MAILER-DAEMON@mx.example", "Subject": "Undelivered Mail Returned to Sender"}
    raw = mail("<>", "The user is unknown: 550 5.1.1", **head)
    desk.running.deliver(raw, "", reply.sender)
    assert told(desk.leaves()) == [("notification", "anna@help.example")]
    assert desk.ticket["messages"][-1]["delivery"] == "bounced"
    assert desk.running.count("ticket") == 1


def test_a_stranger_with_a_leaked_id_reads_and_changes_nothing_D9(desk: Desk) -> None:
    desk.gets(CARL, DESK, "The password is swordfish.", Subject="Printer")
    desk.does("take", "1")
    (reply,) = desk.does("reply", "1", "-m", "Noted: swordfish.")
    desk.does("close", "1", "-m", "done")
    head = {"Subject": str(reply.mail["Subject"]), "In_Reply_To": str(reply.mail["Message-ID"])}
    for recipient in (DESK, str(reply.mail["Reply-To"])):
        left = desk.gets("mallory@evil.example", recipient, f"Again, to {recipient}?", **head)
        assert not [one for one in left if one.recipient == CARL]
        assert not any("swordfish" in one.text for one in left)
    assert desk.ticket["status"] == "closed" and len(desk.ticket["messages"]) == 2
    assert desk.running.count("ticket") == 3
    assert all(link["ticket"] == 1 for link in desk.running.show(2)["links"])


def assert_nothing_leaked(desk: Desk) -> None:
    """The inside word stands in no mail to the customer's side, in no part and no header."""
    mails = [one for one in desk.running.left() if one.recipient in (CARL, DORA)]
    assert len(mails) > 3
    assert [one.kind for one in mails if INSIDE in one.text or INSIDE.encode() in one.raw] == []
    # The word was there to leak: agents and experts did read it, or it stands in the history.
    assert INSIDE in desk.running.run("history", "1")
