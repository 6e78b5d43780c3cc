"""The direction in which a language is written."""

from typing import Literal

_RIGHT_TO_LEFT = frozenset({
    "ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"
})  # fmt: skip
_SCRIPTS: dict[str, Literal["ltr", "rtl"]] = {
    "arab": "rtl", "hebr": "rtl", "latn": "ltr", "cyrl": "ltr"
}  # fmt: skip


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The direction in which a language (`ar`, `az-arab`) is written."""
    first, *more = language.lower().split("-")
    for script in more:
        if script in _SCRIPTS:
            return _SCRIPTS[script]
    return "rtl" if first in _RIGHT_TO_LEFT else "ltr"
