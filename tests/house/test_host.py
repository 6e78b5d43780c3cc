"""The tests read nothing of the host: they once worked on the database that its user had configured."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.paths import TESTS

# One calls the program in a process of its own, one in this process, one the functions below it.
SOME = (
    "cli/test_run.py::test_characters_the_locale_lacks_are_spelled_out",
    "cli/test_run.py::test_ctrl_c_while_waiting_for_text_stores_nothing",
    "cli/test_desk_commands.py::test_config_list_get_and_path",
    "unit/settings/test_config.py::test_without_files_everything_has_a_default",
)


def test_settings_and_variables_of_the_user_do_not_reach_the_tests(tmp_path: Path) -> None:
    settings = tmp_path / ".config" / "ticketctl" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("this is no TOML")
    foreign = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "XDG_DATA_HOME": "/nowhere",
        "TICKETCTL_CONFIG": str(settings),
        "TICKETCTL_DB": "postgresql+psycopg://127.0.0.1:1/production",
        "TICKETCTL_PROFILE": "production",
        "TICKETCTL_AGENT": "somebody",
        "PGHOST": "/nowhere",
        "LC_ALL": "cs_CZ.UTF-8",
        "TZ": "Pacific/Kiritimati",
        "PAGER": "false",
        "EDITOR": "false",
        "COLUMNS": "20",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *(str(TESTS / one) for one in SOME)],
        env=os.environ | foreign,
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{len(SOME)} passed" in done.stdout, done.stdout
