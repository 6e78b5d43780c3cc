"""The systemd units: complete, hardened, and the gateway runs within what they allow."""

import json
import re
import sys
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

import pytest

from tests.support.running_gateway import RunningGateway, check_filed_once
from tests.support.senders import deliver, mail

from .units import EXAMPLES, SERVICES, allowed_calls, analyze, has_systemd, settings

GATEWAY = EXAMPLES / "ticketctl.service"
needs_systemd = pytest.mark.skipif(not has_systemd(), reason="systemd-analyze is not installed")


@needs_systemd
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    for unit in EXAMPLES.glob("ticketctl*.[st]*"):
        text = unit.read_text().replace("ExecStart=ticketctl", f"ExecStart={sys.executable}")
        (tmp_path / unit.name).write_text(re.sub("(?m)^Documentation=.*\n", "", text))
    said = analyze("verify", *map(str, sorted(tmp_path.iterdir())))
    assert not [line for line in said.splitlines() if str(tmp_path) in line or "ticketctl" in line]


@needs_systemd
@pytest.mark.parametrize("service", SERVICES, ids=lambda unit: unit.name)
def test_the_exposure_of_a_service_is_below_two(service: Path) -> None:
    found = re.search(
        r"exposure level .*: ([0-9.]+)", analyze("security", "--offline=true", str(service))
    )
    assert found and float(found[1]) < 2.0


def test_the_gateway_comes_back_whatever_happens() -> None:
    service = settings(GATEWAY)
    assert (service["Restart"], settings(GATEWAY, "Unit")["StartLimitIntervalSec"]) == (
        "always",
        "0",
    )
    assert service["TimeoutStartSec"] == "infinity", "the database may be away for long"
    assert service["ExecReload"] == "kill -HUP $MAINPID"


@pytest.mark.parametrize("service", SERVICES, ids=lambda unit: unit.name)
def test_a_service_writes_to_its_own_folder_and_others_read_nothing(service: Path) -> None:
    found = settings(service)
    assert (found["User"], found["StateDirectory"], found["UMask"]) == (
        "ticketctl",
        "ticketctl",
        "0027",
    )
    assert "ReadWritePaths" not in found


CONFINED = """
import ctypes, errno, json, os, sys
libc, seccomp = ctypes.CDLL(None), ctypes.CDLL(sys.argv[1])
seccomp.seccomp_init.restype = ctypes.c_void_p
filter = ctypes.c_void_p(seccomp.seccomp_init(0x00050000 | errno.EPERM))
for name in json.loads(sys.argv[2]):
    number = seccomp.seccomp_syscall_resolve_name(name.encode())
    seccomp.seccomp_rule_add(filter, 0x7FFF0000, number, 0)
libc.prctl(38, 1, 0, 0, 0)  # NoNewPrivileges
libc.prctl(65, 1, 0, 0, 0)  # MemoryDenyWriteExecute
os.umask(0o027)
assert seccomp.seccomp_load(filter) == 0
try:
    os.nice(1)  # only to see that the filter works
except PermissionError:
    print("confined", file=sys.stderr, flush=True)
os.execv(sys.executable, [sys.executable, "-m", "ticketctl", "gateway", "serve"])
"""


@needs_systemd
@pytest.mark.skipif(not find_library("seccomp"), reason="libseccomp is not installed")
def test_the_gateway_needs_no_system_call_that_its_unit_forbids(
    db_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(db_url)
    calls = json.dumps(allowed_calls(GATEWAY))
    running.command = [sys.executable, "-c", CONFINED, find_library("seccomp") or "", calls]
    running.catch()
    running.start()
    assert running.said("confined") == 1
    one = mail(1)
    deliver(running.port, one)
    running.until(running.idle, "the mail is filed and its acknowledgement sent")
    check_filed_once(running, [one])
    assert running.stop() == 0
    assert not running.said("Traceback") and not running.said("not permitted")
