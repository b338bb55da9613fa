"""`python -m libs.embedded.applications --to DIR` writes a sample of applications, with files and expectations."""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from libs.embedded.applications import keeping
from libs.embedded.applications.making import SEED, make


def main() -> int:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m libs.embedded.applications", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="another one gives other people, years and numbers")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="a folder; the files go to its blobs/")
    given = parser.parse_args()
    cases = make(given.seed, given.today)
    keeping.write(cases, given.to, given.to / "blobs")
    print(f"{len(cases)} applications in {given.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
