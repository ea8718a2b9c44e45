"""The command: run that many programs, and print how many there were of each kind, and those that disagree."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from benchmarks.report import Report, Style, thousands
from benchmarks.soak import Met, soak

ORDERS = 1, 2, 3


def report(programs: int, seed: int) -> Report:
    """Run, and count what was met."""
    start = time.process_time()
    met, wrong = soak(programs, seed)
    seconds = time.process_time() - start
    says = (
        f"{thousands(programs)} programs of seed {seed}, each run on one kind of values and differentiated in one mode, "
        f"beside differences\nof the same program in more digits: {len(wrong)} disagree. {seconds:.0f} s of processor time."
    )
    found = Report("Random programs", says, columns=["values", *[f"order {order}" for order in ORDERS]])
    for kind in sorted({kind for kind, _, _ in met}):
        found.rows.append([kind, *[str(count(met, kind=kind, order=order) or "") for order in ORDERS]])
    for order in ORDERS:
        modes = sorted({mode for _, mode, met_order in met if met_order == order})
        found.notes.append(
            f"order {order}: " + ", ".join(f"{mode} {count(met, mode=mode, order=order)}" for mode in modes)
        )
    for complaint in wrong:
        found.fail(complaint)
    return found


def count(met: Counter[Met], *, order: int, kind: str | None = None, mode: str | None = None) -> int:
    """Count the programs of an order on one kind of values, or in one mode."""
    return sum(n for (k, m, o), n in met.items() if o == order and kind in (None, k) and mode in (None, m))


def main() -> int:
    """Run, print, and return the exit status: 1 if a derivative was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--programs", type=int, default=10_000, metavar="N", help="how many; %(default)s if not given")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which ones; %(default)s if not given")
    parser.add_argument("--markdown", action="store_true", help="print Markdown, as benchmarks/RESULTS.md has it")
    parsed = parser.parse_args()
    found = report(parsed.programs, parsed.seed)
    print(found.render(Style.MARKDOWN if parsed.markdown else Style.PLAIN))
    return int(found.failed)


if __name__ == "__main__":
    sys.exit(main())
