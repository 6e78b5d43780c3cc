"""Tickets by hand with any status, comments that say nothing, and the comments alone as JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import open_ticket, reply
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.cli import main as cli
from ticketctl.domain.base.blank import is_blank
from ticketctl.errors import Refused

# Text that shows nothing: zero-width marks, no-break and other blanks, a soft hyphen, direction marks, tags,
# fillers of Hangul, the empty pattern of Braille, a mark that stands on nothing.
BLANKS = (
    "", " ", " \t\r\n", "\u200b", "\u200d\u2060\ufeff", "\u00a0\u3000\u2003", "\u00ad", "\u200e\u202e", "\U000e0020",
    "\u3164 \uffa0", "\u115f\u1160", "\u2800", "\u034f", "\ufe0f", "\u2028\u2029", "\x00\x1b\x7f\x85", "\u061c",
    "\u0301",
)  # fmt: skip
WORDS = (
    "ok",
    "?",
    "ž",
    "明白",
    "تم",
    "확인",
    "\u200bx\u200b",
    "👍",
    "👍🏽",
    "❤️",
    "½",
    "—",
    "אָ",
    "न",
)

VERBS: list[Callable[[Work, int, str], object]] = [
    lambda w, n, why: edit(w, n, TicketChanges(priority="high"), comment=why),
    lambda w, n, why: assign(w, n, "ben", comment=why),
    lambda w, n, why: escalate(w, n, comment=why),
    lambda w, n, why: resolve(w, n, comment=why),
    lambda w, n, why: close(w, n, comment=why),
    lambda w, n, why: comment(w, n, why),
    lambda w, n, why: reply.reply(w, n, why),
]


@pytest.mark.parametrize("text", BLANKS, ids=ascii)
def test_a_comment_that_shows_nothing_is_none_F_Q35(
    sqlite_helpdesk: DeskFixture, text: str
) -> None:
    """Wherever a comment is mandatory; nothing is changed."""
    desk = sqlite_helpdesk
    number = desk.open()
    before = desk.ticket(number)
    for verb in VERBS:
        with pytest.raises(Refused, match="needs"):
            desk.do(lambda w, verb=verb: verb(w, number, text))
    draft = open_ticket.Draft(customer="dora@x.example", subject="Lamp", comment=text)
    with pytest.raises(Refused, match="needs a comment"):
        desk.do(lambda w: open_ticket.by_hand(w, draft))
    assert desk.ticket(number) == before
    assert not desk.comments(number)


def test_reopen_needs_a_comment_that_shows_something_F_Q35(sqlite_helpdesk: DeskFixture) -> None:
    """The verb of ended tickets."""
    desk = sqlite_helpdesk
    number = desk.open()
    desk.do(lambda w: close(w, number, comment="done"))
    with pytest.raises(Refused, match="reopen needs a comment"):
        desk.do(lambda w: reopen(w, number, comment="\u200b"))


@pytest.mark.parametrize("text", WORDS)
def test_a_comment_in_any_script_is_one_F_Q35(sqlite_helpdesk: DeskFixture, text: str) -> None:
    """One sign is enough, in whatever script, with marks around it."""
    assert not is_blank(text)
    number = sqlite_helpdesk.open()
    sqlite_helpdesk.do(lambda w: close(w, number, comment=text))
    assert sqlite_helpdesk.ticket(number).status == "closed"


@pytest.fixture
def desk(
    home: Path, sqlite_helpdesk: DeskFixture, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> DeskFixture:
    """A desk for commands, as Ana; a ticket needs a reason before it ends."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")
    sqlite_helpdesk.apply(
        DESK.replace('choices = ["refund", "other"]', 'choices = ["refund"]\nrequired = "close"')
    )
    return sqlite_helpdesk


def test_the_command_line_takes_no_blank_comment_F_Q35(
    desk: DeskFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By -m, by -F, from the editor; exit code 6."""
    number = desk.open()
    file = tmp_path / "why.txt"
    file.write_text("\u200b\n\u00a0\n", encoding="utf-8")
    for words in (("-m", "\u200b"), ("-F", str(file)), ("-m", " ", "-m", "\u2800")):
        assert cli.run(["edit", str(number), "--priority", "high", *words]) == 6
        assert cli.run(["comment", str(number), *words]) == 6
    monkeypatch.setenv("TICKETCTL_EDITOR", "sed -i '1i \u200b'")
    assert cli.run(["comment", str(number), "-e"]) == 6
    assert desk.ticket(number).priority == "medium"
    assert not desk.comments(number)


@pytest.mark.parametrize(
    ("status", "more"),
    [
        ("new", ()),
        ("open", ()),
        ("waiting", ()),
        ("escalated", ()),
        ("resolved", ("--set", "reason=refund")),
        ("closed", ("--set", "reason=refund")),
        ("spam", ()),
    ],
)
def test_a_ticket_by_hand_has_any_status_F_Q29(
    desk: DeskFixture, capsys: pytest.CaptureFixture[str], status: str, more: tuple[str, ...]
) -> None:
    """With the times of its status; one that is over from the beginning mails nobody."""
    new = ("new", "--customer", "dora@x.example", "--subject", "Lamp", "-m", "by phone")
    assert cli.run([*new, "--channel", "phone", "--status", status, *more]) == 0
    number = int(capsys.readouterr().out)
    found = desk.ticket(number)
    assert found.status == status
    assert (found.resolved_at is not None) == (status in ("resolved", "closed"))
    assert (found.closed_at is not None) == (status == "closed")
    assert bool(desk.outbox()) == (status not in ("resolved", "closed", "spam"))


def test_a_ticket_that_ends_at_once_needs_its_fields_F_Q29(
    desk: DeskFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """As closing needs them; nothing is created without."""
    new = ["new", "--customer", "dora@x.example", "--subject", "Lamp", "-m", "x"]
    assert cli.run([*new, "--status", "closed"]) == 6
    assert "--set reason=" in capsys.readouterr().err
    assert cli.run(["list", "--count", "all"]) == 0
    assert capsys.readouterr().out == "0\n"
    assert cli.run([*new, "--status", "merged"]) == 2


def test_the_comments_alone_are_rows_F_Q36(
    desk: DeskFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """`show --comments --json` has the comments and nothing else, those of merged tickets too."""
    one, other = desk.open(), desk.open()
    desk.do(lambda w: comment(w, one, "first"))
    desk.later(minutes=1)
    desk.do(lambda w: comment(w, other, "second"), "ben")
    desk.do(lambda w: merge(w, other, one, comment="same"))
    assert cli.run(["show", str(one), "--comments", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["ticket"], each["n"], each["author"], each["text"]) for each in found] == [
        (one, 1, "ana", "first"),
        (other, 1, "ben", "second"),
    ]
    assert found[0]["at"] == "2026-03-09T08:00:00Z"
    assert (
        cli.run(["show", str(one), "--comments", "--json=author,text", "--format", "ndjson"]) == 0
    )
    assert capsys.readouterr().out.splitlines()[0] == '{"author":"ana","text":"first"}'
    assert cli.run(["show", str(one), "--comments", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("ticket,n,at,author,text\r\n")
    third = desk.open()
    assert cli.run(["show", str(third), "--comments", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
