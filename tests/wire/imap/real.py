"""Real IMAP servers on loopback: pymap, and Dovecot where it is installed."""

import contextlib
import imaplib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.support.ports import free_port
from tests.wire.imap.server import PASSWORD, USER


@contextlib.contextmanager
def pymap() -> Iterator[int]:
    """A pymap on loopback; its port."""
    port = free_port()
    program = Path(sys.executable).with_name("pymap")
    if not program.exists():
        pytest.skip("pymap is not installed")
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    options += ["--no-service", "managesieve", "--no-service", "admin"]
    backend = ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    with _running([str(program), *options, *backend], port):
        yield port


@contextlib.contextmanager
def dovecot() -> Iterator[int]:
    """A Dovecot on loopback; its port. Skips where none is installed."""
    program = shutil.which(
        "dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    )
    if program is None:
        pytest.skip("Dovecot is not installed")
    port = free_port()
    # Not among pytest's folders: Dovecot's processes run as other users, who may not go there.
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "mail").mkdir()
        if os.getuid() == 0:
            shutil.chown(folder / "mail", "mail", "mail")
        config = folder / "dovecot.conf"
        config.write_text(_dovecot_conf(folder, port))
        with _running([program, "-F", "-c", str(config)], port):
            yield port


def _dovecot_conf(folder: Path, port: int) -> str:
    owner = pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    rights = ""
    if os.getuid() != 0:
        rights = f"default_internal_user = {owner.pw_name}\ndefault_login_user = {owner.pw_name}\n"
    return f"""
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail
{rights}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}/home
}}
"""


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _await(process, port)
            yield
        finally:
            process.terminate()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
            return
        except (OSError, imaplib.IMAP4.error):
            assert process.poll() is None, "the IMAP server ended"
            assert time.monotonic() < end, "the IMAP server does not start"
            time.sleep(0.05)


@contextlib.contextmanager
def client(port: int) -> Iterator[IMAPClient]:
    """Another mail client at the same account."""
    with IMAPClient("127.0.0.1", port, ssl=False, timeout=20) as one:
        one.login(USER, PASSWORD)
        yield one
