"""Carries out the steps of a scenario on a running desk."""

import re
import threading
from base64 import b64encode
from datetime import timedelta
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any

import pytest

from ticketctl import clock
from ticketctl.domain.base.subject import subject_tag

from .expect import Expectations

if TYPE_CHECKING:
    from .conftest import LoopbackDesk

AGENTS = {"anna@help.example", "ben@help.example"}
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


class Story(Expectations):
    """The steps of one scenario, each verb a method. A word it does not know is an error, not a success."""

    def __init__(self, desk: "LoopbackDesk", monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(desk)
        self.monkeypatch = monkeypatch
        self.known: dict[str, str] = {}  # what was captured
        self.mails = 0

    def go(self, step: dict[str, Any]) -> None:
        """One step, named by its verb; what else stands in the step goes with it."""
        (verb,) = step.keys() - {"repeat", "return_path", "from"}
        happens = verb in ("mail", "mail_raw", "dsn", "cli")
        if happens:
            self.before = len(self.outgoing())
            self.statuses = {n: self.desk.show(n)["status"] for n in self.tickets()}
        getattr(self, f"do_{verb}")(step.pop(verb), **step)
        if happens and self.desk.post.is_up:
            self.desk.work()

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
            self.desk.deliver(raw, sender, *ours[start : start + each])

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
        self.desk.deliver(back.raw, back.sender, "support@help.example")

    def do_dsn(self, facts: dict[str, str], return_path: str = "", **more: str) -> None:
        assert return_path == "<>"
        facts = {key: self.filled(value) for key, value in facts.items()}
        assert set(facts) == {
            *("report_type", "final_recipient", "action", "status", "original_message_id")
        }
        server = more.get("from", "MAILER-DAEMON@mx.example")
        raw = DSN.format(server=server, date=DATE, **facts).replace("\n", "\r\n").encode()
        self.desk.deliver(raw, "", "support@help.example")

    def do_cli(self, words: list[str]) -> None:
        """The words in our spelling."""
        ours = {"--text": "-m", "--internal": ""}
        said = [ours.get(word, re.sub(r"\AT(\d+)\Z", r"\1", word)) for word in words]
        if words[0] == "close":
            said += ["-m", "done"]
        self.desk.run(*filter(None, said))
        if words[0] == "close":
            self.desk.work()
            self.at_close = len(self.outgoing())

    def do_lmtp(self, talk: dict[str, Any]) -> None:
        assert set(talk) == {"rcpt", "expect_rcpt", "expect_after_data"}
        with self.desk.client("lmtp") as client:
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
        {"up": self.desk.post.up, "down": self.desk.post.down}[word]()

    def do_run_worker(self, count: int) -> None:
        """So many senders at once, when the time for another attempt has come."""
        self.put_clock(timedelta(hours=1))
        work = [threading.Thread(target=self.desk.new_sender().once) for _ in range(count)]
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
            told = [one for one in self.desk.left() if one.recipient == "anna@help.example"]
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

    def do_expect(self, facts: dict[str, Any]) -> None:
        for name, wanted in facts.items():
            getattr(self, f"expect_{name}")(self.filled(wanted))
