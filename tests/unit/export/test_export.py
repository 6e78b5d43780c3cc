"""Exports: every form, of ordinary and of hostile text."""

import csv
import io
import json
import mailbox
import zipfile
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from ticketctl.domain.base.records import Comment, Message, Person, Ticket
from ticketctl.export import write
from ticketctl.export.rows import (
    COMMENT_FIELDS,
    MESSAGE_FIELDS,
    PAGE,
    ExportColumn,
    ExportedTicket,
    pages,
)
from ticketctl.safe import csv_cell, tsv_cell

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
HOSTILE = "=cmd|'/C calc'!A0\x1b]0;x\x07\x9b2J\u202e\u200b\t\r\n\\end"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def ticket(number: int = 1, subject: str = HOSTILE, **changes: Any) -> Ticket:
    values: dict[str, Any] = {
        "id": number,
        "subject": subject,
        "status": "new",
        "priority": "medium",
        "important": True,
        "kind": "private",
        "channel": "email",
        "mailbox": "support@help.example",
        "segment": "support",
        "source_segment": "support",
        "owner": None,
        "type": None,
        "tags": ("a", "b"),
        "customer": Person(id=3, name="+Eve", email="eve@evil.example"),
        "created_at": AT,
        "updated_at": AT,
        "resolved_at": None,
        "closed_at": None,
        "wait_until": None,
        "last_customer_at": None,
        "messages_count": 1,
        "comments_count": 1,
        "awaiting": "agent",
        "escalation_level": 0,
        "merged_into": None,
        "language": None,
        "fields": {"reason": "-1", "days": 3},
        "version": 1,
    }
    return Ticket(**values | changes)


def entry(number: int = 1, subject: str = HOSTILE, **changes: Any) -> ExportedTicket:
    message = Message(
        id=1,
        ticket=number,
        n=1,
        direction="in",
        class_="human",
        visibility="private",
        author="eve@evil.example",
        author_name="=Eve",
        at=AT,
        subject=subject,
        text="@text",
        full_text="@text",
        message_id="<m1@evil.example>",
        in_reply_to=None,
        permalink=None,
        delivery=None,
        blob=None,
    )
    comment = Comment(id=1, ticket=number, n=1, author="ana", at=AT, text="-1+1")
    return ExportedTicket(ticket(number, subject, **changes), [message], [comment])


PLAIN = (
    "id", "subject", "status", "important", "owner", "type", "resolved_at", "closed_at", "created_at", "merged_into",
)  # fmt: skip
FIELDS = [
    *(ExportColumn(name, attrgetter(name), name.endswith("_at")) for name in PLAIN),
    ExportColumn("customer_name", attrgetter("customer.name")),
    ExportColumn("tags", lambda one: ",".join(one.tags)),
    ExportColumn("cf.reason", lambda one: one.fields.get("reason")),
    ExportColumn("cf.days", lambda one: one.fields.get("days")),
]


def as_csv(subject: str = HOSTILE, *, bom: bool = False, raw: bool = False) -> bytes:
    out = io.BytesIO()
    file = write.RowFile(out, FIELDS, bom=bom, raw=raw)
    assert write.write_rows([entry(subject=subject)], file) == 1
    return out.getvalue()


def row_of(content: bytes) -> dict[str, str]:
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return dict(zip(head, row, strict=True))


def test_csv_cells_that_a_spreadsheet_would_run_have_an_apostrophe() -> None:
    row = row_of(as_csv())
    assert row["subject"] == "'=cmd|'/C calc'!A0\\x1b]0;x\\x07\\x9b2J\u202e\u200b\t\r\n\\end"
    assert row["customer_name"] == "'+Eve"
    assert row["cf.reason"] == "'-1"
    assert row["cf.days"] == "3"
    assert row["tags"] == "a,b"


def test_tickets_are_written_as_they_are_one_by_one() -> None:
    """A column of some tickets is made at once, whatever types its values have."""
    later = AT + timedelta(days=400)
    entries = [
        entry(number=number, subject=subject, **changes)
        for number, (subject, changes) in enumerate(
            [
                ("Drucker größer", {}),
                (HOSTILE, {"resolved_at": later, "owner": "ana"}),
                ("a;=1", {"closed_at": AT, "fields": {"days": -3, "reason": "x,-y"}}),
                ("-", {"fields": {"days": 2.5, "reason": None}, "merged_into": 7}),
                ("", {"important": False, "tags": (), "type": "-bug"}),
                *[("plain", {})] * PAGE,
            ]
        )
    ]
    out, lines = io.BytesIO(), io.BytesIO()
    assert write.write_rows(entries, write.RowFile(out, FIELDS)) == len(entries)
    assert write.write_rows(entries, write.RowFile(lines, FIELDS, tsv=True)) == len(entries)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))[1:]
    rows_of_lines = [line.split("\t") for line in lines.getvalue().decode().split("\n")[1:-1]]
    for one, row, line in zip(entries, rows, rows_of_lines, strict=True):
        texts = [write.text_cell(field.value(one.ticket)) for field in FIELDS]
        assert row == [csv_cell(text) for text in texts]
        assert line == [tsv_cell(text) for text in texts]


def test_raw_csv_is_exact() -> None:
    row = row_of(as_csv(raw=True))
    assert row["subject"] == HOSTILE
    assert row["customer_name"] == "+Eve"


def test_csv_has_crlf_and_a_mark_only_where_asked() -> None:
    assert as_csv("x").count(b"\r\n") == 2
    assert not as_csv("x").startswith(b"\xef\xbb\xbf")
    assert as_csv("x", bom=True).startswith(b"\xef\xbb\xbfid,subject")


def test_tsv_is_a_line_a_ticket_with_nothing_a_terminal_obeys() -> None:
    out = io.BytesIO()
    write.write_rows([entry()], write.RowFile(out, FIELDS, tsv=True))
    head, row, rest = out.getvalue().decode().split("\n")
    cells = dict(zip(head.split("\t"), row.split("\t"), strict=True))
    assert rest == ""
    assert cells["subject"] == (
        "'=cmd|'/C calc'!A0\\x1b]0;x\\x07\\x9b2J\\u202e\\u200b\\t\\r\\n\\\\end"
    )


@pytest.mark.parametrize("lines", [True, False])
def test_json_is_exact_and_escaped(lines: bool) -> None:
    out = io.BytesIO()
    shape = lambda one: {"subject": one.ticket.subject}  # noqa: E731
    assert write.write_json(out, [entry(1), entry(2)], shape, lines=lines) == 2
    text = out.getvalue().decode()
    found = [json.loads(line) for line in text.splitlines()] if lines else json.loads(text)
    assert found == [{"subject": HOSTILE}] * 2
    assert not set("\x1b\x07\x9b\u202e\u200b") & set(text)


def test_json_of_nothing_is_an_empty_array() -> None:
    out = io.BytesIO()
    assert write.write_json(out, [], lambda one: one, lines=False) == 0
    assert json.loads(out.getvalue()) == []


def sheets(content: bytes) -> dict[str, list[list[tuple[str, str]]]]:
    """The sheets of a workbook by name: rows of (type of the cell, its text)."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = [
            sheet.attrib["name"]
            for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        ]
        found = {}
        for number, name in enumerate(names, 1):
            tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(tree.iter(f"{SHEET}f")), "a cell is a formula"
            found[name] = [
                [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row]
                for row in tree.iter(f"{SHEET}row")
            ]
    return found


def test_xlsx_text_stays_text_and_numbers_are_numbers() -> None:
    out = io.BytesIO()
    assert write.write_xlsx(out, [entry()], FIELDS, messages=True, comments=True, zone=MADRID) == 1
    book = sheets(out.getvalue())
    assert list(book) == ["Tickets", "Messages", "Comments"]
    head, row = book["Tickets"]
    names = [text for _, text in head]
    assert names[:3] == ["id", "subject", "status"]
    assert row[0] == ("n", "1")
    kind, subject = row[1]
    assert kind == "inlineStr" and subject.startswith("=cmd|'/C calc'!A0_x001B_]0;x")
    assert ("inlineStr", "@text") in book["Messages"][1]
    assert ("inlineStr", "-1+1") in book["Comments"][1]


def test_xlsx_times_are_times_of_the_zone_that_their_heading_names() -> None:
    out = io.BytesIO()
    field = next(one for one in FIELDS if one.name == "created_at")
    write.write_xlsx(out, [entry()], [field], messages=False, comments=False, zone=MADRID)
    ((_, heading),), ((kind, number),) = sheets(out.getvalue())["Tickets"]
    assert heading == "created_at (Europe/Madrid)"
    assert kind == "n"
    assert float(number) == pytest.approx(
        46090 + (9 * 60 + 10) / 1440
    )  # 9 March 2026, 09:10 in Madrid, in days of Excel


def test_every_time_of_an_export_names_its_zone() -> None:
    out = io.BytesIO()
    write.write_xlsx(out, [entry()], FIELDS, messages=True, comments=True, zone=MADRID)
    for fields, (name, (head, *_)) in zip(
        (FIELDS, MESSAGE_FIELDS, COMMENT_FIELDS), sheets(out.getvalue()).items(), strict=True
    ):
        assert fields, name
        for field, (_, heading) in zip(fields, head, strict=True):
            timed = field.name.endswith("_at") or field.name in ("at", "wait_until")
            assert heading == (f"{field.name} (Europe/Madrid)" if timed else field.name)


def test_xlsx_cuts_what_a_cell_cannot_hold() -> None:
    out = io.BytesIO()
    long = ticket(subject="x" * 40_000)
    write.write_xlsx(
        out, [ExportedTicket(long, [], [])], FIELDS, messages=False, comments=False, zone=MADRID
    )
    assert len(sheets(out.getvalue())["Tickets"][1][1][1]) == 32_767


def test_mbox_gives_back_the_mails_as_they_came(tmp_path: Path) -> None:
    raw = b"Subject: a\r\n\r\nFrom here\r\n>From there\r\nend\r\n"
    path = tmp_path / "all.mbox"
    with path.open("wb") as out:
        assert write.write_mbox(out, [("eve@evil.example", AT, raw), ("", AT, raw)]) == 2
    assert path.read_bytes().startswith(b"From eve@evil.example Mon Mar 09 08:10:00 2026\n")
    box = mailbox.mbox(path)
    try:
        assert [mail["Subject"] for mail in box] == ["a", "a"]
        assert b">From here\n>>From there\nend" in box.get_bytes(box.keys()[0])
    finally:
        box.close()


def test_a_sender_cannot_break_the_mbox() -> None:
    out = io.BytesIO()
    write.write_mbox(out, [("eve\nFrom x", AT, b"Subject: a\n\nb\n")])
    assert out.getvalue().count(b"\nFrom ") == 0


def test_tickets_are_read_in_pages() -> None:
    assert [len(page) for page in pages(range(PAGE + 1))] == [PAGE, 1]
    assert list(pages([])) == []
