"""Names backups in a folder by their time, and finds those that are to go."""

import re
from datetime import datetime
from pathlib import Path

_NAME = re.compile(r"desk-[0-9]{8}T[0-9]{6}Z\.(db|zip)", re.ASCII)


def name(at: datetime, *, is_sqlite: bool) -> str:
    """The name of a backup made now: `desk-20260309T081000Z.db`, for PostgreSQL `.zip`."""
    return f"desk-{at:%Y%m%dT%H%M%SZ}.{'db' if is_sqlite else 'zip'}"


def outdated(folder: Path, keep: int) -> list[Path]:
    """The backups with such names but for the newest `keep`; other files are not touched."""
    found = sorted((one for one in folder.iterdir() if _NAME.fullmatch(one.name)), reverse=True)
    return found[keep:]
