"""Answers on other channels go out through the bridge that desk.toml names (F-L7, F-L8, F-L10)."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from gateway.bridge import call, line
from gateway.bridge.sender import BridgeSender
from tests.support.channel_desk import POST, WALL, ChannelDesk
from tests.support.desk import DESK
from tests.support.mail_desk import CARL
from tests.support.running_gateway import ROOT, RunningGateway, gateways
from ticketctl import clock
from ticketctl.actions.tickets import reply
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.open_ticket import Draft, by_hand
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import CHANNELS
from ticketctl.domain.definition.definition import ChannelName
from ticketctl.domain.loading.load import parse
from ticketctl.errors import Refused
from ticketctl.settings.table import ChannelSecret, Settings
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox, sending

SECRET = b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest.fixture
def wall(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChannelDesk:
    """A desk with a post of Ana's on the wall: ticket 1."""
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    made = ChannelDesk(db, tmp_path / "bridges")
    made.program()
    assert made.feed_line().ticket == 1
    return made


@pytest.mark.postgres
def test_F_L7_the_answer_to_a_post_goes_out_through_the_bridge_of_its_channel(
    wall: ChannelDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_OUTGOING_PASSWORD", "hidden")
    n = wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    row = wall.hand_over()
    assert (row.channel, row.to, row.state, row.message) == ("wall", ("twitter:@ana",), "sent", n)
    assert wall.line(row) == {
        "id": row.data["id"],
        "channel": "wall",
        "direction": "out",
        "ticket": 1,
        "message": 2,
        "at": "2026-03-09T08:00:00Z",
        "subject": "¿Dónde está mi pedido?",
        "text": "Sale hoy.",
        "author_name": "Ana",
        "customer": {"name": "Ana", "identity": "twitter:@ana"},
        "thread": "t1",
        "in_reply_to": "17",
        "permalink": "https://wall.example/17",
        "visibility": "public",
        "language": "es",
        "attachments": [],
        "kind": "reply",
        "automatic": False,
        "survey": None,
    }
    environ = (wall.folder / "environ").read_text()
    assert f"WEBHOOK_ID={row.data['id']}" in environ and "hidden" not in environ
    assert (wall.folder / "words").read_text() == "--to wall\n"
    ticket, said = wall.ticket(), wall.messages()[-1]
    assert (ticket.kind, ticket.awaiting, ticket.first_reply_at) == (
        "public",
        "customer",
        clock.now(),
    )
    assert (said.channel, said.visibility, said.delivery) == ("wall", "public", "sent")
    assert wall.outbox(to="twitter:@ana") == [row]  # and nothing by mail


@pytest.mark.parametrize(
    ("exits", "state"),
    [("exit 65", "failed"), ("exit 67", "failed"), ("exit 77", "failed"), ("exit 75", "queued"),
     ("exit 1", "queued"), ("exit 64", "queued"), ("kill -9 $$", "queued"), ("exit 0", "sent")],
)  # fmt: skip
def test_F_L7_the_exit_code_of_a_program_says_whether_it_is_tried_again(
    wall: ChannelDesk, exits: str, state: str
) -> None:
    wall.program(f"#!/bin/sh\necho 'the wall is full' >&2\n{exits}\n")
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    row = wall.hand_over()
    assert row.state == state
    assert ("the wall is full" in (row.error or "")) == (state != "sent")
    failures = wall.events(1, "mail-failed")
    assert [one.field for one in failures] == (["twitter:@ana"] if state == "failed" else [])
    told = [one for one in wall.outbox("notification") if one.data["event"] == "bounce"]
    assert len(told) == (state == "failed")


def test_F_L7_a_program_that_hangs_is_ended_with_its_children_and_tried_again(
    wall: ChannelDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall.program('#!/bin/sh\nsleep 600 &\necho $! > "${0%/*}/child"\nwait\n')
    child = wall.folder / "child"
    for seconds in (0.3, 3.0, 30.0):
        monkeypatch.setattr(call, "SECONDS", seconds)
        wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
        row = wall.hand_over()
        assert (row.state, row.attempts) == ("queued", 1)
        assert "did not finish within" in (row.error or "")
        if child.exists() and child.read_text().strip():
            break  # a slow machine may have started no child in a moment
    until_gone(int(child.read_text()))


def until_gone(pid: int) -> None:
    for _ in range(1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]:
            return
        threading.Event().wait(0.05)
    pytest.fail("it is still there")


def test_F_L7_a_program_may_print_more_than_is_kept(wall: ChannelDesk) -> None:
    wall.program("#!/bin/sh\nhead -c 3000000 /dev/zero | tee /dev/stderr\nexit 1\n")
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    row = wall.hand_over()
    assert row.state == "queued" and len(row.error or "") < 1_000


@pytest.mark.postgres
def test_F_L7_a_program_that_is_not_there_is_tried_again_until_give_up(
    wall: ChannelDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (wall.folder / "post").unlink()
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    row = wall.hand_over()
    assert row.state == "queued" and "No such file" in (row.error or "")
    assert row.next_try_at == clock.parse("2026-03-09T08:01:00Z")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:01:00Z")
    assert wall.hand_over().next_try_at == clock.parse("2026-03-09T08:06:00Z")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")
    assert wall.hand_over().state == "failed"
    assert wall.messages()[-1].delivery == "failed"
    wall.program()
    wall.db.write(lambda tx: outbox.retry(tx, row.id))
    assert wall.hand_over().state == "sent"


@pytest.mark.postgres
def test_F_L7_a_sender_that_was_killed_leaves_the_same_line_to_the_next(wall: ChannelDesk) -> None:
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    first = wall.hand_over()
    line_before = wall.line(first)
    again = "UPDATE outbox SET state = 'queued', next_try_at = created_at"
    from sqlalchemy import text

    wall.db.write(lambda tx: tx.execute(text(again)))
    wall.db.write(lambda tx: tx.execute(text("UPDATE delivery SET state = 'queued'")))
    claimed = wall.db.write(
        lambda tx: sending.claim(tx, holder="dead", lease_seconds=3_600, channels=["wall"])
    )
    assert claimed is not None
    (wall.folder / first.data["id"]).unlink()
    BridgeSender(wall.db, wall.settings, holder="dead").drain()
    assert wall.line(first) == line_before
    assert wall.outbox("reply")[-1].state == "sent"


@pytest.mark.postgres
def test_F_L8_an_answer_to_the_post_joins_and_the_post_itself_is_not_filed_again(
    wall: ChannelDesk,
) -> None:
    wall.program("#!/bin/sh\necho '{\"id\": 18}'\n")
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    row = wall.hand_over()
    ours = wall.feed_line("Sale hoy.", id=18, direction="out", thread="t1")
    assert (ours.verdict, ours.ticket, ours.message) == ("duplicate", 1, 2)
    same = wall.feed_line("Sale hoy.", id=row.data["id"], thread=None, customer="twitter:@desk")
    assert (same.verdict, same.ticket) == ("duplicate", 1)
    joins = wall.feed_line("¡Gracias!", id=19, thread=None, in_reply_to=18)
    assert (joins.verdict, joins.ticket, joins.message) == ("reply", 1, 3)


@pytest.mark.parametrize(
    "output", ["", "18", '{"id": null}', '{"id": true}', '{"id": "%s"}' % ("x" * 300), "{" * 9_999]
)
def test_F_L8_other_output_of_a_bridge_means_nothing(wall: ChannelDesk, output: str) -> None:
    (wall.folder / "output").write_text(output)
    wall.program('#!/bin/sh\ncat "${0%/*}/output"\n')
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    assert wall.hand_over().state == "sent"


def test_F_L10_files_and_closing_words_go_out_through_the_bridge(wall: ChannelDesk) -> None:
    from ticketctl.actions.mail.outgoing_attachments import NewAttachment

    extras = reply.Extras(attachments=(NewAttachment("a.txt", "text/plain", b"\0\xff"),))
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy.", extras))
    row = wall.hand_over()
    file = {"name": "a.txt", "type": "text/plain", "data": b64encode(b"\0\xff").decode()}
    assert wall.line(row)["attachments"] == [file]
    wall.do(lambda w: close(w, 1, comment="done", reply_text="¡Que aproveche!"))
    assert wall.line(wall.hand_over())["text"] == "¡Que aproveche!"
    assert wall.ticket().closed_loop_at == clock.now()
    assert not wall.outbox("resolution")


def test_F_L7_a_customer_who_last_wrote_by_mail_gets_mail(wall: ChannelDesk) -> None:
    wall.mail(CARL, "support@help.example", "Printer", "It does not print.")
    wall.do(lambda w: reply.reply(w, 2, "It will."))
    assert wall.outbox("reply")[-1].channel == "email"


def test_F_L7_mail_can_be_chosen_and_copies_go_by_mail(wall: ChannelDesk) -> None:
    from ticketctl.actions.customers import customer

    with pytest.raises(Refused, match="copies go by mail, and this answer goes out by wall"):
        wall.do(lambda w: reply.reply(w, 1, "Sale hoy.", reply.Extras(cc=("dora@x.example",))))
    with pytest.raises(Refused, match="twitter:@ana has no e-mail address"):
        wall.do(lambda w: reply.reply(w, 1, "Sale hoy.", reply.Extras(by_mail=True)))
    wall.do(lambda w: customer.link(w, customer.find(w.tx, "twitter:@ana"), ["ana@x.example"]))
    extras = reply.Extras(by_mail=True, cc=("dora@x.example",))
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy.", extras))
    row = wall.outbox("reply")[-1]
    assert (row.channel, row.to, row.cc) == ("email", ("ana@x.example",), ("dora@x.example",))


def test_F_L7_without_a_bridge_and_without_an_address_a_reply_is_refused(wall: ChannelDesk) -> None:
    wall.feed_line(channel="phone", customer="+34 600 11 22 33", id=1, thread=None, permalink=None)
    with pytest.raises(
        Refused, match=r"came by phone, and phone:\+34600112233 has no e-mail address"
    ):
        wall.do(lambda w: reply.reply(w, 2, "Sale hoy."))
    assert not wall.outbox("reply")


def test_F_L7_undo_stops_an_answer_that_still_waits(wall: ChannelDesk) -> None:
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."), delay=30, group="g")
    wall.do(undo, group="g")
    assert wall.hand_over().state == "cancelled"
    assert [one.name for one in wall.folder.iterdir() if one.name.startswith("ticketctl")] == []


def test_F_L7_a_host_takes_only_answers_of_the_channels_in_its_settings(wall: ChannelDesk) -> None:
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    wall.settings = Settings(channel=(ChannelSecret(name="chat"),))
    assert wall.hand_over().state == "queued"


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('name = "wall"', "give either a command or a url"),
        (
            'name = "wall"\ncommand = ["a"]\nurl = "https://x.example"',
            "give either a command or a url",
        ),
        ('name = "wall"\ncommand = ["/bin/sh", "-c", "x"]', '"/bin/sh" is a path'),
        ('name = "wall"\ncommand = ["../sh"]', '"../sh" is a path'),
        ('name = "wall"\nurl = "http://bridge.example/"', "is no URL of a bridge"),
        ('name = "wall"\nurl = "http://127.0.0.1.example/"', "is no URL of a bridge"),
        ('name = "wall"\nurl = "https://me:secret@bridge.example/"', "is no URL of a bridge"),
        ('name = "email"\nurl = "https://x.example"', "email"),
        ('name = "fax"\nurl = "https://x.example"', "fax"),
    ],
)
def test_F_L7_a_bridge_that_cannot_be_is_refused_with_its_path(keys: str, problem: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(f"{DESK}\n[[channel]]\n{keys}\n")
    assert any("$.channel[0]" in one and problem in one for one in refused.value.problems)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://bridge.example",
        "https://b.example:8443/a?k=v",
        "http://127.0.0.1:80/x",
        "http://[::1]:9/",
    ],
)
def test_F_L7_https_and_this_machine_are_urls_of_bridges(url: str) -> None:
    assert parse(f'{DESK}\n[[channel]]\nname = "dm"\nurl = "{url}"\n').channel("dm") is not None


def test_F_L7_every_channel_but_mail_may_have_a_bridge() -> None:
    from typing import get_args

    assert {"email", *get_args(ChannelName)} == set(CHANNELS)


class Posted(BaseHTTPRequestHandler):
    """Takes what is posted, and answers with the next of `answers`."""

    answers: list[tuple[int, bytes]]
    got: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        status, said = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Write no log."""


@pytest.fixture
def server() -> Iterator[tuple[type[Posted], str]]:
    handler = type("Posted", (Posted,), {"answers": [], "got": []})
    with HTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield handler, f"http://127.0.0.1:{listening.server_port}/hook?desk=1"
        listening.shutdown()
        thread.join()


@pytest.fixture
def posted(
    wall: ChannelDesk, server: tuple[type[Posted], str], monkeypatch: pytest.MonkeyPatch
) -> type[Posted]:
    """The bridge of the wall is a URL; its secret is known."""
    handler, url = server
    wall.apply(f'{DESK}\n[[channel]]\nname = "wall"\nurl = "{url}"\n')
    monkeypatch.setenv("TICKETCTL_CHANNEL_WALL_SECRET", f"whsec_{SECRET}")
    return handler


def test_F_L7_a_posted_line_is_signed_and_repeated_with_the_same_id(
    wall: ChannelDesk, posted: type[Posted], monkeypatch: pytest.MonkeyPatch
) -> None:
    posted.answers += [(503, b"come later"), (201, b'{"id": "18"}')]
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    assert wall.hand_over().error == "503 Service Unavailable: come later"
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:01:00Z")
    assert wall.hand_over().state == "sent"
    (path, first, line_one), (_, second, line_two) = posted.got
    assert path == "/hook?desk=1" and line_one == line_two
    assert first["webhook-id"] == second["webhook-id"] == json.loads(line_one)["id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    for headers in (first, second):
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + line_one
        digest = hmac.digest(b64decode(SECRET), signed, hashlib.sha256)
        assert headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"
    joins = wall.feed_line("¡Gracias!", id=19, thread=None, in_reply_to=18)
    assert (joins.verdict, joins.ticket) == ("reply", 1)


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "sent"), (204, "sent"), (302, "queued"), (400, "failed"), (401, "queued"), (403, "queued"),
     (404, "failed"), (409, "queued"), (410, "failed"), (413, "failed"), (422, "failed"),
     (429, "queued"), (500, "queued")],
)  # fmt: skip
def test_F_L7_the_status_of_a_url_says_whether_it_is_tried_again(
    wall: ChannelDesk, posted: type[Posted], status: int, state: str
) -> None:
    posted.answers.append((status, b""))
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    assert wall.hand_over().state == state
    assert len(posted.got) == 1


@pytest.mark.parametrize("secret", ["", "short", "not base64 at all, whatever its length is"])
def test_F_L7_nothing_is_posted_without_a_good_secret(
    wall: ChannelDesk, posted: type[Posted], monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("TICKETCTL_CHANNEL_WALL_SECRET", secret)
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    row = wall.hand_over()
    assert row.state == "queued" and "secret" in (row.error or "")
    assert secret == "" or secret not in (row.error or "")
    assert posted.got == []


def test_F_L7_a_server_that_never_ends_its_answer_is_left(
    wall: ChannelDesk, posted: type[Posted], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "SECONDS", 0.5)

    def drip(self: Posted) -> None:
        try:
            while True:
                self.wfile.write(b"x")
                threading.Event().wait(0.05)
        except OSError:
            return

    monkeypatch.setattr(posted, "do_POST", drip)
    wall.do(lambda w: reply.reply(w, 1, "Sale hoy."))
    assert wall.hand_over().state == "queued"


def test_F_L7_no_answer_of_the_wire_is_no_bug(wall: ChannelDesk) -> None:
    with pytest.raises(Refused, match="openssl rand -base64 32"):
        line.signature("x", "id", 0, b"")


@pytest.fixture
def new_gateway(tmp_path: Path) -> Iterator[Callable[..., RunningGateway]]:
    """A function that makes a gateway on a database URL; everything it started is ended with the test."""
    with gateways(tmp_path) as make:
        yield make


def test_F_L7_a_gateway_killed_in_the_middle_hands_the_same_line_over_again(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway], tmp_path: Path
) -> None:
    bridges = tmp_path / "bridges"
    bridges.mkdir()
    post = bridges / "post"
    post.write_text(
        '#!/bin/sh\ncd "${0%/*}"\necho "$WEBHOOK_ID" >> ids\n'
        "[ -e lines ] || { cat > lines; exec sleep 600; }\ncat >> lines\n"
    )
    post.chmod(0o755)
    settings = f'bridges = "{bridges}"\n\n[[channel]]\nname = "wall"\n'
    running = new_gateway(sqlite_url, settings)
    running.apply(f'{running.toml}\n[[channel]]\nname = "wall"\ncommand = ["post"]\n')
    running.at = clock.now()
    draft = Draft(
        customer="twitter:@ana",
        subject="Order",
        text="Where is it?",
        channel="wall",
        comment="seen",
    )
    number = running.do(lambda w: by_hand(w, draft))
    running.do(lambda w: reply.reply(w, number, "It left today."))
    running.start()
    running.until(lambda: (bridges / "lines").exists(), "the bridge is called")
    part = running.part("bridge")
    assert part is not None
    left = part.children()
    running.kill("bridge")
    running.until(lambda: running.outbox("reply")[-1].state == "sent", "it is handed over again")
    for one in left:  # a kill -9 gives nobody the time to end it
        one.kill()
    first, second = (bridges / "ids").read_text().split()
    assert first == second == running.outbox("reply")[-1].data["id"]
    one, two = (bridges / "lines").read_text().splitlines()
    assert one == two


def test_F_L10_the_example_bridge_drops_a_file_for_each_answer_of_a_running_gateway(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway], tmp_path: Path
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    settings = f'bridges = "{ROOT / "docs/examples"}"\n\n[[channel]]\nname = "wall"\n'
    running = new_gateway(sqlite_url, settings)
    command = json.dumps(["bridge-drop", str(drop)])
    running.apply(f'{running.toml}\n[[channel]]\nname = "wall"\ncommand = {command}\n')
    running.catch()
    running.start()

    def ticketctl(*words: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "ticketctl", *words],
            input=given, capture_output=True, text=True, check=False,
            env=running.environ | {"TICKETCTL_AGENT": "ana"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    ticketctl("gateway", "ingest", "--channel", "wall", given=json.dumps(POST) + "\n")
    running.until(lambda: running.read(lambda tx: outbox.listing(tx)), "the team is told")
    ticketctl("reply", "1", "-m", "Sale hoy.")
    running.until(lambda: list(drop.glob("*.json")), "the answer is dropped")
    (file,) = drop.glob("*.json")
    assert json.loads(file.read_text())["text"] == "Sale hoy."
    running.until(running.idle, "the outbox is empty")
    shown = json.loads(ticketctl("outbox", "list", "--json"))[0]
    assert (shown["channel"], shown["to"], shown["state"]) == ("wall", ["twitter:@ana"], "sent")
    assert ticketctl("outbox", "show", str(shown["id"]), "--raw") == file.read_text()
    assert json.loads(ticketctl("show", "1", "--json"))["messages"][1]["delivery"] == "sent"
    assert running.stop() == 0


def test_F_L7_doctor_says_what_a_bridge_lacks(
    wall: ChannelDesk,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    from ticketctl.cli.main import run

    monkeypatch.setenv("TICKETCTL_DB", wall.db.url.text())
    monkeypatch.setenv("LOGNAME", "root")
    config = Path(os.environ["TICKETCTL_CONFIG"])
    url = '\n[[channel]]\nname = "chat"\nurl = "https://bridge.example/"\n'
    wall.apply(WALL + url)

    def said(settings: str) -> list[tuple[str, str]]:
        config.write_text(settings)
        capfd.readouterr()
        run(["doctor", "--json"])
        checks = json.loads(capfd.readouterr().out)
        return [(x["state"], x["sentence"]) for x in checks if x["check"] == "channels"]

    assert said("") == [
        (
            "warn",
            "config.toml has no [[channel]] for wall, chat: this host hands over no answers there.",
        )
    ]
    ours = f'[gateway]\nbridges = "{wall.folder}"\n\n[[channel]]\nname = "wall"\n\n[[channel]]\nname = "chat"\n'
    assert said(ours) == [
        ("ok", f"wall: answers go to {wall.folder}/post."),
        ("fail", f"chat: {line.NO_SECRET}"),
    ]
    monkeypatch.setenv("TICKETCTL_CHANNEL_CHAT_SECRET", SECRET)
    (wall.folder / "post").unlink()
    assert said(ours + '\n[[channel]]\nname = "dm"\n') == [
        ("warn", "not in desk.toml: dm."),
        ("fail", f"wall: there is no program {wall.folder}/post."),
        ("ok", "chat: answers go to https://bridge.example/."),
    ]


def test_F_L7_a_terminal_shows_who_is_answered_where_and_who_can_read_it(
    home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.scripts.shell import Shell

    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    for name, value in {"TICKETCTL_DB": sqlite_url, "COLUMNS": "80", "LOGNAME": "root"}.items():
        monkeypatch.setenv(name, value)
    (work / "desk.toml").write_text(WALL.replace('name = "root"', 'name = "root"\nlogin = "root"'))
    shell = Shell(work)
    shell.play("$ ticketctl apply -q -y desk.toml")
    post = '--channel wall --public --customer twitter:@ana --subject Order --text "Where is it?"'
    shell.play(f"$ ticketctl new {post} -m seen")
    said = shell.play('$ echo s | tty ticketctl reply 1 -m "It left today."')
    assert "To:       twitter:@ana by wall, public" in said and "1 message 2 queued" in said
    assert "From:" not in said
    refused = shell.play('$ echo s | tty ticketctl reply 1 --mail -m "It left today."')
    assert "twitter:@ana has no e-mail address" in refused
    asked = shell.play('$ echo y | tty ticketctl close 1 -m done --reply "Thank you."')
    assert "To:       twitter:@ana by wall, public" in asked and "Thank you." in asked
