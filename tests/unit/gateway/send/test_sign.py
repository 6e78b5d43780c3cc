"""DKIM (L14): verified by the verifier of dkimpy, which asks a DNS of ours."""

import shutil
from collections.abc import Callable
from email import message_from_bytes
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


def listed(mail: bytes) -> list[str]:
    """The headers that the signature lists (h=), in lower case."""
    signature = str(message_from_bytes(mail)["DKIM-Signature"])
    tags = dict(tag.strip().split("=", 1) for tag in signature.split(";"))
    return [name.strip().lower() for name in tags["h"].split(":")]


def test_a_signature_holds_and_names_our_domain_and_selector_L14(outgoing: Outgoing) -> None:
    signed, asked = signer(outgoing)(MAIL), list[bytes]()
    assert signed.endswith(MAIL) and signed.startswith(b"DKIM-Signature: ")
    assert dkim.verify(signed, dnsfunc=dns(asked), minkey=1024)
    assert asked == [b"desk._domainkey.help.example."]
    assert max(map(len, signed.split(b"\r\n"))) <= 78


SIGNED = (
    *("From", "To", "Cc", "Subject", "Date", "Reply-To", "Message-ID", "In-Reply-To", "References"),
    *("Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
)
PRESENT = [name for name in SIGNED if f"\r\n{name}: ".encode() in b"\r\n" + MAIL]
LEAST = b"From: Help <support@help.example>\r\n\r\nHello\r\n"


@pytest.mark.parametrize("name", PRESENT)
def test_no_header_can_be_changed_on_the_way_L14(outgoing: Outgoing, name: str) -> None:
    signed = signer(outgoing)(MAIL)
    assert not verifies(signed.replace(f"\r\n{name}: ".encode(), f"\r\n{name}: x".encode()))


@pytest.mark.parametrize("name", SIGNED)
@pytest.mark.parametrize("mail", [MAIL, LEAST])
def test_no_header_can_be_added_on_the_way_L14(outgoing: Outgoing, mail: bytes, name: str) -> None:
    signed = signer(outgoing)(mail)
    added = f"{name}: eve@evil.example\r\n".encode()
    assert verifies(signed)
    assert not verifies(added + signed)
    assert not verifies(signed.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1))


@pytest.mark.parametrize("name", SIGNED)
def test_every_signed_header_is_listed_once_more_than_it_occurs_L14(
    outgoing: Outgoing, name: str
) -> None:
    twice = MAIL.replace(b"\r\nTo:", b"\r\nTo: dana@customer.example\r\nTo:")
    for mail in (MAIL, LEAST, twice):
        occurs = mail.lower().split(b"\r\n\r\n")[0].split(b"\r\n")
        count = sum(line.startswith(f"{name.lower()}:".encode()) for line in occurs)
        assert listed(signer(outgoing)(mail)).count(name.lower()) == count + 1


UNSUBSCRIBE = ("List-Unsubscribe", "List-Unsubscribe-Post")
OPTIONAL = b"List-Unsubscribe: <mailto:support+us1.aaaaaaaaaaaaaaaa@help.example>\r\n" + MAIL


@pytest.mark.parametrize("name", UNSUBSCRIBE)
def test_nobody_can_add_where_a_click_unsubscribes_L14(outgoing: Outgoing, name: str) -> None:
    signed = signer(outgoing)(OPTIONAL)
    added = f"{name}: <https://evil.example/>\r\n".encode()
    assert verifies(signed)
    assert not verifies(added + signed)
    assert not verifies(signed.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1))
    assert not verifies(signed.replace(b"<mailto:support", b"<mailto:eve"))


@pytest.mark.parametrize("mail", [MAIL, LEAST])
def test_a_mailing_list_may_pass_on_other_mail_with_its_own_headers_L14(
    outgoing: Outgoing, mail: bytes
) -> None:
    signed = signer(outgoing)(mail)
    assert not {name.lower() for name in UNSUBSCRIBE} & {*listed(signed)}
    assert verifies(b"List-Unsubscribe: <mailto:leave@lists.customer.example>\r\n" + signed)


def test_text_cannot_be_added_on_the_way_L14(outgoing: Outgoing) -> None:
    assert not verifies(signer(outgoing)(MAIL) + b"more\r\n")


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
