"""Runs the claims, all of them or those named, each in a process of its own, and renews the table in the README.

Run: python -m benchmarks [NAME...]; `billion` takes long and runs when it is named. A file also runs alone:
python -m benchmarks.NAME. The results of the last run of each are kept in `benchmarks/results`.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import HOME
from benchmarks.table import CLAIMS, renew


def main(names: list[str]) -> int:
    """How many of the files failed to run."""
    unknown = set(names) - set(CLAIMS)
    if unknown:
        raise SystemExit(f"no such claim: {', '.join(sorted(unknown))}; there are {', '.join(CLAIMS)}")
    failed = 0
    for name in names or [name for name in CLAIMS if name != "billion"]:
        print(f"\n{name}", flush=True)
        ended = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HOME.parent, check=False)
        failed += ended.returncode != 0
    renew()
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
