"""`python -m tests.libs.asl.fuzz [--seed N] [--count N]`: compares generated machines with moto's interpreter."""

import argparse
import json
import random
import sys

from tests.libs.asl.fuzz.compared import compared
from tests.libs.asl.fuzz.generated import generated
from tests.libs.asl.fuzz.moto_run import quieten


def main() -> int:
    """Exit status 1 where a difference is new."""
    parser = argparse.ArgumentParser(prog="python -m tests.libs.asl.fuzz")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="the first seed")
    parser.add_argument("--count", type=int, default=200, help="how many seeds")
    parser.add_argument("--show", action="store_true", help="print the machine of the first seed, run nothing")
    options = parser.parse_args()
    if options.show:
        print(json.dumps(generated(options.seed).__dict__, indent=1))
        return 0
    quieten()
    print(f"seeds {options.seed} to {options.seed + options.count - 1}", flush=True)
    found = compared(range(options.seed, options.seed + options.count))
    for line in found.new:
        print(line[:2000])
    print(found)
    return 1 if found.new else 0


if __name__ == "__main__":
    sys.exit(main())
