"""What the scenarios expect, asked of a running desk: each key of `expect` is a method, an unknown one an error."""

from typing import TYPE_CHECKING, Any

from ticketctl.domain.base.subject import subject_tag

if TYPE_CHECKING:
    from .conftest import Left, LoopbackDesk


class Expectations:
    """What is so, and what was so before the last thing that happened."""

    def __init__(self, desk: "LoopbackDesk") -> None:
        self.desk = desk
        self.before = 0  # mails that had left before the last thing that happened
        self.statuses: dict[int, str] = {}  # of the tickets then
        self.at_close = 0  # mails that had left when a ticket was closed

    def tickets(self) -> range:
        return range(1, self.desk.count("ticket") + 1)

    def outgoing(self) -> list["Left"]:
        """What left for the world; the agents' notifications are counted apart."""
        return [one for one in self.desk.left() if one.kind != "notification"]

    def since(self) -> list["Left"]:
        """What left since the last thing that happened, and by it."""
        return self.outgoing()[self.before :]

    def expect_tickets(self, count: int) -> None:
        assert len(self.tickets()) == count

    def expect_contacts(self, count: int) -> None:
        assert self.desk.count("customer") == count

    def expect_per_queue(self, counts: dict[str, int]) -> None:
        segments = [self.desk.show(n)["segment"] for n in self.tickets()]
        assert {queue: segments.count(queue) for queue in counts} == counts

    def expect_not_lost(self, is_so: bool) -> None:
        for row in self.desk.inbox():
            assert is_so == (row["state"] == "held" or row["ticket"] is not None)

    def expect_outbox(self, count: int) -> None:
        rows = self.desk.json("outbox", "list")
        waiting = [row for row in rows if row["state"] in ("queued", "sending")]
        assert len([row for row in waiting if row["kind"] != "notification"]) == count

    def expect_outgoing_count(self, count: int) -> None:
        assert len(self.outgoing()) == count

    def expect_outgoing_count_since(self, count: int) -> None:
        assert len(self.since()) == count

    expect_outgoing_count_since_dsn = expect_outgoing_count_since

    def expect_outgoing_count_since_close(self, count: int) -> None:
        assert len(self.outgoing()) - self.at_close == count

    def expect_outgoing_kind_count(self, counts: dict[str, int]) -> None:
        kinds = [one.kind for one in self.outgoing()]
        assert {kind: kinds.count(kind) for kind in counts} == counts

    def expect_outgoing_to(self, limits: dict[str, dict[str, int]]) -> None:
        for address, limit in limits.items():
            assert set(limit) == {"max"}
            got = [one for one in self.outgoing() if one.recipient == address]
            assert 0 < len(got) <= limit["max"]

    def expect_no_outgoing_to(self, addresses: list[str]) -> None:
        for one in addresses:
            address, _, secret = one.partition(":content of T")
            texts = [m["text"] for m in self.desk.show(int(secret))["messages"]] if secret else [""]
            got = [left.text for left in self.since() if left.recipient == address]
            assert [text for text in texts if any(text in mail for mail in got)] == []

    def expect_outgoing(self, wanted: list[dict[str, Any]]) -> None:
        for mail in wanted:
            assert any(self.fits(one, mail) for one in self.desk.left()), mail

    def fits(self, one: "Left", wanted: dict[str, Any]) -> bool:
        assert set(wanted) <= {"kind", "to", "in_reply_to", "headers"}
        head = dict(wanted.get("headers", {}))
        if "in_reply_to" in wanted:
            head["In-Reply-To"] = wanted["in_reply_to"]
        right = all(one.mail[name] == value for name, value in head.items())
        kind = {"command-error": "error"}.get(wanted["kind"], wanted["kind"])
        return right and one.kind == kind and [one.recipient] == wanted["to"]

    def expect_outgoing_last_not_contains(self, words: list[str]) -> None:
        last = self.outgoing()[-1]
        assert [one for one in words if one in last.text or one.encode() in last.raw] == []

    def expect_outgoing_last(self, facts: dict[str, Any]) -> None:
        last, ids = self.outgoing()[-1].mail, [one.mail["Message-ID"] for one in self.outgoing()]
        assert set(facts) == {"in_reply_to_any", "references_contains", "own_message_id_unique"}
        assert last["In-Reply-To"] in facts["in_reply_to_any"]
        assert set(facts["references_contains"]) <= set(last["References"].split())
        assert (ids.count(last["Message-ID"]) == 1) is facts["own_message_id_unique"]

    def expect_ticket(self, tickets: dict[str, dict[str, Any]]) -> None:
        for name, facts in tickets.items():
            found = self.facts(int(name.removeprefix("T")))
            for key, wanted in facts.items():
                if key == "status":
                    assert found[key] in wanted.split("|")
                elif key == "subject_has_no_tag_of":
                    assert (
                        subject_tag("Help", int(wanted.removeprefix("T"))) not in found["subject"]
                    )
                else:
                    assert found[key] == wanted, key

    def facts(self, n: int) -> dict[str, Any]:
        """A ticket in the words of the scenarios."""
        shown, history = self.desk.show(n), self.desk.json("history", str(n))
        said = shown["messages"]
        return {
            "subject": shown["subject"],
            "subject_nonempty": bool(shown["subject"].strip()),
            "requester": shown["customer"]["email"],
            "status": shown["status"],
            "status_unchanged": shown["status"] == self.statuses.get(n),
            "owner": shown["owner"],
            "messages": len(said)
            + sum(one["author"] in ("anna", "ben") for one in shown["comments"]),
            "public_messages": len(said),
            "messages_auto": sum(one["class"] == "auto" for one in said),
            "last_message_text": said[-1]["text"],
            "cc": sorted(shown["participants"]),
            "links": [f"T{one['ticket']}" for one in shown["links"]],
            "delivery_failed": [one["field"] for one in history if one["type"] == "bounced"],
        }
