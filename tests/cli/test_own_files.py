"""No command that writes a file writes over the desk itself: its database, its settings, its desk.toml."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.cli.test_pipes import ATTACHED, delivered
from tests.support.home import make_home
from ticketctl.cli import main as cli
from ticketctl.store.db import signing_key
from ticketctl.store.db.database import Database


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk with a backup, to copy."""
    folder = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        make_home(folder / "home", patch)
        enter(folder, patch)
        words = ("--url", "sqlite:///desk.db", "--domain", "x.example", "--email", "ana@x.example")
        assert cli.run(["init", *words]) == 0
        delivered(patch, ATTACHED)
        assert cli.run(["db", "backup", "copy"]) == 0
    shutil.rmtree(folder / "home")
    return folder


def enter(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Work in this folder, with the settings in it."""
    patch.chdir(folder)
    patch.setenv("TICKETCTL_CONFIG", str(folder / "config.toml"))


@pytest.fixture(autouse=True)
def desk(home: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a desk in use, the current one, with a backup, and links that lead to the database."""
    folder = home / "srv"
    shutil.copytree(made, folder)
    enter(folder, monkeypatch)
    (folder / "link").symlink_to("desk.db")
    (folder / "hard").hardlink_to("desk.db")
    (folder / "dangling").symlink_to("desk.db-journal")
    return folder


OWN = (
    *(f"desk.db{ending}" for ending in ("", "-wal", "-shm", "-journal")),
    *("link", "hard", "dangling", "config.toml", "desk.toml", "../srv/desk.db"),
)
WRITERS = (
    ("db", "backup"),
    ("db", "restore", "--force"),
    ("export", "--format", "json", "-o"),
    ("report", "volume", "--format", "tsv", "-o"),
    ("customer", "export", "d@x.example", "-o"),
    ("attachment", "get", "1", "1", "-o"),
)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda words: " ".join(words[:2]))
def test_a_file_the_desk_lives_in_is_refused(
    desk: Path, writer: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in OWN:
        check_refused(desk, writer, name, capsys)
    keeping = Database(f"sqlite:///{desk}/desk.db")
    keeping.write(signing_key.read)  # now -wal and -shm are there
    for name in OWN:
        check_refused(desk, writer, name, capsys)
    keeping.dispose()
    assert cli.run(["db", "check", "--full"]) == 0
    assert cli.run(["config", "list"]) == 0


def check_refused(
    desk: Path, writer: tuple[str, ...], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says in one line that this file is in use, and leaves it as it is."""
    path = desk / name
    before = path.read_bytes() if path.exists() else None
    links = path.stat().st_ino if path.exists() else None
    capsys.readouterr()
    code = cli.run([*writer, name])
    said = capsys.readouterr().err
    if writer[1] == "restore" and not path.exists():
        return
    assert (name, code, said.count("\n")) == (name, 2 if "ends in" in said else 6, 1), said
    assert code == 2 or said.endswith("; give another file.\n")
    if name != "desk.db-shm":  # readers lock and mark it
        assert (path.read_bytes() if path.exists() else None) == before
    assert (path.stat().st_ino if path.exists() else None) == links


def test_an_attachment_does_not_take_the_name_of_a_journal(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = ATTACHED.replace("f0.txt", "desk.db-journal").replace("<d@", "<e@")
    delivered(monkeypatch, mail)
    assert cli.run(["attachment", "get", "2", "--all", "."]) == 6
    assert not (desk / "desk.db-journal").exists()
    assert "belongs to the database in use" in capsys.readouterr().err


def test_a_backup_replaces_backups_and_nothing_else(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["db", "backup", "copy"]) == 0
    (desk / "empty").touch()
    assert cli.run(["db", "backup", "empty"]) == 0
    (desk / "notes").write_text("what I must not forget\n")
    (desk / "to-notes").symlink_to("notes")
    for name in ("notes", "to-notes"):
        assert cli.run(["db", "backup", name]) == 6
        assert f"{name} is neither a backup nor a database" in capsys.readouterr().err
    assert (desk / "notes").read_text() == "what I must not forget\n"
    other = f"sqlite:///{desk}/other.db"
    assert cli.run(["--db", other, "db", "init"]) == 0
    keeping = Database(other)
    keeping.write(signing_key.read)
    assert cli.run(["db", "backup", "other.db"]) == 6
    keeping.dispose()
    assert "other.db is a database in use" in capsys.readouterr().err


def test_a_backup_is_private_also_through_a_link_and_over_an_open_one(desk: Path) -> None:
    before = os.umask(0)
    try:
        for name in ("first", "second"):
            (desk / name).write_bytes((desk / "copy").read_bytes())
            (desk / name).chmod(0o644)
        (desk / "to-first").symlink_to("first")
        (desk / "to-new").symlink_to("new")
        (desk / "third").hardlink_to("second")
        for name in ("to-first", "to-new", "second", "copy"):
            assert cli.run(["db", "backup", name]) == 0
            assert stat.S_IMODE((desk / name).stat().st_mode) == 0o600
    finally:
        os.umask(before)
    assert (desk / "to-first").is_symlink()
