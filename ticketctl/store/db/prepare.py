"""Writes the prepared SQL of every statement: `make sql`. With `--check` it says what differs, and exits with 1."""

import importlib
import pkgutil
import pprint
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, get_args

from ticketctl import store
from ticketctl.store import prepared as folder
from ticketctl.store.db.database import SCHEMA
from ticketctl.store.db.prepared import ALL
from ticketctl.store.db.values import Dialect

_HEAD = (
    '"""SQL of the statements in `ticketctl/store/{room}`; written by `make sql`, not by hand."""\n'
)


def files() -> dict[Path, str]:
    """What every file of prepared SQL must contain."""
    _import_statements()
    found: dict[Path, dict[str, Any]] = defaultdict(dict)
    for one in ALL:
        room, _, rest = one.name.partition(".")
        for dialect in get_args(Dialect):
            entries = found[Path(folder.__path__[0]) / dialect / f"{room}.py"]
            if rest in entries:
                raise ValueError(f"two statements are called {one.name}.")
            entries[rest] = {name: part for name, part in one.compile(dialect).items() if part}
    return {file: _module(file.stem, entries) for file, entries in found.items()}


def old() -> list[Path]:
    """The files that no longer are what they must be."""
    return [
        file
        for file, text in files().items()
        if not file.exists() or file.read_text(encoding="utf-8") != text
    ]


def _import_statements() -> None:
    for module in pkgutil.walk_packages(store.__path__, f"{store.__name__}."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)


def _module(room: str, entries: dict[str, Any]) -> str:
    body = pprint.pformat(dict(sorted(entries.items())), width=120, sort_dicts=False)
    return f'{_HEAD.format(room=room)}\nSCHEMA = "{SCHEMA}"\nSQL = {body}\n'


def main(arguments: list[str]) -> int:
    """Write the files, or name those that are old."""
    if "--check" in arguments:
        wrong = old()
        sys.stdout.writelines(f"{one.parent.name}/{one.name}: run `make sql`.\n" for one in wrong)
        return 1 if wrong else 0
    for file, text in files().items():
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
