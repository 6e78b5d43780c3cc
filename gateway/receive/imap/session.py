"""One IMAP connection: logged in, one folder open, each step with a time-out (B16), each failure a sentence.

Mails are named by UID alone (B1). TLS is verified, and clear text is spoken only where the configuration says so
(B11). Not to be shared by threads.
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
from imapclient.exceptions import LoginError

from gateway.receive.imap import oauth_login
from gateway.receive.imap.byte_limit import ANSWER, BESIDES, Meter
from gateway.receive.imap.errors import LOST, LoginRefused, asking, sentence, words_of
from gateway.receive.imap.folder_state import chunks
from ticketctl.errors import MailServerTrouble
from ticketctl.settings import secrets
from ticketctl.settings.table import ImapAccount

_WINDOW = 100_000  # UIDs a SEARCH asks for: imaplib reads no line of more than 10**6 octets
_LARGEST_HEAD = 2**20  # octets
_GOODBYE = 5.0  # seconds to wait for the answer to LOGOUT
_GLANCE = 1.0  # seconds between two looks at `stop`


class ImapTimeouts(NamedTuple):
    """Seconds: to connect, for the next octets, for one whole mail, to rest before a sign of life (RFC 2177)."""

    connect: float = 15
    read: float = 60
    mail: float = 600
    rest: float = 480


class Head(NamedTuple):
    """What is known of a mail before its body: octets, is it marked for deletion, when it came to the server."""

    size: int
    deleted: bool
    at: datetime | None


class Session:
    """Connects and logs in when it is made: LoginRefused or MailServerTrouble. A context that hangs up."""

    uidvalidity: int

    def __init__(self, account: ImapAccount, timeouts: ImapTimeouts) -> None:
        self._account = account
        self._timeouts = timeouts
        self._uidnext = 0
        self._meter: Meter | None = None
        with self._asking("connect"):
            self._client = self._connect()
        try:
            with self._asking("log in"):
                self._login()
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
            with contextlib.suppress(*LOST, imaplib.IMAP4.error):  # we are leaving anyhow
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
        # imapclient sends a SEARCH in two pieces; the second would wait for the first one's delayed ACK.
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._meter = Meter(client._imap)
        return client

    def _login(self) -> None:
        client, account = self._client, self._account
        if account.security == "starttls":
            client.starttls(ssl.create_default_context())
        if client.has_capability("LOGINDISABLED"):
            raise LoginRefused(
                self._sentence("it takes no login without TLS; set security to tls or starttls")
            )
        if account.auth == "oauth2":
            oauth_login.login(client, account)
        else:
            self._login_with_password()

    def _login_with_password(self) -> None:
        client, account = self._client, self._account
        password = secrets.password(account)
        try:
            if f"{account.username}{password}".isascii():
                client.login(_quoted(account.username), password)
            else:
                client.plain_login(account.username, password)
        except UnicodeError:
            raise LoginRefused(self._sentence("the password is not UTF-8")) from None
        except LoginError as refusal:
            words = words_of(refusal.__context__ or refusal)
            lost = isinstance(refusal.__context__, LOST) or "[UNAVAILABLE]" in words.upper()
            if password:
                words = words.replace(password, "…")  # some servers repeat the command
            why = f"the login failed: {words}"
            raise (MailServerTrouble if lost else LoginRefused)(self._sentence(why)) from None

    # ---- reading

    def select(self) -> None:
        """Open the account's folder, read-only where its mail is kept."""
        with self._asking(f"open the folder {self._account.folder}"):
            told = self._client.select_folder(self._account.folder, self._account.done == "keep")
        if not isinstance(told.get(b"UIDVALIDITY"), int):
            raise MailServerTrouble(self._sentence("it gives its folder no UIDVALIDITY"))
        self.uidvalidity = told[b"UIDVALIDITY"]
        self._uidnext = told.get(b"UIDNEXT", 0)

    def counts_anew(self, last_uid: int) -> bool:
        """Has the server numbered its mails anew without a new UIDVALIDITY, as it must not (RFC 9051 2.3.1.1)?

        Its next UID is then one that we have seen. A server whose UIDNEXT is below its own mails only miscounts.
        """
        if not 0 < self._uidnext <= last_uid:
            return False
        return all(uid < self._uidnext for uid in self._search("UID *"))

    def uids_from(self, first: int) -> list[int]:
        """UIDs from `first` on, oldest first; not always all of them, but none only where there is none."""
        low = first
        while low + _WINDOW < self._uidnext:
            found = self._search(f"UID {low}:{low + _WINDOW - 1}")
            if found:
                return sorted(found)
            low += _WINDOW
        # The star is the last mail, also where its UID is below `low` (RFC 9051 section 9, seq-range).
        return sorted(uid for uid in self._search(f"UID {low}:*") if uid >= low)

    def present(self, uids: Collection[int], condition: str = "") -> set[int]:
        """Which of these are in the folder, and fulfil the condition, e.g. UNDELETED."""
        asked = sorted(uids)
        found: set[int] = set()
        for chunk in chunks(asked):
            found |= self._search(f"UID {','.join(map(str, chunk))} {condition}".rstrip())
        return found & set(asked)

    def _search(self, criteria: str) -> set[int]:
        with self._asking("search"):
            return set(self._client.search(criteria))

    def heads(self, uids: Sequence[int]) -> dict[int, Head]:
        """What is known of these mails; those that have vanished, or that the server forgets, are left out."""
        with self._asking("fetch sizes"):
            told = self._client.fetch(uids, ["FLAGS", "RFC822.SIZE", "INTERNALDATE"])
        return {
            uid: Head(one[b"RFC822.SIZE"], _deleted(one), _utc(one.get(b"INTERNALDATE")))
            for uid, one in told.items()
            if isinstance(one.get(b"RFC822.SIZE"), int)
        }

    def body(self, uid: int, most: int) -> bytes:
        """The octets of a mail, unmarked (B3, B13), at most so many, whatever the server said; empty where the server
        gives nothing."""
        with self._asking("fetch a mail", most + BESIDES), self._cut_after(self._timeouts.mail):
            told = self._client.fetch([uid], ["BODY.PEEK[]"])
        found = told.get(uid, {}).get(b"BODY[]")
        return found if isinstance(found, bytes) else b""

    def top(self, uid: int) -> bytes:
        """The head of a mail, unmarked, a megabyte of it at most; empty where the server gives nothing."""
        with self._asking("fetch a head"), self._cut_after(self._timeouts.mail):
            told = self._client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{_LARGEST_HEAD}>"]).get(uid, {})
        found = next((told[key] for key in told if key.startswith(b"BODY[HEADER]")), None)
        return found if isinstance(found, bytes) else b""

    # ---- changing

    @property
    def can_move(self) -> bool:
        """Has it MOVE (RFC 6851)?"""
        return self._has("MOVE")

    @property
    def can_idle(self) -> bool:
        """Has it IDLE (RFC 2177)?"""
        return self._has("IDLE")

    @property
    def can_expunge(self) -> bool:
        """Can it expunge our mails alone (UIDPLUS, RFC 4315; B18)?"""
        return self._has("UIDPLUS")

    def _has(self, capability: str) -> bool:
        with self._asking("tell its capabilities"):
            return bool(self._client.has_capability(capability))

    def have_folder(self, name: str) -> None:
        """Make a folder that is not there."""
        with self._asking(f"create the folder {name}"):
            if not self._client.folder_exists(name):
                self._client.create_folder(name)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move them in one step; `can_move` must hold."""
        with self._asking(f"move mail to {folder}"):
            self._client.move(uids, folder)

    def copy(self, uids: Sequence[int], folder: str) -> None:
        """Copy them: all or none (RFC 9051 section 6.4.7)."""
        with self._asking(f"copy mail to {folder}"):
            self._client.copy(uids, folder)

    def delete(self, uids: Sequence[int]) -> None:
        """Delete these and no other mail; `can_expunge` must hold."""
        with self._asking("delete mail"):
            self._client.delete_messages(uids, silent=True)
            self._client.uid_expunge(uids)

    # ---- waiting

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Rest until mail comes, the time is over or `stop` is set; a dead connection is noticed (B6)."""
        end = time.monotonic() + seconds
        idle = self.can_idle
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            rest = min(left, self._timeouts.rest)
            with self._asking("wait for mail"):
                news = self._idle(rest, stop) if idle else self._doze(rest, stop)
            if any(b"EXISTS" in one for one in news if isinstance(one, tuple)):
                return

    def _idle(self, seconds: float, stop: threading.Event) -> list[object]:
        end = time.monotonic() + seconds
        self._client.idle()
        news: list[object] = []
        while not news and not stop.is_set() and (left := end - time.monotonic()) > 0:
            asked, glance = time.monotonic(), min(left, _GLANCE)
            news = self._client.idle_check(timeout=glance)
            if time.monotonic() - asked < glance / 2:
                break  # news, or the end of the line, which the next command notices
        return [*news, *self._client.idle_done()[1]]

    def _doze(self, seconds: float, stop: threading.Event) -> list[object]:
        stop.wait(seconds)
        return list(self._client.noop()[1])

    # ---- trouble

    def _asking(self, what: str, octets: int = ANSWER) -> contextlib.AbstractContextManager[None]:
        """Around a command, whose answer has so many octets at most."""
        if self._meter is not None:
            self._meter.allow(octets)
        return asking(self._account, what)

    def _sentence(self, why: str) -> str:
        return sentence(self._account, why)

    @contextlib.contextmanager
    def _cut_after(self, seconds: float) -> Iterator[None]:
        """Cut the line after so long: the time-out of a socket never ends a trickle (B7)."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):  # it is cut already
            self._client.socket().shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):  # the line is gone already
            self._client.shutdown()


def _quoted(text: str) -> str:
    """A quoted string of RFC 9051; imaplib quotes passwords, but no user names."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _deleted(told: dict[bytes, Any]) -> bool:
    flags = told.get(b"FLAGS") or ()
    return any(isinstance(flag, bytes) and flag.lower() == b"\\deleted" for flag in flags)


def _utc(at: object) -> datetime | None:
    if not isinstance(at, datetime):
        return None
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:  # the year 1, east of Greenwich
        return None
