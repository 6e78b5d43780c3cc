"""A small IMAP server that misbehaves when told to."""

import contextlib
import re
import select
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from imapclient.imap_utf7 import decode as from_utf7

USER, PASSWORD = "support", "open-sesame"
ALL = ("MOVE", "UIDPLUS", "IDLE")


class Drop(Exception):
    """Hang up without an answer."""


@dataclass
class Kept:
    """A mail on the server."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)
    size: int | None = None  # what the server says of it, if not the truth


@dataclass
class Folder:
    """A folder of the server; UIDs only go up."""

    uidvalidity: int = 1
    mails: list[Kept] = field(default_factory=list)
    last: int = 0

    def add(self, raw: bytes, *flags: str, size: int | None = None) -> int:
        self.last += 1
        self.mails.append(Kept(self.last, raw, set(flags), size))
        return self.last

    def uids(self) -> list[int]:
        return [mail.uid for mail in self.mails]

    def raws(self) -> list[bytes]:
        return [mail.raw for mail in self.mails]

    def renumber(self) -> None:
        """What a server does that has lost its UIDs: the same mails, counted anew."""
        self.uidvalidity += 1
        for number, mail in enumerate(self.mails, 1):
            mail.uid = self.last = number


class Server:
    """As much of RFC 9051 as a poller needs. `said` has every command; hooks run `before` or `after` one.

    A hook gets the connection; it may return the answer (without tag), raise Drop, or return None for the usual
    course. `each` runs before every command.
    """

    def __init__(self, *capabilities: str, tls: ssl.SSLContext | None = None) -> None:
        self.capabilities = capabilities
        self.folders = {"INBOX": Folder()}
        self.said: list[str] = []
        self.each: Callable[[], None] = lambda: None
        self.before: dict[str, Hook] = {}
        self.after: dict[str, Hook] = {}
        self.short = False  # answers a FETCH of several mails with the first alone
        self._tls = tls
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port = self._socket.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    def count(self, command: str) -> int:
        """How often a command was said, e.g. `UID MOVE`."""
        return sum(one.startswith(command) for one in self.said)

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._socket.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(client,)))
                self._threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(20)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, Drop):
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
            with client.makefile("rwb") as file:
                Talk(self, client, file).run(self._over)
        client.close()


class Talk:
    """One connection. `command` is the one being served."""

    command = ""

    def __init__(self, server: Server, client: socket.socket, file: object) -> None:
        self._server = server
        self._client = client
        self._file: socket.SocketIO = file  # type: ignore[assignment]
        self.folder = Folder()

    def send(self, text: str | bytes) -> None:
        self._file.write(text if isinstance(text, bytes) else text.encode() + b"\r\n")
        self._file.flush()

    def hear(self) -> str:
        """The next line; "" when the client has hung up."""
        return self._file.readline().decode().rstrip("\r\n")

    def run(self, over: threading.Event) -> None:
        self.send("* OK ready")
        while not over.is_set():
            if not select.select([self._client], [], [], 0.05)[0]:
                continue
            line = self.hear()
            if not line:
                return
            tag, _, command = line.partition(" ")
            self.command = command
            self._server.said.append(command)
            self._server.each()
            self.send(f"{tag} {self._answer(command, over)}")
            if command == "LOGOUT":
                return

    def _answer(self, command: str, over: threading.Event) -> str:
        words = command.upper().split()
        name = " ".join(words[:2]) if words[0] == "UID" else words[0]
        early = self._server.before.get(name, _nothing)(self)
        if early is not None:
            return early
        if name == "IDLE":
            self._idle(over)
        else:
            method = getattr(self, "_" + name.lower().replace(" ", "_"), None)
            if method is None:
                return f"BAD {name} is unknown"
            late_no = method(command)
            if late_no:
                return str(late_no)
        late = self._server.after.get(name, _nothing)(self)
        return late if late is not None else "OK done"

    def _capability(self, command: str) -> None:
        self.send(" ".join(("* CAPABILITY IMAP4rev1", *self._server.capabilities)))

    def _login(self, command: str) -> str | None:
        right = command == f'LOGIN "{USER}" "{PASSWORD}"'
        return None if right else "NO [AUTHENTICATIONFAILED] who are you"

    def _noop(self, command: str) -> None:
        self.send(f"* {len(self.folder.mails)} EXISTS")

    def _logout(self, command: str) -> None:
        self.send("* BYE")

    def _select(self, command: str) -> str | None:
        name = _names(command)[0]
        if name not in self._server.folders:
            return "NO no such folder"
        self.folder = self._server.folders[name]
        self.send(f"* {len(self.folder.mails)} EXISTS\r\n* 0 RECENT")
        self.send(f"* OK [UIDVALIDITY {self.folder.uidvalidity}] this")
        self.send(f"* OK [UIDNEXT {self.folder.last + 1}] next")
        return None

    _examine = _select

    def _list(self, command: str) -> None:
        for name in self._server.folders:
            if name == _names(command)[-1]:
                self.send(f'* LIST () "/" {command.split(" ", 2)[2]}')

    def _create(self, command: str) -> str | None:
        if _names(command)[0] in self._server.folders:
            return "NO [ALREADYEXISTS] it is there"
        self._server.folders[_names(command)[0]] = Folder()
        return None

    def _idle(self, over: threading.Event) -> None:
        self.send("+ idling")
        there = len(self.folder.mails)
        while not over.is_set():
            if len(self.folder.mails) != there:
                there = len(self.folder.mails)
                self.send(f"* {there} EXISTS")
            if select.select([self._client], [], [], 0.02)[0]:
                self.hear()
                return

    def _uid_search(self, command: str) -> None:
        found = self._chosen(command.split()[3])
        if "UNDELETED" in command:
            found = [mail for mail in found if "\\Deleted" not in mail.flags]
        self.send(" ".join(["* SEARCH", *(str(mail.uid) for mail in found)]))

    def _uid_fetch(self, command: str) -> None:
        mails = self._chosen(command.split()[2])
        for mail in mails[:1] if self._server.short else mails:
            at = self.folder.mails.index(mail) + 1
            if "HEADER" in command:
                top = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                head = f"* {at} FETCH (UID {mail.uid} BODY[HEADER]<0> {{{len(top)}}}\r\n"
                self.send(head.encode() + top + b")\r\n")
            elif "BODY" in command:
                head = f"* {at} FETCH (UID {mail.uid} BODY[] {{{len(mail.raw)}}}\r\n"
                self.send(head.encode() + mail.raw + b")\r\n")
            else:
                size = len(mail.raw) if mail.size is None else mail.size
                self.send(
                    f"* {at} FETCH (UID {mail.uid} FLAGS ({' '.join(sorted(mail.flags))}) RFC822.SIZE {size} "
                    f'INTERNALDATE "0{min(at, 9)}-Mar-2026 08:00:00 +0000")'
                )

    def _uid_store(self, command: str) -> None:
        for mail in self._chosen(command.split()[2]):
            mail.flags.add("\\Deleted")

    def _uid_copy(self, command: str) -> str | None:
        target = self._server.folders.get(_names(command)[0])
        if target is None:
            return "NO [TRYCREATE] no such folder"
        for mail in self._chosen(command.split()[2]):
            target.add(mail.raw)
        return None

    def _uid_move(self, command: str) -> str | None:
        answer = self._uid_copy(command)
        if answer is None:
            self._remove(self._chosen(command.split()[2]))
        return answer

    def _uid_expunge(self, command: str) -> None:
        chosen = self._chosen(command.split()[2])
        self._remove([mail for mail in chosen if "\\Deleted" in mail.flags])

    def _remove(self, mails: list[Kept]) -> None:
        for mail in mails:
            self.send(f"* {self.folder.mails.index(mail) + 1} EXPUNGE")
            self.folder.mails.remove(mail)

    def chosen(self) -> list[Kept]:
        """The mails that the command being served names."""
        return self._chosen(self.command.split()[2])

    def _chosen(self, wanted: str) -> list[Kept]:
        """The mails of a UID set, with the star of RFC 9051: the last mail is always in `n:*`."""
        uids: set[int] = set()
        last = max(self.folder.uids(), default=0)
        for part in wanted.split(","):
            low, _, high = part.partition(":")
            ends = sorted(last if end == "*" else int(end) for end in (low, high or low))
            uids.update(range(ends[0], ends[1] + 1))
        return [mail for mail in self.folder.mails if mail.uid in uids]


Hook = Callable[[Talk], str | None]


def _nothing(talk: Talk) -> None:
    """The hook that does nothing."""


def _names(command: str) -> list[str]:
    """The quoted folder names of a command, decoded."""
    return [from_utf7(name.encode()) for name in re.findall(r'"([^"]*)"', command)]
