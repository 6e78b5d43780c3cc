"""What holds the desk's words and keys is its owner's alone, from the first byte on, and `doctor` sees what is not."""

import grp
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.run import demo
from ticketctl.cli import main as cli
from ticketctl.store.db import signing_key
from ticketctl.store.db.database import Database

FILES = ("desk.db", "desk.db-wal", "desk.db-shm")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def loose_umask(home: Path) -> Iterator[None]:
    """As on many hosts: what is made is open to all."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: mode(path) for path in folder.iterdir()}


def while_written(url: str) -> dict[str, int]:
    """The modes of a database's files while it is written to, when -wal and -shm are there."""
    db = Database(url)
    folder = Path(str(db.url.database)).parent

    def work(tx: object) -> dict[str, int]:
        return modes(folder)

    try:
        db.write(lambda tx: tx.run("UPDATE meta SET value = value"))
        return db.write(work)
    finally:
        db.dispose()


def secrets(capsys: pytest.CaptureFixture[str]) -> str:
    """What `doctor` says of files that are open to others."""
    capsys.readouterr()
    cli.run(["doctor", "--json"])
    found = json.loads(capsys.readouterr().out)
    return "\n".join(
        f"{one['state']} {one['sentence']}" for one in found if one["check"] == "secrets"
    )


def test_a_new_desk_is_its_owners_alone_F_T18(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "srv" / "desk"
    url = f"sqlite:///{folder}/desk.db"
    assert cli.run(["init", "--url", url, "--domain", "x.example"]) == 0
    assert mode(folder) == 0o700
    assert while_written(url) == dict.fromkeys(FILES, 0o600)
    assert secrets(capsys) == ""


def test_the_file_is_private_before_a_byte_is_in_it_F_T18(home: Path) -> None:
    script = f"""
import os, sqlite3, stat, sys
made = []
sys.addaudithook(lambda name, args: made.append(args) if name == "open" and str(args[0]).endswith("desk.db") else None)
seen = []
connect = sqlite3.connect
def connected(*args, **more):
    seen.append(stat.S_IMODE(os.stat("{home}/a/desk.db").st_mode))
    return connect(*args, **more)
sqlite3.connect = connected
from ticketctl.store.db import migrate
migrate.upgrade("sqlite:///{home}/a/desk.db")
assert seen and set(seen) == {{0o600}}, seen
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_a_group_is_let_in_where_one_is_named_F_T18(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    folder = home / "srv"
    url = f"sqlite:///{folder}/desk.db"
    assert cli.run(["init", "--url", url, "--domain", "x.example", "--group", group]) == 0
    assert mode(folder) & 0o777 == 0o770
    assert folder.stat().st_gid == os.getgid()
    assert while_written(url) == dict.fromkeys(FILES, 0o660)
    assert secrets(capsys) == ""
    assert cli.run(["init", "--url", url, "--group", "no-such-group"]) == 3
    assert 'no group "no-such-group"' in capsys.readouterr().err


def test_a_folder_of_other_things_is_left_as_it_is_F_T18(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    (home / "shared").mkdir(mode=0o755)
    (home / "shared" / "other").touch()
    url = f"sqlite:///{home}/shared/desk.db"
    assert cli.run(["init", "--url", url, "--domain", "x.example", "--group", group]) == 0
    assert mode(home / "shared") == 0o755 and mode(home / "shared" / "desk.db") == 0o660
    assert "its permissions were not changed" in capsys.readouterr().err


def test_backup_and_restore_are_private_F_T18(home: Path) -> None:
    url = f"sqlite:///{home}/a/desk.db"
    cli.run(["init", "--url", url, "--domain", "x.example"])
    copy = home / "copy"
    copy.touch(0o644)
    assert cli.run(["--db", url, "db", "backup", str(copy)]) == 0
    assert mode(copy) == 0o600
    new = f"sqlite:///{home}/b/desk.db"
    assert cli.run(["--db", new, "db", "restore", str(copy)]) == 0
    assert mode(home / "b") == 0o700
    assert set(while_written(new).values()) == {0o600}


def test_the_demo_is_private_F_T18(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TICKETCTL_")]:
        monkeypatch.delenv(name)
    folder = home / "run"
    demo._prepare(folder)
    assert mode(folder) == 0o700 and mode(folder / "desk.db") == 0o600


def test_doctor_names_what_others_may_open_F_T18(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / "srv"
    url = f"sqlite:///{folder}/desk.db"
    file = home / ".config" / "ticketctl" / "config.toml"
    file.unlink()
    cli.run(["init", "--url", url, "--domain", "x.example"])
    assert secrets(capsys) == ""
    (folder / "desk.db").chmod(0o644)
    keeping = Database(url)  # -wal and -shm stay
    keeping.write(signing_key.read)
    said = secrets(capsys)
    keeping.dispose()
    for name in FILES:
        assert f"{folder}/{name}" in said
    assert said.startswith("fail other users can open")
    (folder / "desk.db").chmod(0o640)
    folder.chmod(0o755)
    assert f"fail other users can access {folder}" in secrets(capsys)
    folder.chmod(0o700)
    key = home / "tls.key"
    key.touch(0o644)
    monkeypatch.setenv("TICKETCTL_GATEWAY_TLS_KEY", str(key))
    assert str(key) in secrets(capsys)
    key.chmod(0o600)
    with file.open("a") as more:
        more.write('\n[profile.other.db]\nurl = "postgresql://u:hunter2@h/d"\n')
    file.chmod(0o604)
    assert str(file) in secrets(capsys)
    assert cli.run(["doctor"]) == 6
    assert "hunter2" not in capsys.readouterr().out
    file.chmod(0o600)
    assert secrets(capsys) == ""


def test_a_group_is_for_a_file_F_T18(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["init", "--url", "postgresql://u@h/d", "--group", "root"]) == 2
    assert "--group is for a SQLite file" in capsys.readouterr().err
