"""People: profile fields, identities of several channels, two that are one, and the way back of each."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.customers import customer
from ticketctl.actions.customers import merge as customer_merge
from ticketctl.actions.tickets import close, edit, open_ticket, receive_mail, reply
from ticketctl.actions.undo import undo as undoing
from ticketctl.domain.base.identity import parse
from ticketctl.domain.base.records import Customer, Order, Participant
from ticketctl.errors import BadInput, Conflict, NotFound, Refused
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import journal
from ticketctl.store.people import customer_lists, customers, shop_orders
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


def of(helpdesk: DeskFixture, who: str) -> Customer:
    return helpdesk.read(lambda tx: customer.find(tx, who))


def history(helpdesk: DeskFixture, who: str, limit: int | None = 25) -> list[int]:
    one = of(helpdesk, who)
    return [t.id for t in helpdesk.read(lambda tx: customer_lists.tickets_of(tx, one.id, limit))]


def change(helpdesk: DeskFixture, who: str, group: str | None = None, **what: Any) -> bool:
    one = of(helpdesk, who)
    return helpdesk.do(
        lambda work: customer.edit(work, one, customer.CustomerChanges(**what)), group=group
    )


def link(helpdesk: DeskFixture, who: str, *words: str, **how: Any) -> None:
    one = of(helpdesk, who)
    helpdesk.do(lambda work: customer.link(work, one, words), **how)


def merge(helpdesk: DeskFixture, source: str, target: str, **how: Any) -> int:
    one, other = of(helpdesk, source), of(helpdesk, target)
    return helpdesk.do(lambda work: customer_merge.merge(work, one.id, other.id), **how)


def meet(helpdesk: DeskFixture, who: str, name: str = "") -> int:
    named = parse(who)

    def work(tx: Tx) -> Customer:
        return customers.find_or_create_by(
            tx, named.kind, named.value, name=name, language=None, at=helpdesk.at
        )

    return helpdesk.db.write(work).id


def undo(helpdesk: DeskFixture, group: str) -> None:
    helpdesk.do(undoing.undo, group=group)


def everything(tx: Tx) -> list[Any]:
    """All that people see of customers, their tickets and orders."""
    people = [one.customer for one in customer_lists.listing(tx)]
    return [
        [
            one,
            customers.last_seen(tx, one),
            customer_lists.tickets_of(tx, one.id, None),
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
def test_each_kind_of_identity_finds_its_customer_F_L2(
    helpdesk: DeskFixture, said: str, found: str
) -> None:
    made = meet(helpdesk, found, "Ana")
    assert of(helpdesk, said).id == made
    assert of(helpdesk, str(made)).id == made


@pytest.mark.parametrize("word", ["", "ana", "@ana", "twitter:", "email:ana", "a:b\nc", "phone:x"])
def test_an_unknown_customer_is_bad_input(helpdesk: DeskFixture, word: str) -> None:
    with pytest.raises(BadInput):
        of(helpdesk, word)


@pytest.mark.parametrize("who", ["zoe@x.example", "7", "9" * 40, "twitter:@zoe"])
def test_a_stranger_is_not_found(helpdesk: DeskFixture, who: str) -> None:
    with pytest.raises(NotFound):
        of(helpdesk, who)


def test_an_address_is_one_customer_whatever_its_case_F_A5(helpdesk: DeskFixture) -> None:
    one, other = helpdesk.open(author="Ana@X.cz"), helpdesk.open(author="ana@x.cz")
    assert helpdesk.ticket(one).customer == helpdesk.ticket(other).customer


def test_linked_identities_share_one_history_F_A22(helpdesk: DeskFixture) -> None:
    first = helpdesk.open()
    helpdesk.later(hours=1)
    link(helpdesk, CARL, "twitter:@carl", "+34600112233", "carl@home.example", "TWITTER:@Carl")
    second = helpdesk.open(author="carl@home.example")
    assert of(helpdesk, "twitter:@carl").identities == (
        "email:carl@customer.example",
        "email:carl@home.example",
        "phone:+34600112233",
        "twitter:@carl",
    )
    assert history(helpdesk, "twitter:@carl") == history(helpdesk, CARL) == [second, first]
    lines = helpdesk.read(lambda tx: journal.of(tx, "customer", str(of(helpdesk, CARL).id)))
    assert [(one.type, one.new) for one in lines] == [
        ("linked", "twitter:@carl"),
        ("linked", "phone:+34600112233"),
        ("linked", "email:carl@home.example"),
    ]


def test_another_customers_identity_names_merge_F_A22(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    meet(helpdesk, "twitter:@carl", "Carl T.")
    carl, other = of(helpdesk, CARL).id, of(helpdesk, "twitter:@carl").id
    with pytest.raises(
        Conflict, match=rf"customer {other} \(Carl T\.\).*merge {other} --into {carl}`"
    ):
        link(helpdesk, CARL, "phone:+34600112233", "twitter:@carl")
    assert of(helpdesk, CARL).identities == ("email:carl@customer.example",)


def test_unlink_keeps_the_tickets_and_finds_another_address_to_show_F_A22(
    helpdesk: DeskFixture,
) -> None:
    ticket = helpdesk.open()
    link(helpdesk, CARL, "a@home.example", "b@home.example")
    one = of(helpdesk, CARL)
    helpdesk.do(lambda work: customer.unlink(work, one, [CARL, "b@home.example"]))
    left = of(helpdesk, "a@home.example")
    assert (left.id, left.email, left.identities) == (
        one.id,
        "a@home.example",
        ("email:a@home.example",),
    )
    assert history(helpdesk, "a@home.example") == [ticket]
    with pytest.raises(Refused, match="the only identity of customer"):
        helpdesk.do(lambda work: customer.unlink(work, left, ["a@home.example"]))
    with pytest.raises(NotFound, match=r"twitter:@x is not an identity"):
        helpdesk.do(lambda work: customer.unlink(work, left, ["twitter:@x"]))


def test_merge_moves_everything_and_the_old_number_follows_F_A22(helpdesk: DeskFixture) -> None:
    first = helpdesk.open()
    helpdesk.later(hours=1)
    copied = helpdesk.open(author="eve@x.example", others=(Participant(DORA, "", "cc"),))
    helpdesk.later(hours=1)
    second = helpdesk.open(author=DORA, author_name="Dora", language="es")
    dora, carl = of(helpdesk, DORA).id, of(helpdesk, CARL).id
    assert merge(helpdesk, DORA, CARL) == 1
    assert of(helpdesk, str(dora)).id == of(helpdesk, DORA).id == carl
    assert history(helpdesk, CARL) == [second, copied, first]
    assert helpdesk.ticket(second).customer.name == "Carl"
    assert (of(helpdesk, CARL).email, of(helpdesk, CARL).language) == (CARL, "es")
    listed = helpdesk.read(lambda tx: [one.customer.id for one in customer_lists.listing(tx)])
    assert dora not in listed
    with pytest.raises(Conflict, match="cannot be merged into itself"):
        merge(helpdesk, DORA, CARL)


def test_chains_of_merges_follow_to_the_end_F_A22(helpdesk: DeskFixture) -> None:
    numbers = [meet(helpdesk, f"{name}@x.example") for name in "abc"]
    merge(helpdesk, "a@x.example", "b@x.example")
    merge(helpdesk, "b@x.example", "c@x.example")
    assert of(helpdesk, str(numbers[0])).id == numbers[2]
    assert len(of(helpdesk, "a@x.example").identities) == 3


def test_a_customer_is_answered_at_the_address_they_wrote_from_F_A22(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    link(helpdesk, CARL, "carl@home.example")
    mail = helpdesk.incoming(author="carl@home.example")
    helpdesk.do(lambda work: receive_mail.customer_message(work, number, mail), "gateway")
    apart = helpdesk.open(author=DORA)
    merge(helpdesk, DORA, CARL)
    helpdesk.do(lambda work: reply.reply(work, number, "Try again."))
    helpdesk.do(lambda work: reply.reply(work, apart, "Try again."))
    assert [row.to for row in helpdesk.outbox("reply")] == [("carl@home.example",), (DORA,)]


def test_exactly_the_25_newest_with_cc_and_by_any_identity_F_A32(helpdesk: DeskFixture) -> None:
    made = []
    link_to = helpdesk.open()
    assert link_to == 1
    link(helpdesk, CARL, "carl@home.example")
    for n in range(28):
        helpdesk.later(minutes=1)
        if n == 20:
            copy = (Participant("carl@home.example", "", "cc"),)
            made.append(helpdesk.open(author=DORA, others=copy))
        else:
            made.append(helpdesk.open(author="carl@home.example" if n % 2 else CARL))
    helpdesk.open(author="zoe@x.example")
    assert history(helpdesk, CARL) == made[:-26:-1]
    assert history(helpdesk, CARL, None) == [*made[::-1], 1]
    assert len(history(helpdesk, CARL)) == 25


def test_profile_fields_are_checked_by_type_F_A17(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK + FIELDS)
    helpdesk.open()
    assert change(helpdesk, CARL, name="Carlos", language="es", fields={"tier": "gold"})
    assert not change(helpdesk, CARL, fields={"tier": "gold"})
    one = of(helpdesk, CARL)
    assert (one.name, one.language, one.profile) == ("Carlos", "es", {"tier": "gold"})
    with pytest.raises(Refused, match="one of gold, plain"):
        change(helpdesk, CARL, fields={"tier": "lead"})
    with pytest.raises(Refused, match="date"):
        change(helpdesk, CARL, fields={"since": "soon"})
    with pytest.raises(NotFound, match='no field "reason" of customers'):
        change(helpdesk, CARL, fields={"reason": "refund"})
    change(helpdesk, CARL, fields={"tier": None})
    assert of(helpdesk, CARL).profile == {}


def test_a_close_wants_the_profile_filled_in_and_nothing_else_does_F_A18(
    helpdesk: DeskFixture,
) -> None:
    helpdesk.apply(DESK + FIELDS)
    number = helpdesk.open()
    helpdesk.do(
        lambda work: edit.edit(work, number, edit.TicketChanges(owner="ana"), comment="mine")
    )
    with pytest.raises(Refused, match=r"field tier is required .*customer edit 1 --set tier="):
        helpdesk.do(lambda work: close.close(work, number, comment="done"))
    assert helpdesk.ticket(number).status == "new"
    change(helpdesk, CARL, fields={"tier": "gold"})
    helpdesk.do(lambda work: close.close(work, number, comment="done"))
    assert helpdesk.ticket(number).status == "closed"


def test_a_ticket_by_hand_wants_what_is_required_at_its_start_F_A18(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK + FIELDS.replace('"close"', '"create"'))
    number = helpdesk.open()  # mail is never blocked
    draft = open_ticket.Draft(customer=CARL, subject="Printer", comment="by phone")
    with pytest.raises(Refused, match="field tier is required"):
        helpdesk.do(lambda work: open_ticket.by_hand(work, draft))
    change(helpdesk, CARL, fields={"tier": "gold"})
    assert helpdesk.do(lambda work: open_ticket.by_hand(work, draft)) > number


def test_last_seen_is_the_latest_page_view_or_message_F_C9(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    wrote = helpdesk.at

    def seen() -> Customer:
        return helpdesk.read(lambda tx: customers.last_seen(tx, customer.find(tx, CARL)))

    assert (seen().last_seen_at, seen().last_page) == (wrote, None)
    helpdesk.later(hours=1)
    one = of(helpdesk, CARL)
    helpdesk.do(lambda work: customer.touch(work, one, "/cart"))
    assert (seen().last_seen_at, seen().last_page) == (helpdesk.at, "/cart")
    helpdesk.later(hours=1)
    helpdesk.open()
    assert (seen().last_seen_at, seen().last_page) == (helpdesk.at, "/cart")
    helpdesk.do(lambda work: customer.touch(work, one, " /c\x1b\nart" + "x" * 3000))
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


DEEDS: dict[str, Callable[[DeskFixture], object]] = {
    "edit": lambda helpdesk: change(
        helpdesk, CARL, "g", name="Carlos", language="es", fields={"tier": "plain", "since": None}
    ),
    "link": lambda helpdesk: link(helpdesk, CARL, "twitter:@carl", "carl@home.example", group="g"),
    "link a first address": lambda helpdesk: link(helpdesk, "twitter:@x", "x@x.example", group="g"),
    "unlink": lambda helpdesk: helpdesk.do(
        lambda work: customer.unlink(work, customer.find(work.tx, DORA), [DORA]), group="g"
    ),
    "made": lambda helpdesk: helpdesk.do(
        lambda work: customer.edit(
            work, customer.meet(work, "x@x.example"), customer.CustomerChanges(name="Xaver")
        ),
        group="g",
    ),
    "merge": lambda helpdesk: merge(helpdesk, DORA, CARL, group="g"),
    "merge the other way": lambda helpdesk: merge(helpdesk, CARL, DORA, group="g"),
    "merge into a name": lambda helpdesk: merge(helpdesk, DORA, "twitter:@x", group="g"),
}


@pytest.mark.postgres
@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_undo_of_what_was_done_to_people_is_as_before(
    helpdesk: DeskFixture, deed: Callable[[DeskFixture], object]
) -> None:
    helpdesk.apply(DESK + FIELDS)
    for author in (CARL, DORA, DORA):
        helpdesk.open(author=author, author_name=author.split("@")[0])
    meet(helpdesk, "twitter:@x")
    addresses = (CARL, DORA, "carl@home.example", "x@x.example")
    waiting = [waiting_order(f"#{n}", address) for n, address in enumerate(addresses)]
    helpdesk.db.write(lambda tx: shop_orders.keep(tx, waiting, helpdesk.at))
    change(helpdesk, CARL, fields={"since": "2020-01-01", "tier": "gold"})
    link(helpdesk, DORA, "dora@home.example")
    helpdesk.later(hours=1)
    helpdesk.do(lambda work: customer.touch(work, customer.find(work.tx, DORA), "/cart"))
    before = helpdesk.read(everything)
    deed(helpdesk)
    assert helpdesk.read(everything) != before
    undo(helpdesk, "g")
    assert helpdesk.read(everything) == before


@pytest.mark.postgres
def test_of_two_merges_at_once_one_is_done_F_A22(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    helpdesk.open(author=DORA)
    start = threading.Barrier(2)

    def attempt(source: str, target: str) -> str:
        one, other = of(helpdesk, source), of(helpdesk, target)
        start.wait()
        try:
            helpdesk.do(lambda work: customer_merge.merge(work, one.id, other.id))
        except Conflict as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(attempt, *pair) for pair in ((CARL, DORA), (DORA, CARL))]
        answers = sorted(one.result() for one in results)
    assert answers[1] == "done"
    assert "is already merged into" in answers[0]
    assert len(history(helpdesk, CARL)) == len(of(helpdesk, DORA).identities) == 2


def test_undoing_a_ticket_removes_the_customer_created_for_it(helpdesk: DeskFixture) -> None:
    number, phone = helpdesk.open(), "phone:+34600112233"
    given = edit.TicketChanges(customer=phone)
    helpdesk.do(lambda work: edit.edit(work, number, given, comment="his"), group="g")
    assert helpdesk.ticket(number).customer.id == of(helpdesk, phone).id
    undo(helpdesk, "g")
    assert helpdesk.ticket(number).customer.email == CARL
    with pytest.raises(NotFound):
        of(helpdesk, phone)


def test_undo_keeps_a_customer_who_has_a_ticket_by_now(helpdesk: DeskFixture) -> None:
    helpdesk.do(lambda work: customer.meet(work, DORA), group="m")
    helpdesk.open(author=DORA)
    with pytest.raises(Conflict, match="now has tickets, a profile or another identity"):
        undo(helpdesk, "m")


@pytest.mark.postgres
def test_undo_names_what_was_changed_since(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    ticket = helpdesk.open(author=DORA)
    merge(helpdesk, DORA, CARL, group="m")
    helpdesk.do(
        lambda work: edit.edit(
            work, ticket, edit.TicketChanges(customer="zoe@x.example"), comment="hers"
        )
    )
    with pytest.raises(Conflict, match="1 of the tickets"):
        undo(helpdesk, "m")
    link(helpdesk, CARL, "twitter:@carl", group="l")
    helpdesk.do(lambda work: customer.unlink(work, customer.find(work.tx, CARL), ["twitter:@carl"]))
    with pytest.raises(Conflict, match="twitter:@carl no longer belongs to this customer"):
        undo(helpdesk, "l")
    assert helpdesk.read(lambda tx: tickets.get(tx, ticket)).customer.email == "zoe@x.example"
