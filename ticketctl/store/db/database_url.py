"""The URL of a database: a SQLite file, or PostgreSQL on one server or several."""

import re
from typing import Any

from msgspec import Struct

from ticketctl.errors import DatabaseTrouble
from ticketctl.safe import veiled_url
from ticketctl.store.db.values import Dialect

_HOST = r"(?:\[[^\]/?,]+\]|[^:/?@,\[][^:/?@,]*)?"
_URL = re.compile(
    r"(?P<scheme>sqlite|postgresql)(?:\+(?P<driver>\w+))?://"
    r"(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?"
    rf"(?P<servers>{_HOST}(?::[0-9]+)?(?:,{_HOST}(?::[0-9]+)?)*)"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<query>.*))?",
    re.ASCII,
)
_SERVER = re.compile(rf"(?P<host>{_HOST}|/.*?)(?::(?P<port>[0-9]+))?", re.ASCII)
_DRIVERS = {"sqlite": (None, "pysqlite"), "postgresql": (None, "psycopg")}
_THRESHOLD = "prepare_threshold"  # the parameter of the URL that is ours, not libpq's


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

        several = [value for name, value in self.query if name == "host"]
        if self.host or len(several) < 2 or any("/" in server for server in several):
            several = []  # none that can stand before the name
        pairs = [pair for pair in self.query if not several or pair[0] != "host"]
        query = f"?{urlencode(pairs)}" if pairs else ""
        if self.is_sqlite:
            return f"sqlite:///{quote(self.database or '')}{query}"
        login = "" if self.user is None else quote(self.user, safe="")
        login += "" if self.password is None else f":{quote(self.password, safe='')}"
        host = f"[{self.host}]" if ":" in (self.host or "") else self.host or ",".join(several)
        port = "" if self.port is None else f":{self.port}"
        name = f"/{quote(self.database, safe='')}" if self.database else ""
        return f"postgresql+psycopg://{login}{'@' if login else ''}{host}{port}{name}{query}"

    def veiled(self) -> str:
        """The URL without its passwords, to be shown."""
        return veiled_url(self.text())

    def parameters(self) -> dict[str, Any]:
        """What libpq needs to connect."""
        own: dict[str, Any] = {
            "user": self.user,
            "password": self.password,
            "host": self.host,
            "port": self.port,
            "dbname": self.database,
        }
        more: dict[str, Any] = dict(self.query)
        more.pop(_THRESHOLD, None)
        servers = [_server(value) for name, value in self.query if name == "host"]
        if servers:
            more["host"] = ",".join(host for host, _ in servers)
        if any(port for _, port in servers):
            more["port"] = ",".join(port for _, port in servers)
        return {name: value for name, value in own.items() if value} | more

    def servers(self) -> list[dict[str, Any]]:
        """What libpq needs to connect to each server, in the order in which they are tried."""
        found = self.parameters()
        if self.wants_primary:
            found.pop("target_session_attrs", None)
        hosts = str(found.get("host", "")).split(",")
        ports = str(found.get("port", "")).split(",")
        if len(hosts) == 1:
            return [found]
        pairs = zip(hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=False)
        return [found | {"host": host, "port": port} for host, port in pairs]

    @property
    def wants_primary(self) -> bool:
        """Are there several servers, of which only the primary takes what a desk writes?"""
        found = self.parameters()
        is_one = "," not in found.get("host", "")
        return not is_one and found.get("target_session_attrs", "read-write") == "read-write"

    @property
    def prepare_threshold(self) -> int | None:
        """How often a statement runs before the server keeps it prepared; 0: never, None: nothing is said."""
        said = dict(self.query).get(_THRESHOLD)
        return None if said is None else 0 if said == "off" else int(said)


def parse_url(url: str) -> DatabaseUrl:
    """A database's URL as SQLAlchemy writes it; DatabaseTrouble for anything but a SQLite file or PostgreSQL."""
    found = _URL.fullmatch(url)
    if found and found["driver"] in _DRIVERS[found["scheme"]]:
        is_sqlite = found["scheme"] == "sqlite"
        name = _decoded(found["database"]) or None
        if not is_sqlite:
            return _postgres(found)
        if not found["servers"] and found["user"] is None and name not in (None, ":memory:"):
            return DatabaseUrl(dialect="sqlite", database=name, query=_query(found["query"]))
    raise DatabaseTrouble(
        f'"{veiled_url(url)}" is not a database URL; '
        "write sqlite:////path/to/desk.db or postgresql+psycopg://user@host/name."
    )


def _postgres(found: "re.Match[str]") -> DatabaseUrl:
    query = _query(found["query"])
    said = dict(query).get(_THRESHOLD, "off")
    if said != "off" and not re.fullmatch("[1-9][0-9]{0,8}", said, re.ASCII):
        raise DatabaseTrouble(
            f'{_THRESHOLD} of the database URL is "off" or a number from 1, not "{said}".'
        )
    servers = found["servers"].split(",")
    host, port = _server(servers[0])
    if len(servers) > 1:  # as SQLAlchemy writes them
        host, port = "", ""
        query = (*(("host", server) for server in servers), *query)
    return DatabaseUrl(
        dialect="postgresql",
        user=_decoded(found["user"]),
        password=_decoded(found["password"]),
        host=host or None,
        port=int(port) if port else None,
        database=_decoded(found["database"]) or None,
        query=query,
    )


def _server(text: str) -> tuple[str, str]:
    """The host of `host:port`, without the brackets of an IPv6 address, and the port; each may be empty."""
    found = _SERVER.fullmatch(text)
    return (found["host"].strip("[]"), found["port"] or "") if found else (text, "")


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
