"""Where tokens are kept between runs: one file an account in the state folder, for its owner alone.

Every process of this host that logs in uses the same file, one at a time: a server may take back the old refresh
token when it gives a new one, so two must never renew it at once.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, ValidationError, convert, to_builtins

from gateway.oauth.token_server import NoConsent, Tokens, client_credentials, refreshed
from ticketctl import clock
from ticketctl.errors import Refused
from ticketctl.settings import secrets
from ticketctl.settings.table import ImapAccount, OAuth

_EARLY = 120.0  # seconds before its end an access token is renewed: clocks differ, and a login takes time


class Kept(Struct, frozen=True):
    """What the file has: tokens ("" is none) and when the access token ends, in seconds since 1970."""

    refresh: str
    access: str
    ends: float


def access_token(account: ImapAccount, *, not_this: str = "") -> str:
    """An access token that is good for a while, and is not the one just refused.

    NoConsent where a human must agree first, MailServerTrouble where the token server is in trouble, Refused for a
    file that others can read.
    """
    oauth = _oauth(account)
    path = _path(account, oauth)
    with _locked(path):
        kept = _read(path)
        if kept.access and kept.access != not_this and clock.now().timestamp() < kept.ends - _EARLY:
            return kept.access
        tokens = _renewed(account, oauth, kept)
        _write(path, tokens, tokens.refresh or kept.refresh)
    return tokens.access


def keep(account: ImapAccount, tokens: Tokens) -> None:
    """Keep what a consent gave. NoConsent without a refresh token: it would be over within the hour."""
    if not tokens.refresh:
        raise NoConsent(
            "the server gave no refresh token; add offline access to `scope` (Microsoft: offline_access)."
        )
    path = _path(account, _oauth(account))
    with _locked(path):
        _write(path, tokens, tokens.refresh)


def _renewed(account: ImapAccount, oauth: OAuth, kept: Kept) -> Tokens:
    if oauth.flow == "client-credentials":
        return client_credentials(oauth)
    mend = f"run `ticketctl mailbox login {account.name}` on this host, as the user that runs the gateway"
    if not kept.refresh:
        raise NoConsent(f"nobody has agreed yet that we use this mailbox; {mend}.")
    try:
        return refreshed(oauth, kept.refresh)
    except NoConsent as gone:
        raise NoConsent(f"the consent is gone ({gone.sentence.rstrip('.')}); {mend}.") from None


def _oauth(account: ImapAccount) -> OAuth:
    if account.oauth is None:
        raise Refused(
            f"the IMAP account {account.name} has auth = oauth2 but no [imap.oauth]; docs/operator/mail.md has one."
        )
    return account.oauth


def _path(account: ImapAccount, oauth: OAuth) -> Path:
    """Another login, application or provider is another file: tokens are never shown to a server they are not of."""
    from platformdirs import user_state_path

    parts = (account.username, oauth.provider, oauth.tenant, oauth.token_url, oauth.client_id)
    mark = hashlib.sha256("\0".join((*parts, oauth.flow)).encode()).hexdigest()[:8]
    return user_state_path("ticketctl") / "oauth" / f"{account.name}-{mark}.json"


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; the system lets go when a holder dies."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as trouble:
        raise Refused(f"tokens cannot be kept in {path.parent}: {trouble.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _read(path: Path) -> Kept:
    """What is kept; nothing where there is no file, or none that can be understood: then consent is asked again."""
    if not path.exists():
        return Kept("", "", 0.0)
    try:
        return convert(json.loads(secrets.private_file(path, "token file")), Kept)
    except (ValueError, ValidationError):
        return Kept("", "", 0.0)


def _write(path: Path, tokens: Tokens, refresh: str) -> None:
    """The whole file or the old one (B10), never readable by others, on the disk before it counts."""
    kept = Kept(refresh, tokens.access, clock.now().timestamp() + tokens.seconds)
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
