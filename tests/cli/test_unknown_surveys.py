"""A grade off the scale and a survey that there is not are mistyped: a query with them is refused, not empty."""

from pathlib import Path

import pytest

from ticketctl.cli import main as cli


@pytest.fixture(autouse=True)
def _desk(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv("TICKETCTL_CONFIG", str(home / "config.toml"))
    assert cli.run(["init", "--url", sqlite_url, "--domain", "x.example"]) == 0
    with (home / "desk.toml").open("a") as more:
        more.write('\n[[survey]]\nname = "happy"\n')
    assert cli.run(["apply", "-y", "desk.toml"]) == 0


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("csat:7", 2, "csat goes from 1 to 5: csat:7 finds nothing."),
        ("csat:0", 2, "csat goes from 1 to 5"),
        ("csat>=6", 2, "csat goes from 1 to 5: csat>=6 finds nothing."),
        ("csat>0", 0, ""),
        ("nps:10", 0, ""),
        ("rating<=10", 0, ""),
        ("survey:foo", 3, 'no survey "foo"; there are happy.'),
        ("survey:happy", 0, ""),
        ("survey:none", 0, ""),
    ],
)
def test_an_unknown_survey_is_an_error(
    query: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert cli.run(["list", query]) == code
    assert said in capsys.readouterr().err
