"""The other forms of a word, by language."""

import subprocess
import sys

import pytest

from ticketctl.store.tickets import search, word_forms

FAMILIES = (
    "refund refunds refunded refunding",
    "delivery deliveries",
    "reply replies replied",
    "ship ships shipped shipping",
    "cancel cancels cancelled cancelling",
    "rechnung rechnungen",
    "paket pakete paketen",
    "haus häuser häusern",
    "kunde kunden",
    "bestellung bestellungen bestellen",
    "factura facturas facturar facturado",
    "devolución devoluciones",
    "impresora impresoras",
    "pedido pedidos",
    "error errores",
    "faktura faktury fakturu fakturou fakturami",
    "objednávka objednávky objednávku objednávek objednávce",
    "reklamace reklamaci reklamací",
    "tiskárna tiskárny tiskárně",
    "telefon telefony telefonu telefonem",
    "commande commandes",
    "remboursé remboursée remboursés",
)
STRANGERS = (
    ("cart", "cartridge"), ("cart", "carta"), ("cartridge", "cart"), ("port", "portal"), ("port", "porta"),
    ("universe", "university"), ("university", "universe"), ("haus", "haushalt"), ("haushalt", "haus"),
    ("reply", "replace"), ("faktura", "fakulta"), ("post", "postpone"),
)  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_each_form_of_a_word_finds_the_others(family: str) -> None:
    words = family.split()
    for word in words:
        known = {search.fold(word), *search.other_forms(word)}
        assert {*map(search.fold, words)} <= known, word


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_a_word_that_only_begins_like_another_is_no_form_of_it(one: str, other: str) -> None:
    assert search.fold(other) not in search.other_forms(one)


@pytest.mark.parametrize(
    "term",
    ["", "abc", "printers*", '"printers"', "two printers", "a4page", "x@y.example", "打印机坏了", "принтеры",
     "x" * 300],
)  # fmt: skip
def test_what_is_short_quoted_foreign_or_no_word_has_no_other_form(term: str) -> None:
    assert search.other_forms(term) == []


def test_case_accents_and_marks_beside_the_word_make_no_difference() -> None:
    for term in ("Refunds.", "REFUNDS", "refunds?"):
        assert search.other_forms(term) == search.other_forms("refunds")
    assert "objednavka" in search.other_forms("objedna\u0301vky")


def test_only_the_stemmers_that_are_needed_are_imported() -> None:
    """Those of all languages take long to import; whoever else imports the library gets all of it."""
    code = (
        "import sys; from ticketctl.store.tickets.word_forms import forms; assert forms('refund');"
        "assert not {'snowballstemmer', 'snowballstemmer.serbian_stemmer'} & {*sys.modules};"
        "import snowballstemmer; assert snowballstemmer.stemmer('serbian').stemWord('x')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_word_that_is_searched_for_has_few_forms_and_never_itself() -> None:
    for word in ("printer", "facturas", "objednávky", "rechnungen", "commandes"):
        found = word_forms.forms(word)
        assert word not in found and 5 < len(found) < 60


def test_threads_that_search_at_the_same_time_find_the_same_forms() -> None:
    words = [
        f"{start}tion{end}" for start in ("sta", "rela", "no", "ra") for end in ("s", "ed", "")
    ]
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from ticketctl.store.tickets import word_forms\n"
        "import sys\nsys.setswitchinterval(1e-6)\n"
        f"words = {words!r} * 3\n"
        "with ThreadPoolExecutor(6) as threads:\n"
        "    together = list(threads.map(word_forms.forms.__wrapped__, words))\n"
        "assert together == [word_forms.forms.__wrapped__(one) for one in words]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
