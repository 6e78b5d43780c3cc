"""The systemd units of docs/examples, and how systemd sees them."""

import shutil
import subprocess
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SERVICES = sorted(EXAMPLES.glob("*.service"))


def settings(unit: Path, section: str = "Service") -> dict[str, str]:
    """The settings in a section of a unit; one that occurs several times has a line for each."""
    found: dict[str, str] = {}
    text = unit.read_text().partition(f"[{section}]\n")[2].partition("\n[")[0]
    for line in text.splitlines():
        key, is_setting, value = line.partition("=")
        if is_setting and not key.startswith("#"):
            found[key] = f"{found[key]}\n{value}" if key in found else value
    return found


def allowed_calls(service: Path) -> list[str]:
    """The system calls that the SystemCallFilter= lines of a service allow, by name."""
    allowed: set[str] = set()
    for line in settings(service)["SystemCallFilter"].splitlines():
        names = {call for word in line.removeprefix("~").split() for call in _calls(word)}
        allowed = allowed - names if line.startswith("~") else allowed | names
    return sorted(allowed)


def _calls(word: str) -> set[str]:
    if not word.startswith("@"):
        return {word}
    lines = analyze("syscall-filter", word).splitlines()[1:]
    return {
        call
        for line in lines
        if (name := line.strip()) and not name.startswith("#")
        for call in _calls(name)
    }


def has_systemd() -> bool:
    """Is systemd-analyze there?"""
    return shutil.which("systemd-analyze") is not None


def analyze(*words: str) -> str:
    """What `systemd-analyze` prints."""
    done = subprocess.run(
        ["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
