"""Mail fetched from real servers."""

from collections.abc import Iterator

import pytest

from tests.wire.imap.desk import ImapDesk, mail, until
from tests.wire.imap.real import client, dovecot, pymap


@pytest.fixture(scope="module", params=["pymap", "dovecot"])
def real(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of a real IMAP server."""
    with pymap() if request.param == "pymap" else dovecot() as port:
        yield port


def test_mail_of_a_real_server_comes_as_the_bytes_it_is_B13(helpdesk: ImapDesk, real: int) -> None:
    octets = mail("eight", body=bytes(range(128, 256)) + b"\r\n.\r\nend")
    with client(real) as other:
        other.append("INBOX", octets)
        other.append("INBOX", mail("seen"), flags=[b"\\Seen"])
        other.select_folder("INBOX", readonly=True)
        there = len(other.search())
    assert helpdesk.poll(real, done="move:Gelöst ✓") == there
    assert octets in helpdesk.raws()
    assert helpdesk.poll(real, done="move:Gelöst ✓") == 0
    with client(real) as other:
        assert other.select_folder("INBOX")[b"EXISTS"] == 0
        assert other.select_folder("Gelöst ✓")[b"EXISTS"] == there


def test_a_real_server_gives_the_head_of_a_mail_that_is_too_big_B12(
    helpdesk: ImapDesk, real: int
) -> None:
    with client(real) as other:
        other.append("INBOX", mail("endless", body=b"x" * 20_000))
    helpdesk.poll(real)
    assert mail("endless").partition(b"Hello")[0] in helpdesk.raws()
    assert helpdesk.poll(real) == 0


def test_idle_brings_mail_at_once_from_a_real_server_B6(helpdesk: ImapDesk, real: int) -> None:
    with helpdesk.running(helpdesk.account(real, poll=3600, done="delete")):
        until(helpdesk.known)
        with client(real) as other:
            other.append("INBOX", mail("woken"))
        until(lambda: mail("woken") in helpdesk.raws())
