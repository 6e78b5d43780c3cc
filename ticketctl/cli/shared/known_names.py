"""The names of a desk for shell completion, from its definition.

They are kept in a file of the user's cache: for a minute they are taken from there, so that a second TAB is quick, and
for as long as the database is slow or away.
"""

import json
import os
import time
from binascii import crc32
from typing import TYPE_CHECKING, NamedTuple

from ticketctl.settings.folders import folder, settings_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from ticketctl.console.options import GlobalOptions
    from ticketctl.domain.definition.definition import Definition

FRESH = 60.0  # seconds for which the file is used without asking the database
_VARIABLES = ("TICKETCTL_DB", "TICKETCTL_CONFIG", "TICKETCTL_PROFILE")
_BEGINS = "names-"


class Names(NamedTuple):
    """The names that completion offers: agents with addresses, for each segment who may own its tickets, and others."""

    agents: list[list[str]]
    owners: dict[str, list[str]]
    mailboxes: list[str]
    rules: list[list[str]]  # with their events
    types: list[str]


def of(options: "GlobalOptions", read: "Callable[[bool], Definition]") -> Names:
    """The names of the desk that the options mean. `read` is told whether there is something to fall back on."""
    file = _file(options)
    kept, age = _kept(file)
    if kept is not None and age < FRESH:
        return kept
    try:
        found = _names(read(kept is not None))
    except Exception:
        if kept is None:
            raise
        return kept
    _keep(file, found)
    return found


def forget() -> None:
    """Remove the kept names of all desks, because one was changed."""
    where = folder("cache")
    try:
        for name in os.listdir(where):
            if name.startswith(_BEGINS):
                os.unlink(os.path.join(where, name))
    except OSError:
        return  # there are none, or they are out of date in a minute


def _names(definition: "Definition") -> Names:
    from ticketctl.domain.rules import routing, rules

    return Names(
        agents=[[one.name, one.email] for one in definition.agents],
        owners={one.name: [*routing.owners(definition, one.name)] for one in definition.segments},
        mailboxes=[one.address for one in definition.mailboxes],
        rules=[[one.name, one.on] for one in rules.all_rules(definition)],
        types=[one.name for one in definition.types],
    )


def _file(options: "GlobalOptions") -> str:
    """The file for these options, these variables, and the settings files as they are now.

    Its name is a checksum, as a URL may have a password; hashlib would take longer to load than the file to read.
    """
    means = [options.db, options.config, options.profile, *map(os.environ.get, _VARIABLES)]
    means += [f"{one} {_changed(one)}" for one in settings_files(options.config)]
    text = json.dumps(means).encode()
    return os.path.join(folder("cache"), f"{_BEGINS}{crc32(text):08x}{crc32(text[::-1]):08x}.json")


def _changed(file: str) -> int:
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0


def _kept(file: str) -> tuple[Names | None, float]:
    """The names in a file and its age in seconds; None if it cannot be read."""
    try:
        with open(file, encoding="utf-8") as content:
            age = time.time() - os.fstat(content.fileno()).st_mtime
            return Names(**json.load(content)), age
    except (OSError, ValueError, TypeError):
        return None, 0.0


def _keep(file: str, names: Names) -> None:
    part = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as content:
            json.dump(names._asdict(), content)
        os.replace(part, file)
    except OSError:
        return  # without a file the database is asked each time
