"""What the shell offers after TAB."""

import shutil
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from ticketctl.cli import main as cli
from ticketctl.cli.shared import completion as offering

DESK = """
[desk]
domain = "help.example"
[[mailbox]]
address = "support@help.example"
[[agent]]
name = "ana"
email = "ana@help.example"
role = "admin"
login = "ana"
[[agent]]
name = "ben"
email = "ben@help.example"
[[segment]]
name = "support"
agents = ["ana", "ben"]
[[segment]]
name = "billing"
managers = ["ben"]
"""


@pytest.fixture(scope="module")
def desk_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk with three tickets, one of them closed, and two saved queries; completion changes nothing of it."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copyfile(sqlite_template, folder / "desk.db")
    (folder / "desk.toml").write_text(DESK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TICKETCTL_DB", f"sqlite:///{folder}/desk.db")
        patch.setenv("LOGNAME", "ana")
        lines = [["apply", "-y", "-q", str(folder / "desk.toml")]]
        for subject in ("Printer", "Door\x1b[1m", "Lamp"):
            lines.append(
                ["new", "--customer", "c@customer.example", "--subject", subject, "-m", "x"]
            )
        lines[2] += ["--segment", "billing"]
        lines.append(["close", "3", "-m", "x"])
        lines.append(["query", "save", "mine", "owner:@me"])
        lines.append(["query", "save", "hot", "is:important"])
        assert [cli.run(line) for line in lines] == [0] * len(lines)
    return f"sqlite:///{folder}/desk.db"


@pytest.fixture(autouse=True)
def _desk(
    home: object,
    desk_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TICKETCTL_DB", desk_url)
    monkeypatch.setenv("LOGNAME", "ana")
    monkeypatch.setattr(offering, "SECONDS", 10)  # a busy machine is no failure
    capsys.readouterr()


def offered(line: str) -> dict[str, str | None]:
    """What may stand after the words of the line, with its help; the last word is being typed."""
    *words, last = line.split(" ")
    found = ShellComplete(cli.ticketctl, {}, "ticketctl", "_X").get_completions(words, last)
    return {one.value: one.help for one in found}


def test_open_tickets_are_offered_with_their_subjects() -> None:
    found = offered("show ")
    assert found["1"] == "Printer"
    assert found["2"] is not None and "\x1b" not in found["2"]
    assert "3" not in found


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sho", {"show"}),
        ("comment 1,", {"1,1", "1,2"}),
        ("merge 1 --into ", {"1", "2"}),
        ("link 1 bl", {"blocks"}),
        ("assign ", {"1", "2"}),
        ("assign 1 ", {"1", "2", "ana", "ben", "@me", "none"}),
        ("assign 1 b", {"ben"}),
        ("assign 2 ", {"1", "2", "ben", "@me", "none"}),  # F-Q33
        ("list --owner ", {"ana", "ben", "@me", "none"}),
        ("list --segment s", {"support"}),
        ("list --segment billing --owner ", {"ben", "@me", "none"}),  # F-Q33
        ("new --segment billing --owner ", {"ben", "@me", "none"}),
        ("list --sla b", {"breach"}),
        ("list --sort status,cr", {"status,created"}),
        ("list --columns id,sub", {"id,subject"}),
        ("list --group-by seg", {"segment"}),
        ("stats --by owner,mo", {"owner,month"}),
        ("list du", {"due:"}),
        ("list status:re", {"status:resolved"}),
        ("list status:new,re", {"status:new,resolved"}),
        ("list owner:b", {"owner:ben"}),
        ("list @", {"@mine", "@hot"}),
        ("query show ", {"mine", "hot"}),
        ("board --by q", {"query"}),
        ("list --status re", {"resolved"}),
        ("list --mailbox ", {"support@help.example"}),
        ("list --as b", {"ben"}),
        ("--as b", {"ben"}),
        ("edit 1 --priority hi", {"high"}),
        ("list --format nd", {"ndjson"}),
        ("help exit", {"exit-codes"}),
        ("new --prio", {"--priority"}),
        ("list --no-col", {"--no-color"}),
        ("completion f", {"fish"}),
    ],
)
def test_words_that_may_stand_here(line: str, words: set[str]) -> None:
    assert set(offered(line)) == words


def test_files_are_left_to_the_shell() -> None:
    found = ShellComplete(cli.ticketctl, {}, "ticketctl", "_X").get_completions(
        ["comment", "1", "-F"], "no"
    )
    assert [one.type for one in found] == ["file"]


def test_completion_is_silent_where_there_is_no_desk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKETCTL_DB", "sqlite:////nowhere/desk.db")
    assert offered("show ") == {}
    assert set(offered("list --owner ")) == {"@me", "none"}  # these need no desk
    assert capsys.readouterr().err == ""


def test_a_slow_database_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from ticketctl.store.tickets import completion

    monkeypatch.setattr(offering, "SECONDS", 0.05)
    monkeypatch.setattr(completion, "open_tickets", lambda *args: threading.Event().wait(60))
    assert offered("show ") == {}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_TICKETCTL_COMPLETE=" in script and f"{shell}_complete" in script
