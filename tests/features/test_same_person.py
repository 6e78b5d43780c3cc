"""Customers who seem to be one person are proposed, and never joined by themselves (F-L8, F-A22)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.mail_desk import MailDesk
from ticketctl import clock
from ticketctl.cli.main import run
from ticketctl.domain.base.records import Customer
from ticketctl.domain.base.same_person import Person, why, words
from ticketctl.store.db.database import Database
from ticketctl.store.people import customers


def person(n: int, name: str, *identities: str, says: str = "", **profile: str) -> Person:
    one = Customer(
        id=n, name=name, email="", identities=identities, language=None, profile=dict(profile),
        last_seen_at=None,
    )  # fmt: skip
    return Person(one, [says] if says else [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana García López", "garcía lópez, ANA"), ("Ana Garcia", "Ana García"), ("Jiří Novák", "NOVÁK Jiří"),
        ("Ольга Петрова", "Петрова, Ольга"), ("O'Neil, Pat", "Pat O’Neil"),
    ],
)  # fmt: skip
def test_names_agree_in_any_order_case_and_accents(one: str, other: str) -> None:
    assert words(one) == words(other)


AGREE = [
    (person(1, "Ana G", "phone:+34600112233"), person(2, "Ana G", "phone:600112233")),
    (person(1, "Ana G", "phone:+4930123456"), person(2, "Ana G", "phone:030123456")),
    (person(1, "Ana G", "email:ana+shop@x.example"), person(2, "Ana G", "email:ana@x.example")),
    (person(1, "Ana G", "email:a@x.example", says="Tel. +34 600 11-22-33"), person(2, "Ana G", "phone:+34600112233")),
    (person(1, "Ana G", "email:a@x.example", says="(600) 112.233"), person(2, "Ana G", "phone:+34600112233")),
    (person(1, "Ana G", "twitter:@ana", says="Write to Ana@X.example."), person(2, "Ana G", "email:ana@x.example")),
    (person(1, "Ana G", "twitter:@ana", mobile="+34 600 112 233"), person(2, "Ana G", "phone:600112233")),
]  # fmt: skip
APART = [
    (person(1, "Ana G", "phone:+34600112233"), person(2, "Eva G", "phone:600112233")),
    (person(1, "Ana G", "twitter:@ana"), person(2, "Ana G", "email:ana@x.example")),
    (person(1, "", "phone:+34600112233"), person(2, "", "phone:600112233")),
    (person(1, "Ana G", "phone:112233"), person(2, "Ana G", "phone:600112233")),
    (person(1, "Ana G", "twitter:@ana", says="joana@x.example"), person(2, "Ana G", "email:ana@x.example")),
    (person(1, "Ana G", "twitter:@ana", says="ana@x.example2"), person(2, "Ana G", "email:ana@x.example")),
    (person(1, "Ana G", "twitter:@ana", says="order 6001122334"), person(2, "Ana G", "phone:600112233")),
    (person(1, "Ana G", "twitter:@ana"), person(2, "Ana G", "facebook:@ana")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), AGREE)
def test_F_L8_a_name_with_an_address_or_number_is_one_person(one: Person, other: Person) -> None:
    assert why(one, other).startswith("same name, and ")
    assert why(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_F_L8_a_name_or_a_number_alone_is_not(one: Person, other: Person) -> None:
    assert why(one, other) == why(other, one) == ""


@pytest.fixture
def ask(
    db: Database, monkeypatch: pytest.MonkeyPatch, home: Path, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[str, str]]:
    """A function: what a command of Ana's prints, and what it says beside."""
    desk = MailDesk(db)
    signed = "It does not print.\n\n-- \nCarl Customer, tel. +34 600 11 22 33\n"
    carl = "Carl Customer <carl@customer.example>"
    desk.mail(carl, "support@help.example", "Printer", signed)
    for kind, value, name in (
        ("phone", "+34600112233", "Customer, Carl"),
        ("phone", "+34600999999", "Carl Customer"),
        ("twitter", "@carl", "Carl Customer"),
    ):
        db.write(
            lambda tx, kind=kind, value=value, name=name: customers.find_or_create_by(
                tx, kind, value, name=name, language=None, at=clock.now()
            )
        )
    monkeypatch.setenv("TICKETCTL_DB", db.url.text())
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")

    def said(*typed: str) -> tuple[str, str]:
        capfd.readouterr()
        assert run(list(typed)) == 0
        found = capfd.readouterr()
        return found.out, found.err

    return said


@pytest.mark.postgres
def test_F_L8_suggest_names_the_one_whose_number_stands_in_the_signature(
    ask: Callable[..., tuple[str, str]],
) -> None:
    for who in ("carl@customer.example", "+34600112233"):
        out, _ = ask("customer", "suggest", who, "--json")
        (found,) = json.loads(out)
        assert found["why"] == "same name, and customer 1 wrote +34600112233"
        assert {found["id"], found["of"]} == {1, 2}
    out, err = ask("customer", "suggest", "1")
    assert "Customer, Carl" in out and "`ticketctl customer merge 2 --into 1`" in err
    assert json.loads(ask("customer", "suggest", "twitter:@carl", "--json")[0]) == []


def test_F_L8_customer_show_proposes_and_nothing_is_joined_until_an_agent_does(
    ask: Callable[..., tuple[str, str]],
) -> None:
    line = "maybe     customer 2, same name, and customer 1 wrote +34600112233; to join them: "
    assert f"{line}`ticketctl customer merge 2 --into 1`" in ask("customer", "show", "1")[0]
    assert len(json.loads(ask("customer", "list", "--json")[0])) == 4
    ask("customer", "merge", "2", "--into", "1", "-m", "the same person")
    assert "maybe" not in ask("customer", "show", "1")[0]
