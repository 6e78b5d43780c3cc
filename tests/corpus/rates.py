"""`make corpus`: how much of the corpus comes out right, by key, and which mails of `../shared/kinds` do, by tag, and
of `../shared/faults`, by name.

python tests/corpus/rates.py        the tables
python tests/corpus/rates.py -v     and every fact that is wrong
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.corpus.facts import Case, Fact, cases, facts
from tests.corpus.faults import faults
from tests.support.paths import CORPUS, FAULTS, KINDS

OWN = "own"
"""The tag of all mails of `../shared/kinds`; its line has the total, without names."""


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


def by_tag(everything: list[Case]) -> str:
    """A line a tag: how many mails have no wrong fact, and the names of the others."""
    lines = [f"{'tag':40} {'pass':>4} {'of':>4}   fail"]
    failed: dict[str, list[str]] = defaultdict(list)
    total: Counter[str] = Counter()
    for case in everything:
        found = list(facts(case))
        for tag in case.tags:
            total[tag] += 1
            if not found or not all(fact.right for fact in found):
                failed[tag].append(case.name)
    for tag in sorted(total):
        names = " ".join(failed[tag]) if tag != OWN else ""
        row = f"{tag:40} {total[tag] - len(failed[tag]):4} {total[tag]:4}   {names}"
        lines.append(row.rstrip())
    return "\n".join(lines)


def print_faults(*, verbose: bool) -> None:
    """A line a name: pass or fail; then how many pass, and with -v what is wrong."""
    found = dict(faults())
    print(f"\n{'fault after a public bug report':40} result")
    for name, mistakes in found.items():
        print(f"{name:40} {'fail' if mistakes else 'pass'}")
    print(f"{sum(not one for one in found.values())} of {len(found)} pass")
    if verbose:
        print("\n".join(mistake for mistakes in found.values() for mistake in mistakes))


def main() -> None:
    """Print the tables; a sentence and no failure for a folder that is absent."""
    verbose = "-v" in sys.argv
    if CORPUS.is_dir():
        everything = cases()
        found = by_key(everything)
        print(f"{len(everything)} mails\n{table(found)}")
        if verbose:
            print(wrong(found))
    else:
        print(f"the corpus {CORPUS} is not here: nothing to measure.")
    if KINDS.is_dir():
        everything = cases(KINDS)
        print(
            f"\n{len(everything)} mails of kinds that were read wrongly before\n{by_tag(everything)}"
        )
        if verbose:
            print(wrong(by_key(everything)))
    else:
        print(f"the folder {KINDS} is not here: skipped.")
    if FAULTS.is_dir():
        print_faults(verbose=verbose)
    else:
        print(f"the folder {FAULTS} is not here: skipped.")


if __name__ == "__main__":
    main()
