"""Full text: what is indexed is found, and no text is ever syntax."""

import unicodedata
from collections.abc import Callable
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from ticketctl import clock
from ticketctl.store.db.core import spliced
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.schema import search_entry, ticket
from ticketctl.store.tickets import messages, search, tickets

ON_ONE_DATABASE = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
# Letters whose case and accents both databases' tables of Unicode know.
LETTERS = st.characters(
    categories=["Ll", "Lu", "Lo", "Nd"], max_codepoint=0x2FFF
) | st.sampled_from("打印机プリンター")


def found(db: Database, *terms: str, part: str | None = None) -> list[int]:
    query = select(ticket.c.id).where(spliced(search.matches(terms, part))).order_by(ticket.c.id)
    with db.read() as tx:
        return list(tx.execute(query).scalars())


@settings(max_examples=50, deadline=None)
@given(
    st.text(max_size=30)
    | st.text(st.sampled_from("aB9-\n éŁıſ\u0301\u1e9e\ud800打﨑Ж가"), max_size=60)
    | st.text(LETTERS, min_size=50, max_size=100)
)
def test_a_text_is_folded_as_each_of_its_characters(any_text: str) -> None:
    letters = "".join(search.fold(f"x{one}x")[1:-1] for one in any_text)
    assert search.fold(any_text).split() == letters.split()


def test_a_folded_letter_is_folded_to_itself() -> None:
    for code in (*range(0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x10000)):
        folded = search.fold(chr(code))
        assert search.fold(folded) == folded


@pytest.fixture
def number(db: Database, make_ticket: Callable[..., int]) -> int:
    """A ticket with nothing in its body yet."""
    return db.write(lambda tx: make_ticket(tx, subject="Žluťoučký printer re: 50% off"))


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("It is broken", "BROKEN"),
        ("Příliš žluťoučký kůň", "prilis"),
        ("prilis", "Příliš"),
        ("ΟΔΟΣ Αθήνα", "αθηνα"),
        ("STRASSE", "straße"),
        ("write to ana@x.example now", "ana@x.example"),
        ("see http://x.example/a-b?c=1", "x.example/a-b"),
        ("error 0x80070005: denied", "0x80070005"),
        ("order no. 2026-03/17", "2026-03/17"),
        ("打印机坏了", "印机"),
        ("x" * 3000, "x" * 3000),
        ("nul\x00byte", "byte"),
        ("lone \ud800 surrogate", "surrogate"),
    ],
)
def test_what_is_indexed_is_found(db: Database, number: int, body: str, word: str) -> None:
    db.write(lambda tx: search.index(tx, number, "body", 1, body))
    assert found(db, word) == [number]


@pytest.mark.parametrize(
    "words",
    ["foo AND", "a:b", "(x", '"x', "*", "NEAR(", "re: 50% off", "'", "\\", "x' OR '1", "\x00"],
)
def test_no_text_is_syntax(db: Database, number: int, words: str) -> None:
    assert found(db, words) == ([number] if words == "re: 50% off" else [])


def test_a_phrase_is_words_in_a_row_and_terms_are_all_wanted(db: Database, number: int) -> None:
    db.write(lambda tx: search.index(tx, number, "body", 1, "the paper is in a jam"))
    assert found(db, "jam paper") == []
    assert found(db, "jam", "paper") == [number]
    assert found(db, "printer", "jam") == [number]
    assert found(db, "paper", "scissors") == []
    assert found(db) == [number]


def test_a_term_without_a_word_is_found_nowhere(db: Database, number: int) -> None:
    assert found(db, "---") == []


def test_a_search_can_be_kept_to_some_parts(db: Database, number: int) -> None:
    db.write(lambda tx: search.index(tx, number, "comments", 1, "secret"))
    assert found(db, "secret", part="comments") == [number]
    assert found(db, "secret", part="subject") == []


def test_subjects_messages_and_comments_can_be_found(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    def fill(tx: Tx) -> int:
        number = make_ticket(tx, subject="alpha")
        who: dict[str, Any] = {"author": "carl@x.example", "at": tickets.get(tx, number).created_at}
        messages.add(
            tx, number, messages.NewMessage(direction="in", class_="human", author_name="", subject="", **who,
            text="beta", full_text="beta\n> gamma",
        ))  # fmt: skip
        messages.add_comment(tx, number, text="delta", **who)
        return number

    number = db.write(fill)
    for word, part in (("alpha", "subject"), ("gamma", "body"), ("delta", "comments")):
        assert found(db, word, part=part) == found(db, word) == [number]


def test_what_is_indexed_again_takes_the_place_of_the_old(db: Database, number: int) -> None:
    db.write(lambda tx: search.index(tx, number, "body", 1, "old words"))
    db.write(lambda tx: search.index(tx, number, "body", 1, "new words"))
    assert found(db, "old") == []
    assert found(db, "new") == [number]


def test_what_is_forgotten_is_gone_from_the_index_too(db: Database, number: int) -> None:
    for n, body in ((1, "a secret"), (2, "an open word")):
        db.write(lambda tx, n=n, body=body: search.index(tx, number, "body", n, body))
    for _ in range(2):
        db.write(lambda tx: search.forget(tx, number, "body", 1, "a secret"))
    assert found(db, "secret") == []
    assert found(db, "open") == [number]
    with db.read() as tx:
        left = tx.execute(select(search_entry.c.part, search_entry.c.n)).all()
        assert sorted(left) == [("body", 2), ("subject", 0)]
        if db.is_sqlite:
            raw = text("SELECT count(*) FROM search_text WHERE search_text MATCH 'secret'")
            assert tx.execute(raw).scalar() == 0


@pytest.mark.parametrize("letters", ["abcdefghij", "กขคงจฉชซ"])
def test_a_text_of_any_length_and_its_beginning_is_found(
    db: Database, number: int, letters: str
) -> None:
    many = " ".join(
        a + b + c + d + e
        for a in letters
        for b in letters
        for c in letters
        for d in letters
        for e in letters
    )
    db.write(lambda tx: search.index(tx, number, "body", 1, many))
    assert found(db, letters[0] * 5) == [number]


@ON_ONE_DATABASE
@given(st.text(max_size=40))
@example("a\x00b")
@example("\ud800")
@example("İ ı ŉ ﬁ ℡ ½ ǆ")
def test_any_text_can_be_indexed_and_asked_for(db: Database, number: int, any_text: str) -> None:
    db.write(lambda tx: search.index(tx, number, "body", 1, any_text))
    assert found(db, any_text) in ([[number], []] if search.fold(any_text) else [[]])


@ON_ONE_DATABASE
@given(st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=4), st.data())
def test_every_indexed_word_is_found_whatever_its_case_and_accents(
    db: Database, number: int, words: list[str], data: st.DataObject
) -> None:
    db.write(lambda tx: search.index(tx, number, "body", 1, ", ".join(words)))
    word = data.draw(st.sampled_from(words))
    spelling: Literal["NFC", "NFD"] = data.draw(st.sampled_from(["NFC", "NFD"]))  # type: ignore[arg-type]
    assert found(db, unicodedata.normalize(spelling, word)) == [number]
    if word.upper().lower() == word.lower():
        assert found(db, word.upper()) == [number]


def test_words_of_a_merged_ticket_find_also_the_one_that_goes_on(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    """Through chains, and no longer once they are apart."""

    def chain(tx: Tx) -> list[int]:
        first, second, third = (make_ticket(tx, subject=one) for one in ("zebra", "lion", "owl"))
        for gone, into in ((first, second), (second, third)):
            tickets.change(tx, gone, at=clock.now(), status="merged", merged_into=into)
        return [first, second, third]

    first, second, third = db.write(chain)
    assert found(db, "zebra") == [first, second, third]
    assert found(db, "zebra", "owl") == [third]
    assert found(db, "owl") == [third]
    db.write(lambda tx: tickets.change(tx, second, at=clock.now(), status="open", merged_into=None))
    assert found(db, "zebra") == [first, second]


@ON_ONE_DATABASE
@given(st.text("abdeiknorstuyzáčéěířšůžñóüßABZ'", min_size=1, max_size=16))
def test_a_word_always_finds_itself_and_a_text_with_any_of_its_forms(
    db: Database, number: int, word: str
) -> None:
    for said in (word, *search.other_forms(word)[::9]):
        db.write(lambda tx, said=said: search.replace(tx, number, "body", 1, "", f"so {said} it"))
        assert found(db, word, part="body") == ([number] if search.fold(word) else [])
