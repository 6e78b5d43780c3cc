"""The user's folders for settings, data and state: $XDG_CONFIG_HOME/ticketctl and so on; on macOS those of Apple."""

import os
import sys
from typing import Literal

_XDG = {
    "config": ("XDG_CONFIG_HOME", "~/.config"),
    "data": ("XDG_DATA_HOME", "~/.local/share"),
    "state": ("XDG_STATE_HOME", "~/.local/state"),
}


def folder(kind: Literal["config", "data", "state"]) -> str:
    """The folder for one kind of files; it may not exist. A variable that holds no whole path counts as unset."""
    variable, usual = _XDG[kind]
    given = os.environ.get(variable, "")
    if not os.path.isabs(given):
        if sys.platform == "darwin":
            return _of_apple(kind)
        given = os.path.expanduser(usual)
    return os.path.join(given, "ticketctl")


def _of_apple(kind: Literal["config", "data", "state"]) -> str:
    import platformdirs  # slow to load, and not needed elsewhere

    return str(getattr(platformdirs, f"user_{kind}_dir")("ticketctl"))
