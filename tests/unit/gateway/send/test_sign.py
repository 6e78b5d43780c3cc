"""DKIM (L14): verified by the verifier of dkimpy, which asks a DNS of ours."""

import shutil
from collections.abc import Callable
from pathlib import Path

import dkim
import pytest

from gateway.run.doctor import checks
from gateway.send.sign import signer
from tests.support.paths import DATA
from ticketctl.errors import Refused
from ticketctl.settings.table import Outgoing, Settings

PUBLIC = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC07UTxp3/PzmQV7Twlr3xYtXUJv2T5TvqFGHUV"
    "0W5p2XcgSkrCvCar7CI9fyHz4teIxvSI/uWfMflmTJpk2ZDfcCsypoz/YWyCrJ4yAaAzpPVZ94Fs"
    "d9y5yiF/TdtihLvTUM0L2orPQJfGKZ7C3r1fcTkMFNMlRo/FNknqqpGwRQIDAQAB"
)
MAIL = (
    b"Reply-To: support+t1.aaaaaaaaaaaaaaaa@help.example\r\n"
    b"From: Help <support@help.example>\r\nTo: carl@customer.example\r\nSubject: Printer\r\n"
    b"Date: Mon, 09 Mar 2026 08:10:00 +0000\r\nMessage-ID: <a@help.example>\r\n"
    b"In-Reply-To: <m1@customer.example>\r\nReferences: <m1@customer.example>\r\n"
    b"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The test key, in a file that its owner alone may open."""
    kept = tmp_path / "dkim.pem"
    shutil.copyfile(DATA / "dkim.pem", kept)
    kept.chmod(0o600)
    return kept


@pytest.fixture
def outgoing(key: Path) -> Outgoing:
    """Settings that sign."""
    return Outgoing(dkim_domain="help.example", dkim_selector="desk", dkim_key_file=str(key))


def dns(asked: list[bytes]) -> Callable[..., bytes]:
    """A DNS that knows one key, and writes down what it was asked."""

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return f"v=DKIM1; k=rsa; p={PUBLIC}".encode()

    return look_up


def verifies(mail: bytes) -> bool:
    """Does the signature hold?"""
    return bool(dkim.verify(mail, dnsfunc=dns([]), minkey=1024))


def test_a_signature_holds_and_names_our_domain_and_selector_L14(outgoing: Outgoing) -> None:
    signed, asked = signer(outgoing)(MAIL), list[bytes]()
    assert signed.endswith(MAIL) and signed.startswith(b"DKIM-Signature: ")
    assert dkim.verify(signed, dnsfunc=dns(asked), minkey=1024)
    assert asked == [b"desk._domainkey.help.example."]
    assert max(map(len, signed.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "name",
    [
        *(b"From", b"To", b"Subject", b"Date", b"Message-ID", b"In-Reply-To", b"References"),
        *(b"Reply-To", b"Auto-Submitted", b"MIME-Version", b"Content-Type"),
    ],
)
def test_no_header_can_be_changed_on_the_way_L14(outgoing: Outgoing, name: bytes) -> None:
    signed = signer(outgoing)(MAIL)
    assert not verifies(signed.replace(b"\r\n" + name + b": ", b"\r\n" + name + b": x"))


@pytest.mark.parametrize(
    "added", [b"Cc: eve@evil.example\r\n", b"Content-Transfer-Encoding: base64\r\n"]
)
def test_no_header_can_be_added_on_the_way_L14(outgoing: Outgoing, added: bytes) -> None:
    head, blank, body = signer(outgoing)(MAIL).partition(b"\r\n\r\n")
    assert not verifies(head + b"\r\n" + added.removesuffix(b"\r\n") + blank + body)
    assert not verifies(head + blank + body + b"more\r\n")


def test_without_the_settings_nothing_is_signed() -> None:
    assert signer(Outgoing())(MAIL) == MAIL


def test_half_the_settings_are_refused(key: Path) -> None:
    with pytest.raises(Refused, match="needs dkim_domain and dkim_selector"):
        signer(Outgoing(dkim_key_file=str(key)))


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_may_read_is_refused(outgoing: Outgoing, key: Path, mode: int) -> None:
    key.chmod(mode)
    with pytest.raises(Refused, match="chmod 600"):
        signer(outgoing)


@pytest.mark.parametrize(
    "content",
    ["", "no key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"],
)
def test_a_bad_dkim_key_is_refused_before_any_mail_is_sent(
    outgoing: Outgoing, key: Path, content: str
) -> None:
    key.write_text(content)
    with pytest.raises(Refused, match="RSA private key"):
        signer(outgoing)
    found = {name: (state, said) for name, state, said in checks(Settings(outgoing=outgoing))}
    assert found["signing"][0] == "fail"


def test_doctor_says_who_signs(outgoing: Outgoing) -> None:
    first = next(checks(Settings(outgoing=outgoing)))
    assert first == ("signing", "ok", "mail is signed for help.example (DKIM).")
