"""Words, phrases and beginnings of words in everything that was said."""

from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.comment import comment

TEXTS = (
    "I want a refund for the red printer.",
    "Refunding is not refused: the printer, red as it is, was refunded.",
    "Chci vrácení peněz za tiskárnu.",
    "Vrácené zboží: tiskárny a tonery.",
    "プリンターの返金をお願いします。",
)


@pytest.fixture
def line(
    helpdesk: DeskFixture, db_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Command lines of ana's, on a desk with a ticket of each text."""
    for text in TEXTS:
        helpdesk.open(text, subject="Hello")
    helpdesk.do(lambda work: comment(work, 1, "Ask the refunds team 12345."))
    return CommandLine(db_url, monkeypatch, f"{helpdesk.now():%Y-%m-%dT%H:%M:%SZ}", "ana")


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("refun*",), [1, 2]),
        (("Refund*",), [1, 2]),
        (("refund",), [1]),
        (("refundin*",), [2]),
        (("vrac*",), [3, 4]),
        (("VRÁCEN*", "tiskárn*"), [3, 4]),
        (("tiskarny",), [4]),
        (("返金*",), [5]),
        (("123*",), [1]),
        (("red prin*",), [1]),
        (("printer", "red"), [1, 2]),
        (("red printer",), [1]),
        (("*",), []),
        (("x*",), []),
    ],
)
def test_F_C13_the_beginning_of_a_word_finds_it(
    line: CommandLine, words: tuple[str, ...], found: list[int]
) -> None:
    """A star at the end of a word or phrase; case and accents do not matter; several words in any order."""
    assert sorted(line.ids("search", *words)) == found
    quoted = " ".join(f'"{one}"' for one in words)
    assert sorted(line.ids("list", quoted)) == found


@pytest.mark.postgres
def test_F_C13_a_beginning_can_be_looked_for_in_one_place(line: CommandLine) -> None:
    """In --in, in fields of the language and in rules about one ticket."""
    assert line.ids("search", "refunds*", "--in", "comments") == [1]
    assert line.ids("search", "refunds*", "--in", "body,subject") == []
    assert line.ids("list", "body:refun*", "-comments:tea*") == [2]
    assert line.ids("list", "refun*", "subject:hel*", "--sort", "id") == [1, 2]
