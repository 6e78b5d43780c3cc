"""Nothing of this host reaches the tests: no settings, no home folder, no variable of its user."""

import os
import tempfile
from pathlib import Path

import pytest

# What programs look for in the environment: libpq, the locale, the terminal and what it starts.
_FOREIGN = ("TICKETCTL_", "PG", "LC_", "XDG_")
_ALSO = {
    *("COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR"),
    *("BROWSER", "EDITOR", "LESS", "PAGER", "VISUAL"),
    *("LANG", "LANGUAGE", "TZ"),
}


def leave_host() -> Path:
    """Give this process, and those it starts, an empty home for the whole run; the folder is the caller's to remove."""
    folder = Path(tempfile.mkdtemp(prefix="ticketctl-home-"))
    for name in [*os.environ]:
        if name.startswith(_FOREIGN) or name in _ALSO:
            del os.environ[name]
    os.environ |= _environment(folder) | {"LANG": "C.UTF-8"}
    return folder


def make_home(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Make `folder` the home of one test: no database, and settings that are empty until the test writes them."""
    for name in [name for name in os.environ if name.startswith("TICKETCTL_")]:
        patch.delenv(name)
    for name, value in _environment(folder).items():
        patch.setenv(name, value)
    return folder


def _environment(home: Path) -> dict[str, str]:
    folders = {
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local/share",
        "XDG_STATE_HOME": home / ".local/state",
        "XDG_CACHE_HOME": home / ".cache",
    }
    for one in folders.values():
        one.mkdir(parents=True)
    config = folders["XDG_CONFIG_HOME"] / "ticketctl" / "config.toml"
    config.parent.mkdir()
    config.touch()
    named = {"HOME": str(home), "TICKETCTL_CONFIG": str(config)}  # and so not the file of the site
    return named | {name: str(folder) for name, folder in folders.items()}
