"""The bytes of parts are the same whether or not long runs of base64 were taken out before parsing."""

import base64
import random
from email.parser import BytesParser
from email.policy import compat32

import pytest

from gateway.parse import base64_runs
from gateway.parse.parse import parse, parts_bytes

DICE = random.Random(3)
FILE = DICE.randbytes(60_000)
HEAD = 'From: ana@x.example\nContent-Type: multipart/mixed; boundary="b"\n\n'


def attached(content: bytes, above: str = "", below: str = "") -> str:
    """A part in base64, with words inside it."""
    return (
        "--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
        f"{above}{base64.encodebytes(content).decode()}{below}"
    )


TEXT = "--b\nContent-Type: text/plain\n\nInvoice enclosed\n"
INNER = "--b\nContent-Type: message/rfc822\n\nSubject: inner\n" + HEAD.replace('"b"', '"c"')
FOOTER, LONG_LINE = "-- the list\n", "QUJD" * 3000 + "\n"
MAILS = {
    "closed": f"{HEAD}{TEXT}{attached(FILE)}--b--\n",
    "not closed": f"{HEAD}{TEXT}{attached(FILE)}",
    "two, and words": f"{HEAD}{TEXT}{attached(FILE, below=FOOTER)}{attached(FILE[::-1])}--b--\n",
    "a line too long": f"{HEAD}{TEXT}{attached(FILE, above=LONG_LINE)}--b--\n",
    "no line end": f"{HEAD}{TEXT}{attached(FILE)}"[:-1],
    "in an attached mail": f"{HEAD}{TEXT}{INNER}{attached(FILE).replace('--b', '--c')}--c--\n--b--\n",
    "above the parts": f"{HEAD}{base64.encodebytes(FILE).decode()}{TEXT}--b--\n",
    "in the head of a part": f"{HEAD}--b\n{base64.encodebytes(FILE).decode()}\n--b--\n",
    "below a header": f"{HEAD}--b\nX-Long: {base64.encodebytes(FILE).decode()}\nwords\n--b--\n",
    "with our mark": f"{HEAD}{TEXT}TicketctlRunOfBase64No0x\n{attached(FILE)}--b--\n",
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("shape", MAILS)
def test_parts_are_the_same_with_and_without_runs(
    shape: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = MAILS[shape].replace("\n", end).encode()
    mail = parse(raw)
    contents = parts_bytes(raw, [part.path for part in mail.parts])
    monkeypatch.setattr(base64_runs, "_MIN_BODY", len(raw) + 1)
    assert parse(raw) == mail
    assert parts_bytes(raw, list(contents)) == contents


def test_an_attachment_is_that_of_the_standard_library() -> None:
    raw = MAILS["closed"].encode()
    (part,) = (one for one in parse(raw).parts if one.type == "application/pdf")
    whole = BytesParser(policy=compat32).parsebytes(raw)
    assert (
        parts_bytes(raw, [part.path])[part.path]
        == FILE
        == whole.get_payload(1).get_payload(decode=True)
    )


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_runs_are_put_back_as_they_were(end: bytes) -> None:
    lines = base64.encodebytes(FILE).replace(b"\n", end)
    body = end.join([b"--b", b"", lines, b"--b", b"", b"short", lines, lines[:-1] + b"A" * 2000])
    short, runs = base64_runs.take_out(body)
    assert len(runs) == 3
    assert len(short) < len(body) / 10
    assert base64_runs.put_back(short, runs) == body


def test_a_mail_that_has_our_mark_is_read_line_by_line() -> None:
    body = MAILS["with our mark"].encode()
    assert base64_runs.take_out(body) == (body, {})
