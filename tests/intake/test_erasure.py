"""After an erasure no word, name or address of the person is left; everything of others is (F-R40)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.mail_desk import MailDesk
from ticketctl import clock
from ticketctl.actions.base.context import Work, begin
from ticketctl.actions.customers import (
    absence,
    customer,
)
from ticketctl.actions.customers import (
    erase as customer_erase,
)
from ticketctl.actions.customers import (
    merge as customer_merge,
)
from ticketctl.actions.mail import unsubscribe
from ticketctl.actions.texts import canned as template
from ticketctl.actions.texts import saved_queries as queries
from ticketctl.actions.tickets import comment, edit, escalate, link, merge, reply, split
from ticketctl.actions.undo import undo
from ticketctl.domain.base.optional_mail import OPTIONAL
from ticketctl.domain.base.records import Actor, Order
from ticketctl.domain.base.redact import Blot
from ticketctl.domain.rules.canned import Canned
from ticketctl.errors import NotAllowed, Refused
from ticketctl.store.db.core import spliced
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.schema import metadata
from ticketctl.store.desk import canned_replies, journal
from ticketctl.store.people import customers, shop_orders
from ticketctl.store.privacy import erase as erasure
from ticketctl.store.privacy.vacuum import scrub
from ticketctl.store.queues import bans, outbox, sending, unsubscribed
from ticketctl.store.tickets import saved_queries, search, tickets

ANA = "Ana Markerson <ana.marker@x.example>"
DORA = "Dora <dora@x.example>"
FIELDS = """
[[field]]
on = "customer"
name = "vat"

[[field]]
on = "ticket"
name = "serial"
"""
AUTOMATIC = b"From: ana.marker@x.example\r\nSubject: quixotic\r\nAuto-Submitted: auto-replied\r\n\r\nzebra7\r\n"
BOUGHT = Order(
    provider="shopify",
    number="#zebra7",
    email="ana.marker@x.example",
    total="1",
    currency="EUR",
    financial_status="paid",
    fulfilment_status="fulfilled",
    placed_at=None,
)
# Everything of Ana's contains one of these words.
MARKERS = ("marker", "quixotic", "zebra7", "600112233")
PICTURE = b"\x89PNG quixotic picture"


def do(
    helpdesk: MailDesk,
    deed: Callable[[Work], Any],
    who: str = "root",
    role: str = "admin",
    group: str = "g",
) -> Any:
    actor = Actor(who, who, role)
    return helpdesk.db.write(lambda tx: deed(begin(tx, actor, clock.now(), group=group)))


def find(helpdesk: MailDesk, who: str) -> int:
    with helpdesk.db.read() as tx:
        return customer.find(tx, who).id


def erase(helpdesk: MailDesk, one: str, **actor: str) -> erasure.Erased:
    number = find(helpdesk, one)
    erased: erasure.Erased = do(helpdesk, lambda w: customer_erase.erase(w, number), **actor)
    scrub(helpdesk.db)
    return erased


def everything(db: Database) -> str:
    """Every column of every table as text; on SQLite also the files, byte for byte."""
    with db.read() as tx:
        found = [str(row) for table in metadata.sorted_tables for row in tx.execute(table.select())]
        index = "* FROM search_text" if db.is_sqlite else "text_vector FROM search_entry"
        found += map(str, tx.execute(text(f"SELECT {index}")))
    if db.is_sqlite:
        path = Path(str(db.url.database))
        found += [one.read_bytes().decode("latin-1") for one in path.parent.glob(f"{path.name}*")]
    return "\n".join(found).lower()


def live(helpdesk: MailDesk) -> None:
    """Ana writes, is answered, called, copied, quoted, held and merged; Dora writes too."""
    helpdesk.apply(helpdesk.toml + FIELDS)
    desk = "support@help.example"
    helpdesk.mail(ANA, desk, "Quixotic lamp", "zebra7 zebra7", files={"marker.png": PICTURE})
    helpdesk.mail(ANA, "billing@help.example", "Re: quixotic bill", "My zebra7 bill")
    do(helpdesk, lambda w: reply.reply(w, 2, "Dear quixotic Ana, to ana.marker@x.example"))
    do(helpdesk, lambda w: comment.comment(w, 2, "she rang from 600112233 about zebra7"))
    fields = {"serial": "zebra7", "reason": "refund"}
    changes = edit.TicketChanges(subject="Quixotic lamp again", fields=fields)
    do(helpdesk, lambda w: edit.edit(w, 2, changes, comment="zebra7 told me"))
    asks = "With Ana Markerson, ask ana.marker@x.example."
    helpdesk.mail(DORA, desk, "Offer", asks, Cc=ANA, message_id="<offer@x.example>")
    answer = {"In_Reply_To": "<offer@x.example>"}
    agrees = f"I agree, zebra7.\n\n{desk}\ndora@x.example\n"
    helpdesk.mail(ANA, desk, "Re: Offer", agrees, **answer)
    helpdesk.mail(DORA, desk, "Re: Offer", "Fine.\n\n> I agree, zebra7.\n\nGood.", **answer)
    helpdesk.mail(DORA, desk, "Apart", "diana@x.example is somebody else")
    helpdesk.feed(AUTOMATIC)
    ana = find(helpdesk, "ana.marker@x.example")
    words = ["+34600112233", "twitter:@marker7"]
    do(helpdesk, lambda w: customer.link(w, customers.get(w.tx, ana), words))
    profile = customer.CustomerChanges(fields={"vat": "zebra7"})
    do(helpdesk, lambda w: customer.edit(w, customers.get(w.tx, ana), profile))
    do(helpdesk, lambda w: customer.touch(w, customers.get(w.tx, ana), "/quixotic"))
    helpdesk.mail("A Marker <a.marker@y.example>", desk, "Second", "zebra7 two")
    second = find(helpdesk, "a.marker@y.example")
    do(helpdesk, lambda w: customer_merge.merge(w, second, ana))
    helpdesk.db.write(lambda tx: shop_orders.keep(tx, [BOUGHT], clock.now()))

    _noted(helpdesk)
    _moved_about(helpdesk)

    def compose(tx: Tx) -> None:
        for row in helpdesk.outbox("ack", "reply", "notification"):
            sending.store_content(tx, row.id, helpdesk.bytes_to(row, row.to[0]))

    helpdesk.db.write(compose)


def _moved_about(helpdesk: MailDesk) -> None:
    """Ana's tickets are merged with tickets that nothing else leads to, and unmerged again: history alone knows."""
    desk = "support@help.example"
    own = helpdesk.mail(ANA, desk, "Moved", "zebra7 moved about, as I said").ticket or 0

    def other() -> int:
        return int(
            helpdesk.mail("Eve <eve@z.example>", desk, "Plain", "Nothing of anybody.").ticket or 0
        )

    def taken_back(deed: Callable[[Work], Any]) -> None:
        group = f"back {clock.now()} {helpdesk.mails}"
        do(helpdesk, deed, group=group)
        do(helpdesk, undo.undo, group=group)

    there, here, parted, helped, theirs = (other() for _ in range(5))
    taken_back(lambda w: merge.merge(w, own, there))
    taken_back(lambda w: merge.merge(w, here, own))
    do(
        helpdesk, lambda w: reply.reply(w, parted, "Dear Eve.")
    )  # so that its team hears of the question
    do(helpdesk, lambda w: merge.merge(w, own, parted))
    do(helpdesk, lambda w: merge.unmerge(w, own))
    taken_back(lambda w: escalate.escalate(w, helped, to=("a.marker@y.example",), comment="Help?"))
    taken_back(
        lambda w: edit.edit(
            w, theirs, edit.TicketChanges(customer="ana.marker@x.example"), comment="hers"
        )
    )
    offer = own_number(helpdesk, "Offer")
    agreed = next(one.n for one in helpdesk.messages(offer) if "marker" in one.author)
    taken_back(lambda w: split.split(w, offer, [agreed]))


def _noted(helpdesk: MailDesk) -> None:
    """Tags, reasons and fields of others' tickets name Ana, and so do rows without a ticket."""
    apart = own_number(helpdesk, "Apart")
    tags = edit.TicketChanges(
        add_tags=("vip", "of Ana Markerson"), fields={"serial": "ana.marker@x.example"}
    )
    for number in (2, apart):
        do(
            helpdesk,
            lambda w, n=number: edit.edit(w, n, tags, comment="as ana.marker@x.example said"),
        )
    do(helpdesk, lambda w: link.link(w, apart, "related", 1, comment="as Ana Markerson asked"))
    why = "for ana.marker@x.example"
    do(
        helpdesk,
        lambda w: queries.save(
            w, "hers", 'is:open (email:ana.marker@x.example OR customer:"Ana Markerson")'
        ),
    )
    canned = Canned(name="hers", kind="reply", text="Dear Ana Markerson, ana.marker@x.example")
    do(helpdesk, lambda w: template.add(w, canned))
    do(helpdesk, lambda w: absence.away(w, "ana", None, why))
    helpdesk.db.write(
        lambda tx: bans.add(tx, "@bad.example", at=clock.now(), actor="root", comment=why)
    )
    for address in ("Ana.Marker@x.example", "dora@x.example"):
        do(helpdesk, lambda w, one=address: unsubscribe.add(w, one, OPTIONAL))


def count(helpdesk: MailDesk) -> list[Any]:
    """What reports count: tickets by state and segment, messages by direction and day."""
    asked = (
        "SELECT id, status, segment, owner, created_at, messages_count FROM ticket ORDER BY id",
        "SELECT ticket_id, n, direction, at FROM message ORDER BY id",
        "SELECT count(*) FROM event WHERE type <> 'erased'",
    )
    with helpdesk.db.read() as tx:
        return [list(map(tuple, tx.execute(text(one)))) for one in asked]


def found(helpdesk: MailDesk, word: str) -> list[str]:
    with helpdesk.db.read() as tx:
        rows = tickets.rows(tx, tickets.SELECT().where(spliced(search.matches((word,)))))
    return [one.subject for one in rows]


def test_nothing_is_left_of_an_erased_person_F_R40(each_helpdesk: MailDesk) -> None:
    live(each_helpdesk)
    before, counts = everything(each_helpdesk.db), count(each_helpdesk)
    assert {word for word in MARKERS if word in before} == set(MARKERS)
    ana = find(each_helpdesk, "ana.marker@x.example")
    erased = erase(each_helpdesk, "ana.marker@x.example")
    left = everything(each_helpdesk.db)
    assert {word: left[left.index(word) - 80 :][:200] for word in MARKERS if word in left} == {}
    assert (erased.tickets, erased.other_tickets, erased.identities, erased.orders) == (6, 7, 4, 1)
    _what_stays(each_helpdesk, counts)
    with each_helpdesk.db.read() as tx:
        (line,) = journal.of(tx, "customer", str(ana))
        waiting = [row for row in outbox.listing(tx) if row.state == "queued"]
    assert (line.type, line.actor, line.new["tickets"]) == ("erased", "root", 6)
    told = {one for row in waiting for one in (*row.to, *row.cc)}
    assert not {one for one in told if "erased" in one or "marker" in one}
    assert {"dora@x.example", "carl@customer.example", "ana@help.example"} <= told
    each_helpdesk.mail(ANA, "support@help.example", "Hello", "again")
    assert find(each_helpdesk, "ana.marker@x.example") > ana


def _what_stays(helpdesk: MailDesk, counts: list[Any]) -> None:
    """The numbers, and the words of others."""
    assert count(helpdesk) == counts
    own = helpdesk.ticket(2)
    assert (own.subject, own.customer.name, own.fields) == (
        "(erased)",
        "(erased)",
        {"reason": "refund"},
    )
    assert helpdesk.events(2)[-1].type == "erased"
    assert helpdesk.messages(1)[0].text == "It does not print."
    assert (found(helpdesk, "print"), found(helpdesk, "lamp")) == (["Printer is broken"], [])
    assert (found(helpdesk, "diana"), found(helpdesk, "fine")) == (["Apart"], ["Offer"])
    asked, agreed, fine = helpdesk.messages(own_number(helpdesk, "Offer"))
    assert (asked.author, asked.text.strip()) == ("dora@x.example", "With (erased), ask (erased).")
    assert (agreed.author, agreed.text) == ("(erased)", "(erased)")
    assert fine.full_text.split() == ["Fine.", ">", "(erased)", "Good."]
    assert (asked.blob, fine.blob) == (None, None)
    assert helpdesk.ticket(own_number(helpdesk, "Offer")).mailbox == "support@help.example"
    apart = helpdesk.ticket(own_number(helpdesk, "Apart"))
    assert helpdesk.messages(apart.id)[0].blob is not None
    assert (apart.tags, apart.fields, own.tags) == (("vip",), {"serial": "(erased)"}, ("vip",))
    with helpdesk.db.read() as tx:
        assert saved_queries.of(tx, "root", "hers") == 'is:open (email:erased OR customer:"erased")'
        assert [one.text for one in canned_replies.by_language(tx, "hers")] == [
            "Dear (erased), (erased)"
        ]
        assert [one.comment for one in bans.listing(tx)] == ["for (erased)"]
        assert {one.address for one in unsubscribed.listing(tx)} == {"dora@x.example"}


def own_number(helpdesk: MailDesk, subject: str) -> int:
    with helpdesk.db.read() as tx:
        query = tickets.SELECT().where(spliced(search.matches((subject,), "subject")))
        return tickets.rows(tx, query)[0].id


def test_an_agent_erases_only_customers_they_may_see_F_R40(helpdesk: MailDesk) -> None:
    helpdesk.mail(ANA, "billing@help.example", "Bill", "Too high")
    with pytest.raises(NotAllowed, match="segment billing, which ana is not in"):
        erase(helpdesk, "ana.marker@x.example", who="ana", role="agent")
    assert erase(helpdesk, "ana.marker@x.example", who="ida", role="agent").tickets == 1


def test_an_agent_is_not_erased_F_R40(helpdesk: MailDesk) -> None:
    helpdesk.mail("Ana <ana@help.example>", "support@help.example", "My own printer", "Help")
    with pytest.raises(Refused, match=r"ana@help\.example is an address of the desk itself"):
        erase(helpdesk, "ana@help.example")


def test_undo_does_not_bring_back_an_erased_customer_F_R40(helpdesk: MailDesk) -> None:
    erase(helpdesk, "carl@customer.example")
    with pytest.raises(Refused):
        do(helpdesk, undo.undo)


def test_a_second_time_finds_nothing_F_R40(helpdesk: MailDesk) -> None:
    carl = find(helpdesk, "carl@customer.example")
    erase(helpdesk, "carl@customer.example")
    again = erase(helpdesk, str(carl))
    assert (again.identities, again.orders, again.mails) == (0, 0, 0)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("ask Ana@X.example.", "ask (erased)."),
        ("<ana@x.example>,b", "<(erased)>,b"),
        ("diana@x.example", "diana@x.example"),
        ("d.ana@x.example", "d.ana@x.example"),
        ("ana@x.example.org", "ana@x.example.org"),
        ("mr ana  ruiz", "mr ana  ruiz"),
        ("Ana Ruiz's", "(erased)'s"),
        ("Al", "Al"),
    ],
)
def test_only_whole_words_are_redacted_F_R40(said: str, left: str) -> None:
    blot = Blot(["ana@x.example", "Ana Ruiz", "Al"])
    assert blot.text(said) == left
    assert blot.holds(said.encode()) == (said != left)
    assert blot.value({said: [said, 1, None]}) == {left: [left, 1, None]}
