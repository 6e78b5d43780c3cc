"""Calls of `ticketctl/store/queues`, and of what both queues use in `ticketctl/store/db`."""

from datetime import timedelta
from typing import Any

from tests.store.calls.given import AT, LATER, MINE, NOBODYS, Given, raised
from ticketctl import clock
from ticketctl.domain.base.reasons import Reason
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db import blobs, leases, meta, signing_key
from ticketctl.store.queues import (
    bans,
    deliveries,
    filed,
    heartbeats,
    imap_state,
    inbox,
    lately,
    outbox,
    recipients,
    sending,
    unsubscribed,
)

HOUR = timedelta(hours=1)


def call_db(given: Given) -> None:
    tx = given.tx
    assert len(signing_key.read(tx)) == 32
    assert blobs.get(tx, blobs.put(tx, b"\0\xff", AT)) == b"\0\xff"
    raised(NotFound, lambda: blobs.get(tx, "none"))
    asked = [leases.take(tx, "a%'b", who, 60) for who in ("one", "two", "one")]
    assert asked == [True, False, True]
    leases.drop(tx, "a%'b", "two")
    assert not leases.take(tx, "a%'b", "two", 60)
    leases.drop(tx, "a%'b", "one")
    assert leases.take(tx, "a%'b", "two", 0)
    assert leases.take(tx, "a%'b", "one", 60)
    leases.take_turns(tx, ["a", "b"])


def call_heartbeats(given: Given) -> None:
    tx = given.tx
    part = heartbeats.PartState(part="ünit", pid=None, state="down", restarts=2, started_at=None)
    heartbeats.note(tx, "a%'b", "höst", [part])
    assert heartbeats.note_again(tx, "a%'b")
    assert [one.parts for one in heartbeats.gateways(tx)] == [(part,)]
    heartbeats.remove(tx, "a%'b")
    assert not heartbeats.note_again(tx, "a%'b")
    assert heartbeats.last_stop(tx) == meta.last(tx, meta.GATEWAY_STOPPED)
    assert meta.last(tx, meta.BACKUP) is None


def call_inbox(given: Given) -> None:
    tx = given.tx
    mail = ReceivedMail(
        raw=b"Subject: x\n\nx", via="smtp", envelope_from="s@x.example", recipients={"in@h": ("in@h",), "b@h": ()}
    )  # fmt: skip
    one, two = inbox.accept(tx, mail, AT)
    assert inbox.raw(tx, one) == mail.raw
    assert (inbox.oldest_waiting(tx), inbox.waiting(tx)) == (AT, {"received": 2, "held": 0})
    claim: dict[str, Any] = {"limit": 9, "lease_seconds": 60, "attempts": 1}
    assert [row.id for row in inbox.claim(tx, holder="h", quick=True, **claim)] == [one, two]
    inbox.release(tx, "h", forgiven=True)
    assert [row.attempts for row in inbox.claim(tx, holder="h", **claim)] == [1, 1]
    inbox.release(tx, "h", forgiven=False)
    assert inbox.claim(tx, holder="h", **claim) == []
    assert [row.id for row in inbox.listing(tx)] == [two, one]
    assert [row.id for row in inbox.listing(tx, "held", 1)] == [two]
    assert [row.id for row in inbox.listing(tx, "held", None, two)] == [one]
    assert inbox.listing(tx, "held", 0) == inbox.listing(tx, "done") == []
    inbox.retry(tx, one)
    inbox.drop(tx, two)
    assert filed.mark(tx, "b@h", "i", "c", two, AT)
    inbox.retry(tx, two)
    assert filed.mark(tx, "b@h", "i", "c", two, AT)
    assert not filed.mark(tx, "b@h", "i", "c", one, AT)
    filed.unmark(tx, "b@h", "i", "c", one)
    assert not filed.mark(tx, "b@h", "i", "c", one, AT)
    filed.unmark(tx, "b@h", "i", "c", two)
    inbox.finish(
        tx, one, verdict="new", class_="human", ticket=given.one, message=1, reasons=[Reason("a", "b\0")],
        message_id=None,
    )  # fmt: skip
    raised(Conflict, lambda: inbox.give_back(tx, one, "no"))
    inbox.give_back(tx, two, "no")
    inbox.hold(tx, two, "no")
    near = [AT, AT + HOUR / 2, AT - HOUR / 2, AT + HOUR, AT - HOUR]
    marked = [filed.mark_lately(tx, "in@h", "i", "c", one, at, HOUR) for at in near]
    assert marked == [True, False, False, True, True]
    assert filed.is_in_ticket(tx, "i", "c", given.one)
    assert not filed.is_in_ticket(tx, "i", "c", given.two)
    again = [filed.is_lately_in_ticket(tx, "i", "c", given.one, at, HOUR) for at in near]
    assert again == [False, False, True, False, True]
    raised(NotFound, lambda: inbox.get(tx, 99))


def call_outbox(given: Given) -> None:
    tx = given.tx
    now = clock.now()
    new: dict[str, Any] = {
        "mailbox": "in@h",
        "subject": "s",
        "language": "en",
        "data": {"a": [None]},
        "at": now,
    }
    reply = outbox.NewMail(
        kind="reply", to=["Carl@X.example"], cc=["b+tag@x.example"], ticket=given.one, group="o",
        message_id="<%'o>", **new,
    )  # fmt: skip
    one = outbox.queue(tx, reply)
    two = outbox.queue(tx, outbox.NewMail(kind="ack", to=["q@x.example"], message_id="<p>", **new))
    assert outbox.oldest_due(tx) == now

    def claim(holder: str, seconds: int) -> tuple[int, int, list[str]] | None:
        sending.free_lost(tx)
        found = sending.claim(tx, holder=holder, lease_seconds=seconds)
        if found is None:
            return None
        return found.row.id, found.row.attempts, [each.address for each in found.waiting]

    assert claim("h", 0) == (one, 1, ["carl@x.example", "b+tag@x.example"])
    sending.renew(tx, one, "other", 600)
    assert claim("h", 0) == (one, 2, ["carl@x.example", "b+tag@x.example"])
    sending.renew(tx, one, "h", 600)
    assert claim("g", 60) == (two, 1, ["q@x.example"])
    assert claim("g", 60) is None
    line = outbox.NewMail(kind="reply", channel="wall", to=["x:@a%'"], message_id="wall:1", **new)
    answer = outbox.queue(tx, line)
    assert claim("g", 60) is None
    mine = sending.claim(tx, holder="w", lease_seconds=60, channels=["chat", "wall"])
    assert mine is not None and (mine.row.id, mine.row.channel) == (answer, "wall")
    outbox.settle_delivery(tx, mine.waiting[0].id, "sent", "exited with 0", AT)
    sending.settle(tx, answer, retry_at=None, error=None)
    sending.release(tx, "g")
    sending.store_content(tx, one, b"raw")
    raised(Conflict, lambda: sending.store_content(tx, one, b"other"))
    assert blobs.get(tx, str(outbox.get(tx, one).blob)) == b"raw"
    first, second = outbox.deliveries(tx, one)
    outbox.settle_delivery(tx, first.id, "sent", "250\0", AT)
    raised(Conflict, lambda: outbox.settle_delivery(tx, first.id, "failed", None, AT))
    sending.settle(tx, one, retry_at=None, error="no")
    assert outbox.get(tx, one).state == "failed"
    assert deliveries.states(tx, one) == {"sent", "failed"}
    outbox.retry(tx, one)
    raised(Conflict, lambda: outbox.cancel(tx, one))
    outbox.settle_delivery(tx, second.id, "sent", None, AT)
    sending.settle(tx, one, retry_at=None, error=None)
    assert outbox.get(tx, one).state == "sent"
    outbox.mark_bounced(tx, second.id, "550", AT)
    assert deliveries.last_failed(tx, second.address, besides=two) == AT
    assert deliveries.last_failed(tx, second.address, besides=one) is None
    assert deliveries.last_result(tx, second.address) == outbox.delivery(tx, second.id)
    assert deliveries.last_result(tx, "%'@x.example") is None
    assert outbox.get(tx, one).state == "bounced"
    outbox.cancel(tx, two)
    raised(NotFound, lambda: outbox.delivery(tx, 99))
    assert [row.id for row in outbox.of_group(tx, "o", {given.one, given.two})] == [one]
    assert outbox.of_group(tx, "o", []) == outbox.of_group(tx, "", [given.one]) == []
    assert outbox.by_message_id(tx, "<%'o>") == outbox.get(tx, one)
    assert [row.id for row in outbox.listing(tx, "cancelled", None, two + 1)] == [two]
    assert outbox.listing(tx, None, 1, two) == [outbox.get(tx, one)]
    assert {row.ticket for row in outbox.listing(tx, ticket=given.one)} <= {given.one}
    assert outbox.waiting(tx) == dict.fromkeys(("queued", "sending", "uncertain", "failed"), 0)


def call_lately(given: Given) -> None:
    tx = given.tx
    assert lately.incoming(tx, AT) and not lately.incoming(tx, LATER)
    assert {one.kind for one in lately.outgoing(tx, AT)} >= {"ack"}
    assert lately.numbers(tx)["queued"] > 0


def call_recipients(given: Given) -> None:
    tx = given.tx
    day = clock.now() - 24 * HOUR
    assert "carl@x.example" in recipients.customer_side(tx, given.one)
    assert "b+tag@x.example" in recipients.all_addresses(tx, given.one)
    assert len(recipients.automatic_mails(tx, "b+z@x.example", ("reply", "ack"), day, 9)) == 1
    assert recipients.automatic_mails(tx, "b@x.example", (), day, 9) == []
    assert recipients.acknowledged_addresses(tx, day, 9) == []
    of_b: Any = {"address": "b+z@x.example", "kinds": ("reply", "ack"), "since": day, "most": 9}
    assert recipients.automatic(tx, **of_b, acks_since=day, most_acks=9) == recipients.Automatic(
        recipients.automatic_mails(tx, **of_b), 0, 0
    )
    people = recipients.people(tx, given.one, given.customer)
    assert people.outside == recipients.customer_side(tx, given.one)
    assert recipients.is_acknowledgement(tx, ["<%'o>", "<p>"])
    assert not recipients.is_acknowledgement(tx, ("<%'o>",))
    assert recipients.mark_undeliverable(tx, "CARL@x.example", AT, "550")
    assert recipients.undeliverable(tx, {"carl@x.example"}) == {"carl@x.example"}
    (dead,) = recipients.undeliverable_addresses(tx, ["Carl@x.example"])
    assert dead == recipients.Dead("carl@x.example", AT, "550")
    recipients.mark_deliverable(tx, "CARL@x.example")
    assert recipients.undeliverable(tx, ["carl@x.example"]) == recipients.undeliverable(tx, ())
    to = frozenset(("carl@x.example", "b+tag@x.example"))
    assert recipients.issued(tx, ["<none>", "<%'o>"], to) == {"<%'o>": given.one}
    assert recipients.issued(tx, ["<%'o>"], frozenset(("carl@x.example",))) == {}
    mailed = [
        recipients.was_mailed(tx, given.one, "CARL@x.example", k) for k in ("", "reply", "ack")
    ]
    assert mailed == [True, True, False]


def call_bans(given: Given) -> None:
    tx = given.tx
    for pattern in ("@Spam.example", "*_%@x.example", "a?@x.example", "[cd]ar?@x.example"):
        assert bans.add(tx, pattern, at=AT, actor="ana")
        assert not bans.add(tx, pattern, at=AT, actor="ana")
    asked = ["q@SPAM.example", "a_%@x.example", "a1%@x.example", "ab@x.example", "Carl@x.example"]
    assert [bans.matches(tx, one) is not None for one in asked] == [True, True, False, True, True]
    assert bans.Banned(tx).holds("ab@x.example")
    for pattern, banned in {
        "CARL@x.example": True, "@x.example": True, "*@x.*": True, "[cd]arl@*": True, "c?rl@x.example": True,
        "c_rl@x.example": False, "%@x.example": False, "c/arl@x.example": False, "c\\arl@x.example": False,
    }.items():  # fmt: skip
        assert (bans.ticket_of_sender(tx, pattern, MINE) is not None) == banned, pattern
        assert bans.ticket_of_sender(tx, pattern, NOBODYS) is None
    assert bans.remove(tx, "@SPAM.example")
    assert not bans.remove(tx, "@spam.example")
    assert len(bans.listing(tx)) == 3


def call_unsubscribed(given: Given) -> None:
    tx = given.tx
    for address, mail in (("A@x.example", "reports"), ("ž@dům.example", "surveys")):
        assert unsubscribed.add(tx, address, mail, at=AT, actor="ana")
    assert unsubscribed.among(tx, ["a@X.example", "b@x"], "reports") == {"a@X.example"}
    assert unsubscribed.among(tx, ["a@x.example"], "surveys") == unsubscribed.among(
        tx, [], "reports"
    )
    (one,) = unsubscribed.of(tx, ("ž@DŮM.example",))
    assert (one.mail, one.at) == ("surveys", AT)
    assert unsubscribed.of(tx, []) == []
    assert len(unsubscribed.listing(tx)) == 2
    assert unsubscribed.remove(tx, "a@x.example", "reports")
    assert not unsubscribed.remove(tx, "a@x.example", "reports")


def call_imap(given: Given) -> None:
    tx = given.tx
    assert imap_state.folder(tx, "a", "INBOX", 7) == 0
    for validity, uid in ((7, 2**33), (7, 3), (8, 2**34)):
        imap_state.advance(tx, "a", "INBOX", validity, uid)
    assert imap_state.folder(tx, "a", "INBOX", 7) == 2**33
    said = (("failed", "e", True), ("failed", "f\0", False), ("failed", "g", True))
    counted = [
        imap_state.record_message(tx, "a", "INBOX", 7, 1, state, error, counts=counts)
        for state, error, counts in said
    ]
    assert counted == [1, 1, 2]
    imap_state.record_message(tx, "a", "INBOX", 7, 2, "filed")
    assert [one.error for one in imap_state.stuck(tx)] == ["g"]
    imap_state.forget(tx, "a", "INBOX", 7, [])
    imap_state.forget(tx, "a", "INBOX", 7, {1, 9})
    assert set(imap_state.message_states(tx, "a", "INBOX", 7)) == {2}
    imap_state.record_bad_run(tx, "a", "INBOX", "x\0")
    imap_state.record_good_run(tx, "b", "INBOX", AT, LATER)
    imap_state.record_bad_run(tx, "b", "INBOX", "y")
    first, other = imap_state.folders(tx)
    assert (first.last_uid, first.last_ok_at, first.error) == (2**33, None, "x\ufffd")
    assert (other.last_ok_at, other.oldest_waiting_at, other.error) == (AT, LATER, "y")
    imap_state.record_good_run(tx, "b", "INBOX", LATER)
    other = imap_state.folders(tx)[1]
    assert (other.last_ok_at, other.oldest_waiting_at, other.error) == (LATER, None, None)
    assert imap_state.folder(tx, "a", "INBOX", 8) == 0
    assert imap_state.message_states(tx, "a", "INBOX", 7) == {}


CALLS = (
    call_db, call_heartbeats, call_inbox, call_outbox, call_lately,
    call_recipients, call_bans, call_unsubscribed, call_imap,
)  # fmt: skip
