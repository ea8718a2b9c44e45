"""The command: run the parts that were asked for and print one table each."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from benchmarks import (
    bundles,
    call,
    growth,
    hessian,
    importing,
    memory,
    mixtures,
    nested,
    networks,
    overhead,
    records,
    sequences,
    structures,
)
from benchmarks.libraries import PEERS
from benchmarks.report import Report, Style
from benchmarks.timing import Options

# Parts that need no peers come first: the collector has only NumPy and revdiff to walk then.
PARTS: dict[str, Callable[[Options], Report]] = {
    "import": importing.run,
    "call": call.run,
    "growth": growth.run,
    "structures": structures.run,
    "overhead": overhead.run,
    "nested": nested.run,
    "hessian": hessian.run,
    "networks": networks.run,
    "mixtures": mixtures.run,
    "bundles": bundles.run,
    "sequences": sequences.run,
    "records": records.run,
    "memory": memory.run,
}

QUICK = " of short samples and shortened workloads (--quick)"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure revdiff beside other libraries.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--quick", action="store_true", help="three short rounds, and a tenth of the longest lengths")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds to take the median of; 7 if not given")
    parser.add_argument("--peers", default=",".join(PEERS), metavar="A,B", help="%(default)s; or none")
    parser.add_argument("--markdown", action="store_true", help="print Markdown, as benchmarks/RESULTS.md has it")
    parsed = parser.parse_args()
    unknown = [part for part in parsed.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; choose from {', '.join(PARTS)}")
    parsed.peers = [] if parsed.peers == "none" else parsed.peers.split(",")
    strangers = [peer for peer in parsed.peers if peer not in PEERS]
    if strangers:
        parser.error(f"there is no peer {', '.join(strangers)}; choose from {', '.join(PEERS)}")
    if parsed.rounds is not None and parsed.rounds < 1:
        parser.error("--rounds must be at least 1")
    return parsed


def versions(peers: list[str]) -> str:
    """Say what is measured: the machine, Python, and the packages."""
    found = []
    for package in ("revdiff", "numpy", *peers):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} not installed" if package != "revdiff" else "revdiff from this directory")
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, one thread used"
    return f"{platform.python_implementation()} {platform.python_version()} on {machine}; {', '.join(found)}"


def main() -> int:
    """Run, print, and return the exit status: 1 if a derivative was wrong or revdiff failed."""
    parsed = arguments()
    options = Options(
        rounds=parsed.rounds or (3 if parsed.quick else 7),
        seconds=0.05 if parsed.quick else 0.2,
        quick=parsed.quick,
        peers=tuple(parsed.peers),
    )
    style = Style.MARKDOWN if parsed.markdown else Style.PLAIN
    start = time.perf_counter()
    print(style.title("Benchmarks of revdiff"))
    print(versions(parsed.peers))
    print(
        f"Medians of {options.rounds} interleaved rounds{QUICK if options.quick else ''}. "
        "All derivatives agree with oracles to 1e-9, or it says so.\n"
    )
    failed = False
    for name in parsed.parts or PARTS:
        report = PARTS[name](options)
        print(report.render(style), flush=True)
        failed = failed or report.failed
    print(f"took {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
