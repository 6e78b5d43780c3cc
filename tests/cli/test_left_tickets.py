"""`agent away` and `doctor` name the open tickets of whoever is not there, and how others get them."""

from pathlib import Path

import pytest

from ticketctl.cli import main as cli

DESK = """
[[mailbox]]
address = "support@help.example"
segment = "support"
[[agent]]
name = "ana"
email = "ana@help.example"
login = "ana"
role = "admin"
[[agent]]
name = "ben"
email = "ben@help.example"
login = "ben"
[[segment]]
name = "support"
agents = ["ana", "ben"]
"""
GIVES = (
    "`ticketctl assign --auto --steal --query 'all owner:{} status:new,open,escalated'` reassigns"
)


def run(*args: str, code: int = 0) -> None:
    assert cli.run(list(args)) == code


def checks(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    cli.run(["doctor", "--format", "tsv", "--no-headers"])
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if line.split("\t")[1] == "owners"]


def test_absent_agents_with_waiting_tickets_are_listed(
    home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("LOGNAME", "ana")
    file = home / "desk.toml"
    file.write_text(DESK)
    run("apply", "-q", "-y", str(file))
    for n in range(3):
        owner = "ben" if n else "ana"
        run(
            "new", "--customer", "carl@x.example", "--subject", f"S{n}", "-m", "x", "--owner", owner
        )
    assert checks(capsys) == []
    run("agent", "away", "ben")
    assert f"ben has 2 open tickets: {GIVES.format('ben')} them." in capsys.readouterr().err
    (line,) = checks(capsys)
    assert (
        line == f"warn\towners\tben, who is away, has 2 open tickets: {GIVES.format('ben')} them."
    )
    run("agent", "back", "ben")
    file.write_text(DESK.replace(DESK[DESK.index('[[agent]]\nname = "ben"') : DESK.index("[[segment]]")], "")
                    .replace(', "ben"', ""))  # fmt: skip
    run("apply", "-q", "-y", str(file))
    (line,) = checks(capsys)
    assert "ben, who is no longer an agent of the desk, has 2 open tickets" in line
    run("assign", "--auto", "--query", "owner:ben status:new,open,escalated", "-m", "ben left")
    assert checks(capsys) == []
