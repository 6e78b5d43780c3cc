"""What `search` shows of the texts it found: a snippet, the number of the message, who wrote it (F-C13)."""

import unicodedata

import pytest

from tests.support.command_line import CommandLine
from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.merge import merge
from ticketctl.store.tickets.hits import terms
from ticketctl.store.tickets.snippets import _start, snippet
from ticketctl.text_table import wide

pytestmark = pytest.mark.postgres
FAR = "We wrote to you about many other things before this. " * 40


@pytest.fixture
def line(helpdesk: DeskFixture, db_url: str, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Command lines of ana's."""
    return CommandLine(db_url, monkeypatch, f"{helpdesk.now():%Y-%m-%dT%H:%M:%SZ}", "ana")


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("I am sorry, but the refund has not come.", ["refund"], "but the *refund* has not come."),
        ("Dobrý den, peníze\njste nám\tneposlali.", ["nam"], "peníze jste *nám* neposlali."),
        ("Η επιστροφή ΧΡΗΜΆΤΩΝ δεν ήρθε.", ["χρηματων"], "Η επιστροφή *ΧΡΗΜΆΤΩΝ* δεν ήρθε."),
        ("先月のプリンターの返金がまだです。", ["返金"], "先月のプリンターの*返金*がまだです。"),
        ("Ist die Straße gesperrt?", ["STRASSE"], "Ist die *Straße* gesperrt?"),
        ("The red printer, a printer.", ["red printer"], "The *red printer*, a printer."),
        ("He is refunding the refund.", ["refun*"], "*refunding* the *refund*."),
        ("Zwei Rechnungen und die Rechnung.", ["Rechnung"], "*Rechnungen* und die *Rechnung*."),
        ("Dvě objednávky, tři objednávek.", ["objednavka"], "*objednávky*, tři *objednávek*."),
        ("A refund of the refunds.", ['"refunds"'], "A refund of the *refunds*."),
        ("Red ink for the printer", ["printer", "red"], "*Red* ink for the *printer*"),
        (unicodedata.normalize("NFD", "Ještě vrácení?"), ["vraceni"],
         unicodedata.normalize("NFD", "Ještě *vrácení*?")),
    ],
)  # fmt: skip
def test_F_C13_the_line_below_a_ticket_shows_the_words_where_they_were_found(
    helpdesk: DeskFixture, line: CommandLine, text: str, words: list[str], shown: str
) -> None:
    """In any language, whatever case and accents were searched for; with the number and the writer."""
    helpdesk.open(text, subject="Hello")
    below = line.see("search", *words).splitlines()[-1]
    assert below.startswith("  message 1, Carl: ") and below.endswith(shown)


@pytest.mark.parametrize("word", ["refund", "vrácení", "返金"])
@pytest.mark.parametrize("width", [40, 80, 132])
def test_F_C13_a_word_far_down_in_a_long_message_is_shown_within_the_terminal(
    helpdesk: DeskFixture, line: CommandLine, word: str, width: int
) -> None:
    """With an ellipsis at either end, and no more of the message."""
    helpdesk.open(f"{FAR}Where is the {word}? {FAR}", subject="Hello")
    below = line.see("search", word, width=width).splitlines()[-1]
    assert "…" in below and below.endswith("…") and f"the *{word}*" in below
    assert wide(below) <= width
    (hit,) = line.data("search", word)[0]["hits"]
    assert hit["snippet"].startswith("…") and wide(hit["snippet"]) <= 160


@pytest.mark.parametrize("filler", ["a", "ab ", "é ", "返", "\u200b", "x" * 450 + " "])
@pytest.mark.parametrize("before", [0, 1990, 1995, 2000, 2395, 2400, 4000, 9999])
def test_F_C13_a_word_is_found_wherever_it_is_in_a_text(filler: str, before: int) -> None:
    """Also where the text is looked at in pieces; a part of a longer word is not found."""
    text = (filler * before)[:before] + " unrefund refunding refund's end"
    assert snippet(text, terms(['"refund"'])).endswith("unrefund refunding refund's end")
    assert _start(text, terms(['"refund"'])) == text.index("refund's")
    assert _start(text, terms(["refun*"])) == text.index("refunding")
    assert _start(text, terms(["refund s end", "nothing"])) == text.index("refund's")


def test_F_C13_the_newest_three_texts_are_in_the_json(
    helpdesk: DeskFixture, line: CommandLine
) -> None:
    """Messages and internal comments with number, writer and time; a subject last."""
    helpdesk.open("The refund has not come.", subject="My refund")
    helpdesk.later(hours=1)
    helpdesk.do(lambda work: comment(work, 1, "The refund is under way."))
    (ticket,) = line.data("search", "refund")
    assert ticket["hits"] == [
        {"part": "comment", "ticket": 1, "n": 1, "author": "ana", "at": "2026-03-09T09:00:00Z",
         "snippet": "The refund is under way."},
        {"part": "body", "ticket": 1, "n": 1, "author": "carl@customer.example", "at": "2026-03-09T08:00:00Z",
         "snippet": "The refund has not come."},
        {"part": "subject", "ticket": 1, "n": None, "author": None, "at": "2026-03-09T08:00:00Z",
         "snippet": "My refund"},
    ]  # fmt: skip
    for n in range(2, 6):
        helpdesk.later(hours=1)
        helpdesk.do(lambda work, n=n: comment(work, 1, f"Refund, note {n}."))
    assert [hit["n"] for hit in line.data("search", "refund")[0]["hits"]] == [5, 4, 3]
    assert "  internal comment 5, ana: *Refund*, note 5." in line.see("search", "refund")


def test_F_C13_only_the_parts_that_were_searched_have_hits(
    helpdesk: DeskFixture, line: CommandLine
) -> None:
    """--in subject shows the subject; a ticket found by its subject alone says so."""
    helpdesk.open("The refund has not come.", subject="My refund, vrácení")
    for words in (("refund", "--in", "subject"), ("vraceni",)):
        (ticket,) = line.data("search", *words)
        assert [hit["part"] for hit in ticket["hits"]] == ["subject"]
    assert "\n  subject: My refund, *vrácení*\n" in line.see("search", "vraceni")
    assert line.run("search", "refund", "--json=id,hits").count('"part":"body"') == 1
    assert "hits" not in line.data("list", "refund")[0]


def test_F_C13_what_was_said_in_a_merged_ticket_names_that_ticket(
    helpdesk: DeskFixture, line: CommandLine
) -> None:
    """Each list shows many tickets; the hits are those of their own ticket."""
    for n in range(1, 4):
        helpdesk.open(f"Question {n} about the refund.", subject="Hello")
    helpdesk.do(lambda work: merge(work, 1, 2))
    found = {
        one["id"]: one["hits"] for one in line.data("search", "refund", "--status", "new,open")
    }
    assert sorted((hit["ticket"], hit["snippet"]) for hit in found[2]) == [
        (1, "Question 1 about the refund."),
        (2, "Question 2 about the refund."),
    ]
    assert [hit["ticket"] for hit in found[3]] == [3]
    assert "  message 1 of ticket 1, Carl: " in line.see("search", '"question 1"')


def test_F_C13_an_agent_of_another_segment_sees_no_hit(
    helpdesk: DeskFixture, line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of a message nor of an internal comment."""
    helpdesk.open("The refund has not come.", subject="Hello")
    helpdesk.do(lambda work: comment(work, 1, "Refund them."))
    monkeypatch.setenv("TICKETCTL_AGENT", "ida")
    assert line.data("search", "refund") == []
    assert "refund" not in line.see("search", "refund").lower()


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[31mred\x1b[0m", "\x9b2J", "\u202egnp.exe", "\u200b\u2066x\u2069", "\r\n\r\n", "\x07\x08", "<b>bold</b>",
        "<script>alert(1)</script>", "e\u0301" * 90, "👩\u200d👩\u200d👧" * 40, "ﷺ" * 60, "½" * 60, "=1+1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("pattern", ["{0}refund{0}", "{0} refund {0}"])
def test_F_C13_hostile_text_stays_on_one_harmless_line(
    helpdesk: DeskFixture, line: CommandLine, hostile: str, pattern: str
) -> None:
    """Controls are made visible, markup is shown as text, characters stay whole."""
    helpdesk.open(f"Start\n{pattern.format(hostile)}\nrefund end", subject="Hello")
    for words in (["refund"], ["refun*"]):
        below = line.see("search", *words).splitlines()[-1]
        (hit,) = line.data("search", *words)[0]["hits"]
        assert "refund" in below and "refund" in hit["snippet"]
        for shown in (below, hit["snippet"]):
            assert shown.isprintable() and wide(shown) <= 160
        assert wide(below) <= 80
        assert not unicodedata.combining(hit["snippet"].lstrip("…")[0])


def test_F_C13_the_words_are_bold_where_there_are_colours(
    helpdesk: DeskFixture, line: CommandLine
) -> None:
    """And have stars where there are none."""
    helpdesk.open("The refund has not come.", subject="Hello")
    shown = line.see("search", "refund", "--color", "always")
    assert "message 1, Carl: The \x1b[1mrefund\x1b[0m has not come." in shown


def test_F_C13_tables_without_a_terminal_are_as_before(
    helpdesk: DeskFixture, line: CommandLine
) -> None:
    """Rows for programs have no line below them."""
    helpdesk.open("The refund has not come.", subject="Hello")
    assert line.run("search", "refund", "--columns", "id,subject") == "id\tsubject\n1\tHello\n"
    assert line.run("search", "refund", "--count") == "1\n"
    assert line.run("search", "refund", "--ids") == "1\n"
