"""SIGHUP: new settings reach every part, bad ones none, and no sender is turned away meanwhile."""

import contextlib
import os
import pty
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.running_gateway import PATIENCE, RunningGateway, check_filed_once, check_sent
from tests.support.senders import Senders, deliver, mail

CERTIFICATES = Path(__file__).parents[1] / "wire"


def reload(running: RunningGateway, gateway: str) -> None:
    """Give a gateway other settings, and wait until all parts have them."""
    done = running.said("the settings are reloaded")
    running.configure(gateway)
    running.supervisor.send_signal(signal.SIGHUP)
    running.until(lambda: running.said("the settings are reloaded") > done, "it has reloaded")


def parts(running: RunningGateway) -> dict[str, int]:
    return {child.name(): child.pid for child in running.supervisor.children()}


def test_reloading_under_load_loses_and_doubles_nothing(
    db_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(db_url)
    running.catch()
    running.start()
    before = parts(running)
    with Senders(running.port) as senders:
        for workers in (1, 3, 2):
            running.until(senders.enough(5), "mail comes in")
            reload(running, f"intake_workers = {workers}")
            count = len([name for name in parts(running) if name.startswith("intake")])
            assert count == workers
        running.until(senders.enough(5), "mail comes in again")
    assert not senders.found_nobody
    assert {code for code, _ in senders.refusals} <= {421}
    running.until(running.idle, "everything is filed and sent")
    check_filed_once(running, senders.acknowledged)
    check_sent(running, senders.acknowledged)
    after = parts(running)
    assert before.keys() == after.keys() and not before.items() & after.items()
    assert not running.said("Traceback") and not running.said("ended with code")
    assert running.stop() == 0


BAD = [
    ("[gateway", "config.toml"),
    ("[gateway]\nsmpt = []", "smpt"),
    ('[gateway]\nintake_workers = "many"', "intake_workers"),
    ('[gateway]\nsmtp = ["127.0.0.1:{taken}"]', "127.0.0.1:{taken}: the address is in use"),
    ('[gateway]\nsmtp = []\nlmtp = ["unix:/nowhere/lmtp.sock"]', "unix:/nowhere/lmtp.sock"),
    ('[gateway]\ntls_cert = "/nowhere/a.pem"\ntls_key = "/nowhere/a.pem"', "/nowhere/a.pem"),
    ("[gateway]\nsmtp = []\nlmtp = []", "nothing to do"),
    ('[db]\nurl = "sqlite:////nowhere/desk.db"', "db.url has changed"),
]


def test_bad_settings_are_refused_in_a_sentence_and_the_old_ones_stay(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url)
    running.catch()
    running.start()
    before = parts(running)
    sent = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        for number, (config, sentence) in enumerate(BAD, start=1):
            config = config.replace("{taken}", taken)
            if "[db]" not in config:
                config = f'[db]\nurl = "{sqlite_url}"\n{config}'
            said = refusal(running, config, number)
            assert sentence.replace("{taken}", taken) in said, config
            sent.append(mail(number))
            deliver(running.port, sent[-1])
            running.until(running.idle, f"mail is filed as before {config}")
            check_filed_once(running, sent)
            assert parts(running) == before, config


def refusal(running: RunningGateway, config: str, number: int) -> str:
    """What the log says of these settings, the `number`th that are refused."""
    words = "the new ones are refused"
    running.config.write_text(config)
    running.supervisor.send_signal(signal.SIGHUP)
    running.until(lambda: running.said(words) == number, f"it refuses {config}")
    return words + running.log.read_text().rpartition(words)[2]


def test_addresses_and_a_certificate_come_and_go(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway], tmp_path: Path
) -> None:
    running = new_gateway(sqlite_url)
    running.catch()
    running.start()
    first, second, file = running.port, free_port(), tmp_path / "lmtp.sock"
    cert = tmp_path / "cert.pem"
    shutil.copy(CERTIFICATES / "localhost.pem", cert)
    running.port = second
    lines = f'tls_cert = "{cert}"\ntls_key = "{CERTIFICATES / "localhost.key"}"'
    reload(running, lines)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", first)) != 0
    trust = ssl.create_default_context(cafile=str(cert))
    with smtplib.SMTP("127.0.0.1", second, local_hostname="a.example", timeout=60) as client:
        client._host = "localhost"  # type: ignore[attr-defined]  # the name in the certificate
        client.starttls(context=trust)
    running.config.write_text(
        running.config.read_text().replace("lmtp = []", f'lmtp = ["unix:{file}?mode=0600"]')
    )
    done = running.said("the settings are reloaded")
    running.supervisor.send_signal(signal.SIGHUP)
    running.until(lambda: running.said("the settings are reloaded") > done, "it has reloaded")
    with contextlib.closing(smtplib.LMTP(str(file))) as client:
        assert client.ehlo()[0] == 250
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_sender_waits_while_the_door_is_replaced(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url)
    running.catch()
    running.start()
    one = mail(1)
    running.kill("doors")
    deliver(running.port, one)
    running.until(running.idle, "it is filed")
    check_filed_once(running, [one])


def test_systemd_is_told_of_a_reload(
    sqlite_url: str,
    new_gateway: Callable[..., RunningGateway],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = new_gateway(sqlite_url)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(PATIENCE)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        running.start()
        reload(running, "")
        running.stop()
        words = [told.recv(100) for _ in range(4)]
    assert words == [b"READY=1", b"RELOADING=1", b"READY=1", b"STOPPING=1"]


def test_the_gateway_ends_with_its_terminal(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url)
    ours, theirs = pty.openpty()
    with (
        running.log.open("ab") as log,
        subprocess.Popen(
            running.command, env=running.environ, stdin=theirs, stdout=log, stderr=log
        ) as process,
    ):
        running.until(lambda: running.said("listening on"), "it has started")
        process.send_signal(signal.SIGHUP)
        assert process.wait(PATIENCE) == -signal.SIGHUP
    os.close(ours)
    os.close(theirs)
