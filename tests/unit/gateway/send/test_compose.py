"""Composing: what stands in outgoing mail, and what cannot get into it (rules L1–L19)."""

import hashlib
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.parse.parse import parse
from gateway.send import headers
from gateway.send.compose import compose, envelope_sender, for_recipient, needs_utf8, with_one_tag
from ticketctl import safe
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.records import OutboxRow
from ticketctl.domain.definition.definition import DEFAULT, DeskSettings, Mailbox
from ticketctl.errors import NotFound, Refused
from ticketctl.templating.samples import samples

KEY = b"k" * 32
INSTANCE = "7d3c1c5e-0000-4000-8000-000000000000"
AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
DESK = replace(
    DEFAULT,
    settings=DeskSettings(name="Help", domain="help.example", timezone="Europe/Madrid"),
    mailboxes=(Mailbox(address="support@help.example", name="Help desk", segment="support"),),
)
ATTACK = "Hello\r\nBcc: victim@evil.example\r\n\r\n<html>\x00\u202egnp.exe\u2028"


def row(kind: str = "reply", **changes: Any) -> OutboxRow:
    data = dict(samples(kind)[0]) | {"purpose": "t"} | changes.pop("data", {})
    plain = OutboxRow(
        id=1,
        kind=kind,
        ticket=12,
        message=2,
        mailbox="support@help.example",
        to=("carl@customer.example",),
        cc=(),
        bcc=(),
        subject="Re: [Help #12] Printer is broken",
        message_id="<t12.abc.aaaaaaaaaaaaaaaa@help.example>",
        in_reply_to="<m1@customer.example>",
        references=("<ticket.12@help.example>", "<m1@customer.example>"),
        language="en",
        data=data,
        state="sending",
        attempts=1,
        created_at=AT,
        next_try_at=AT,
        error=None,
        blob=None,
    )
    return replace(plain, **changes)


BLOBS = {hashlib.sha256(content).hexdigest(): content for content in (b"%PDF-1.4 \x00\xff", b"")}


def load_blob(sha256: str) -> bytes:
    if sha256 not in BLOBS:
        raise NotFound(f"no bytes are kept under {sha256}.")
    return BLOBS[sha256]


def composed(mail: OutboxRow, desk: Any = DESK) -> bytes:
    return compose(mail, desk, instance=INSTANCE, load_blob=load_blob, date=AT, key=KEY)


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def attached(name: str, type: str = "application/pdf") -> dict[str, Any]:
    sha256 = next(sha for sha, content in BLOBS.items() if content)
    return {"attachments": [{"name": name, "type": type, "sha256": sha256}]}


def body_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_reply_is_from_the_agent_via_the_mailbox_L1() -> None:
    mail = read(composed(row(cc=("Dana@customer.example",), bcc=("boss@help.example",))))
    assert mail["From"] == "Ana via Help desk <support@help.example>"
    assert mail["To"] == "carl@customer.example"
    assert mail["Cc"] == "Dana@customer.example"
    assert b"boss" not in composed(row(bcc=("boss@help.example",)))


def test_automatic_mail_is_from_the_desk_L1() -> None:
    assert read(composed(row("ack")))["From"] == "Help desk <support@help.example>"


def test_message_id_and_threading_are_the_rows_L2() -> None:
    mail = read(composed(row()))
    assert mail["Message-ID"] == "<t12.abc.aaaaaaaaaaaaaaaa@help.example>"
    assert mail["In-Reply-To"] == "<m1@customer.example>"
    assert mail["References"] == "<ticket.12@help.example> <m1@customer.example>"


def test_composing_again_gives_the_same_bytes_L2() -> None:
    mail = row(data=attached("a.pdf"))
    assert composed(mail) == composed(mail)
    other = replace(mail, message_id="<t12.abd.aaaaaaaaaaaaaaaa@help.example>")
    assert composed(mail) != composed(other)


def test_reply_to_is_bound_to_its_recipient_L4() -> None:
    content = composed(row())
    ours = read(for_recipient(content, row(), "carl@customer.example", KEY))
    theirs = read(for_recipient(content, row(), "dana@customer.example", KEY))
    expected = signed_addresses.reply_address(
        KEY, "support@help.example", "t", 12, "carl@customer.example"
    )
    assert ours["Reply-To"] == expected
    assert theirs["Reply-To"] != expected
    assert "Reply-To" not in read(content)


def test_no_purpose_no_reply_address_L4() -> None:
    without = row(data={"purpose": ""})
    content = composed(without)
    assert for_recipient(content, without, "carl@customer.example", KEY) == content


def test_a_local_part_never_exceeds_64_octets_L4() -> None:
    long = row(mailbox="s" * 50 + "@help.example")
    content = composed(long)
    assert for_recipient(content, long, "carl@customer.example", KEY) == content


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Printer", "[Help #12] Printer"),
        ("Re: AW: SV: Printer", "Re: [Help #12] Printer"),
        ("Re: [Help #12] Re: [help #12] Printer", "Re: [Help #12] Printer"),
        ("[Help #99] Printer", "[Help #12] Printer"),
        ("Re[2]: Printer", "Re: [Help #12] Printer"),
        ("Res: Printer", "Re: [Help #12] Printer"),
        ("回复：Printer", "Re: [Help #12] Printer"),
        ("Regarding: that", "[Help #12] Regarding: that"),
        ("", "[Help #12]"),
    ],
)
def test_one_tag_and_one_prefix_L5(subject: str, expected: str) -> None:
    assert with_one_tag(subject, "Help", 12) == expected


def test_subjects_are_encoded_and_folded_L5() -> None:
    long = "Příliš žluťoučký kůň úpěl ďábelské ódy " * 5
    content = composed(row(subject=long))
    head = content.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))
    assert head.isascii()
    assert read(content)["Subject"] == "[Help #12] " + long.strip()


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("ack", "auto-replied"),
        ("error", "auto-replied"),
        ("notification", "auto-generated"),
        ("escalation", None),
        ("reply", None),
    ],
)
def test_marks_by_kind_L6(kind: str, mark: str | None) -> None:
    mail = read(composed(row(kind)))
    assert mail["Auto-Submitted"] == mark
    assert mail["X-Auto-Response-Suppress"] == ("All" if mark else None)
    assert mail["X-Ticketctl-Loop"] == INSTANCE
    assert mail["X-Ticketctl-Ticket"] == "12"
    assert mail["Precedence"] == ("bulk" if kind == "notification" else None)


@pytest.mark.parametrize("automatic", [True, False])
def test_a_rules_escalation_is_automatic_a_persons_is_not_L6(automatic: bool) -> None:
    mail = read(composed(row("escalation", data={"automatic": automatic})))
    assert mail["Auto-Submitted"] == ("auto-generated" if automatic else None)
    assert mail["X-Auto-Response-Suppress"] == ("All" if automatic else None)


def test_the_answer_to_an_agents_commands_is_a_reply_L6() -> None:
    answer = dict(samples("transcript")[0]) | {"template": "transcript"}
    assert read(composed(row("notification", data=answer)))["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("language", ["en", "es", "cs"])
def test_a_dossier_has_times_in_the_desks_zone_and_names_without_underscores(language: str) -> None:
    fields = {
        "status": "open",
        "created_at": "2026-03-09T08:10:00Z",
        "closed_at": None,
        "due_by": "2026-07-09T08:10:00Z",
        "fields": {"plan": "gold"},
        "subject": "2026-99-99T00:00:00Z",
    }
    text = body_of(
        read(composed(row("escalation", language=language, data={"ticket_fields": fields})))
    ).replace("\r\n", "\n")
    assert (
        "\nstatus: open\ncreated at: 2026-03-09 09:10 CET\ndue by: 2026-07-09 10:10 CEST\n"
        "fields: plan: gold\nsubject: 2026-99-99T00:00:00Z\n"
    ) in text


def test_a_resolution_in_an_agents_words_is_no_automatic_mail_L6() -> None:
    assert read(composed(row("resolution")))["Auto-Submitted"] is None
    assert (
        read(composed(row("resolution", data={"text": ""})))["Auto-Submitted"] == "auto-generated"
    )


def test_replies_are_no_list_mail_L7() -> None:
    assert not any(name.startswith("List-") for name in read(composed(row())))


def test_data_that_no_template_names_stays_inside_L8() -> None:
    content = composed(row(data={"secret": "He is a pain."}))
    assert b"pain" not in content


def test_text_and_html_say_the_same_and_files_come_after_L10() -> None:
    words = "Dobrý den,\n\nzkuste to prosím znovu. 🖨\n.\n.dot\nFrom here"
    mail = read(composed(row(data=attached("manual.pdf") | {"text": words})))
    assert mail.get_content_type() == "multipart/mixed"
    first, second = mail.iter_parts()
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    assert words in body_of(mail).replace("\r\n", "\n")
    assert "zkuste to prosím znovu. 🖨" in body_of(mail, "html")
    assert second.get_content() == b"%PDF-1.4 \x00\xff"
    assert second.get_content_disposition() == "attachment"
    assert mail["MIME-Version"] == "1.0" and mail["Date"].datetime == AT


def test_an_image_stands_in_the_html_where_the_text_names_it_H28() -> None:
    image = attached("a&b.png", "image/png")["attachments"][0] | {"inline": True}
    file = attached("manual.pdf")["attachments"][0]
    words = "See [a&b.png].\n\nAnd [a&b.png]."
    mail = read(composed(row(data={"text": words, "attachments": [image, file, image]})))
    assert mail.get_content_type() == "multipart/mixed"
    choice, manual = mail.iter_parts()
    assert manual.get_filename() == "manual.pdf"
    plain, related = choice.iter_parts()
    assert words in plain.get_content().replace("\r\n", "\n")
    html, *images = related.iter_parts()
    ids = [str(one["Content-ID"]).strip("<>") for one in images]
    assert [f'src="cid:{one}" alt="a&amp;b.png"' in html.get_content() for one in ids] == [True] * 2
    assert len(set(ids)) == 2 and "[a&amp;b.png]" not in html.get_content()
    assert [(one.get_content_disposition(), one.get_content()) for one in images] == [
        ("inline", b"%PDF-1.4 \x00\xff")
    ] * 2


def test_an_image_is_not_put_into_the_title_nor_into_a_link_H28() -> None:
    image = attached("a.png", "image/png")["attachments"][0] | {"inline": True}
    words = "See https://help.example/[a.png] now."
    mail = row(subject="Re: [Help #12] [a.png]", data={"text": words, "attachments": [image]})
    html = body_of(read(composed(mail)), "html")
    assert "<title>Re: [Help #12] [a.png]</title>" in html
    assert 'https://help.example/</a><img src="cid:' in html


def test_an_image_without_a_place_goes_with_the_files_H28() -> None:
    image = attached("a.png", "image/png")["attachments"][0] | {"inline": True}
    mail = read(composed(row(data={"text": "No place.", "attachments": [image]})))
    assert [one.get_filename() for one in mail.iter_attachments()] == ["a.png"]


def test_lines_are_short_crlf_and_seven_bit_L10() -> None:
    content = composed(row(data={"text": "é" * 5000 + "\n" + "x" * 5000}))
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"") and b"\r" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert "é" * 5000 in body_of(read(content)) and "x" * 5000 in body_of(read(content))
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize(
    "type", ["message/rfc822", "multipart/mixed", "text/plain", "nonsense", ""]
)
def test_any_type_of_file_arrives_byte_for_byte(type: str) -> None:
    part = next(read(composed(row(data=attached("x.bin", type)))).iter_attachments())
    assert part.get_payload(decode=True) == b"%PDF-1.4 \x00\xff"


def test_a_file_that_is_not_there_is_an_error() -> None:
    missing = {"attachments": [{"name": "x", "type": "text/plain", "sha256": "0" * 64}]}
    with pytest.raises(NotFound):
        composed(row(data=missing))


def header_names(content: bytes) -> list[str]:
    return [name.lower() for name in message_from_bytes(content)]


@pytest.mark.parametrize("field", ["agent_name", "customer_name", "ticket_subject", "text", "tag"])
def test_no_text_becomes_a_header_L13(field: str) -> None:
    content = composed(row(data={field: ATTACK}))
    assert header_names(content) == header_names(composed(row()))
    assert b"\x00" not in content
    assert read(content)["Bcc"] is None


def test_a_name_fakes_no_line_of_a_notification_L13() -> None:
    mail = read(composed(row("notification", data={"author": "Carl\n\nOwner: eva"})))
    assert "\nOwner: eva" not in body_of(mail).replace("\r\n", "\n")
    said = {"author": "Carl\nOwner: eva", "at": "2026-03-09T08:10:00Z", "text": "x"}
    assert "Carl Owner: eva wrote:" in body_of(read(composed(row(data={"quote": said}))))


def test_subjects_ids_and_mailbox_names_become_no_header_L13() -> None:
    hostile = row(
        subject=ATTACK,
        in_reply_to="<a@b>\r\nBcc: x@evil.example",
        references=("<good@b.example>", "<a b@c>\r\nX: y"),
        language="en\r\nBcc: x@evil.example",
    )
    desk = replace(DESK, mailboxes=(replace(DESK.mailboxes[0], name=ATTACK),))
    mail = read(composed(hostile, desk))
    assert mail["Bcc"] is None and mail["X"] is None
    assert "\u202e" not in mail["Subject"] and "\n" not in mail["Subject"]
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<good@b.example>"


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: victim@evil.example",
        "a@b.example, victim@evil.example",
        "victim@evil.example> <a@b.example",
        "a b@c.example",
        "no address",
        "a@" + "x" * 300,
        "\u202ea@b.example",
    ],
)
def test_what_is_no_address_is_in_no_header_L13(address: str) -> None:
    mail = read(composed(row(to=("carl@customer.example", address))))
    assert mail["To"] == "carl@customer.example"
    assert mail["Bcc"] is None
    assert read(composed(row(to=(address,))))["To"] == "undisclosed-recipients:;"


@pytest.mark.parametrize("size", [10_000])
@pytest.mark.parametrize("letter", ["x", "ž", "a b ", '",\\'])
def test_names_of_ten_thousand_letters_are_cut_L13(letter: str, size: int) -> None:
    name = letter * (size // len(letter))
    content = composed(
        row(data={"agent_name": name, "ticket_subject": name} | attached(name), subject=name)
    )
    mail = read(content)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert [one.addr_spec for one in mail["From"].addresses] == ["support@help.example"]
    assert len(mail["Subject"]) <= 600


@pytest.mark.parametrize(
    "name",
    ["smlouva o dílo č. 3.pdf", "a\r\nX: y.pdf", "..\\..\\evil.pdf", '"; x="', "\u202efdp.exe"],
)
def test_names_of_files_survive_or_are_made_harmless_L13(name: str) -> None:
    content = composed(row(data=attached(name)))
    part = next(read(content).iter_attachments())
    shown = part.get_filename() or ""
    assert shown and not set(shown) & set('\r\n\u202e"/\\')
    if name.startswith("smlouva"):
        assert shown == name and b"filename*=utf-8''" in content


@pytest.mark.parametrize(
    "name",
    [
        "manual.pdf",
        "smlouva o dílo č. 3.pdf",
        "報告書の写し" * 12 + ".pdf",
        "Ausführliche Beschreibung der Störung an der Heizung im dritten Stock.pdf",
        "x" * 90 + ".pdf",
        "🖨" * 50 + ".pdf",
    ],
)
def test_outlook_finds_the_name_of_a_file_in_its_content_type_L10(name: str) -> None:
    content = composed(row(data=attached(name)))
    part = next(read(content).iter_attachments())
    shown = safe.filename(name)
    assert part.get_filename() == shown
    raw = next(p for p in message_from_bytes(content).walk() if p.get_filename())
    named = str(raw.get_param("name"))
    assert str(make_header(decode_header(named.replace("\r\n", "")))) == shown
    assert named == name if name == "manual.pdf" else named.startswith("=?utf-8?")
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert [file.name for file in parse(content).parts if file.name] == [shown]


def test_an_inline_image_has_its_name_and_a_whole_content_id_L10() -> None:
    long = f"<t12.0123456789abcdef.aaaaaaaaaaaaaaaa@{'.'.join(['department'] * 20)}.example>"
    image = attached("účet.png", "image/png")["attachments"][0] | {"inline": True}
    content = composed(row(message_id=long, data={"text": "[účet.png]", "attachments": [image]}))
    assert f"\r\nContent-ID: <1.{long.strip('<>')}>\r\n".encode() in content
    assert f"cid:1.{long.strip('<>')}" in body_of(read(content), "html")
    assert b'\r\nContent-Type: image/png;\r\n name="=?utf-8?' in content


def test_an_id_is_never_folded_inside_L3() -> None:
    ids = tuple(f"<{letter * 700}-{letter * 200}@{letter}.example>" for letter in "abc")
    content = composed(row(in_reply_to=ids[2], references=ids))
    for one in ids:
        assert one.encode() in content
    assert f"\r\nIn-Reply-To: {ids[2]}\r\n".encode() in content
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_an_id_too_long_for_a_line_is_left_out_L3() -> None:
    ids = ("<a@b.example>", f"<{'x' * 990}@b.example>")
    content = composed(row(in_reply_to=ids[1], references=ids))
    assert read(content)["References"] == ids[0] and read(content)["In-Reply-To"] is None


@pytest.mark.parametrize("language", ["en", "es", "cs"])
def test_the_quote_is_above_the_signature_line_L10(language: str) -> None:
    said = {"author": "Carl", "at": "2026-03-09T08:10:00Z", "text": "It blinks.\n-- \nCarl"}
    mail = read(composed(row(language=language, data={"text": "Hold it.", "quote": said})))
    text = body_of(mail).replace("\r\n", "\n")
    assert text.count("\n-- \n") == 1
    above, _, signature = text.partition("\n\n-- \n")
    assert above.endswith("\n> It blinks.\n> --\n> Carl")
    assert signature == "Ana, Help desk\n"
    html = body_of(mail, "html")
    assert html.index("</blockquote>") < html.index(">Ana, Help desk<")


def test_a_name_with_a_comma_stays_one_person_L13() -> None:
    mail = read(composed(row(data={"agent_name": 'Doe, Jane "JD" <x@evil.example>'})))
    people = mail["From"].addresses
    assert [person.addr_spec for person in people] == ["support@help.example"]
    assert people[0].display_name == 'Doe, Jane "JD" <x@evil.example> via Help desk'


def test_a_subject_of_half_a_character_can_be_sent_L13() -> None:
    mail = read(
        composed(row(subject="Hi \ud800 there", data={"template": "survey"}, kind="survey"))
    )
    assert "\ud800" not in mail["Subject"]


ANY = st.text(st.characters(), max_size=200)


@settings(max_examples=30, deadline=None)
@given(subject=ANY, agent=ANY, customer=ANY, text=ANY, quote=ANY)
def test_any_text_gives_a_mail_with_the_same_headers_L13(
    subject: str, agent: str, customer: str, text: str, quote: str
) -> None:
    said = {"author": customer, "at": "2026-03-09T08:10:00Z", "text": quote}
    data = {"agent_name": agent, "customer_name": customer, "text": text, "quote": said}
    content = composed(row(subject=subject, data=data))
    assert header_names(content) == header_names(composed(row()))
    assert content.isascii() and b"\x00" not in content
    mail = read(content)
    assert [one.addr_spec for one in mail["From"].addresses] == ["support@help.example"]
    assert not mail.defects


def test_bounces_come_back_to_an_address_of_the_delivery_L12() -> None:
    sender = envelope_sender(row(), 7, "bounces@help.example", KEY)
    assert sender == signed_addresses.bounce_address(KEY, "bounces@help.example", 7)
    assert envelope_sender(row("error"), 7, "bounces@help.example", KEY) == ""


def test_domains_are_written_in_ascii_L19() -> None:
    mail = read(composed(row(to=("carl@žluťoučký.example",))))
    assert (
        str(mail["To"]).encode().decode("ascii")
        == "carl@" + "žluťoučký.example".encode("idna").decode()
    )
    assert not needs_utf8(row(to=("carl@žluťoučký.example",)), "carl@xn--x.example")


def test_a_domain_that_changes_meaning_in_ascii_is_refused_L19() -> None:
    with pytest.raises(Refused, match="xn--"):
        headers.address("carl@straße.example")


def test_a_local_part_beyond_ascii_needs_smtputf8_L19() -> None:
    mail = row(to=("žofie@customer.example",))
    assert needs_utf8(mail, "žofie@customer.example")
    assert "žofie@customer.example".encode() in composed(mail)


def test_a_template_without_its_data_is_refused() -> None:
    mail = row()
    broken = replace(mail, data={"purpose": "t"})
    with pytest.raises(Refused, match="undefined"):
        composed(broken)


INDEX = "AdRabc" + "x" * 24


@pytest.mark.parametrize(
    ("marks", "topic", "index"),
    [
        (f"Thread-Topic: Printer\r\nThread-Index: {INDEX}==\r\n", "Printer", f"{INDEX}=="),
        (f"thread-index: {INDEX}\r\n\t{INDEX}\r\n", None, INDEX + INDEX),
        ("Thread-Topic: =?utf-8?q?Tiskárna?=\r\n", "Tiskárna", None),
        ("Thread-Index: <script>\r\nThread-Topic: \r\n", None, None),
        ("", None, None),
    ],
)
def test_the_thread_marks_of_the_mail_answered_are_echoed_D17(
    marks: str, topic: str | None, index: str | None
) -> None:
    answered = f"From: carl@customer.example\r\n{marks}\r\nThread-Index: {INDEX}\r\n".encode()
    BLOBS[sha := hashlib.sha256(answered).hexdigest()] = answered
    mail = read(composed(row(data={"answers": sha})))
    assert mail["Thread-Topic"] == topic
    assert "".join((mail["Thread-Index"] or "").split()) == (index or "")


def test_a_mail_that_answers_none_has_no_threading_headers_D17() -> None:
    assert b"Thread-" not in composed(row())
