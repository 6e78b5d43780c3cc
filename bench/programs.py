"""The program as pip installs it: compiled, and without the finder of an editable install, which takes 20 ms."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import ground

PACKED = (
    "ticketctl",
    "gateway",
    "templates",
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)


def installed(folder: Path) -> Path:
    """The folder of the programs of a virtual environment in which this checkout is installed."""
    source, wheels, made = folder / "source", folder / "wheels", folder / "venv"
    source.mkdir()
    for name in PACKED:
        copy = shutil.copytree if (ground.ROOT / name).is_dir() else shutil.copyfile
        copy(ground.ROOT / name, source / name)
    venv.create(made)
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", wheels, source], check=True
    )
    into = [*pip, "--python", made / "bin" / "python", "install", "--no-deps", "--no-index"]
    subprocess.run([*into, *wheels.iterdir()], check=True)
    packages = next(made.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return made / "bin"
