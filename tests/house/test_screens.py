"""The screens of the README are those that `make screens` wrote."""

from xml.etree import ElementTree

import pytest

from tests.support.sources import ROOT

SCREENS = sorted((ROOT / "docs" / "screens").glob("*.txt"))


@pytest.mark.parametrize("name", ["list", "show"])
def test_the_readme_shows_what_the_program_showed(name: str) -> None:
    screen = (ROOT / "docs" / "screens" / f"{name}.txt").read_text(encoding="utf-8")
    _, seen = screen.rstrip("\n").split("\n", 1)
    assert seen in (ROOT / "README.md").read_text(encoding="utf-8"), (
        "run make screens, and copy the text"
    )


def test_every_screen_is_there_in_text_and_on_both_grounds() -> None:
    assert len(SCREENS) >= 3
    for screen in SCREENS:
        words = screen.read_text(encoding="utf-8").split()
        for ground in ("dark", "light"):
            drawn = ElementTree.parse(screen.with_name(f"{screen.stem}-{ground}.svg"))
            assert " ".join(drawn.getroot().itertext()).split() == words
