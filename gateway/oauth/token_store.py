"""Stores tokens between runs: one file for each account in the state folder, readable by its owner only.

Processes of this host use the file one at a time: a server may revoke the old refresh token when it issues a new one,
so two processes must never renew it at once.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, ValidationError, convert, to_builtins

from gateway.oauth.token_server import NoConsent, Tokens, client_credentials, refresh_tokens
from ticketctl import clock
from ticketctl.errors import Refused
from ticketctl.settings import secrets
from ticketctl.settings.folders import folder
from ticketctl.settings.table import ImapAccount, OAuth

_EARLY = 120.0  # seconds before it expires an access token is renewed: clocks differ, and a login takes time


class StoredTokens(Struct, frozen=True):
    """The content of the file: tokens ("" for none), and when the access token expires, in seconds since 1970."""

    refresh: str
    access: str
    ends: float


def access_token(account: ImapAccount, *, not_this: str = "") -> str:
    """Return an access token that is valid for a while, but not `not_this`, which was just refused.

    NoConsent if a person must consent first, MailServerTrouble if the token server fails, Refused if others can read
    the file.
    """
    oauth = _oauth(account)
    path = _path(account, oauth)
    with _lock(path):
        kept = _read(path)
        if kept.access and kept.access != not_this and clock.now().timestamp() < kept.ends - _EARLY:
            return kept.access
        tokens = _renew(account, oauth, kept)
        _write(path, tokens, tokens.refresh or kept.refresh)
    return tokens.access


def store(account: ImapAccount, tokens: Tokens) -> None:
    """Store new tokens. NoConsent without a refresh token, because access would end within the hour."""
    if not tokens.refresh:
        raise NoConsent(
            "the server gave no refresh token; add offline access to `scope` (Microsoft: offline_access)."
        )
    path = _path(account, _oauth(account))
    with _lock(path):
        _write(path, tokens, tokens.refresh)


def _renew(account: ImapAccount, oauth: OAuth, kept: StoredTokens) -> Tokens:
    if oauth.flow == "client-credentials":
        return client_credentials(oauth)
    mend = f"run `ticketctl mailbox login {account.name}` on this host, as the user that runs the gateway"
    if not kept.refresh:
        raise NoConsent(f"nobody has given consent for this mailbox yet; {mend}.")
    try:
        return refresh_tokens(oauth, kept.refresh)
    except NoConsent as gone:
        raise NoConsent(f"the consent has ended ({gone.sentence.rstrip('.')}); {mend}.") from None


def _oauth(account: ImapAccount) -> OAuth:
    if account.oauth is None:
        raise Refused(
            f"the IMAP account {account.name} has auth = oauth2 but no [imap.oauth]; docs/operator/mail.md has one."
        )
    return account.oauth


def _path(account: ImapAccount, oauth: OAuth) -> Path:
    """Return the file, one for each login, application and provider, so that tokens never go to another server."""
    parts = (account.username, oauth.provider, oauth.tenant, oauth.token_url, oauth.client_id)
    mark = hashlib.sha256("\0".join((*parts, oauth.flow)).encode()).hexdigest()[:8]
    return Path(folder("state")) / "oauth" / f"{account.name}-{mark}.json"


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Lock the file for this process; the system releases it if the process dies."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as trouble:
        raise Refused(f"tokens cannot be stored in {path.parent}: {trouble.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _read(path: Path) -> StoredTokens:
    """Return the stored tokens; none if the file is missing or invalid, so that consent is asked again."""
    if not path.exists():
        return StoredTokens("", "", 0.0)
    try:
        return convert(json.loads(secrets.private_file(path, "token file")), StoredTokens)
    except (ValueError, ValidationError):
        return StoredTokens("", "", 0.0)


def _write(path: Path, tokens: Tokens, refresh: str) -> None:
    """Write the file atomically (B10), synced to disk, readable by its owner only."""
    kept = StoredTokens(refresh, tokens.access, clock.now().timestamp() + tokens.seconds)
    new = path.with_suffix(".new")
    try:
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(json.dumps(to_builtins(kept)).encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as trouble:
        raise Refused(f"the token file {path} cannot be written: {trouble.strerror}.") from None
