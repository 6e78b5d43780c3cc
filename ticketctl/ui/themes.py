"""The colours of the screen: on a dark ground, on a light one, and those of the terminal itself."""

from dataclasses import replace

from rich.terminal_theme import TerminalTheme
from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

NAMES = ("dark", "light", "terminal")

_DARK = Theme(
    name="dark",
    primary="#1f4a7a",
    accent="#79c0ff",
    success="#7ee787",
    warning="#e3b341",
    error="#ff7b72",
    foreground="#e6edf3",
    background="#0d1117",
    surface="#161b22",
    panel="#21262d",
)
_LIGHT = Theme(
    name="light",
    primary="#c3defb",
    accent="#0550ae",
    success="#116329",
    warning="#7d4e00",
    error="#cf222e",
    foreground="#1f2328",
    background="#ffffff",
    surface="#f6f8fa",
    panel="#e4e9ee",
    dark=False,
)
_TERMINAL = replace(BUILTIN_THEMES["ansi-dark"], name="terminal", accent="ansi_cyan")


def _ansi(theme: Theme) -> TerminalTheme:
    """What the colours of commands become: black, red, green, yellow, blue, magenta, cyan, white."""
    named = (theme.panel, theme.error, theme.success, theme.warning, theme.accent, theme.accent,
             theme.accent, theme.foreground)  # fmt: skip
    colours = [_rgb(one) for one in named]
    return TerminalTheme(_rgb(theme.background), _rgb(theme.foreground), colours)


def _rgb(colour: str | None) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex((colour or "").removeprefix("#"))
    return red, green, blue


def register(screen: App[None]) -> None:
    """Let a program use these colours, by NAMES."""
    for theme in (_DARK, _LIGHT, _TERMINAL):
        screen.register_theme(theme)
    screen.ansi_theme_dark = _ansi(_DARK)
    screen.ansi_theme_light = _ansi(_LIGHT)
