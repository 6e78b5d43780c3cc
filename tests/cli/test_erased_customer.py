"""A customer who was erased: every command on their tickets does its work or says in a sentence why not."""

import shutil
from pathlib import Path

import pytest

from tests.cli.test_pipes import delivered
from tests.support.home import make_home
from ticketctl.cli import main as cli

MAIL = "From: {who}\nTo: support@x.example\nSubject: s\nMessage-ID: <{id}@x.example>\n\nhello\n"


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk to copy: Carl's ticket 1, and 2 and 3 of Dora, who was erased."""
    with pytest.MonkeyPatch.context() as patch:
        home = make_home(tmp_path_factory.mktemp("erased") / "home", patch)
        patch.chdir(home)
        patch.setenv("TICKETCTL_CONFIG", str(home / "config.toml"))
        url = f"sqlite:///{home}/desk.db"
        words = ["init", "--url", url, "--domain", "x.example", "--email", "ana@x.example"]
        assert cli.run(words) == 0
        with (home / "desk.toml").open("a") as more:
            more.write('\n[[survey]]\nname = "csat"\n')
        assert cli.run(["apply", "-y", "desk.toml"]) == 0
        for id, who in enumerate(("carl@y.example", "dora@y.example", "dora@y.example")):
            delivered(patch, MAIL.format(id=id, who=who))
        assert cli.run(["customer", "erase", "dora@y.example", "-y"]) == 0
    return home


@pytest.fixture(autouse=True)
def _desk(erased: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(erased, home, dirs_exist_ok=True)
    monkeypatch.chdir(home)
    monkeypatch.setenv("TICKETCTL_CONFIG", str(home / "config.toml"))
    monkeypatch.setenv("TICKETCTL_DB", f"sqlite:///{home}/desk.db")


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (6, "reply 2 -m hello"),
        (6, "reply 2 -m hello --dry-run"),
        (6, "reply 2 -m hello --cc carl@y.example"),
        (0, "show 2"),
        (0, "show 2 --json"),
        (0, "history 2"),
        (0, "list customer:2 --format table --columns all"),
        (0, "export --format html -o page.html"),
        (0, "export --format json --messages -o all.json"),
        (0, "export --format mbox -o all.mbox"),
        (0, "comment 2 -m hello"),
        (0, "escalate 2 --to expert@z.example -m help"),
        (0, "resolve 2 -m done"),
        (0, "wait 2"),
        (6, "split 2 --message 1 -m apart"),
        (0, "merge 2 --into 1"),
        (0, "merge 1 --into 2"),
        (0, "merge 2 --into 3"),
        (0, "edit 2 --customer carl@y.example -m why"),
        (0, "edit 2 --customer 2 -m why"),
        (0, "edit 1 --customer 2 -m why"),
        (0, "edit 2 --subject other -m why"),
        (0, "survey send"),
        (0, "survey add csat 4 --ticket 2"),
        (0, "customer show 2"),
        (0, "customer show 2 --json"),
        (0, "customer list"),
        (0, "customer export 2"),
        (0, "customer edit 2 --name Dora"),
        (0, "customer link 2 dora@y.example"),
        (3, "customer unlink 2 dora@y.example"),
        (0, "customer merge 2 --into 1"),
        (0, "customer merge 1 --into 2"),
        (0, "customer erase 2 -y"),
        (0, "board"),
        (0, "next"),
        (0, "report volume"),
        (0, "db check --full"),
    ],
)
def test_every_command_has_an_answer(
    code: int, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    was = cli.run(command.split())
    said = capsys.readouterr()
    assert "unexpected" not in said.err
    assert was == code, said
    assert "dora@" not in said.out or "dora@" in command
    if command.startswith("reply"):
        assert "ticket 2's customer was erased, so there is nobody to answer." in said.err
