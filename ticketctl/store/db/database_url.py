"""The URL of a database: a SQLite file, or PostgreSQL."""

import re
from typing import Any

from msgspec import Struct

from ticketctl.errors import DatabaseTrouble
from ticketctl.safe import veiled_url
from ticketctl.store.db.values import Dialect

_URL = re.compile(
    r"(?P<scheme>sqlite|postgresql)(?:\+(?P<driver>\w+))?://"
    r"(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?"
    r"(?:(?P<host>\[[^\]/?]+\]|[^:/?@]*)(?::(?P<port>[0-9]+))?)?"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<query>.*))?",
    re.ASCII,
)
_DRIVERS = {"sqlite": (None, "pysqlite"), "postgresql": (None, "psycopg")}


class DatabaseUrl(Struct, frozen=True, kw_only=True):
    """The parts of a database's URL, decoded."""

    dialect: Dialect
    user: str | None = None
    password: str | None = None
    host: str | None = None
    port: int | None = None
    database: str | None = None  # the path of a SQLite file, the name of a PostgreSQL database
    query: tuple[tuple[str, str], ...] = ()

    @property
    def is_sqlite(self) -> bool:
        """SQLite (embedded) or PostgreSQL."""
        return self.dialect == "sqlite"

    def text(self) -> str:
        """The URL, with its password."""
        from urllib.parse import quote, urlencode

        query = f"?{urlencode(self.query)}" if self.query else ""
        if self.is_sqlite:
            return f"sqlite:///{quote(self.database or '')}{query}"
        login = "" if self.user is None else quote(self.user, safe="")
        login += "" if self.password is None else f":{quote(self.password, safe='')}"
        host = f"[{self.host}]" if ":" in (self.host or "") else self.host or ""
        port = "" if self.port is None else f":{self.port}"
        name = f"/{quote(self.database, safe='')}" if self.database else ""
        return f"postgresql+psycopg://{login}{'@' if login else ''}{host}{port}{name}{query}"

    def veiled(self) -> str:
        """The URL without its passwords, to be shown."""
        return veiled_url(self.text())

    def parameters(self) -> dict[str, Any]:
        """What libpq needs to connect."""
        own = {
            "user": self.user,
            "password": self.password,
            "host": self.host,
            "port": self.port,
            "dbname": self.database,
        }
        more = dict(self.query)
        hosts = [value.partition(":") for name, value in self.query if name == "host"]
        if any(port for _, _, port in hosts) or len(hosts) > 1:  # servers to try in turn
            more["host"] = ",".join(host for host, _, _ in hosts)
            more["port"] = ",".join(port for _, _, port in hosts)
        return {name: value for name, value in own.items() if value} | more


def parse_url(url: str) -> DatabaseUrl:
    """A database's URL as SQLAlchemy writes it; DatabaseTrouble for anything but a SQLite file or PostgreSQL."""
    found = _URL.fullmatch(url)
    if found and found["driver"] in _DRIVERS[found["scheme"]]:
        is_sqlite = found["scheme"] == "sqlite"
        name = _decoded(found["database"]) or None
        if not is_sqlite:
            return _postgres(found)
        if not found["host"] and found["user"] is None and name not in (None, ":memory:"):
            return DatabaseUrl(dialect="sqlite", database=name, query=_query(found["query"]))
    raise DatabaseTrouble(
        f'"{veiled_url(url)}" is not a database URL; '
        "write sqlite:////path/to/desk.db or postgresql+psycopg://user@host/name."
    )


def _postgres(found: "re.Match[str]") -> DatabaseUrl:
    host = found["host"] or None
    return DatabaseUrl(
        dialect="postgresql",
        user=_decoded(found["user"]),
        password=_decoded(found["password"]),
        host=host.strip("[]") if host else None,
        port=int(found["port"]) if found["port"] else None,
        database=_decoded(found["database"]) or None,
        query=_query(found["query"]),
    )


def _decoded(part: str | None) -> str | None:
    if part is None or "%" not in part:
        return part
    from urllib.parse import unquote

    return unquote(part)


def _query(text: str | None) -> tuple[tuple[str, str], ...]:
    if not text:
        return ()
    from urllib.parse import parse_qsl

    return tuple(parse_qsl(text, keep_blank_values=True))
