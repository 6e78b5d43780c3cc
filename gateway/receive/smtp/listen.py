"""Listens on addresses: `127.0.0.1:2525`, `[::1]:2525`, `unix:/run/ticketctl/lmtp.sock?mode=0660&group=postfix`."""

import asyncio
import contextlib
import errno
import grp
import os
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

from msgspec import Struct

from ticketctl.errors import BadInput, MailServerTrouble

Factory = Callable[[], asyncio.Protocol]

_BACKLOG = 256
_SMTP_PORT = 25  # RFC 2033 5


class Tcp(Struct, frozen=True):
    """A host name or IP address, and a port; 0 for any free one."""

    host: str
    port: int


class Unix(Struct, frozen=True):
    """A socket file, its mode, and its group ("" for that of the process)."""

    path: Path
    mode: int = 0o660
    group: str = ""


def parse(key: str, text: str) -> Tcp | Unix:
    """Parse an address of the setting `key`, gateway.smtp or gateway.lmtp; BadInput if it is invalid."""
    if text.startswith("unix:"):
        return _unix(key, text)
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise BadInput(f"{key}: {text!r} is not an address; write it like 127.0.0.1:2525.")
    if key == "gateway.lmtp" and int(port) == _SMTP_PORT:
        raise BadInput(
            f"{key}: {text} would serve LMTP on port 25, which is for SMTP; use another port."
        )
    return Tcp(host.removeprefix("[").removesuffix("]"), int(port))


def _unix(key: str, text: str) -> Unix:
    path, _, query = text.removeprefix("unix:").partition("?")
    options = dict(parse_qsl(query))
    try:
        mode = int(options.pop("mode", "0660"), 8)
    except ValueError:
        raise BadInput(f"{key}: the mode of {text!r} must be octal, like 0660.") from None
    group = options.pop("group", "")
    if not path or options:
        raise BadInput(
            f"{key}: {text!r} is not an address; write it like unix:/run/lmtp.sock?mode=0660&group=mail."
        )
    return Unix(Path(path), mode, group)


def bind(place: Tcp | Unix) -> list[socket.socket]:
    """Listen on an address; the connections wait until somebody accepts them. MailServerTrouble if that fails."""
    try:
        return [_bind_file(place)] if isinstance(place, Unix) else _bind_port(place)
    except (OSError, LookupError) as error:
        raise _trouble(place, error) from None


async def accept(listening: socket.socket, factory: Factory) -> asyncio.Server:
    """Serve the connections of a socket that listens."""
    loop = asyncio.get_running_loop()
    listening.setblocking(False)
    if listening.family == socket.AF_UNIX:
        return await loop.create_unix_server(factory, sock=listening, backlog=_BACKLOG)
    return await loop.create_server(factory, sock=listening, backlog=_BACKLOG)


def address(listening: socket.socket) -> str:
    """Return the actual address of a socket that listens."""
    name = listening.getsockname()
    return f"unix:{name}" if listening.family == socket.AF_UNIX else _name(name)


def check(place: Tcp | Unix) -> None:
    """Raise MailServerTrouble if `open_` could not listen now."""
    try:
        if isinstance(place, Unix):
            _remove_stale(place.path)
            return
        _try(place)
    except OSError as error:
        raise _trouble(place, error) from None


def taken(place: Tcp | Unix) -> str:
    """Return a sentence if another program listens on a port; "" if none does or nobody can say. Changes nothing."""
    try:
        if isinstance(place, Tcp):
            _try(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _trouble(place, error).sentence
    return ""


def _try(place: Tcp) -> None:
    """Raise the OSError with which a port cannot be listened on."""
    family, kind, _, _, address = socket.getaddrinfo(
        place.host or None, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _trouble(place: Tcp | Unix, error: OSError | LookupError) -> MailServerTrouble:
    return MailServerTrouble(f"cannot listen on {_address(place)}: {_why(error)}.")


def _bind_port(place: Tcp) -> list[socket.socket]:
    """Listen on every address of a host."""
    found = socket.getaddrinfo(
        place.host or None, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    with contextlib.ExitStack() as on_error:
        bound = []
        for family, _, _, _, where in dict.fromkeys(found):
            if family == socket.AF_INET6 and not socket.has_dualstack_ipv6():
                continue  # the system has no IPv6
            one = socket.create_server(where, family=family, backlog=_BACKLOG)
            bound.append(on_error.enter_context(one))
        on_error.pop_all()
    return bound


def _bind_file(place: Unix) -> socket.socket:
    """Create the socket file, at once with its mode; replace one that a dead process left."""
    _remove_stale(place.path)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        bound.bind(str(place.path))
        if place.group:
            os.chown(place.path, -1, grp.getgrnam(place.group).gr_gid)
        place.path.chmod(place.mode)
        bound.listen(_BACKLOG)
    except BaseException:
        bound.close()
        raise
    finally:
        os.umask(before)
    return bound


def _remove_stale(path: Path) -> None:
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise OSError(errno.EADDRINUSE, "another process listens there")


def _name(address: tuple[str | int, ...]) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"


def _address(place: Tcp | Unix) -> str:
    return f"unix:{place.path}" if isinstance(place, Unix) else _name((place.host, place.port))


def _why(error: OSError | LookupError) -> str:
    if isinstance(error, LookupError):
        return f"there is no such group ({error.args[0]})"
    if error.errno == errno.EADDRINUSE:
        return "the address is in use; stop the other program or set another one in config.toml"
    if error.errno == errno.EACCES:
        return "permission denied; ports below 1024 need a privilege, files a writable folder"
    return os.strerror(error.errno) if error.errno and error.errno > 0 else "no such address"
