"""`make corpus`: how much of the corpus comes out right, as a table by key.

python tests/corpus/rates.py        the table
python tests/corpus/rates.py -v     and every fact that is wrong
"""

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.corpus.facts import Case, Fact, cases, facts
from tests.support.paths import CORPUS


def table(found: dict[str, list[tuple[Case, Fact]]]) -> str:
    """A line a key; facts that good programs disagree on are counted apart."""
    lines = [f"{'key':24} {'right':>6} {'of':>6} {'%':>7}   soft"]
    for key, some in found.items():
        hard = [fact.right for case, fact in some if case.counts]
        soft = [fact.right for case, fact in some if not case.counts]
        rate = f"{100 * sum(hard) / len(hard):7.1f}" if hard else " " * 7
        beside = f"{sum(soft)} of {len(soft)}" if soft else ""
        lines.append(f"{key:24} {sum(hard):6} {len(hard):6} {rate}   {beside}".rstrip())
    return "\n".join(lines)


def by_key(everything: list[Case]) -> dict[str, list[tuple[Case, Fact]]]:
    """The facts of all cases, by the key they are measured under."""
    found: dict[str, list[tuple[Case, Fact]]] = defaultdict(list)
    for case in everything:
        for fact in facts(case):
            found[fact.key].append((case, fact))
    return found


def wrong(found: dict[str, list[tuple[Case, Fact]]]) -> str:
    """Every fact that is wrong: what was wanted and what was found."""
    lines: list[str] = []
    for key, some in found.items():
        for case, fact in some:
            if not fact.right:
                soft = "" if case.counts else " (soft)"
                wanted = case.expect.get(key, case.expect.get("bounce"))
                lines.append(f"\n{case.name}: {key}{soft}\n  wanted {wanted!r}")
                lines.append(f"  found  {fact.found!r}"[:3000])
    return "\n".join(lines)


def main() -> None:
    """Print the table; a word and no failure where the corpus is absent."""
    if not CORPUS.is_dir():
        print(f"the corpus {CORPUS} is not here: nothing to measure.")
        return
    everything = cases()
    found = by_key(everything)
    print(f"{len(everything)} mails\n{table(found)}")
    if "-v" in sys.argv:
        print(wrong(found))


if __name__ == "__main__":
    main()
