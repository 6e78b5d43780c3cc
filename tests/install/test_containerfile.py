"""The Containerfile: no root, one volume, and commands and settings that the program has."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from ticketctl.cli import main as cli
from ticketctl.settings import load

ROOT = Path(__file__).resolve().parents[2]


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile in order: keyword and the rest, continued lines joined."""
    text = re.sub(r"(?m)^#.*\n", "", (ROOT / "Containerfile").read_text()).replace("\\\n", " ")
    return [
        (line.partition(" ")[0], line.partition(" ")[2].strip())
        for line in text.splitlines()
        if line
    ]


def values(keyword: str) -> list[str]:
    return [rest for word, rest in instructions() if word == keyword]


def test_it_runs_as_a_user_without_a_name_and_not_as_root() -> None:
    (user,) = values("USER")
    assert user.isdecimal() and int(user) > 0, "kubernetes can tell only a number from root"
    assert f"--uid {user}" in " ".join(values("RUN"))


def test_what_lasts_is_in_its_one_volume() -> None:
    (volume,) = values("VOLUME")
    environ = dict(word.split("=", 1) for word in " ".join(values("ENV")).split())
    assert environ["HOME"] == volume
    assert Path(environ["TICKETCTL_CONFIG"]).is_relative_to(volume)
    assert f"--home-dir {volume}" in " ".join(values("RUN"))


def test_its_settings_are_good(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in " ".join(values("ENV")).split():
        name, _, value = word.partition("=")
        if name.startswith("TICKETCTL_") and name != "TICKETCTL_CONFIG":
            monkeypatch.setenv(name, value)
    gateway = load.load().gateway
    ports = {address.rpartition(":")[2] for address in (*gateway.smtp, *gateway.lmtp)}
    assert ports == set(values("EXPOSE")[0].split())


def test_its_commands_exist_and_one_tells_whether_it_is_well() -> None:
    health = values("HEALTHCHECK")[0]
    assert "--exit-status" in health
    for command in (health.partition("CMD")[2], *values("CMD")):
        program, *words = json.loads(command)
        assert program == "ticketctl"
        assert cli.run([*words, "--help"]) == 0


def test_images_are_pinned_and_every_shell_line_is_one() -> None:
    images = [image.partition(" ")[0] for image in values("FROM")]
    assert len(set(images)) == 1 and re.fullmatch(r"python:3\.[0-9]+-slim", images[0])
    for line in values("RUN"):
        subprocess.run(["sh", "-n", "-c", line], check=True)


def test_what_it_copies_leaves_out_what_git_ignores() -> None:
    ignored = (ROOT / ".containerignore").read_text().split()
    assert {".git", ".venv", "build", "dist", ".run"} <= set(ignored)
