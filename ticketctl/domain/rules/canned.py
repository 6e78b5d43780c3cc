"""Canned replies: shared by the team in the database, or files in the site's template folder (F-C13, F-T16)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

REPLY, TICKET, MAIL, REPORT = KINDS = ("reply", "ticket", "mail", "report")
SHARED = "desk"  # the source of those in the database

# The variables of a canned reply, by its kind: public data only (L15).
NAMES = {
    REPLY: ("customer_name", "ticket", "ticket_subject", "agent_name", "desk_name", "tag"),
    TICKET: ("customer_name", "agent_name", "desk_name"),
}

_LAST_LANGUAGE = "en"


class Canned(Struct, frozen=True, kw_only=True):
    """One language of a canned reply; language "" is for all, type "" for tickets of any type."""

    name: str
    text: str
    language: str = ""
    kind: str = REPLY
    type: str = ""
    subject: str = ""
    fields: dict[str, Any] = {}  # of a ticket: priority, tags, cf.NAME
    at: datetime | None = None
    actor: str = ""
    source: str = SHARED  # or the path of its file

    def __str__(self) -> str:
        return f"{self.name} ({self.language})" if self.language else self.name


def languages(wanted: str | None, desk: str) -> tuple[str, ...]:
    """The languages for a reader of `wanted`, best first: es-mx, es, the one for all, the help desk's, English."""
    asked = (wanted or "").lower().replace("_", "-")
    return tuple(dict.fromkeys((asked, asked.partition("-")[0], "", desk, _LAST_LANGUAGE)))


def best(variants: Sequence[Canned], order: Sequence[str]) -> Canned | None:
    """The first language of `order` that exists, else any; None if there is none."""
    by_language = {one.language: one for one in variants}
    return next((by_language[one] for one in order if one in by_language), None) or next(
        iter(variants), None
    )


def by_type(found: Iterable[Canned], type: str | None) -> list[Canned]:
    """Sorted for a list: those for tickets of `type`, then for any, then the rest; each by name (F-L10)."""
    return sorted(
        found,
        key=lambda one: (type is not None and (one.type != type) + (one.type not in ("", type)),
                         one.name, one.language),
    )  # fmt: skip
