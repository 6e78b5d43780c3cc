"""Names of people: `Last, First`, as Exchange writes it."""

import pytest

from ticketctl.domain.base.names import first_name_first


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Customer, Carl", "Carl Customer"),
        ("Nováková, Jana", "Jana Nováková"),
        ("García Márquez, Gabriel José", "Gabriel José García Márquez"),
        ("O'Brien-Smith, Mary J.", "Mary J. O'Brien-Smith"),
        ("van der Berg,Jan", "Jan van der Berg"),
        ("Müller, Jörg (Vertrieb)", "Jörg Müller"),
        ("Иванова, Анна", "Анна Иванова"),
    ],
)
def test_the_last_name_does_not_come_first_in_a_greeting(name: str, greeted: str) -> None:
    assert first_name_first(name) == greeted


@pytest.mark.parametrize(
    "name",
    [
        *("", ",", "Carl", "Carl Customer", "Customer,", ", Carl", "Carl Customer (Sales)"),
        *("Carl Customer, Jr.", "Jane Doe, Ph.D.", "Novák, Ing., Petr", "Paper & Sons, Print"),
        *("Shop, Inc.", "Kovo, s.r.o.", "Kovo, s. r. o.", "Muebles, S.A.", "Carl, 3rd floor"),
        *("carl@customer.example, Carl", "The Department of Printers, Carl"),
    ],
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert first_name_first(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("Support, Acme", "Acme, Support", "Sales Team, Acme", "Acme Print, Accounts"),
        *(
            "Soporte, Tintas Sol",
            "Podpora, Kovo",
            "Vertrieb, Müller",
            "Ventes, Durand",
            "Ufficio, Rossi",
        ),
    ],
)
def test_a_department_is_greeted_as_it_is(name: str) -> None:
    assert first_name_first(name) == name


@pytest.mark.parametrize(
    ("name", "address", "greeted"),
    [
        ("Berlin, Acme", "berlin@acme.example", "Berlin, Acme"),
        ("Berlin, Acme Print", "info@mail.acmeprint.example", "Berlin, Acme Print"),
        ("Novák, Petr", "petr@novak.example", "Petr Novák"),
        ("Acme, Carl", "carl@acme.example", "Carl Acme"),
        ("Berlin, Acme", "", "Acme Berlin"),
    ],
)
def test_a_company_is_known_by_its_domain(name: str, address: str, greeted: str) -> None:
    assert first_name_first(name, address) == greeted
