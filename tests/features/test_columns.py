"""Rows F-Q16 to F-Q27 and issue 15, item 9: one set of column names in table, export and JSON."""

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.scripts.shell import Shell
from tests.support.desk import DESK
from ticketctl.cli import main as cli

NESTED = {"customer": "customer_", "sla": "sla_", "fields": "cf."}  # objects of the JSON
DAY = '\n[[field]]\non = "ticket"\nname = "visit"\ntype = "date"\n'
SEED = [
    "response_id", "email", "source_segment", "segment", "owner", "priority", "status", "reported",
    "customer_comment",
]  # fmt: skip


@pytest.fixture
def shell(home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell over two tickets, of which the first waits and has a date of its own and a comment."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "TICKETCTL_DB": sqlite_url, "TICKETCTL_NOW": "2026-03-09T08:00:00Z", "TZ": "UTC", "COLUMNS": "80",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    Path("desk.toml").write_text(DESK + DAY)
    assert cli.run(["apply", "-q", "-y", "desk.toml"]) == 0
    monkeypatch.setenv("TICKETCTL_AGENT", "root")
    ready = Shell(tmp_path)
    ready.play('$ mail "Dora <dora@customer.example>" "=1+1" "It jams."')
    ready.play('$ mail "Carl <carl@customer.example>" "Lamp" "It is dark."')
    assert "1 changed" in ready.play(
        '$ ticketctl edit 1 --set visit=2026-04-01 --important -m "by phone"'
    )
    ready.play('$ ticketctl comment 1 -m "Ask the lab."')
    return ready


def run(capsys: pytest.CaptureFixture[str], line: str, code: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert cli.run(line.split()) == code
    found = capsys.readouterr()
    return found.out, found.err


def test_table_export_and_json_have_the_same_columns_F_Q16(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = run(capsys, "list --columns all")[0].split("\n")[0].split("\t")
    exported = run(capsys, "export --format tsv")[0].split("\n")[0].split("\t")
    assert listed == exported
    assert len(set(listed)) == len(listed)
    shape = json.loads(run(capsys, "list --json")[0])[0]
    for name in shape:
        assert name in listed or any(one.startswith(NESTED[name]) for one in listed), name
    every = json.loads(run(capsys, f"list --json={','.join(listed)}")[0])[0]
    assert list(every) == listed
    assert every["email"] == shape["customer"]["email"]
    assert (every["sla_state"], every["due_at"]) == (shape["sla"]["state"], shape["sla"]["due_at"])
    assert every["reported"] == shape["created_at"]


def test_the_columns_of_the_seed_come_first_after_the_number_F_Q16(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    names = run(capsys, "export --format csv")[0].split("\r\n")[0].split(",")
    assert names[:10] == ["id", *SEED]


def test_item_9_every_sort_order_has_the_name_of_a_column(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    times = ("created_at", "reported", "updated_at", "resolved_at", "closed_at", "due_at")
    for name in (*times, "awaiting_since", "priority", "status", "owner", "subject", "customer"):
        assert (
            run(capsys, f"list --ids sort:{name}")[0] == run(capsys, f"list --ids --sort {name}")[0]
        )
    assert sorted(run(capsys, "list --ids created_at>=2026-03-09")[0].split()) == ["1", "2"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("created", "created_at"), ("customer_email", "email"), ("messages", "messages_count")],
)
def test_item_9_a_former_name_is_accepted_with_a_note_in_all_three(
    shell: Shell, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    for line in (f"list --columns id,{old}", f"export --format tsv --columns id,{old}"):
        out, err = run(capsys, line)
        assert out.startswith(f"id\t{old}\n") and f"columns have new names: {old} is {new}." in err
        assert out.split("\n")[1:] == run(capsys, line.replace(old, new))[0].split("\n")[1:]
    out, err = run(capsys, f"list --json={old}")
    assert old in json.loads(out)[0] and f"{old} is {new}" in err


def test_item_9_an_unknown_column_is_named_with_those_there_are(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in ("list --columns colour", "export --columns colour", "list --json=colour"):
        err = run(capsys, line, 2)[1]
        assert "'colour'" in err and "customer_comment" in err and "cf.visit" in err


def sheets(file: Path) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(file) as book:
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        return {name: ElementTree.fromstring(book.read(name)) for name in sorted(names)}


def test_in_a_workbook_dates_are_dates_and_text_is_text_F_Q16(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "export 1 -o all.xlsx --columns id,subject,reported,due_at,important,cf.visit")
    (sheet,) = sheets(Path("all.xlsx")).values()
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    cells = [cell for row in sheet.iter(f"{space}row") for cell in row][6:]
    number, subject, reported, due, important, visit = cells
    days = (datetime(2026, 4, 1) - datetime(1899, 12, 30)).days
    assert float(visit.findtext(f"{space}v") or 0) == days and visit.get("s")
    assert 46000 < float(reported.findtext(f"{space}v") or 0) < 46100 and reported.get("s")
    assert due.get("t") is None and float(due.findtext(f"{space}v") or 0) > 46000
    assert important.get("t") == "b" and number.get("t") is None
    assert subject.find(f"{space}f") is None and subject.get("t") in ("s", "inlineStr")


def test_csv_with_messages_writes_them_to_a_second_file_or_refuses_F_Q16(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    err = run(capsys, "export -o all.csv --messages --comments")[1]
    assert "messages go to all-messages.csv." in err
    assert sorted(one.name for one in Path().glob("*.csv")) == [
        "all-comments.csv", "all-messages.csv", "all.csv",
    ]  # fmt: skip
    said = list(csv.DictReader(io.StringIO(Path("all-messages.csv").read_text("utf-8"))))
    assert [(one["ticket"], one["text"]) for one in said] == [
        ("1", "It jams."),
        ("2", "It is dark."),
    ]
    assert "Ask the lab." in Path("all-comments.csv").read_text("utf-8")
    err = run(capsys, "export --format csv --messages", 2)[1]
    assert "give -o FILE.csv" in err


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("export --format html --columns id", "html has no columns"),
        ("export --format mbox --comments", "mbox holds mails as they came"),
        ("export --json --format csv", "--json and the format csv exclude each other"),
    ],
)
def test_what_a_format_cannot_do_is_refused_F_Q16(
    shell: Shell, capsys: pytest.CaptureFixture[str], line: str, sentence: str
) -> None:
    assert sentence in run(capsys, line, 2)[1]


def test_json_follows_columns_too_F_Q16(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    for line in (
        "export 1 --format json --columns id,email",
        "export 1 --json=id,email",
        "list id:1 --json --columns id,email",
    ):
        assert json.loads(run(capsys, line)[0]) == [{"id": 1, "email": "dora@customer.example"}]
