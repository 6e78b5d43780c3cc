"""Passwords: from the environment, a command or a file that only its owner can read. Never kept, never shown."""

import os
import re
import shlex
import stat
from pathlib import Path

from ticketctl.errors import MailServerTrouble, Refused
from ticketctl.settings import ImapAccount, Outgoing, Shop

COMMAND_SECONDS = 30


def password(account: Outgoing | ImapAccount) -> str:
    """The account's password, "" where it has none. Refused for an unsafe or missing file, MailServerTrouble
    for a command that fails: it may succeed later."""
    given = os.environ.get(variable(account))
    if given is not None:
        return given
    return secret(account.password_command, account.password_file)


def variable(account: Outgoing | ImapAccount) -> str:
    """The environment variable that may hold it: TICKETCTL_OUTGOING_PASSWORD, TICKETCTL_IMAP_<NAME>_PASSWORD."""
    if isinstance(account, Outgoing):
        return "TICKETCTL_OUTGOING_PASSWORD"
    return f"TICKETCTL_IMAP_{_upper(account.name)}_PASSWORD"


def token(shop: Shop) -> str:
    """The shop's access token, "" where it has none: TICKETCTL_SHOP_<NAME>_TOKEN, else as a password."""
    given = os.environ.get(f"TICKETCTL_SHOP_{_upper(shop.name)}_TOKEN")
    return secret(shop.token_command, shop.token_file) if given is None else given


def _upper(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def secret(command: str, file: str) -> str:
    """What a command prints, or what stands in a file: its first line."""
    if command:
        return _from_command(command)
    return _first_line(private_file(Path(file), "password file")) if file else ""


def _from_command(command: str) -> str:
    """The words are run as they are, without a shell; only the first is ever shown."""
    import subprocess

    try:
        words = shlex.split(command)
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=COMMAND_SECONDS,
            check=True,
        )
        return _first_line(done.stdout)
    except ValueError:
        raise Refused("a password_command cannot be read: look at its quotes.") from None
    except OSError as trouble:
        raise MailServerTrouble(
            f"the password command {words[0]} cannot be run: {trouble.strerror}."
        ) from None
    except subprocess.CalledProcessError as trouble:
        raise MailServerTrouble(
            f"the password command {words[0]} ended with {trouble.returncode}."
        ) from None
    except subprocess.TimeoutExpired:
        raise MailServerTrouble(
            f"the password command {words[0]} gave nothing in {COMMAND_SECONDS} s."
        ) from None


def private_file(path: Path, what: str) -> bytes:
    """The content of a file that its owner alone may open; Refused for another, or where it cannot be read."""
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


def _first_line(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape").partition("\n")[0].removesuffix("\r")
