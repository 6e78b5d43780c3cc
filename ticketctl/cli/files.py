"""Files to attach, read at once so that nothing is half-done when one cannot be read."""

import mimetypes
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ticketctl.errors import BadInput
from ticketctl.safe import filename

if TYPE_CHECKING:
    from ticketctl.actions.filing import File


def read(names: Iterable[str]) -> "tuple[File, ...]":
    """The files with their types by name; BadInput for one that cannot be read."""
    from ticketctl.actions.filing import File

    return tuple(File(filename(name), _type(name), _bytes(name)) for name in names)


def _type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as trouble:
        raise BadInput(f"the file {name!r} cannot be read: {trouble.strerror}.") from None
