"""Reads passwords from the environment, a command, or a file that only its owner can read. Never shows them."""

import os
import re
import shlex
import stat
from pathlib import Path

from ticketctl.errors import Refused
from ticketctl.settings import password_command
from ticketctl.settings.password_command import first_line
from ticketctl.settings.table import ChannelSecret, ImapAccount, Outgoing, Shop


def password(account: Outgoing | ImapAccount) -> str:
    """The account's password, "" if it has none. Refused for an unsafe or missing file, MailServerTrouble
    for a command that fails: it may succeed later.
    """
    given = os.environ.get(variable(account))
    if given is not None:
        return given
    return secret(account.password_command, account.password_file)


def variable(account: Outgoing | ImapAccount) -> str:
    """The environment variable of a password: TICKETCTL_OUTGOING_PASSWORD, TICKETCTL_IMAP_<NAME>_PASSWORD."""
    if isinstance(account, Outgoing):
        return "TICKETCTL_OUTGOING_PASSWORD"
    return f"TICKETCTL_IMAP_{_upper(account.name)}_PASSWORD"


def token(shop: Shop) -> str:
    """The shop's access token, "" if it has none: TICKETCTL_SHOP_<NAME>_TOKEN, else as a password."""
    given = os.environ.get(f"TICKETCTL_SHOP_{_upper(shop.name)}_TOKEN")
    return secret(shop.token_command, shop.token_file) if given is None else given


def bridge_secret(channel: ChannelSecret) -> str:
    """The secret of a channel's bridge, "" if it has none: TICKETCTL_CHANNEL_<NAME>_SECRET, else as a password."""
    given = os.environ.get(f"TICKETCTL_CHANNEL_{_upper(channel.name)}_SECRET")
    return secret(channel.secret_command, channel.secret_file) if given is None else given


def _upper(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def secret(command: str, file: str) -> str:
    """The first line of what a command prints, or of a file."""
    if command:
        return password_command.run(command)
    if not file:
        return ""
    found = first_line(private_file(Path(file), "password file"))
    if not found:
        raise Refused(
            f"the password file {file} begins with an empty line: put the password there."
        )
    return found


def private_file(path: Path, what: str) -> bytes:
    """The content of a file that only its owner may open; Refused for others, and if it cannot be read."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise Refused(
                    f"the {what} {path} is open to others; run `chmod 600 {shlex.quote(str(path))}`."
                )
            return file.read()
    except OSError as trouble:
        raise Refused(f"the {what} {path} cannot be read: {trouble.strerror}.") from None
