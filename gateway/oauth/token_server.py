"""A client for OAuth token servers (RFC 6749), with consent given on another device (RFC 8628).

It needs only three forms of request, so it uses the standard library. msal supports only Microsoft, takes 86 ms to
import, and cannot be tested against a local server.
"""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from gateway.shared.log import log_value
from ticketctl.errors import MailServerTrouble, Refused
from ticketctl.safe import veiled_url
from ticketctl.settings import secrets
from ticketctl.settings.table import OAuth

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SECRET = ("client_secret", "refresh_token", "device_code")
_SECONDS = 30.0  # for each step of a request
_MAX_BYTES = 2**20  # bytes of a response
_INTERVAL, _SLOWER = 5.0, 5.0  # seconds; RFC 8628 sections 3.2 and 3.5
_SLOWEST = 60.0
_LIFE = 3600.0  # seconds, if the server does not say (RFC 6749 section 5.1)

_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
_GOOGLE = "https://oauth2.googleapis.com"  # its device grant does not allow the scope for mail


class NoConsent(MailServerTrouble):
    """The server gives no token until a person has consented (again); trying again soon does not help."""


class Endpoints(NamedTuple):
    """A provider's addresses for tokens and for consent, and the scope to ask for."""

    token_url: str
    device_url: str
    scope: str


class Tokens(NamedTuple):
    """An access token, its lifetime in seconds, and a refresh token or ""."""

    access: str
    seconds: float
    refresh: str


class Code(NamedTuple):
    """The code to type, and the address to type it at; `complete` is the address with the code in it, or ""."""

    device: str
    user: str
    address: str
    complete: str
    seconds: float
    interval: float


def endpoints(oauth: OAuth) -> Endpoints:
    """Return the provider's addresses; those of config.toml come first. Refused if there are none."""
    known = Endpoints("", "", "")
    if oauth.provider == "microsoft":
        root = _MICROSOFT.format(tenant=oauth.tenant)
        outlook = "https://outlook.office365.com/"
        scope = ".default" if oauth.flow == "client-credentials" else "IMAP.AccessAsUser.All"
        offline = "" if oauth.flow == "client-credentials" else " offline_access"
        known = Endpoints(f"{root}/token", f"{root}/devicecode", f"{outlook}{scope}{offline}")
    elif oauth.provider == "google":
        known = Endpoints(f"{_GOOGLE}/token", "", "https://mail.google.com/")
    own = Endpoints(oauth.token_url, oauth.device_url, oauth.scope)
    chosen = Endpoints(*(mine or theirs for mine, theirs in zip(own, known, strict=True)))
    if not chosen.token_url:
        raise Refused("[imap.oauth] has neither token_url nor provider; give one of them.")
    return chosen


def client_credentials(oauth: OAuth) -> Tokens:
    """Get a token as an application, without a person (RFC 6749 section 4.4). NoConsent, MailServerTrouble."""
    return _tokens(oauth, grant_type="client_credentials", scope=endpoints(oauth).scope)


def refresh_tokens(oauth: OAuth, refresh: str) -> Tokens:
    """Get a new access token for a refresh token (RFC 6749 section 6). NoConsent if it is revoked or too old."""
    return _tokens(oauth, grant_type="refresh_token", refresh_token=refresh)


def ask_consent(oauth: OAuth) -> Code:
    """Begin to ask for consent. Refused if there is no device_url; NoConsent, MailServerTrouble."""
    where = endpoints(oauth)
    if not where.device_url:
        raise Refused(
            "this token server does not support consent on another device ([imap.oauth] has no device_url): get a "
            "refresh token with the provider's own tool, and pass it with --token-file."
        )
    reply = _post_or_raise(where.device_url, {"client_id": oauth.client_id, "scope": where.scope})
    return Code(
        device=_text(reply, "device_code", where.device_url),
        user=_text(reply, "user_code", where.device_url),
        address=_text(reply, "verification_uri", where.device_url),
        complete=str(reply.get("verification_uri_complete") or ""),
        seconds=_number(reply.get("expires_in"), 900.0),
        interval=min(_number(reply.get("interval"), _INTERVAL), _SLOWEST),
    )


def await_consent(oauth: OAuth, code: Code, sleep: Callable[[float], None] = time.sleep) -> Tokens:
    """Poll at the server's pace until the person has consented; NoConsent if they refuse or the code expires."""
    where, interval, waited = endpoints(oauth).token_url, code.interval, 0.0
    form = {"grant_type": DEVICE_GRANT, "device_code": code.device, **_client_form(oauth)}
    while waited < code.seconds:
        sleep(interval)
        waited += interval
        status, reply = _post_while_unavailable(where, form)
        problem = reply.get("error")
        if status == 200:
            return _read(reply, where)
        if problem == "slow_down" or status >= 500:
            interval += _SLOWER
        elif problem == "access_denied":
            raise NoConsent("the consent was refused in the browser.")
        elif problem == "expired_token":
            break
        elif problem != "authorization_pending":
            raise _refusal(where, status, reply)
    raise NoConsent("nobody gave consent in time, and the code has expired; start again.")


def _post_while_unavailable(url: str, form: Mapping[str, str]) -> tuple[int, dict[str, object]]:
    """As `_post`, but treat a server that does not answer as temporarily unavailable (RFC 8628 section 3.5)."""
    try:
        return _post(url, form)
    except MailServerTrouble:
        return 503, {}


def _tokens(oauth: OAuth, **form: str) -> Tokens:
    where = endpoints(oauth).token_url
    return _read(_post_or_raise(where, {**form, **_client_form(oauth)}), where)


def _client_form(oauth: OAuth) -> dict[str, str]:
    """Return the fields that identify the application; the secret only if it has one (RFC 6749 section 2.3.1)."""
    secret = secrets.secret(oauth.client_secret_command, oauth.client_secret_file)
    return {"client_id": oauth.client_id} | ({"client_secret": secret} if secret else {})


def _read(reply: Mapping[str, object], url: str) -> Tokens:
    refresh = reply.get("refresh_token")
    return Tokens(
        _text(reply, "access_token", url),
        _number(reply.get("expires_in"), _LIFE),
        refresh if isinstance(refresh, str) else "",
    )


def _post_or_raise(url: str, form: Mapping[str, str]) -> dict[str, object]:
    status, reply = _post(url, form)
    if status != 200:
        raise _refusal(url, status, reply)
    return reply


def _refusal(url: str, status: int, reply: Mapping[str, object]) -> MailServerTrouble:
    """Turn an error response (RFC 6749 section 5.2) into an exception; 5xx and 429 are temporary."""
    words = str(reply.get("error_description") or reply.get("error") or "no reason given")
    sentence = f"{veiled_url(url)} gives no token: {status} {log_value(words.splitlines()[0])[:300].rstrip('.')}."
    gone = status in (400, 401, 403) and reply.get("error") != "temporarily_unavailable"
    return NoConsent(sentence) if gone else MailServerTrouble(sentence)


def _post(url: str, form: Mapping[str, str]) -> tuple[int, dict[str, object]]:
    """Post a form; return status and JSON of the response. MailServerTrouble if there is none."""
    request = Request(url, urlencode(form).encode(), {"Accept": "application/json"})
    try:
        with _open(request) as answer:
            status, body = answer.status, answer.read(_MAX_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        why = getattr(trouble, "reason", None) or trouble
        raise MailServerTrouble(
            f"{veiled_url(url)} does not answer: {log_value(str(why))}."
        ) from None
    if status != 200:
        for name in _SECRET:  # some servers repeat the request
            body = body.replace(form.get(name, "").encode() or b"\0", b"...")
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        reply = None
    return status, reply if isinstance(reply, dict) else {}


def _open(request: Request) -> Any:
    """Return the open response, whatever its status."""
    try:
        return build_opener(_NoRedirects).open(request, timeout=_SECONDS)
    except HTTPError as refusal:
        return refusal


class _NoRedirects(HTTPRedirectHandler):
    """Follows no redirects, which would send secrets to another server."""

    def redirect_request(self, *args: object, **more: object) -> None:
        """Return the response itself."""


def _text(reply: Mapping[str, object], name: str, url: str) -> str:
    value = reply.get(name)
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
        raise MailServerTrouble(f"{veiled_url(url)} answers without a usable {name}.")
    return value


def _number(value: object, otherwise: float) -> float:
    """Parse seconds, which some servers send as text."""
    try:
        seconds = float(value) if isinstance(value, int | float | str) else otherwise
    except ValueError:
        return otherwise
    return seconds if 0 < seconds < 10**9 else otherwise
