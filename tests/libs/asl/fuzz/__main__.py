"""`python -m tests.libs.asl.fuzz [--of KIND] [--seed N] [--count N]`: compares generated cases with other interpreters.

Machines in JSONPath and in JSONata, with variables, are run by moto; JSONata, in machines and alone, is evaluated by a
second implementation of it.
"""

import argparse
import json
import random
import sys

from tests.libs.asl.fuzz.bridge import bridge
from tests.libs.asl.fuzz.compared import KINDS, compared
from tests.libs.asl.fuzz.evaluated import expression
from tests.libs.asl.fuzz.generated import generated
from tests.libs.asl.fuzz.generated_jsonata import generated_jsonata
from tests.libs.asl.fuzz.moto_run import quieten


def main() -> int:
    """Exit status 1 where a difference is new."""
    parser = argparse.ArgumentParser(prog="python -m tests.libs.asl.fuzz", description=__doc__)
    parser.add_argument("--of", choices=list(KINDS), action="append", help="without it, all of them")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="the first seed")
    parser.add_argument("--count", type=int, default=200, help="how many seeds of each")
    parser.add_argument("--show", action="store_true", help="print what the first seed gives, run nothing")
    options = parser.parse_args()
    kinds = options.of or list(KINDS)
    if options.show:
        for kind in kinds:
            print(_shown(kind, options.seed))
        return 0
    quieten()
    bridge()
    new = 0
    print(f"seeds {options.seed} to {options.seed + options.count - 1}", flush=True)
    for kind in kinds:
        found = compared(kind, range(options.seed, options.seed + options.count))
        for line in found.new:
            print(f"{kind} {line[:2000]}")
        print(f"{kind}: {found}", flush=True)
        new += len(found.new)
    return 1 if new else 0


def _shown(kind: str, seed: int) -> str:
    if kind == "expressions":
        return expression(seed)
    return json.dumps((generated if kind == "jsonpath" else generated_jsonata)(seed).__dict__, indent=1)


if __name__ == "__main__":
    sys.exit(main())
