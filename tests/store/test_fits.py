"""Conditions asked of one ticket hold exactly where the list has it."""

from collections.abc import Callable
from datetime import timedelta

from ticketctl import clock
from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.domain.query import parser
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.tickets import match, messages, ticket_lists

NOW = clock.parse("2026-03-09T12:00:00Z")
ASKED = (
    "", "status:new", "-status:new", "status:open,new", "tag:vip", "tag:none", "priority>=high", "is:open",
    "subject:printer", "-subject:printer", 'body:"paper jam"', '-body:"paper jam"', "comments:secret", "toner",
    "(subject:printer OR body:toner) -tag:vip", "body:printer", "created<-2h", "age<2h", "email:@x.example",
    "customer:carl", "owner:none", '"---"', "subject:prin", "cf.reason:refund", "has:comment", "language:none",
    "rating<=2", "-rating<=2",
)  # fmt: skip


def conditions() -> list[Condition]:
    from datetime import UTC

    return [parser.parse(text, now=NOW, zone=UTC, me=None).condition for text in ASKED]


def test_one_ticket_fits_where_the_list_finds_it(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    def fill(tx: Tx) -> list[int]:
        made = [
            make_ticket(tx, at=NOW - timedelta(hours=3), subject="Printer", tags=("vip",)),
            make_ticket(tx, at=NOW, subject="A bill", email="dora@y.example", priority="high"),
            make_ticket(tx, at=NOW, subject="Printer", owner="ana", fields={"reason": "refund"}),
        ]
        for number, text in zip(made, ("a paper jam", "toner is out", "jam, paper"), strict=True):
            messages.add(
                tx, number, messages.NewMessage(direction="in", class_="human", author="c@x.example", author_name="",
                at=NOW, subject="", text=text, full_text=text,
            ))  # fmt: skip
        messages.add_comment(tx, made[1], author="ana", at=NOW, text="secret")
        return made

    numbers = db.write(fill)
    asked = conditions()
    with db.read() as tx:
        for number in numbers:
            found = match.of(tx, number, asked)
            for text, condition, holds in zip(ASKED, asked, found, strict=True):
                listed = number in [one.id for one in ticket_lists.page(tx, condition, (), None)]
                assert holds == listed, (number, text)


def test_nothing_holds_for_a_ticket_that_is_not_there(db: Database) -> None:
    with db.read() as tx:
        assert match.of(tx, 1, [EVERYTHING]) == [False]
