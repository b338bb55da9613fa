"""`python -m services.decision` runs the check; `… check FILE…` says what is wrong with decision tables."""

import sys
from pathlib import Path

import zen

from libs.streaming.service import run_check
from services.decision.agent import check
from services.decision.policy import Policy
from services.decision.table import InvalidPolicy


def main(arguments: list[str]) -> int:
    """Exit status: 0 all is well, 1 a table is refused, 2 not understood."""
    if arguments:
        if arguments[0] != "check" or len(arguments) == 1:
            print("python -m services.decision [check FILE…]", file=sys.stderr)
            return 2
        return max([_checked(Path(name)) for name in arguments[1:]])
    try:
        run_check(check)
    except InvalidPolicy as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _checked(path: Path) -> int:
    try:
        Policy(path.stem, path.read_text(), zen.ZenEngine())
    except (InvalidPolicy, OSError) as refused:
        print(refused)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
