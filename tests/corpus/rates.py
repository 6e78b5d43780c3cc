"""`make corpus`: how much of the corpus comes out right, as a table by key.

python tests/corpus/rates.py        the table
python tests/corpus/rates.py -v     and every fact that is wrong
"""

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.corpus.facts import CORPUS, Case, Fact, cases, facts


def table(by_key: dict[str, list[tuple[Case, Fact]]]) -> str:
    """A line a key; facts that good programs disagree on are counted apart."""
    lines = [f"{'key':24} {'right':>6} {'of':>6} {'%':>7}   soft"]
    for key, found in by_key.items():
        hard = [fact.right for case, fact in found if case.counts]
        soft = [fact.right for case, fact in found if not case.counts]
        rate = f"{100 * sum(hard) / len(hard):7.1f}" if hard else " " * 7
        beside = f"{sum(soft)} of {len(soft)}" if soft else ""
        lines.append(f"{key:24} {sum(hard):6} {len(hard):6} {rate}   {beside}".rstrip())
    return "\n".join(lines)


def main() -> None:
    """Print the table; a word and no failure where the corpus is absent."""
    if not CORPUS.is_dir():
        print(f"the corpus {CORPUS} is not here: nothing to measure.")
        return
    by_key: dict[str, list[tuple[Case, Fact]]] = defaultdict(list)
    everything = cases()
    for case in everything:
        for fact in facts(case):
            by_key[fact.key].append((case, fact))
    print(f"{len(everything)} mails\n{table(by_key)}")
    if "-v" in sys.argv:
        for key, found in by_key.items():
            for case, fact in found:
                if not fact.right:
                    soft = "" if case.counts else " (soft)"
                    print(f"\n{case.name}: {key}{soft}\n  wanted {case.expect.get(key)!r}")
                    print(f"  found  {fact.found!r}"[:3000])


if __name__ == "__main__":
    main()
