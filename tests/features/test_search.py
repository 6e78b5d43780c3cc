"""Words, phrases and beginnings of words in everything that was said."""

from datetime import UTC
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.comment import comment
from ticketctl.domain.query import parser
from ticketctl.store.tickets import match

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
        (('"refund"',), [1]),
        (("refundin*",), [2]),
        (("vrac*",), [3, 4]),
        (("VRÁCEN*", "tiskárn*"), [3, 4]),
        (('"tiskarny"',), [4]),
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
    quoted = " ".join(f'"{one.strip(chr(34))}"' for one in words)
    assert sorted(line.ids("list", quoted)) == found


@pytest.mark.postgres
def test_F_C13_a_beginning_can_be_looked_for_in_one_place(line: CommandLine) -> None:
    """In --in, in fields of the language and in rules about one ticket."""
    assert line.ids("search", "refunds*", "--in", "comments") == [1]
    assert line.ids("search", "refunds*", "--in", "body,subject") == []
    assert line.ids("list", "body:refun*", "-comments:tea*") == [2]
    assert line.ids("list", "refun*", "subject:hel*", "--sort", "id") == [1, 2]


FORMS = (  # the word that is searched for; the text that it finds, and the one that it does not
    ("refunds", "I want a refund.", "The roundabout is closed."),
    ("refunded", "No refunds here.", "A refuge."),
    ("deliveries", "Where is my delivery?", "A deliverance."),
    ("reply", "Nobody replied.", "A replacement, please."),
    ("cart", "My carts are empty.", "The cartridge is empty."),
    ("shipped", "When do you ship?", "A chip."),
    ("Rechnungen", "Die Rechnung ist falsch.", "Der Rechner ist kaputt."),
    ("Haus", "Die Häuser sind kalt.", "Ein Haushalt."),
    ("erstattet", "Ich bitte um Erstattung.", "Die Stadt."),
    ("facturas", "La factura está mal.", "La fractura."),
    ("devolución", "Dos devoluciones.", "Nos devuelven nada."),
    ("pedidos pendientes", "Los pedidos pendientes.", "Un pedido pendiente."),  # a phrase is exact
    ("objednávek", "Moje objednávka nedošla.", "Objednal jsem."),
    ("objednavky", "Číslo objednávky?", "Objem."),
    ("fakturu", "Poslali jste dvě faktury.", "Fakulta."),
    ("reklamaci", "Vaše reklamace.", "Reklama."),
    ("factures", "La facture est fausse.", "La fracture."),
)


@pytest.mark.postgres
@pytest.mark.parametrize(("word", "text", "other"), FORMS)
def test_F_C13_a_word_is_found_in_its_other_forms(
    helpdesk: DeskFixture,
    db_url: str,
    monkeypatch: pytest.MonkeyPatch,
    word: str,
    text: str,
    other: str,
) -> None:
    """In English, German, Spanish, Czech and French; by search, in queries, in rules; not words that only begin so."""
    number = helpdesk.open(text, subject="Hello")
    helpdesk.open(other, subject="Hello")
    line = CommandLine(db_url, monkeypatch, f"{helpdesk.now():%Y-%m-%dT%H:%M:%SZ}", "ana")
    assert line.ids("search", word) == [number]
    bare = f'"{word}"' if " " in word else word
    assert line.ids("list", bare) == line.ids("list", f"body:{bare}") == [number]
    rule = parser.parse(
        f"body:{bare}", now=helpdesk.now(), zone=UTC, me=None, use=parser.Use.LATER
    ).condition
    with helpdesk.db.read() as tx:
        assert [match.of(tx, n, [rule]) for n in (number, number + 1)] == [[True], [False]]


@pytest.mark.postgres
def test_F_C13_a_word_in_quotes_is_found_in_no_other_form(line: CommandLine) -> None:
    """Also as the value of a field; without quotes it is."""
    assert sorted(line.ids("search", "refund")) == [1, 2]
    assert line.ids("search", '"refunds"') == line.ids("list", '"refunds"') == [1]
    assert line.ids("list", 'body:"refunds"') == []
    assert sorted(line.ids("list", "body:refunds")) == [1, 2]
    assert line.ids("list", 'body:"refund",nothing') == [1]
    assert line.see("list", '"refunding"', "-text:refunding").endswith("\n")
    assert 'searched for "zzzz"' in line.see("list", '"zzzz"') + line.errors
