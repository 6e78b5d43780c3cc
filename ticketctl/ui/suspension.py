"""Ctrl-Z: the screen leaves the terminal to the shell, until `fg` brings it back."""

import os
from asyncio import sleep

from textual.app import App

from ticketctl.ui.commands import CommandRunner

SOON = 0.01  # seconds after which it is asked again whether all is read
_LEFT_ALONE = {"line", "suspend"}  # a command that waits for an answer; the wait for the others


def trouble(commands: CommandRunner) -> str:
    """Why the screen cannot be suspended now; empty if it can.

    A command that was stopped halfway would keep others from writing. Nobody could bring back a screen that was
    started without a shell, as in a terminal window of its own.
    """
    if commands.is_running and not commands.is_asking:
        return "a command is still running."
    if os.getsid(os.getppid()) != os.getsid(0):
        return "there is no shell to go to; q leaves."
    return ""


async def suspend(screen: App[None]) -> None:
    """Stop the program once nothing is read any more: a reading that was stopped would burden the database."""
    while any(one.group not in _LEFT_ALONE and not one.is_finished for one in screen.workers):
        await sleep(SOON)
    screen.action_suspend_process()
