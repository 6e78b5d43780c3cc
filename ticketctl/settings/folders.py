"""The user's folders for settings, data, state and cache: $XDG_CONFIG_HOME/ticketctl and so on; Apple's on macOS."""

import os
import sys
from typing import Literal

SITE_FILE = "/etc/ticketctl/config.toml"
_XDG = {
    "config": ("XDG_CONFIG_HOME", "~/.config"),
    "data": ("XDG_DATA_HOME", "~/.local/share"),
    "cache": ("XDG_CACHE_HOME", "~/.cache"),
    "state": ("XDG_STATE_HOME", "~/.local/state"),
}


def folder(kind: Literal["cache", "config", "data", "state"]) -> str:
    """The folder for one kind of files; it may not exist. A variable that holds no whole path counts as unset."""
    variable, usual = _XDG[kind]
    given = os.environ.get(variable, "")
    if not os.path.isabs(given):
        if sys.platform == "darwin":
            return _of_apple(kind)
        given = os.path.expanduser(usual)
    return os.path.join(given, "ticketctl")


def settings_files(named: str | None) -> tuple[str, ...]:
    """The files that are read, or instead the one that --config or TICKETCTL_CONFIG names; they may not exist."""
    named = named or os.environ.get("TICKETCTL_CONFIG")
    return (named,) if named else (SITE_FILE, os.path.join(folder("config"), "config.toml"))


def settings_mention(word: bytes, named: str | None) -> bool:
    """Does a settings file have this word? It is quicker to look than to read the settings."""
    for file in settings_files(named):
        try:
            with open(file, "rb") as content:
                if word in content.read():
                    return True
        except OSError:
            continue  # whoever reads the settings says so
    return False


def _of_apple(kind: Literal["cache", "config", "data", "state"]) -> str:
    import platformdirs  # slow to load, and not needed elsewhere

    return str(getattr(platformdirs, f"user_{kind}_dir")("ticketctl"))
