"""`context` prints where a message was written and opens nothing (F-A26, F-A27)."""

import socket
from typing import Any

import pytest

from ticketctl.cli import main as cli


@pytest.mark.usefixtures("home")
def test_no_network_is_asked_for_the_place_of_a_message_F_A27(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setattr(socket, "socket", forbidden)
    url = "https://wall.example/1"
    new = ["new", "--channel", "wall", "--public", "--permalink", url, "--customer", "twitter:@ana"]
    assert cli.run([*new, "--subject", "x", "--text", "y", "-m", "seen"]) == 0
    assert cli.run(["context", "1", "1", "--url"]) == 0
    assert cli.run(["context", "1", "1"]) == 0
    assert capsys.readouterr().out.startswith(f"1\n{url}\n> ← message 1, <twitter:@ana>")
