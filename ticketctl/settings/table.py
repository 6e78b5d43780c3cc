"""The table of settings: name, type, default and meaning. The names are those of config.toml.

The annotation of a field says how its text is read, and documents it. Times are seconds, sizes bytes. load.py fills
these structs from the files, the environment and the options.
"""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ticketctl.domain.base import document, duration, values
from ticketctl.errors import BadInput
from ticketctl.safe import veiled_url

SECRET = "secret"
"""Marks a setting that `config list` shows only in part."""


def _listen(written: str) -> str:
    host, colon, port = written.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65_536):
        raise BadInput(f'"{written}" is not a listen address; write it like "127.0.0.1:2525".')
    return written


def _lmtp_listen(written: str) -> str:
    return written if re.fullmatch(r"unix:/.+", written) else _listen(written)


def _metrics_listen(written: str) -> str:
    return _listen(written) if written else written


def _path(written: str) -> str:
    from pathlib import Path

    if written and not Path(written).expanduser().is_absolute():
        raise BadInput(f'"{written}" must be a whole path, from / or ~.')
    return str(Path(written).expanduser()) if written else ""


def _network(written: str) -> str:
    from ipaddress import ip_network

    try:
        ip_network(written, strict=False)
    except ValueError:
        raise BadInput(
            f'"{written}" is not an IP address or network; write it like "10.0.0.0/8".'
        ) from None
    return written


def _envelope(written: str) -> str:
    return values.own_address(written) if written else written


def _domain(written: str) -> str:
    return values.domain(written) if written else written


def _selector(written: str) -> str:
    if written and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", written):
        raise BadInput(f'"{written}" is not a selector; write it like "desk2026".')
    return written


def _done(written: str) -> str:
    if written not in ("delete", "keep") and not re.fullmatch(r"move:[^\s].*", written):
        raise BadInput(f'"{written}" is not one of "move:FOLDER", "delete", "keep".')
    return written


def _shop_url(written: str) -> str:
    """A URL that nobody can listen to: TLS, or this machine."""
    if re.fullmatch(
        r"https://[\w.-]+(:[0-9]+)?/?|http://(127\.0\.0\.1|localhost)(:[0-9]+)?/?", written
    ):
        return written.rstrip("/")
    raise BadInput(
        f'"{veiled_url(written)}" is not a shop; write it like "https://name.myshopify.com".'
    )


def _token_url(written: str) -> str:
    """A URL that nobody can listen to: TLS, or this machine."""
    if re.fullmatch(
        r"https://[\w.-]+(:[0-9]+)?/[!-~]*|http://(127\.0\.0\.1|localhost)(:[0-9]+)?/[!-~]*",
        written,
    ):
        return written
    raise BadInput(
        f'"{veiled_url(written)}" is no address of a token server; write it like "https://…/token".'
    )


def _tenant(written: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+", written):
        raise BadInput(f'"{written}" is not a tenant: its id, its domain, or organizations.')
    return written


def _api_version(written: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", written):
        raise BadInput(f'"{written}" is not a version; write it like "2026-01".')
    return written


def _secret(meaning: str) -> Meta:
    return Meta(description=meaning, extra={"read": values.text, SECRET: True})


def _text(meaning: str, read: object = values.text) -> Meta:
    return Meta(description=meaning, extra={"read": read})


Seconds = Annotated[int, document.reader(duration.parse)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Count = Annotated[int, Meta(ge=1)]
Security = Literal["none", "starttls", "tls"]


class Db(Struct, frozen=True, kw_only=True):
    """[db]: where the data is stored."""

    url: Annotated[
        str,
        _secret(
            "URL of the database: sqlite:////path/to/desk.db or postgresql+psycopg://user@host/name, "
            "with several hosts as host1:5432,host2:5432; "
            "empty: a file in the user's data folder."
        ),
    ] = ""
    backup_age: Annotated[
        Seconds,
        Meta(
            description="How old the last `db backup` may be before `doctor` fails, such as 2d; 0: it does not matter."
        ),
    ] = 0


class Gateway(Struct, frozen=True, kw_only=True):
    """[gateway]: how mail comes in."""

    smtp: Annotated[
        tuple[Annotated[str, document.reader(_listen)], ...],
        Meta(description="Addresses on which SMTP listens; an empty list turns SMTP off."),
    ] = ("127.0.0.1:2525",)
    lmtp: Annotated[
        tuple[Annotated[str, document.reader(_lmtp_listen)], ...],
        Meta(
            description="Addresses or unix:/path on which LMTP listens; an empty list turns LMTP off."
        ),
    ] = ("127.0.0.1:2424",)
    intake_workers: Annotated[Count, Meta(description="Number of processes that file mail.")] = 2
    max_message_size: Annotated[
        int, _text("The largest mail accepted, such as 50MiB.", duration.parse_size)
    ] = 50 * 2**20
    max_attachment_size: Annotated[
        int,
        _text("The largest attachment listed; the text names larger ones.", duration.parse_size),
    ] = 50 * 2**20
    blocked_attachments: Annotated[
        tuple[str, ...],
        Meta(description='Name patterns such as "*.exe"; matching attachments are not listed.'),
    ] = ()
    max_connections: Annotated[Count, Meta(description="Maximum number of connections.")] = 500
    max_connections_per_address: Annotated[
        Count, Meta(description="Maximum number of connections from one client address.")
    ] = 50
    tls_cert: Annotated[
        str, _text("The certificate chain (PEM); required for STARTTLS.", _path)
    ] = ""
    tls_key: Annotated[str, _text("The certificate's private key (PEM).", _path)] = ""
    trusted_relays: Annotated[
        tuple[Annotated[str, document.reader(_network)], ...],
        Meta(
            description="Our own mail servers. Only their Authentication-Results and spam headers are trusted, "
            "and mail from banned senders is filed as spam, not refused, if they deliver it."
        ),
    ] = ("127.0.0.1",)
    authserv_id: Annotated[
        str,
        _text(
            "For SMTP and LMTP from trusted_relays: trust only Authentication-Results with this id."
        ),
    ] = ""
    verify_dkim: Annotated[
        bool,
        Meta(
            description="Check DKIM signatures of agents' mail, and of mail to a ticket that nothing else proves."
        ),
    ] = True
    attempts: Annotated[Count, Meta(description="Attempts to file a mail before it is held.")] = 3
    intake_seconds: Annotated[
        Count, Meta(description="Seconds one mail may take before its worker is replaced.")
    ] = 60
    intake_cpu_seconds: Annotated[
        Count,
        Meta(
            description="Seconds of processor time that reading one mail may take; a mail that takes more is filed "
            "unread, with its source attached."
        ),
    ] = 5
    bridges: Annotated[
        str,
        _text("The folder of the programs that [[channel]] of desk.toml may name.", _path),
    ] = "/etc/ticketctl/bridges"
    metrics: Annotated[
        str,
        _text(
            "Address that serves metrics (needs the extra `metrics`); empty: none.", _metrics_listen
        ),
    ] = ""


class Outgoing(Struct, frozen=True, kw_only=True):
    """[outgoing]: how mail goes out."""

    host: Annotated[str, _text("The mail server that sends our mail.", values.title)] = "127.0.0.1"
    port: Annotated[Port, Meta(description="The server's port.")] = 25
    security: Annotated[
        Security,
        Meta(
            description="none, starttls or tls; with a username, starttls unless host is this machine."
        ),
    ] = "none"
    username: Annotated[str, _text("The login name; empty: no login.")] = ""
    password_command: Annotated[str, _secret("A command that prints the password.")] = ""
    password_file: Annotated[
        str, _text("A file with the password, readable only by its owner.", _path)
    ] = ""
    oauth: Annotated[
        str, _text("The [[imap]] account whose user name and OAuth consent are used to log in.")
    ] = ""
    envelope: Annotated[
        str, _text("Address for bounces; empty: bounces@ and the desk's domain.", _envelope)
    ] = ""
    retry: Annotated[
        tuple[Seconds, ...],
        Meta(
            description="Pauses between attempts to send a mail; the last one repeats until give_up."
        ),
    ] = (60, 300, 900, 3_600, 14_400)
    give_up: Annotated[Seconds, Meta(description="How long to try to send a mail.")] = 5 * 86_400
    dkim_domain: Annotated[
        str,
        _text(
            "The domain that signs our mail (DKIM); empty: leave signing to the mail server.",
            _domain,
        ),
    ] = ""
    dkim_selector: Annotated[
        str, _text("The selector under which the domain publishes the public key.", _selector)
    ] = ""
    dkim_key_file: Annotated[
        str, _text("The RSA private key (PEM), readable only by its owner.", _path)
    ] = ""


class OAuth(Struct, frozen=True, kw_only=True):
    """[imap.oauth]: login for an account without a password."""

    flow: Annotated[
        Literal["client-credentials", "consent"],
        Meta(
            description="client-credentials, or consent, which somebody gives with `mailbox login`."
        ),
    ] = "client-credentials"
    provider: Annotated[
        Literal["", "microsoft", "google"],
        Meta(description="microsoft or google; sets token_url, device_url and scope."),
    ] = ""
    tenant: Annotated[str, _text("The Microsoft tenant.", _tenant)] = "organizations"
    client_id: Annotated[str, _text("The application's id.", values.title)]
    token_url: Annotated[str, _text("URL of the token server.", _token_url)] = ""
    device_url: Annotated[str, _text("URL where `mailbox login` begins.", _token_url)] = ""
    scope: Annotated[str, _text("The scope to ask for.")] = ""
    client_secret_command: Annotated[
        str, _secret("A command that prints the application's secret.")
    ] = ""
    client_secret_file: Annotated[
        str, _text("A file with the application's secret, readable only by its owner.", _path)
    ] = ""


class ImapAccount(Struct, frozen=True, kw_only=True):
    """[[imap]]: an account to fetch mail from."""

    name: Annotated[str, _text("The account's name in commands.", values.name)]
    host: Annotated[str, _text("The IMAP server.", values.title)]
    port: Annotated[Port, Meta(description="The server's port.")] = 993
    security: Annotated[Security, Meta(description="none, starttls or tls.")] = "tls"
    username: Annotated[str, _text("The login name.", values.title)]
    password_command: Annotated[str, _secret("A command that prints the password.")] = ""
    password_file: Annotated[
        str, _text("A file with the password, readable only by its owner.", _path)
    ] = ""
    auth: Annotated[
        Literal["password", "oauth2"], Meta(description="password, or oauth2 with [imap.oauth].")
    ] = "password"
    oauth: OAuth | None = None
    mailbox: Annotated[
        str, _text("The mailbox in desk.toml that the mail is for.", values.own_address)
    ]
    authserv_id: Annotated[
        str,
        _text("The id of its server: trust only Authentication-Results with this id."),
    ] = ""
    folder: Annotated[str, _text("The folder to fetch from.", values.title)] = "INBOX"
    done: Annotated[
        str, _text("What to do with fetched mail: move:FOLDER, delete or keep.", _done)
    ] = "move:Processed"
    poll: Annotated[
        Seconds, Meta(description="How often to check for mail, in addition to IDLE.")
    ] = 60


class Shop(Struct, frozen=True, kw_only=True):
    """[[shop]]: a shop to fetch orders from (`order sync`)."""

    name: Annotated[str, _text("The shop's name in commands.", values.name)]
    provider: Annotated[Literal["shopify"], Meta(description="The shop system.")] = "shopify"
    url: Annotated[str, _text("The shop's URL: https://name.myshopify.com.", _shop_url)]
    version: Annotated[str, _text("The version of the Admin API.", _api_version)] = "2026-01"
    token_command: Annotated[str, _secret("A command that prints the access token.")] = ""
    token_file: Annotated[
        str, _text("A file with the access token, readable only by its owner.", _path)
    ] = ""


class ChannelSecret(Struct, frozen=True, kw_only=True):
    """[[channel]]: a channel whose answers this host's gateway hands to the bridge that desk.toml names."""

    name: Annotated[str, _text("The channel's name, as in desk.toml.", values.name)]
    secret_command: Annotated[
        str, _secret("A command that prints the secret that signs the lines; a URL needs one.")
    ] = ""
    secret_file: Annotated[
        str, _text("A file with the secret, readable only by its owner.", _path)
    ] = ""


class Bulk(Struct, frozen=True, kw_only=True):
    """[bulk]: changes of many tickets at once."""

    confirm: Annotated[
        int, Meta(description="Ask before a query changes more tickets than this.")
    ] = 5


class Ui(Struct, frozen=True, kw_only=True):
    """[ui]: the screen of `ticketctl ui`."""

    theme: Annotated[
        Literal["dark", "light", "terminal"],
        Meta(description="Colours: dark, light, or those of the terminal."),
    ] = "dark"
    opener: Annotated[
        str,
        _text(
            "Program that opens attachments in a window of its own; empty: xdg-open, or open on macOS."
        ),
    ] = ""


class Settings(Struct, frozen=True, kw_only=True):
    """config.toml, with every key."""

    db: Db = Db()
    gateway: Gateway = Gateway()
    outgoing: Outgoing = Outgoing()
    bulk: Bulk = Bulk()
    ui: Ui = Ui()
    imap: tuple[ImapAccount, ...] = ()
    shop: tuple[Shop, ...] = ()
    channel: tuple[ChannelSecret, ...] = ()
    alias: dict[
        Annotated[str, document.reader(values.name)], Annotated[str, document.reader(values.title)]
    ] = {}  # commands of one's own, and what they stand for
    agent: Annotated[str, _text("Your name in desk.toml; empty: found by your login.")] = ""
    pager: Annotated[str | None, _text("Pager for long output; empty: none; left out: PAGER.")] = (
        None
    )
    editor: Annotated[str, _text("Editor for texts; empty: VISUAL, EDITOR or vi.")] = ""
    templates: Annotated[
        str, _text("A folder of templates that replace the built-in ones.", _path)
    ] = ""
    support: Annotated[
        str, _text("Contact for help with this desk; shown by `ticketctl help`.")
    ] = ""
    send_delay: Annotated[
        Seconds,
        Meta(
            description="How long mail from commands typed on a terminal waits, so that `undo` can stop it."
        ),
    ] = 30

    @property
    def bulk_confirm(self) -> int:
        """Changes of more tickets than this by a query need a confirmation."""
        return self.bulk.confirm
