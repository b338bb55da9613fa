"""`python -m services.risk` runs the check; `… check FILE…` says what is wrong with risk profiles."""

import sys
from pathlib import Path

from libs.streaming.service import run_check
from services.risk.agent import check, load_catalogue
from services.risk.loading import load_profile
from services.risk.reading import InvalidProfile


def main(arguments: list[str]) -> int:
    """Exit status: 0 all is well, 1 a profile is refused, 2 not understood."""
    if arguments:
        if arguments[0] != "check" or len(arguments) == 1:
            print("python -m services.risk [check FILE…]", file=sys.stderr)
            return 2
        return max([_checked(Path(name)) for name in arguments[1:]])
    try:
        run_check(check)
    except InvalidProfile as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _checked(path: Path) -> int:
    try:
        load_profile(path.stem, path.read_text(), load_catalogue())
    except (InvalidProfile, OSError) as refused:
        print(refused)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
