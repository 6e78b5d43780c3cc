"""One IMAP connection: logged in, with one folder open. Every step has a time-out (B16) and raises a DeskError.

Mails are named by UID only (B1). TLS certificates are verified; clear text only if the configuration says so (B11).
Not safe for several threads.
"""

import contextlib
import imaplib
import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

from imapclient import IMAPClient, SocketTimeout

from gateway.receive.imap import folder_names, stray_lines
from gateway.receive.imap.byte_limit import OVERHEAD, REPLY, ByteLimiter
from gateway.receive.imap.errors import LOST, CommandRefused, command, sentence
from gateway.receive.imap.folder_state import chunks
from gateway.receive.imap.login import log_in
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import ImapAccount

_WINDOW = 100_000  # UIDs in one SEARCH: imaplib reads no line of more than 10**6 bytes
_MAX_HEAD = 2**20  # bytes
_GOODBYE = 5.0  # seconds to wait for the reply to LOGOUT
_CHECK = 1.0  # seconds between two checks of `stop`


class ImapTimeouts(NamedTuple):
    """Seconds: to connect, for the next bytes, for a whole mail, between two NOOP or IDLE commands (RFC 2177)."""

    connect: float = 15
    read: float = 60
    mail: float = 600
    rest: float = 480


class MessageInfo(NamedTuple):
    """What is known of a mail before it is fetched: size in bytes, \\Deleted, when it came to the server."""

    size: int
    deleted: bool
    at: datetime | None


class ImapSession:
    """Connects and logs in when it is created: LoginRefused or MailServerTrouble. As a context manager it logs out."""

    uidvalidity: int

    def __init__(self, account: ImapAccount, timeouts: ImapTimeouts) -> None:
        self._account = account
        self._timeouts = timeouts
        self._uidnext = 0
        self._selected = ""
        self._limiter: ByteLimiter | None = None
        with self._command("connect"):
            self._client = self._connect()
        try:
            with self._command("log in"):
                log_in(self._client, account)
        except BaseException:
            self._hang_up()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            with contextlib.suppress(*LOST, imaplib.IMAP4.error):  # the connection ends anyway
                self._client.socket().settimeout(_GOODBYE)
                self._client.logout()
        self._hang_up()

    def _connect(self) -> Any:
        account, timeouts = self._account, self._timeouts
        client = IMAPClient(
            account.host,
            port=account.port,
            ssl=account.security == "tls",
            ssl_context=ssl.create_default_context() if account.security == "tls" else None,
            timeout=SocketTimeout(connect=timeouts.connect, read=timeouts.read),
        )
        client.normalise_times = False  # aware times
        self._limiter = ByteLimiter(client._imap)
        stray_lines.skip(client._imap)
        return client

    # ---- reading

    def select(self) -> None:
        """Open the account's folder; read-only if mail stays in it."""
        self.open(self._account.folder, read_only=self._account.done == "keep")

    def open(self, written: str, *, read_only: bool) -> None:
        """Open a folder by its name in config.toml."""
        with self._command(f"open the folder {written}"):
            name, exists = folder_names.find(self._client, written)
            self._selected = name if exists else written
            reply = self._client.select_folder(self._selected, read_only)
        if not isinstance(reply.get(b"UIDVALIDITY"), int):
            raise MailServerTrouble(self._sentence("its folder has no UIDVALIDITY"))
        self.uidvalidity = reply[b"UIDVALIDITY"]
        self._uidnext = reply.get(b"UIDNEXT", 0)

    def has_renumbered(self, last_uid: int) -> bool:
        """Did the server renumber its mails without a new UIDVALIDITY, against RFC 9051 2.3.1.1?

        Then its UIDNEXT is one that we have seen. If UIDNEXT is below the UIDs of its own mails, only UIDNEXT is wrong.
        """
        if not 0 < self._uidnext <= last_uid:
            return False
        return all(uid < self._uidnext for uid in self._search("UID *"))

    def uids_from(self, first: int) -> list[int]:
        """Return UIDs from `first` on, oldest first. May be only some of them, but empty only if there are none."""
        low = first
        while low + _WINDOW < self._uidnext:
            found = self._search(f"UID {low}:{low + _WINDOW - 1}")
            if found:
                return sorted(found)
            low += _WINDOW
        # The star is the last mail, even if its UID is below `low` (RFC 9051 section 9, seq-range).
        return sorted(uid for uid in self._search(f"UID {low}:*") if uid >= low)

    def present(self, uids: Collection[int], condition: str = "") -> set[int]:
        """Return those UIDs that are in the folder and meet the condition, such as UNDELETED."""
        asked = sorted(uids)
        found: set[int] = set()
        for chunk in chunks(asked):
            found |= self._search(f"UID {','.join(map(str, chunk))} {condition}".rstrip())
        return found & set(asked)

    def _search(self, criteria: str) -> set[int]:
        """Search. imapclient's own search knows one line of reply; some servers send several, or a line a mail."""
        with self._command("search"):
            state, lines = self._client._imap.uid("SEARCH", criteria)
            if state != "OK":
                raise imaplib.IMAP4.error(lines[-1])
            return {uid for line in lines if line for uid in _numbers(line)}

    def infos(self, uids: Sequence[int]) -> dict[int, MessageInfo]:
        """Return what is known of these mails, without those that vanished or that the server leaves out."""
        with self._command("fetch sizes"):
            reply = self._client.fetch(uids, ["FLAGS", "RFC822.SIZE", "INTERNALDATE"])
        return {
            uid: MessageInfo(one[b"RFC822.SIZE"], _deleted(one), _utc(one.get(b"INTERNALDATE")))
            for uid, one in reply.items()
            if isinstance(one.get(b"RFC822.SIZE"), int)
        }

    def body(self, uid: int, max_size: int) -> bytes:
        """Fetch the bytes of a mail without setting \\Seen (B3, B13). Fails above `max_size`; b"" if it is missing."""
        with (
            self._command("fetch a mail", max_size + OVERHEAD),
            self._close_after(self._timeouts.mail),
        ):
            reply = self._client.fetch([uid], ["BODY.PEEK[]"])
        found = reply.get(uid, {}).get(b"BODY[]")
        return found if isinstance(found, bytes) else b""

    def head(self, uid: int) -> bytes:
        """Fetch the head of a mail, at most a megabyte, without setting \\Seen; b"" if it is missing."""
        with self._command("fetch a head"), self._close_after(self._timeouts.mail):
            reply = self._client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{_MAX_HEAD}>"]).get(uid, {})
        found = next((reply[key] for key in reply if key.startswith(b"BODY[HEADER]")), None)
        return found if isinstance(found, bytes) else b""

    # ---- changing

    @property
    def can_move(self) -> bool:
        """Does the server have MOVE (RFC 6851)?"""
        return self._has("MOVE")

    @property
    def can_idle(self) -> bool:
        """Does the server have IDLE (RFC 2177)?"""
        return self._has("IDLE")

    @property
    def can_expunge(self) -> bool:
        """Can the server expunge single mails (UIDPLUS, RFC 4315; B18)?"""
        return self._has("UIDPLUS")

    def _has(self, capability: str) -> bool:
        with self._command("list its capabilities"):
            return bool(self._client.has_capability(capability))

    def create_folder(self, written: str) -> str:
        """Create a folder unless it exists; return its name on the server. CommandRefused if it is the open one."""
        with self._command(f"create the folder {written}"):
            name, exists = folder_names.find(self._client, written)
            if not exists:
                self._client.create_folder(name)
        if name == self._selected:
            why = f"`done` moves mail to {written}, the folder it is fetched from"
            raise CommandRefused(self._sentence(why))
        return name

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails in one step; requires `can_move`."""
        with self._command(f"move mail to {folder}"):
            self._client.move(uids, folder)

    def copy(self, uids: Sequence[int], folder: str) -> None:
        """Copy mails, all or none (RFC 9051 section 6.4.7)."""
        with self._command(f"copy mail to {folder}"):
            self._client.copy(uids, folder)

    def delete(self, uids: Sequence[int]) -> None:
        """Delete these mails and no others; requires `can_expunge`."""
        with self._command("delete mail"):
            self._client.delete_messages(uids, silent=True)
            self._client.uid_expunge(uids)

    # ---- waiting

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Wait until mail comes, the time is over or `stop` is set; a dead connection is noticed (B6)."""
        end = time.monotonic() + seconds
        idle = self.can_idle
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            rest = min(left, self._timeouts.rest)
            with self._command("wait for mail"):
                news = self._idle(rest, stop) if idle else self._wait_with_noop(rest, stop)
            if any(b"EXISTS" in one for one in news if isinstance(one, tuple)):
                return

    def _idle(self, seconds: float, stop: threading.Event) -> list[object]:
        end = time.monotonic() + seconds
        self._client.idle()
        news: list[object] = []
        while not news and not stop.is_set() and (left := end - time.monotonic()) > 0:
            asked, seconds = time.monotonic(), min(left, _CHECK)
            news = self._client.idle_check(timeout=seconds)
            if time.monotonic() - asked < seconds / 2:
                break  # news, or a lost connection, which the next command notices
        return [*news, *self._client.idle_done()[1]]

    def _wait_with_noop(self, seconds: float, stop: threading.Event) -> list[object]:
        stop.wait(seconds)
        return list(self._client.noop()[1])

    # ---- trouble

    def _command(
        self, what: str, max_bytes: int = REPLY
    ) -> contextlib.AbstractContextManager[None]:
        """Run a command whose reply has at most so many bytes."""
        if self._limiter is not None:
            self._limiter.allow(max_bytes)
        return command(self._account, what)

    def _sentence(self, why: str) -> str:
        return sentence(self._account, why)

    @contextlib.contextmanager
    def _close_after(self, seconds: float) -> Iterator[None]:
        """Close the connection after this time: a socket's time-out does not end a slow trickle of bytes (B7)."""
        timer = threading.Timer(seconds, self._shut_down)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _shut_down(self) -> None:
        with contextlib.suppress(OSError):  # it is closed already
            self._client.socket().shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):  # the connection is gone already
            self._client.shutdown()


def _numbers(line: bytes) -> list[int]:
    """Return the numbers of a SEARCH line, without a MODSEQ (RFC 7162); ValueError for anything else."""
    return [int(word) for word in line.partition(b"(")[0].split()]


def _deleted(reply: dict[bytes, Any]) -> bool:
    flags = reply.get(b"FLAGS") or ()
    return any(isinstance(flag, bytes) and flag.lower() == b"\\deleted" for flag in flags)


def _utc(at: object) -> datetime | None:
    if not isinstance(at, datetime):
        return None
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:  # the year 1, east of Greenwich
        return None
