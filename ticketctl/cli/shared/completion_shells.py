"""The shells that complete command lines, each with the class that knows its habits."""

from click.shell_completion import ShellComplete, add_completion_class

SHELLS = ("bash", "zsh", "fish")


def class_of(shell: str) -> type[ShellComplete]:
    """The class of one of SHELLS."""
    if shell == "bash":
        from ticketctl.cli.shared.bash_completion import WholeWords

        return WholeWords
    from ticketctl.cli.shared.zsh_fish_completion import FishWords, ZshWords

    return {"zsh": ZshWords, "fish": FishWords}[shell]


def use(shell: str) -> None:
    """Let click complete for this shell with our class; nothing for another shell."""
    if shell in SHELLS:
        add_completion_class(class_of(shell))
