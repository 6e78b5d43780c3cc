"""A home folder that no setting from outside reaches."""

import os
from pathlib import Path

import pytest


def make_home(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Make `folder` the home: no settings, no database, no TICKETCTL_* variables."""
    for variable in [name for name in os.environ if name.startswith("TICKETCTL_")]:
        patch.delenv(variable)
    patch.setenv("HOME", str(folder))
    for variable, part in {
        "XDG_CONFIG_HOME": ".config",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "XDG_CACHE_HOME": ".cache",
    }.items():
        (folder / part).mkdir(parents=True)
        patch.setenv(variable, str(folder / part))
    return folder
