"""The program `ticketctl`: prepares the process, then imports the command line and runs it."""

import gc
from typing import NoReturn


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line; end the process with the exit code of `ticketctl help exit-codes`."""
    # What a command imports stays to its end. Looking through it for garbage, and once more when the process ends,
    # took a sixth of a short command's time.
    gc.set_threshold(100_000)
    from ticketctl.cli import main as command_line

    try:
        command_line.main(args)
    finally:
        gc.freeze()
