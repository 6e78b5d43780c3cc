"""Everything fits 80 columns: no word is broken, numbers stand right, tables say what has no room."""

import re
import shutil
from pathlib import Path

import click
import pytest

from tests.support.command_line import ANY, CommandLine
from tests.support.desk import DeskFixture
from ticketctl.actions.tickets import receive_mail, reply
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.comment import comment
from ticketctl.cli import main as cli
from ticketctl.cli.command_table import COMMANDS
from ticketctl.cli.commands.administration.help_topics import TOPICS
from ticketctl.cli.commands.reading.report import NAMES
from ticketctl.clock import rfc3339
from ticketctl.store.db.database import Database
from ticketctl.text_table import TELLING, hanging, wide

WIDTH = 80
SUBJECTS = (
    "Die Rechnungsnummer auf der Auftragsbestätigung ist nicht die der Lieferung von gestern Nachmittag",
    "ご注文の商品がまだ届いていませんので至急ご確認をお願いいたします。注文番号は十二万三千四百五十六です",
    "Přihlášení do zákaznického účtu na pobočce v Českých Budějovicích opakovaně selhává bez vysvětlení",
    "Short",
)
AUTHOR = "Bartholomäus-Maximilian von und zu Hohenlohe-Waldenburg-Schillingsfürst"


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The file of a desk, to copy, and when it is there: a week after some tickets came, some of them answered."""
    file = tmp_path_factory.mktemp("widths") / "desk.db"
    shutil.copy(sqlite_template, file)
    db = Database(f"sqlite:///{file}")
    helpdesk = DeskFixture(db)
    for n, subject in enumerate(SUBJECTS):
        one = helpdesk.open(f"{subject}. " * 6, subject=subject, author_name=AUTHOR)
        helpdesk.do(lambda w, one=one: assign(w, one, "ana", comment="hers"))
        helpdesk.do(lambda w, one=one: comment(w, one, "We have asked the shop. " * 12))
        helpdesk.later(hours=5 * n)
        helpdesk.do(lambda w, one=one: reply.reply(w, one, "We look into it. " * 20))
        mail = helpdesk.incoming("Danke! " * 40, author_name=AUTHOR)
        helpdesk.do(lambda w, one=one, m=mail: receive_mail.customer_message(w, one, m), "gateway")
    helpdesk.later(days=7)
    db.dispose()
    return file, rfc3339(helpdesk.now())


@pytest.fixture
def line(
    made: tuple[Path, str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Command lines of root's on a desk of their own."""
    file, now = made
    shutil.copy(file, tmp_path / "desk.db")
    return CommandLine(f"sqlite:///{tmp_path}/desk.db", monkeypatch, now, "root")


def plain(text: str) -> str:
    """Without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def too_wide(text: str) -> list[str]:
    """The lines wider than the terminal that have a blank to break them at."""
    return [one for one in plain(text).split("\n") if wide(one) > WIDTH and " " in one.strip()]


def commands() -> list[tuple[str, ...]]:
    """Every command and command of a group."""
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        command = cli.command_named(name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, sub) for sub in command.commands]
    return found


READINGS = [
    "list", "list --columns all", "list --group-by owner", "list status:resolved", "my", "board",
    "board --by owner", "search Rechnung", "show 1", "show 2 --full", "show 3 --comments", "history 1",
    "context 1 2", "stats", "stats --by owner,status,alert", "stats --by customer --chart", "inbox list",
    "outbox list", "agent list", "agent load", "rule list", "sla show 1", "customer list", "customer show 1",
    "customer tickets 1", "desk show", "desk history", "config list", "template list", "query list", "whoami",
    "mailbox list", "undo --list", "attachment list 1",
]  # fmt: skip


@pytest.mark.parametrize("words", READINGS)
def test_F_Q17_what_people_read_fits_80_columns(line: CommandLine, words: str) -> None:
    """Lists, pages and their notes."""
    seen = line.see(*words.split())
    assert too_wide(seen) == []
    assert too_wide(line.errors) == []


@pytest.mark.parametrize("name", NAMES)
def test_F_L6_reports_fit_80_columns(line: CommandLine, name: str) -> None:
    """Each report, by several fields and against the period before."""
    by = () if name == "mail" else ("--by", "agent,priority,segment")
    for more in ((), by, ("--compare", "--chart")):
        seen = line.see("report", name, "--period", "this-month", *more)
        assert too_wide(seen) == [], more
        tables = [one for one in seen.split("\n\n") if "\n---" in one]
        for table in tables:  # no line of a table goes on below
            at = next(n for n, one in enumerate(table.split("\n")) if one.startswith("---"))
            assert "---" not in "".join(table.split("\n")[at + 1 :])


@pytest.mark.parametrize("topic", TOPICS)
def test_F_A38_help_topics_fit_80_columns(line: CommandLine, topic: str) -> None:
    """As they are written: no line is broken anew."""
    assert line.see("help", topic) == TOPICS[topic]


def test_F_A38_the_help_of_every_command_fits_80_columns(line: CommandLine) -> None:
    """--help of commands and of their groups."""
    wrong = {words: too_wide(line.see(*words, "--help")) for words in commands()}
    assert {words: lines for words, lines in wrong.items() if lines} == {}


@pytest.mark.parametrize(
    "words",
    [
        ("list", "nothing:here"),
        ("list", "--columns", "id,subjekt"),
        ("list", "(" + "owner:ana " * 12),
        ("report", "sla", "--by", "weather"),
        ("edit", "1", "--set", "reason=" + "ein langes Wort " * 8, "-m", "x"),
        ("assign", "1", "Bartholomäus-Maximilian", "von", "und", "zu"),
        ("show", "999"),
    ],
)
def test_F_R36_errors_break_between_words(line: CommandLine, words: tuple[str, ...]) -> None:
    """A sentence is broken at blanks; a query and the mark that points into it stay as they are."""
    seen = line.see(*words, code=ANY)
    lines = line.errors.rstrip("\n").split("\n")
    marked = [n for n, one in enumerate(lines) if one.strip() and not one.strip("^ ")]
    queries = [lines[n - 1] for n in marked]
    assert [one for one in too_wide(line.errors) if one not in queries] == []
    assert too_wide(seen) == [] and lines[0].startswith("ticketctl: ")


def test_F_Q17_a_table_says_what_has_no_room(line: CommandLine) -> None:
    """One line; columns go by rank, the number and the subject stay, and all numbers stand right."""
    seen = line.see("list", "--columns", "all")
    head, rule, *_ = seen.splitlines()[1:]
    assert head.startswith("ID") and "SUBJECT" in head and len(rule) <= WIDTH
    assert re.fullmatch(r"no room for \d+ of \d+ columns \(--format tsv has all\)\n", line.errors)
    line.see("list")
    assert line.errors == "no room for UPDATED (--columns)\n"
    line.see("list", width=200)
    assert line.errors == ""
    assert "no room" not in line.run("list", "--columns", "all")
    counted = line.see("list", "--columns", "id,messages,subject").splitlines()[2:]
    assert [one[:12] for one in counted] == ["--  --------"] + [
        f" {n}         3" for n in (1, 2, 3, 4)
    ]


def test_F_Q17_lines_are_broken_below_their_text() -> None:
    """Continued lines stand below the text of a line; long words stay whole, unspaced scripts are broken."""
    assert hanging("  --to ADDRESS     Send to this address instead", 40) == [
        "  --to ADDRESS     Send to this address",
        "                   instead",
    ]
    assert hanging("a " + "x" * 90 + " b", 20) == ["a", "  " + "x" * 90, "  b"]
    assert hanging("\x1b[36mone two three\x1b[0m four", 9) == [
        "\x1b[36mone two\x1b[0m",
        "  \x1b[36mthree\x1b[0m",
        "  four",
    ]
    broken = hanging("ご注文の商品がまだ届いていません" * 4, 40)
    assert all(wide(one) <= 40 for one in broken)
    assert "".join(one.strip() for one in broken) == "ご注文の商品がまだ届いていません" * 4


def test_F_C14_a_list_of_80_columns_shows_alert_level_and_who_wrote(line: CommandLine) -> None:
    """With every column that a list can have but UPDATED; the subject still tells what it is about."""
    line.run("edit", "1", "--priority", "critical", "--important", "-m", "late")
    line.run("edit", "2", "--status", "escalated", "-m", "for the maker")
    shown = plain(line.see("list", "--since", "all"))
    head, ruler, *_ = shown.split("\n")[1:]
    for name in ("ALERT", "SLA", "STATUS", "PRIO", "OWNER", "CUSTOMER", "SUBJECT"):
        assert name in head, shown
    assert len(ruler.split()[-1]) >= TELLING, shown
    assert " Barthol" in shown
    assert not too_wide(shown)


def test_history_breaks_long_reasons_and_cuts_nothing(line: CommandLine) -> None:
    """At 80 columns a long reason goes on below itself, in whole words; nothing is cut."""
    why = "the customer says that " + "every label is blank since the update " * 4
    line.run("edit", "1", "--priority", "critical", "-m", why)
    shown = plain(line.see("history", "1"))
    assert "…" not in shown and not too_wide(shown)
    start = shown.split("\n")[0].index("COMMENT")
    assert (
        why.split()
        == " ".join(one[start:] for one in shown.split("\n")).split()[-len(why.split()) :]
    )
