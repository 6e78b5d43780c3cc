"""A mail is the same whether or not the contents of its parts were taken out before parsing."""

import base64
import random
from email.parser import BytesParser
from email.policy import compat32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.parse import part_contents
from gateway.parse.mail import Mail
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
    "a line of text that begins with dashes": f"{HEAD}{TEXT}\nAna\n-- \nAna Ruiz\n\n{attached(FILE)}--b--\n",
    "no blank line above the text": f"{HEAD}--b\nContent-Type: text/plain\nHello,\n{TEXT}--b--\n",
    "with our mark": f"{HEAD}{TEXT}TicketctlContentNo0x\n{attached(FILE)}--b--\n",
}


PIECES = [
    *(
        "--b",
        "--b--",
        "--c",
        "--c--",
        "-- ",
        "",
        "",
        "",
        " ",
        "words",
        "To: ana@x.example",
        "QUJD" * 99,
    ),
    *("Content-Type: text/plain", 'Content-Type: multipart/mixed; boundary="c"', "boundary=b"),
    *("Content-Type: multipart/alternative; boundary=b", "Content-Type: message/rfc822"),
    *("Content-Transfer-Encoding: base64", "Content-Disposition: attachment; filename=a.txt"),
]


def without_taking_out(body: bytes) -> tuple[bytes, part_contents.Contents]:
    return body, {}


def everything(raw: bytes) -> tuple[Mail, dict[str, bytes]]:
    """A mail, and the bytes of its attachments."""
    mail = parse(raw)
    return mail, parts_bytes(raw, [part.path for part in mail.parts])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("shape", MAILS)
def test_parts_are_the_same_with_and_without_taking_out(
    shape: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = MAILS[shape].replace("\n", end).encode()
    found = everything(raw)
    monkeypatch.setattr(part_contents, "take_out", without_taking_out)
    assert everything(raw) == found


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(PIECES), st.sampled_from(["\n", "\n", "\r\n", "\r"])), max_size=30
    )
)
def test_parts_of_any_lines_are_the_same(lines: list[tuple[str, str]]) -> None:
    raw = (HEAD + "".join(line + end for line, end in lines)).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(part_contents, "_MIN", 1)
        found = everything(raw)
        patch.setattr(part_contents, "take_out", without_taking_out)
        assert everything(raw) == found


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
def test_contents_are_put_back_as_they_were(end: bytes) -> None:
    lines = base64.encodebytes(FILE).replace(b"\n", end)
    body = end.join([b"--b", b"", lines, b"--b", b"", b"short", b"--c", b"", lines])
    short, contents = part_contents.take_out(body)
    assert len(contents) == 2
    assert len(short) < 200
    assert part_contents.put_back(short, contents) == body


def test_a_mail_that_has_our_mark_is_read_line_by_line() -> None:
    body = MAILS["with our mark"].encode()
    assert part_contents.take_out(body) == (body, {})
