"""The stories of scenarios.json, each through real doors: by SMTP, LMTP and pipe the result is the same."""

import json
import re
import threading
from base64 import b64encode
from datetime import timedelta
from email.utils import getaddresses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ticketctl import clock
from ticketctl.desk.reference import subject_tag
from ticketctl.store import customers

if TYPE_CHECKING:
    from tests.scenarios.conftest import House, Left, NewHouse

FILE = Path(__file__).parents[3] / "shared" / "spec" / "scenarios.json"
SCENARIOS = json.loads(FILE.read_text("utf-8"))["scenarios"] if FILE.is_file() else []
AGENTS = {"anna@help.example", "ben@help.example"}

# How mail comes in, and where it is kept.
WAYS = {"smtp": "sqlite", "lmtp": "postgres", "pipe": "sqlite"}

LATER = {
    "S61": "commands in agents' mail are not carried out yet",
    "S65": "a mail that an agent forwards is the agent's own yet",
}

pytestmark = pytest.mark.skipif(not SCENARIOS, reason=f"the scenarios {FILE} are not here")


def cases() -> list[Any]:
    """Every scenario by every way; one without mail runs once."""
    found = []
    for scenario in SCENARIOS:
        later = LATER.get(scenario["id"])
        marks = (
            [pytest.mark.xfail(strict=True, reason=later, raises=AssertionError)] if later else []
        )
        with_mail = any("mail" in step for step in scenario["steps"])
        for way in WAYS if with_mail else ("lmtp",):
            found.append(pytest.param(scenario, way, id=f"{scenario['id']}-{way}", marks=marks))
    return found


@pytest.mark.parametrize(("scenario", "way"), cases())
def test_scenario(
    scenario: dict[str, Any], way: str, new_house: "NewHouse", monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = scenario.get("setup", {})
    assert set(setup) <= {"queues", "contacts", "followup_window_days", "trusted_authserv_id"}
    house = new_house(
        *setup.get("queues", ["support"]),
        way=way,
        kind=WAYS[way],
        window=f"{setup.get('followup_window_days', 14)}d",
        authserv_id=setup.get("trusted_authserv_id", "mx.help.example"),
    )
    for contact in setup.get("contacts", ()):
        known = {"email": contact["email"], "name": "", "language": None, "at": clock.now()}
        house.db.write(lambda tx, known=known: customers.find_or_create(tx, **known))
    story = Story(house, monkeypatch)
    for step in scenario["steps"]:
        story.go(dict(step))


DATE = "Mon, 09 Mar 2026 08:10:00 +0000"
PROOF = "mx.help.example; dmarc=pass header.from=help.example"
DSN = """\
From: {server}
To: support@help.example
Subject: Mail delivery report
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report_type}; boundary=b

--b
Content-Type: text/plain

About your mail.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {final_recipient}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {original_message_id}
--b--
"""


def _folded(found: re.Match[str]) -> str:
    """Encoded words that break in the middle of the tag."""
    cut = found[1].index("#")
    words = (b64encode(part.encode()).decode() for part in (found[1][:cut], found[1][cut:]))
    return "\r\n ".join(f"=?utf-8?B?{word}?=" for word in words)


class Story:
    """Carries out the steps of one scenario. A word it does not know is an error, not a success."""

    def __init__(self, house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
        self.house = house
        self.monkeypatch = monkeypatch
        self.known: dict[str, str] = {}  # what was captured
        self.before = 0  # mails that had left before the last thing that happened
        self.statuses: dict[int, str] = {}  # of the tickets then
        self.at_close = 0  # mails that had left when a ticket was closed
        self.mails = 0

    def go(self, step: dict[str, Any]) -> None:
        """One step, named by its verb; what else stands in the step goes with it."""
        (verb,) = step.keys() - {"repeat", "return_path", "from"}
        happens = verb in ("mail", "mail_raw", "dsn", "cli")
        if happens:
            self.before = len(self.outgoing())
            self.statuses = {n: self.house.show(n)["status"] for n in self.tickets()}
        getattr(self, f"do_{verb}")(step.pop(verb), **step)
        if happens and self.house.post.is_up:
            self.house.work()

    # ---- what happens

    def do_mail(self, mail: dict[str, Any], repeat: int = 1) -> None:
        for n in range(1, repeat + 1):
            self.feed({key: self.filled(value, n) for key, value in mail.items()})

    def feed(self, mail: dict[str, Any]) -> None:
        deliveries = mail.pop("deliveries", 1)
        raw, sender = self.composed(mail), getaddresses([mail["from"]])[0][1]
        people = getaddresses([mail["to"], mail.get("cc", "")])
        ours = [one for _, one in people if one.endswith("@help.example") and one not in AGENTS]
        assert ours
        each = len(ours) // deliveries
        for start in range(0, len(ours), each):
            self.house.deliver(raw, sender, *ours[start : start + each])

    def composed(self, mail: dict[str, Any]) -> bytes:
        """The mail in bytes; each has come by a way of its own."""
        self.mails += 1
        words = {"from": "From", "to": "To", "cc": "Cc", "subject": "Subject"}
        words |= {"message_id": "Message-ID", "in_reply_to": "In-Reply-To"}
        head = {"Received": f"from relay{self.mails}.example by mx.help.example; {DATE}"}
        head |= {"Date": DATE, "Content-Type": "text/plain; charset=utf-8"}
        body = mail.pop("body")
        for key, value in mail.items():
            if key == "headers":
                head |= value
            elif key == "references":
                head["References"] = " ".join(value)
            elif key == "authenticated":
                assert value is True
                head["Authentication-Results"] = PROOF
            elif value is not None:
                head[words[key]] = value
        lines = [f"{name}: {value}" for name, value in head.items()]
        return "\r\n".join([*lines, "", *body.split("\n"), ""]).encode()

    def do_mail_raw(self, words: str) -> None:
        """A mail of ours comes back: somebody forwards it to the desk."""
        back = next(one for one in self.outgoing() if one.raw.decode() == self.filled(words))
        self.house.deliver(back.raw, back.sender, "support@help.example")

    def do_dsn(self, facts: dict[str, str], return_path: str = "", **more: str) -> None:
        assert return_path == "<>"
        facts = {key: self.filled(value) for key, value in facts.items()}
        assert set(facts) == {
            *("report_type", "final_recipient", "action", "status", "original_message_id")
        }
        server = more.get("from", "MAILER-DAEMON@mx.example")
        raw = DSN.format(server=server, date=DATE, **facts).replace("\n", "\r\n").encode()
        self.house.deliver(raw, "", "support@help.example")

    def do_cli(self, words: list[str]) -> None:
        """The words in our spelling."""
        ours = {"--text": "-m", "--internal": ""}
        said = [ours.get(word, re.sub(r"\AT(\d+)\Z", r"\1", word)) for word in words]
        if words[0] == "close":
            said += ["-m", "done"]
        self.house.run(*filter(None, said))
        if words[0] == "close":
            self.house.work()
            self.at_close = len(self.outgoing())

    def do_lmtp(self, talk: dict[str, Any]) -> None:
        assert set(talk) == {"rcpt", "expect_rcpt", "expect_after_data"}
        with self.house.client("lmtp") as client:
            client.ehlo()
            client.mail("carl@customer.example")
            codes = [client.rcpt(one)[0] for one in talk["rcpt"]]
            assert codes == [int(code) for code in talk["expect_rcpt"]]
            wanted = [int(code) for code in talk["expect_after_data"]]
            replies = [client.data(b"Subject: both\r\n\r\nHello.\r\n")[0]]
            replies += [client.getreply()[0] for _ in wanted[1:]]
            assert replies == wanted
            assert client.noop()[0] == 250  # and not a reply more

    def do_advance_days(self, days: int) -> None:
        self.put_clock(timedelta(days=days))

    def do_smtp_out(self, word: str) -> None:
        {"up": self.house.post.up, "down": self.house.post.down}[word]()

    def do_run_worker(self, count: int) -> None:
        """So many senders at once, when the time for another attempt has come."""
        self.put_clock(timedelta(hours=1))
        work = [threading.Thread(target=self.house.new_sender().once) for _ in range(count)]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()

    def put_clock(self, on: timedelta) -> None:
        self.monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(clock.now() + on))

    def do_capture(self, wanted: dict[str, str]) -> None:
        for name, what in wanted.items():
            self.known[name] = self.value(what)

    def value(self, what: str) -> str:
        """`outgoing[0].message_id`, `last_outgoing.reply_to`, `agent_notification.raw`, `T1.subject_tag`."""
        whose, _, fact = what.partition(".")
        if found := re.fullmatch(r"T(\d+)\.subject_tag", what):
            return subject_tag("Help", int(found[1]))
        if whose == "agent_notification":
            told = [one for one in self.house.left() if one.recipient == "anna@help.example"]
            mail = told[0]
        elif whose == "last_outgoing":
            mail = self.outgoing()[-1]
        else:
            index = re.fullmatch(r"out(?:going\[)?(\d+)\]?", whose)
            assert index, what
            mail = self.outgoing()[int(index[1])]
        facts = {"message_id": mail.mail["Message-ID"], "reply_to": mail.mail["Reply-To"]}
        return str((facts | {"raw": mail.raw.decode()})[fact])

    def filled(self, value: Any, n: int = 0) -> Any:
        """A value of a step with what was captured, and mail commands in our own spelling."""
        if isinstance(value, dict):
            return {key: self.filled(one, n) for key, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one, n) for one in value]
        if not isinstance(value, str):
            return value
        for name, known in {**self.known, "n": str(n)}.items():
            value = value.replace(f"{{{name}}}", known)
        value = re.sub(r"\{(T\d+\.subject_tag)\}", lambda m: self.value(m[1]), value)
        value = re.sub(r"\{(out\d+)\}", lambda m: self.value(f"{m[1]}.message_id"), value)
        value = re.sub(r"\{command(?: block)?: ([^}]*)\}", r"!\1", value)
        value = re.sub(r'\{encoded-word: "(.*)" folded inside the tag\}', _folded, value)
        assert not re.search(r"\{\w+", value), f"the runner does not know {value!r}"
        return value

    # ---- what is so

    def tickets(self) -> range:
        return range(1, self.house.sizes()["ticket"] + 1)

    def outgoing(self) -> list["Left"]:
        """What left for the world; the agents' notifications are counted apart."""
        return [one for one in self.house.left() if one.kind != "notification"]

    def since(self) -> list["Left"]:
        """What left since the last thing that happened, and by it."""
        return self.outgoing()[self.before :]

    def do_expect(self, facts: dict[str, Any]) -> None:
        for name, wanted in facts.items():
            getattr(self, f"expect_{name}")(self.filled(wanted))

    def expect_tickets(self, count: int) -> None:
        assert len(self.tickets()) == count

    def expect_contacts(self, count: int) -> None:
        assert self.house.sizes()["customer"] == count

    def expect_per_queue(self, counts: dict[str, int]) -> None:
        segments = [self.house.show(n)["segment"] for n in self.tickets()]
        assert {queue: segments.count(queue) for queue in counts} == counts

    def expect_not_lost(self, is_so: bool) -> None:
        for row in self.house.inbox():
            assert is_so == (row["state"] == "held" or row["ticket"] is not None)

    def expect_outbox(self, count: int) -> None:
        rows = self.house.json("outbox", "list")
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
            texts = (
                [m["text"] for m in self.house.show(int(secret))["messages"]] if secret else [""]
            )
            got = [left.text for left in self.since() if left.recipient == address]
            assert [text for text in texts if any(text in mail for mail in got)] == []

    def expect_outgoing(self, wanted: list[dict[str, Any]]) -> None:
        for mail in wanted:
            assert any(self.fits(one, mail) for one in self.house.left()), mail

    def fits(self, one: "Left", wanted: dict[str, Any]) -> bool:
        assert set(wanted) <= {"kind", "to", "in_reply_to", "headers"}
        head = dict(wanted.get("headers", {}))
        if "in_reply_to" in wanted:
            head["In-Reply-To"] = wanted["in_reply_to"]
        right = all(one.mail[name] == value for name, value in head.items())
        return right and one.kind == wanted["kind"] and [one.recipient] == wanted["to"]

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
        shown, history = self.house.show(n), self.house.json("history", str(n))
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
