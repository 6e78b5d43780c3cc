"""What is said in a ticket and who gets to read it: messages, comments, help from outside."""

import json
import re
import sys

import pytest

from tests.support.outside import CARL, DORA, Outside

SECRET = "xyzzy-intern"  # a word that only the desk may read
QUOTED = "It still does not print.\n\nOn Monday Help wrote:\n> Is it on?\n> Is the paper in?\n"


def talk(outside: Outside, numbers: range) -> None:
    """Carl writes these messages of ticket 1, by the JSON lines of a chat."""
    lines = [
        {"channel": "chat", "id": n, "thread": "t", "customer": {"email": "carl@customer.example"}}
        | {"subject": "Printer", "text": f"message number {n}."}
        for n in numbers
    ]
    path = outside.file("chat.jsonl", "\n".join(json.dumps(one) for one in lines) + "\n")
    outside.run("gateway", "ingest", "-q", "--channel", "chat", path)


def test_F_C3_one_sees_exactly_what_is_asked(outside: Outside) -> None:
    """The new text stands apart from the quotation, which --full shows."""
    first = outside.mail()
    outside.mail(QUOTED, In_Reply_To=first, Subject="Re: Printer is broken")
    last = outside.ticket()["messages"][-1]
    assert last["text"] == "It still does not print."
    assert "Is the paper in?" in last["full_text"]
    assert "Is the paper in?" not in outside.run("show", "1")
    assert "Is the paper in?" in outside.run("show", "1", "--full")


def test_F_C6_a_ticket_is_not_answered_twice(outside: Outside) -> None:
    """An answer to a state that has passed ends with 5 and mails nothing; `next` hands out what is most urgent."""
    outside.mail()
    seen = str(outside.ticket()["version"])
    outside.become("ana")
    outside.run("reply", "1", "-m", "Is it on?")
    outside.become("ben")
    outside.run("reply", "1", "-m", "Is it on?", "--if-version", seen, code=5)
    assert "Ana replied" in outside.errors
    assert len(outside.outbox("reply")) == 1
    urgent = outside.new("--priority", "critical")
    assert [one["id"] for one in outside.data("next")] == [urgent]


@pytest.mark.parametrize("verb", ["reply", "comment"])
def test_F_C6_others_see_who_writes(outside: Outside, verb: str) -> None:
    """While Ana's editor is open `show` says so to others; afterwards no more, whether she saved or not."""
    outside.mail()
    show = f"TICKETCTL_AGENT=$who {sys.executable} -m ticketctl show 1"
    look = "; ".join(f"who={who}; {show} > '{outside.home}/{who}'" for who in ("ana", "ben"))
    outside.become("ana")
    for end, code in (('echo "Is it on?" > "$1"', 0), ("exit 1", 6)):
        outside.type_in_editor(f"{look}; {end}")
        outside.run(verb, "1", "-e", code=code)
        seen = (outside.home / "ben").read_text()
        assert re.search(rf"^writing +ana, a {verb} since \d\d:\d\d$", seen, re.M)
        assert "writing" not in (outside.home / "ana").read_text()
        outside.become("ben")
        assert "writing" not in outside.run("show", "1")
        outside.become("ana")


def test_F_C7_one_mail_with_two_requests_becomes_two_tickets(outside: Outside) -> None:
    """The message moves, both are linked, both histories tell."""
    first = outside.mail()
    outside.mail("And where is my bill?", In_Reply_To=first)
    outside.run("split", "1", "--message", "2", "-m", "two requests")
    assert [one["text"] for one in outside.ticket(1)["messages"]] == ["It does not print."]
    assert [one["text"] for one in outside.ticket(2)["messages"]] == ["And where is my bill?"]
    assert [one["ticket"] for one in outside.ticket(1)["links"]] == [2]
    assert [one["ticket"] for one in outside.ticket(2)["links"]] == [1]
    (into,), (source,) = outside.events(1, "linked"), outside.events(2, "linked")
    assert (into["field"], source["field"]) == ("split into", "split from")


def test_F_A23_a_comment_reaches_no_customer(outside: Outside) -> None:
    """Its words are in nothing that is mailed to one, and who may not see the ticket does not see it."""
    outside.apply('\n[[survey]]\nname = "csat"\nscale = "1-5"\ndelay = "1h"\n')
    first = outside.mail()
    outside.run("comment", "1", "-m", SECRET)
    outside.run("reply", "1", "-m", "Is it on?", "--status", "waiting")
    outside.mail("status #1", Subject="status #1", In_Reply_To=first)
    outside.run("escalate", "1", "-m", SECRET)
    outside.run("resolve", "1", "-m", SECRET, "--reply", "Now it prints.")
    outside.at("2026-03-10T08:00:00Z")
    outside.run("survey", "send")
    mails = outside.outbox(to="carl@customer.example")
    assert {"ack", "reply", "survey"} <= {one["kind"] for one in mails}
    assert not [one for one in mails if SECRET in outside.sent(one).as_string()]
    outside.become("ida")
    outside.run("show", "1", "--comments", code=4)


def test_F_A24_agents_talk_in_comments(outside: Outside) -> None:
    """Who is named with @ is notified, nobody else; without -m a comment is written in the editor."""
    outside.mail()
    before = len(outside.outbox())
    outside.become("ana")
    outside.run("comment", "1", "-m", "@ben can you look?")
    assert [one["to"] for one in outside.outbox()[before:]] == [["ben@help.example"]]
    outside.type_in_editor('echo "from the editor" > "$1"')
    outside.run("comment", "1", "-e")
    assert [one["text"] for one in outside.ticket()["comments"]][-1] == "from the editor"
    assert "from the editor" in outside.run("show", "1", "--comments")


def test_F_A25_a_message_is_shown_among_its_neighbours(outside: Outside) -> None:
    """`context 1 7 -C 2` shows messages 5 to 9 and marks the seventh."""
    talk(outside, range(1, 13))
    found = outside.data("context", "1", "7", "-C", "2")
    assert [one["n"] for one in found] == [5, 6, 7, 8, 9]
    assert [one["n"] for one in found if one["marked"]] == [7]


def test_F_A26_a_public_message_keeps_its_place(outside: Outside) -> None:
    """`context --url` and `show --urls` print where it was written."""
    place = "https://wall.example/17"
    words = ("--channel", "wall", "--public", "--permalink", place, "--text", "It broke!")
    number = str(outside.new(*words))
    assert outside.run("context", number, "1", "--url").strip() == place
    assert place in outside.run("show", number, "--urls")


def test_F_A27_a_place_is_printed_and_never_opened(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No connection is made, and the help says that one may have to be logged in there."""
    words = ("--channel", "wall", "--public", "--permalink", "https://127.0.0.1:9/17")
    number = str(outside.new(*words, "--text", "It broke!"))

    def refuse(*args: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr("socket.socket.connect", refuse)
    outside.type_in_editor("exit 1")
    monkeypatch.setenv("BROWSER", str(outside.home / "editor.sh"))
    assert outside.run("context", number, "1", "--url").strip() == "https://127.0.0.1:9/17"
    assert "logged in" in outside.run("context", "--help")


def test_F_A28_one_message_is_answered(outside: Outside) -> None:
    """The mail refers to that message and quotes it, not the last."""
    first = outside.mail("Which ribbon do I need?")
    outside.mail("And where is my bill?", In_Reply_To=first)
    outside.run("reply", "1", "--to-message", "1", "-m", "The blue one.")
    (row,) = outside.outbox("reply")
    assert outside.sent(row)["In-Reply-To"] == first
    assert "> Which ribbon do I need?" in outside.text(row)
    assert "bill" not in outside.text(row)


def test_F_A29_help_is_asked_by_mail_from_somebody_outside(outside: Outside) -> None:
    """One mail goes to the expert, and history keeps who asked whom."""
    outside.mail()
    outside.become("ana")
    outside.run("escalate", "1", "--to", "lab@partner.example", "-m", "which part is it?")
    assert [one["to"] for one in outside.outbox("escalation")] == [["lab@partner.example"]]
    assert outside.ticket()["status"] == "escalated"
    told = [one for one in outside.events() if "lab@partner.example" in str(one["new"])]
    assert [one["actor"] for one in told] == ["ana"]


def test_F_A30_the_expert_gets_the_last_100_messages(outside: Outside) -> None:
    """Oldest first, with how many are left out, the customer and the fields of the ticket."""
    escalate = ("escalate", "1", "--to", "lab@partner.example", "-m", "which part is it?")
    talk(outside, range(1, 101))
    words = ("--type", "hardware", "--tag", "vip", "--priority", "high", "--owner", "ana")
    outside.run("edit", "1", *words, "--set", "reason=refund", "-m", "x")
    outside.run(*escalate)
    talk(outside, range(101, 104))
    outside.run(*escalate)
    all_, last = (outside.text(one) for one in outside.outbox("escalation"))
    assert "message number 1." in all_ and "earlier" not in all_
    assert [f"message number {n}." in last for n in (1, 2, 3)] == [False] * 3
    places = [last.find(f"message number {n}.") for n in range(4, 104)]
    assert -1 not in places and places == sorted(places)
    assert "3 earlier" in last
    facts = ("carl@customer.example", "owner: ana", "priority: high", "type: hardware", "tags: vip")
    assert [one for one in (*facts, "reason: refund", "segment: support") if one not in last] == []


def test_F_A31_the_answer_of_the_expert_stays_inside(outside: Outside) -> None:
    """It becomes a comment, and nothing goes to the customer."""
    outside.mail()
    outside.run("escalate", "1", "--to", "lab@partner.example", "-m", "which part is it?")
    asked = outside.sent(outside.outbox("escalation")[0])
    before = outside.outbox(to="carl@customer.example")
    reply_to = str(asked["Reply-To"]).rpartition("<")[2].rstrip(">")
    outside.mail(
        "It is the fuser.",
        sender="lab@partner.example",
        to=reply_to,
        In_Reply_To=str(asked["Message-ID"]),
        Subject=f"Re: {asked['Subject']}",
    )
    last = outside.ticket()["comments"][-1]
    assert (last["author"], last["text"]) == ("lab@partner.example", "It is the fuser.")
    assert len(outside.ticket()["messages"]) == 1
    assert outside.outbox(to="carl@customer.example") == before


def test_F_A34_every_assignment_and_update_is_in_the_history(outside: Outside) -> None:
    """In order, with who did it, the old value, the new one and the time."""
    outside.mail()
    for hour, agent in enumerate(("ana", "ben", "eva"), 9):
        outside.at(f"2026-03-09T{hour:02}:00:00Z")
        outside.run("assign", "1", agent, "--steal", "-m", "x")
    found = outside.data("history", "1", "--only", "assignment")
    assert [(one["actor"], one["old"], one["new"], one["at"][11:13]) for one in found] == [
        ("root", None, "ana", "09"),
        ("root", "ana", "ben", "10"),
        ("root", "ben", "eva", "11"),
    ]
    outside.run("edit", "1", "--priority", "high", "-m", "x")
    outside.run("close", "1", "-m", "x")
    types = [one["type"] for one in outside.events()]
    wanted = [one for one in types if one in ("assigned", "priority", "closed")]
    assert wanted == ["assigned"] * 3 + ["priority", "closed"]


def test_F_A35_history_says_who_had_handled_classified_and_closed_a_ticket(
    outside: Outside,
) -> None:
    """Each of the four questions is answered by a type of event and its actor."""
    outside.mail()
    outside.run("assign", "1", "ana", "-m", "x")
    outside.become("ana")
    outside.run("reply", "1", "-m", "Is it on?")
    outside.become("ben")
    outside.run("edit", "1", "--type", "hardware", "-m", "x")
    outside.become("eva")
    outside.run("close", "1", "-m", "x")
    (assigned,), (replied,) = outside.events(1, "assigned"), outside.events(1, "replied")
    (classified,), (closed,) = outside.events(1, "type"), outside.events(1, "closed")
    assert (assigned["new"], replied["actor"]) == ("ana", "ana")
    assert (classified["actor"], closed["actor"]) == ("ben", "eva")


def test_F_Q37_history_shows_everything_that_happened(outside: Outside) -> None:
    """Mail, acknowledgement, comment, change and end, each a line."""
    outside.mail(sender=DORA)
    outside.run("comment", "1", "-m", "the ribbon?")
    outside.run("edit", "1", "--important", "-m", "x")
    outside.run("close", "1", "-m", "x")
    types = {one["type"] for one in outside.events()}
    assert {"created", "ack", "commented", "important", "closed"} <= types
    assert len(outside.run("history", "1", "--no-headers").splitlines()) == len(outside.events())


def test_F_L9_one_page_has_all_that_one_needs(outside: Outside) -> None:
    """Conversation, customer with orders and earlier tickets, comments, history and service level."""
    outside.mail(sender=CARL)
    outside.mail(sender=CARL, Subject="Another")
    shown = outside.ticket(2)
    assert {"messages", "customer", "comments", "history", "clocks", "sla", "fields"} <= set(shown)
    assert {"orders", "tickets", "profile", "identities"} <= set(shown["customer"])
    assert shown["customer"]["tickets"] == [1]
