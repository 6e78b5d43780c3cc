"""People: profile fields, identities of several channels, two that are one, and the way back of each."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.store.actions.conftest import DESK, House
from ticketctl.actions.customers import customer
from ticketctl.actions.customers import merge as customer_merge
from ticketctl.actions.tickets import close, edit, receive_mail, reply
from ticketctl.actions.tickets import open as opening
from ticketctl.actions.undo import undo as undoing
from ticketctl.domain.base.identity import parse
from ticketctl.domain.base.records import Customer, Order, Participant
from ticketctl.errors import BadInput, Conflict, NotFound, Refused
from ticketctl.store.db.engine import Tx
from ticketctl.store.desk import journal
from ticketctl.store.people import customers, shop_orders
from ticketctl.store.tickets import tickets

CARL, DORA = "carl@customer.example", "dora@customer.example"
FIELDS = """
[[field]]
on = "customer"
name = "tier"
type = "choice"
choices = ["gold", "plain"]
required = "close"

[[field]]
on = "customer"
name = "since"
type = "date"
"""


def of(house: House, who: str) -> Customer:
    return house.read(lambda tx: customer.find(tx, who))


def history(house: House, who: str, limit: int | None = 25) -> list[int]:
    one = of(house, who)
    return [t.id for t in house.read(lambda tx: customers.tickets_of(tx, one.id, limit))]


def change(house: House, who: str, group: str | None = None, **what: Any) -> bool:
    one = of(house, who)
    return house.do(lambda work: customer.edit(work, one, customer.Changes(**what)), group=group)


def link(house: House, who: str, *words: str, **how: Any) -> None:
    one = of(house, who)
    house.do(lambda work: customer.link(work, one, words), **how)


def merge(house: House, source: str, target: str, **how: Any) -> int:
    one, other = of(house, source), of(house, target)
    return house.do(lambda work: customer_merge.merge(work, one.id, other.id), **how)


def meet(house: House, who: str, name: str = "") -> int:
    named = parse(who)

    def work(tx: Tx) -> Customer:
        return customers.find_or_create_by(
            tx, named.kind, named.value, name=name, language=None, at=house.at
        )

    return house.db.write(work).id


def undo(house: House, group: str) -> None:
    house.do(undoing.undo, group=group)


def everything(tx: Tx) -> list[Any]:
    """All that people see of customers, their tickets and orders."""
    people = [one.customer for one in customers.listing(tx)]
    return [
        [
            one,
            customers.seen(tx, one),
            customers.tickets_of(tx, one.id, None),
            shop_orders.of(tx, one.id),
        ]
        for one in people
    ]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Ana@X.example", "ana@x.example"),
        ("email:ANA@x.example", "ana@x.example"),
        ("+34 600-11 22 33", "+34600112233"),
        ("phone:0034600112233", "+34600112233"),
        ("twitter:@ANA", "twitter:@ana"),
        ("facebook:Ana.Ruiz", "facebook:ana.ruiz"),
        ("telegram:4711", "telegram:4711"),
        ("web:visitor 9", "web:visitor 9"),
    ],
)
def test_each_kind_of_identity_finds_its_customer_F_L2(house: House, said: str, found: str) -> None:
    made = meet(house, found, "Ana")
    assert of(house, said).id == made
    assert of(house, str(made)).id == made


@pytest.mark.parametrize("word", ["", "ana", "@ana", "twitter:", "email:ana", "a:b\nc", "phone:x"])
def test_an_unknown_customer_is_bad_input(house: House, word: str) -> None:
    with pytest.raises(BadInput):
        of(house, word)


@pytest.mark.parametrize("who", ["zoe@x.example", "7", "9" * 40, "twitter:@zoe"])
def test_a_stranger_is_not_found(house: House, who: str) -> None:
    with pytest.raises(NotFound):
        of(house, who)


def test_an_address_is_one_customer_whatever_its_case_F_A5(house: House) -> None:
    one, other = house.open(author="Ana@X.cz"), house.open(author="ana@x.cz")
    assert house.ticket(one).customer == house.ticket(other).customer


def test_linked_identities_share_one_history_F_A22(house: House) -> None:
    first = house.open()
    house.later(hours=1)
    link(house, CARL, "twitter:@carl", "+34600112233", "carl@home.example", "TWITTER:@Carl")
    second = house.open(author="carl@home.example")
    assert of(house, "twitter:@carl").identities == (
        "email:carl@customer.example",
        "email:carl@home.example",
        "phone:+34600112233",
        "twitter:@carl",
    )
    assert history(house, "twitter:@carl") == history(house, CARL) == [second, first]
    lines = house.read(lambda tx: journal.of(tx, "customer", str(of(house, CARL).id)))
    assert [(one.type, one.new) for one in lines] == [
        ("linked", "twitter:@carl"),
        ("linked", "phone:+34600112233"),
        ("linked", "email:carl@home.example"),
    ]


def test_another_customers_identity_names_merge_F_A22(house: House) -> None:
    house.open()
    meet(house, "twitter:@carl", "Carl T.")
    carl, other = of(house, CARL).id, of(house, "twitter:@carl").id
    with pytest.raises(
        Conflict, match=rf"customer {other} \(Carl T\.\).*merge {other} --into {carl}`"
    ):
        link(house, CARL, "phone:+34600112233", "twitter:@carl")
    assert of(house, CARL).identities == ("email:carl@customer.example",)


def test_unlink_keeps_the_tickets_and_finds_another_address_to_show_F_A22(house: House) -> None:
    ticket = house.open()
    link(house, CARL, "a@home.example", "b@home.example")
    one = of(house, CARL)
    house.do(lambda work: customer.unlink(work, one, [CARL, "b@home.example"]))
    left = of(house, "a@home.example")
    assert (left.id, left.email, left.identities) == (
        one.id,
        "a@home.example",
        ("email:a@home.example",),
    )
    assert history(house, "a@home.example") == [ticket]
    with pytest.raises(Refused, match="all that customer"):
        house.do(lambda work: customer.unlink(work, left, ["a@home.example"]))
    with pytest.raises(NotFound, match=r"twitter:@x is no identity"):
        house.do(lambda work: customer.unlink(work, left, ["twitter:@x"]))


def test_merge_moves_everything_and_the_old_number_follows_F_A22(house: House) -> None:
    first = house.open()
    house.later(hours=1)
    copied = house.open(author="eve@x.example", others=(Participant(DORA, "", "cc"),))
    house.later(hours=1)
    second = house.open(author=DORA, author_name="Dora", language="es")
    dora, carl = of(house, DORA).id, of(house, CARL).id
    assert merge(house, DORA, CARL) == 1
    assert of(house, str(dora)).id == of(house, DORA).id == carl
    assert history(house, CARL) == [second, copied, first]
    assert house.ticket(second).customer.name == "Carl"
    assert (of(house, CARL).email, of(house, CARL).language) == (CARL, "es")
    listed = house.read(lambda tx: [one.customer.id for one in customers.listing(tx)])
    assert dora not in listed
    with pytest.raises(Conflict, match="one person already"):
        merge(house, DORA, CARL)


def test_chains_of_merges_follow_to_the_end_F_A22(house: House) -> None:
    numbers = [meet(house, f"{name}@x.example") for name in "abc"]
    merge(house, "a@x.example", "b@x.example")
    merge(house, "b@x.example", "c@x.example")
    assert of(house, str(numbers[0])).id == numbers[2]
    assert len(of(house, "a@x.example").identities) == 3


def test_a_customer_is_answered_at_the_address_they_wrote_from_F_A22(house: House) -> None:
    number = house.open()
    link(house, CARL, "carl@home.example")
    mail = house.incoming(author="carl@home.example")
    house.do(lambda work: receive_mail.customer_message(work, number, mail), "gateway")
    apart = house.open(author=DORA)
    merge(house, DORA, CARL)
    house.do(lambda work: reply.reply(work, number, "Try again."))
    house.do(lambda work: reply.reply(work, apart, "Try again."))
    assert [row.to for row in house.outbox("reply")] == [("carl@home.example",), (DORA,)]


def test_exactly_the_25_newest_with_cc_and_by_any_identity_F_A32(house: House) -> None:
    made = []
    link_to = house.open()
    assert link_to == 1
    link(house, CARL, "carl@home.example")
    for n in range(28):
        house.later(minutes=1)
        if n == 20:
            copy = (Participant("carl@home.example", "", "cc"),)
            made.append(house.open(author=DORA, others=copy))
        else:
            made.append(house.open(author="carl@home.example" if n % 2 else CARL))
    house.open(author="zoe@x.example")
    assert history(house, CARL) == made[:-26:-1]
    assert history(house, CARL, None) == [*made[::-1], 1]
    assert len(history(house, CARL)) == 25


def test_profile_fields_are_checked_by_type_F_A17(house: House) -> None:
    house.apply(DESK + FIELDS)
    house.open()
    assert change(house, CARL, name="Carlos", language="es", fields={"tier": "gold"})
    assert not change(house, CARL, fields={"tier": "gold"})
    one = of(house, CARL)
    assert (one.name, one.language, one.profile) == ("Carlos", "es", {"tier": "gold"})
    with pytest.raises(Refused, match="one of gold, plain"):
        change(house, CARL, fields={"tier": "lead"})
    with pytest.raises(Refused, match="date"):
        change(house, CARL, fields={"since": "soon"})
    with pytest.raises(NotFound, match='no field "reason" of customers'):
        change(house, CARL, fields={"reason": "refund"})
    change(house, CARL, fields={"tier": None})
    assert of(house, CARL).profile == {}


def test_a_close_wants_the_profile_filled_in_and_nothing_else_does_F_A18(house: House) -> None:
    house.apply(DESK + FIELDS)
    number = house.open()
    house.do(lambda work: edit.edit(work, number, edit.Changes(owner="ana"), comment="mine"))
    with pytest.raises(Refused, match=r"field tier is required .*customer edit 1 --set tier="):
        house.do(lambda work: close.close(work, number, comment="done"))
    assert house.ticket(number).status == "new"
    change(house, CARL, fields={"tier": "gold"})
    house.do(lambda work: close.close(work, number, comment="done"))
    assert house.ticket(number).status == "closed"


def test_a_ticket_by_hand_wants_what_is_required_at_its_start_F_A18(house: House) -> None:
    house.apply(DESK + FIELDS.replace('"close"', '"create"'))
    number = house.open()  # mail is never blocked
    draft = opening.Draft(customer=CARL, subject="Printer", comment="by phone")
    with pytest.raises(Refused, match="field tier is required"):
        house.do(lambda work: opening.by_hand(work, draft))
    change(house, CARL, fields={"tier": "gold"})
    assert house.do(lambda work: opening.by_hand(work, draft)) > number


def test_last_seen_is_the_latest_page_view_or_message_F_C9(house: House) -> None:
    house.open()
    wrote = house.at

    def seen() -> Customer:
        return house.read(lambda tx: customers.seen(tx, customer.find(tx, CARL)))

    assert (seen().last_seen_at, seen().last_page) == (wrote, None)
    house.later(hours=1)
    one = of(house, CARL)
    house.do(lambda work: customer.touch(work, one, "/cart"))
    assert (seen().last_seen_at, seen().last_page) == (house.at, "/cart")
    house.later(hours=1)
    house.open()
    assert (seen().last_seen_at, seen().last_page) == (house.at, "/cart")
    house.do(lambda work: customer.touch(work, one, " /c\x1b\nart" + "x" * 3000))
    assert seen().last_page == "/c art" + "x" * 1994


def waiting_order(number: str, email: str) -> Order:
    return Order(
        provider="shopify",
        number=number,
        email=email,
        total="9.90",
        currency="EUR",
        financial_status="paid",
        fulfilment_status="unfulfilled",
        placed_at=None,
    )


DEEDS: dict[str, Callable[[House], object]] = {
    "edit": lambda house: change(
        house, CARL, "g", name="Carlos", language="es", fields={"tier": "plain", "since": None}
    ),
    "link": lambda house: link(house, CARL, "twitter:@carl", "carl@home.example", group="g"),
    "link a first address": lambda house: link(house, "twitter:@x", "x@x.example", group="g"),
    "unlink": lambda house: house.do(
        lambda work: customer.unlink(work, customer.find(work.tx, DORA), [DORA]), group="g"
    ),
    "made": lambda house: house.do(
        lambda work: customer.edit(
            work, customer.meet(work, "x@x.example"), customer.Changes(name="Xaver")
        ),
        group="g",
    ),
    "merge": lambda house: merge(house, DORA, CARL, group="g"),
    "merge the other way": lambda house: merge(house, CARL, DORA, group="g"),
    "merge into a name": lambda house: merge(house, DORA, "twitter:@x", group="g"),
}


@pytest.mark.postgres
@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_undo_of_what_was_done_to_people_is_as_before(
    house: House, deed: Callable[[House], object]
) -> None:
    house.apply(DESK + FIELDS)
    for author in (CARL, DORA, DORA):
        house.open(author=author, author_name=author.split("@")[0])
    meet(house, "twitter:@x")
    addresses = (CARL, DORA, "carl@home.example", "x@x.example")
    waiting = [waiting_order(f"#{n}", address) for n, address in enumerate(addresses)]
    house.db.write(lambda tx: shop_orders.keep(tx, waiting, house.at))
    change(house, CARL, fields={"since": "2020-01-01", "tier": "gold"})
    link(house, DORA, "dora@home.example")
    house.later(hours=1)
    house.do(lambda work: customer.touch(work, customer.find(work.tx, DORA), "/cart"))
    before = house.read(everything)
    deed(house)
    assert house.read(everything) != before
    undo(house, "g")
    assert house.read(everything) == before


@pytest.mark.postgres
def test_of_two_merges_at_once_one_is_done_F_A22(house: House) -> None:
    house.open()
    house.open(author=DORA)
    start = threading.Barrier(2)

    def attempt(source: str, target: str) -> str:
        one, other = of(house, source), of(house, target)
        start.wait()
        try:
            house.do(lambda work: customer_merge.merge(work, one.id, other.id))
        except Conflict as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(attempt, *pair) for pair in ((CARL, DORA), (DORA, CARL))]
        answers = sorted(one.result() for one in results)
    assert answers[1] == "done"
    assert "is merged into" in answers[0]
    assert len(history(house, CARL)) == len(of(house, DORA).identities) == 2


def test_undoing_a_ticket_removes_the_customer_created_for_it(house: House) -> None:
    number, phone = house.open(), "phone:+34600112233"
    given = edit.Changes(customer=phone)
    house.do(lambda work: edit.edit(work, number, given, comment="his"), group="g")
    assert house.ticket(number).customer.id == of(house, phone).id
    undo(house, "g")
    assert house.ticket(number).customer.email == CARL
    with pytest.raises(NotFound):
        of(house, phone)


def test_undo_keeps_a_customer_who_has_a_ticket_by_now(house: House) -> None:
    house.do(lambda work: customer.meet(work, DORA), group="m")
    house.open(author=DORA)
    with pytest.raises(Conflict, match="has tickets, a profile or another identity by now"):
        undo(house, "m")


@pytest.mark.postgres
def test_undo_names_what_was_changed_since(house: House) -> None:
    house.open()
    ticket = house.open(author=DORA)
    merge(house, DORA, CARL, group="m")
    house.do(
        lambda work: edit.edit(work, ticket, edit.Changes(customer="zoe@x.example"), comment="hers")
    )
    with pytest.raises(Conflict, match="1 of the tickets"):
        undo(house, "m")
    link(house, CARL, "twitter:@carl", group="l")
    house.do(lambda work: customer.unlink(work, customer.find(work.tx, CARL), ["twitter:@carl"]))
    with pytest.raises(Conflict, match="twitter:@carl is not his any more"):
        undo(house, "l")
    assert house.read(lambda tx: tickets.get(tx, ticket)).customer.email == "zoe@x.example"
