"""What the wheel holds, and that the Debian package names files, commands and steps that exist."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEBIAN = ROOT / "packaging" / "debian"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from a copy of the source."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in re.findall(r"(?m)^SHIPPED := (.*)", (ROOT / "Makefile").read_text())[0].split():
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (path,) = (folder / "dist").glob("*.whl")
    return set(zipfile.ZipFile(path).namelist())


def test_the_wheel_holds_every_file_of_the_program(wheel: set[str]) -> None:
    wanted = {
        str(path.relative_to(ROOT))
        for package in ("ticketctl", "gateway")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    templates = {
        f"ticketctl/{path.relative_to(ROOT)}" for path in (ROOT / "templates").rglob("*.j2")
    }
    assert wanted | templates <= wheel
    assert not [name for name in wheel if name.startswith(("tests/", "bench/"))]


def test_the_wheel_brings_the_command_and_its_manual_pages(wheel: set[str]) -> None:
    pages = {name.rpartition("/")[2] for name in wheel if "/data/share/man/man1/" in name}
    assert pages == {path.name for path in (ROOT / "docs" / "man").iterdir()}
    assert [name for name in wheel if name.endswith("/entry_points.txt")]


def test_the_files_that_the_debian_package_names_exist() -> None:
    for name in ("install", "manpages", "docs", "examples"):
        for line in (DEBIAN / f"ticketctl.{name}").read_text().splitlines():
            pattern = line.split()[0]
            assert list(ROOT.glob(pattern)), pattern


def test_the_debian_package_ships_the_units_of_the_examples() -> None:
    lines = (DEBIAN / "ticketctl.install").read_text().splitlines()
    assert {line.split()[1] for line in lines} == {"lib/systemd/system"}
    units = {path for line in lines for path in ROOT.glob(line.split()[0])}
    assert units == set((ROOT / "docs" / "examples").glob("ticketctl*.[st]*"))


@pytest.mark.parametrize("script", ["ticketctl.postinst", "ticketctl.postrm"])
def test_a_maintainer_script_is_shell_and_stops_at_the_first_error(script: str) -> None:
    text = (DEBIAN / script).read_text()
    subprocess.run(["sh", "-n", str(DEBIAN / script)], check=True)
    assert text.startswith("#!/bin/sh\n") and "\nset -e\n" in text and "#DEBHELPER#" in text


def test_the_license_is_the_same_and_the_build_names_no_host() -> None:
    license = (ROOT / "LICENSE").read_text()
    copyright = re.sub(r"(?m)^ \.?", "", (DEBIAN / "copyright").read_text())
    assert license.partition("\n\n")[2].partition("\n\n")[2].strip() in copyright
    for path in DEBIAN.rglob("*"):
        assert path.is_dir() or not re.search(r"index-url|find-links|pypi", path.read_text())
