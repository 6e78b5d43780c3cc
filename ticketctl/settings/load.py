"""Loads the settings of this host: defaults, then files, then the environment, then options; later ones win.

Files are /etc/ticketctl/config.toml and config.toml in the user's configuration folder, or instead the one that
--config or TICKETCTL_CONFIG names. A [profile.NAME] table overrides its file, and the environment as well if --profile
names it: who names a profile means its database. table.py lists all settings.
"""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields, replace

from ticketctl.domain.base import document
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.safe import veiled_url
from ticketctl.settings.folders import folder, settings_files
from ticketctl.settings.table import SECRET, Db, Outgoing, Settings

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Origin",
    "Setting",
    "default_url",
    "load",
    "origins",
    "paths",
    "table",
    "veiled_url",
]

BUILT_IN = "built-in"

_VARIABLES = {"db.url": "TICKETCTL_DB"}
_LISTS = ("imap", "shop", "channel")  # tables that may occur several times
_ALIASES = "alias"  # a table whose keys are the user's own


class Setting(NamedTuple):
    """A setting: its name in config.toml, its type, default, meaning and environment variable."""

    name: str
    type: Any
    default: Any
    meaning: str
    variable: str


class Origin(NamedTuple):
    """A setting in force, safe to show, and where it comes from."""

    name: str
    value: str
    origin: str


class _Layer(NamedTuple):
    """The settings of one source by dotted name, as written there, checked."""

    origin: str
    values: dict[str, Any]


@cache
def table() -> tuple[Setting, ...]:
    """All settings with a single value; [[imap]], [[shop]] and [[channel]] are lists of their own."""
    return tuple(_walk(Settings, ""))


def load(
    file: "Path | None" = None,
    profile: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Settings:
    """The settings in force. `file` replaces the usual files, `overrides` are options by dotted name.

    Refused (exit 6) with all problems of a file by path, BadInput for an invalid variable or option, or a missing
    file.
    """
    tree: dict[str, Any] = {}
    for layer in _layers(file, profile, overrides or {}):
        for name, value in layer.values.items():
            head, dot, key = name.partition(".")
            (tree.setdefault(head, {}) if dot else tree)[key or head] = value
    settings = document.read_table(Settings, tree, "$", [])
    if "security" not in tree.get("outgoing", {}):
        settings = replace(settings, outgoing=_secured(settings.outgoing))
    return settings if settings.db.url else replace(settings, db=Db(url=default_url()))


def _secured(server: Outgoing) -> Outgoing:
    """A login to another machine requires TLS, unless the settings say otherwise."""
    has_login = server.username or server.oauth
    return (
        replace(server, security="starttls") if has_login and not _is_here(server.host) else server
    )


def _is_here(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def origins(
    file: "Path | None" = None,
    profile: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> list[Origin]:
    """All settings as `config list` shows them, with secrets hidden. Errors as `load`."""
    settings = load(file, profile, overrides)
    layers = _layers(file, profile, overrides or {})
    lines = []
    for setting in table():
        given = [layer.origin for layer in layers if setting.name in layer.values]
        value = shown(setting, _value(settings, setting.name))
        lines.append(Origin(setting.name, value, given[-1] if given else BUILT_IN))
    accounts = [layer.origin for layer in layers if "imap" in layer.values]
    for account in settings.imap:
        text = f"{account.username} at {account.host}:{account.port}"
        lines.append(Origin(f"imap.{account.name}", text, accounts[-1]))
    shops = [layer.origin for layer in layers if "shop" in layer.values]
    lines += [Origin(f"shop.{one.name}", one.url, shops[-1]) for one in settings.shop]
    bridges = [layer.origin for layer in layers if "channel" in layer.values]
    lines += [Origin(f"channel.{one.name}", one.name, bridges[-1]) for one in settings.channel]
    for name, line in settings.alias.items():
        given = [layer.origin for layer in layers if f"{_ALIASES}.{name}" in layer.values]
        lines.append(Origin(f"{_ALIASES}.{name}", document.as_toml(str, line), given[-1]))
    return lines


def paths(file: "Path | None" = None) -> "tuple[Path, ...]":
    """The files that are read; later ones override earlier ones. They may not exist."""
    from pathlib import Path

    return tuple(map(Path, settings_files(str(file) if file else None)))


def with_password(file: "Path | None" = None) -> "list[Path]":
    """The settings files that hold a database URL with a password."""
    found = []
    for path in paths(file):
        raw = _read_file(str(path), must_exist=False)
        tables = [raw, *raw.get("profile", {}).values()]
        urls = [str(one.get("db", {}).get("url", "")) for one in tables]
        if any(veiled_url(url) != url for url in urls):
            found.append(path)
    return found


def default_url() -> str:
    """The default database: a file in the user's data folder ($XDG_DATA_HOME/ticketctl)."""
    return f"sqlite:///{os.path.join(folder('data'), 'desk.db')}"


def _is_named() -> bool:
    return bool(os.environ.get("TICKETCTL_CONFIG"))


def _walk(kind: type[Struct], prefix: str) -> Iterator[Setting]:
    for field in fields(kind):
        if isinstance(field.type, type) and issubclass(field.type, Struct):
            yield from _walk(field.type, f"{field.name}.")
        elif field.name not in (*_LISTS, _ALIASES):
            name = prefix + field.name
            variable = _VARIABLES.get(name, "TICKETCTL_" + name.upper().replace(".", "_"))
            meaning = document.meaning(field.type)
            yield Setting(name, field.type, field.default, meaning, variable)


def _layers(
    file: "Path | None", profile: str | None, overrides: Mapping[str, str]
) -> tuple[_Layer, ...]:
    wanted = profile or os.environ.get("TICKETCTL_PROFILE") or None
    must_exist = file is not None or _is_named()
    layers: list[_Layer] = []
    named: list[_Layer] = []  # by --profile
    known: list[str] = []
    for path in settings_files(str(file) if file else None):
        raw = _read_file(path, must_exist)
        profiles = raw.pop("profile", {})
        known += profiles
        layers.append(_Layer(path, _flat(raw)))
        if wanted in profiles:
            of_profile = _Layer(f"{path} [profile.{wanted}]", _flat(profiles[wanted]))
            (named if profile else layers).append(of_profile)
    if wanted and wanted not in known:
        names = ", ".join(known) or "none"
        raise NotFound(f'there is no profile "{wanted}" in config.toml; its profiles: {names}.')
    variables = {s.name: os.environ[s.variable] for s in table() if s.variable in os.environ}
    by_name = {setting.name: setting for setting in table()}
    for name, text in variables.items():
        variable = by_name[name].variable
        layers.append(_Layer(variable, {name: _typed(by_name[name].type, text, variable)}))
    options = {name: _typed(by_name[name].type, text, name) for name, text in overrides.items()}
    return (*layers, *named, _Layer("option", options))


def _read_file(path: str, must_exist: bool) -> dict[str, Any]:
    """The checked content of a config.toml; empty if there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        if must_exist:
            raise BadInput(f"there is no settings file {path}.") from None
        return {}
    except (OSError, UnicodeDecodeError) as trouble:
        raise BadInput(f"the settings file {path} cannot be read: {trouble}.") from None
    raw = document.toml(text, f"the settings file {path}")
    problems = _problems(raw)
    if problems:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise Refused(f"the settings file {path} has {count}:", *problems)
    return raw


def _problems(raw: Mapping[str, object]) -> list[str]:
    problems: list[str] = []
    plain = {key: value for key, value in raw.items() if key != "profile"}
    document.read_table(Settings, plain, "$", problems)
    profiles = raw.get("profile", {})
    if not isinstance(profiles, dict):
        return [*problems, "$.profile: must be tables like [profile.NAME]"]
    for name, content in profiles.items():
        document.read_table(Settings, content, f"$.profile.{name}", problems)
    return problems + [
        f"$.{name}: {what}_command and {what}_file are both set; keep one"
        for name, account in _accounts(plain)
        for what in ("password", "token", "secret")
        if account.get(f"{what}_command") and account.get(f"{what}_file")
    ]


def _accounts(raw: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, object]]]:
    named = [
        (f"{kind}[{n}]", account)
        for kind in _LISTS
        if isinstance(raw.get(kind), list)
        for n, account in enumerate(raw[kind])
    ]
    accounts = [("outgoing", raw.get("outgoing")), *named]
    return ((name, account) for name, account in accounts if isinstance(account, dict))


def _flat(raw: Mapping[str, object]) -> dict[str, object]:
    tables = {key: value for key, value in raw.items() if isinstance(value, dict)}
    nested = {f"{head}.{key}": v for head, inner in tables.items() for key, v in inner.items()}
    return {key: value for key, value in raw.items() if key not in tables} | nested


def _typed(kind: object, text: str, where: str) -> object:
    """Text from the environment or an option as the file would have it; BadInput if it is invalid."""
    plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    raw: Any = text
    if get_origin(plain) is tuple:
        raw = text.replace(",", " ").split()
    elif plain is int and text.isdecimal() and not _readers(kind):
        raw = int(text)
    problems: list[str] = []
    document.read(kind, raw, where, problems)
    if problems:
        raise BadInput(f"{problems[0]}.")
    return raw


def _readers(kind: object) -> list[object]:
    marks = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return [mark.extra["read"] for mark in marks if mark.extra]


def _value(settings: Settings, name: str) -> object:
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def shown(setting: Setting, value: Any) -> str:
    """A value as config.toml would have it, with secrets hidden."""
    if setting.name == "db.url":
        return f'"{veiled_url(value)}"'
    marks = get_args(setting.type)[1:]
    if value and any(mark.extra and mark.extra.get(SECRET) for mark in marks):
        return f'"{value.split()[0]} …"'
    return document.as_toml(setting.type, value)
