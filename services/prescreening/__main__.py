"""`python -m services.prescreening` runs the check; `… check FILE…` says what is wrong with its policies."""

import sys
from pathlib import Path

# The process that reads files imports this module again and needs nothing of the services.


def main(arguments: list[str]) -> int:
    """Exit status: 0 all is well, 1 a policy or a document is refused, 2 not understood."""
    if not arguments:
        return _run()
    if arguments[0] != "check" or len(arguments) == 1:
        print("python -m services.prescreening [check FILE…]", file=sys.stderr)
        return 2
    return max([_checked(Path(name)) for name in arguments[1:]])


def _run() -> int:
    from libs.streaming.service import run_check
    from services.prescreening.agent import check

    run_check(check)
    return 0


def _checked(path: Path) -> int:
    from services.prescreening.agent import load
    from services.prescreening.parts import PARTS

    part = next((one for one in PARTS.values() if one.policy == path.stem), None)
    if part is None:
        there = ", ".join(one.policy for one in PARTS.values())
        print(f"{path.name}: no step has a policy of this name; there are {there}")
        return 1
    try:
        load(path, part.read)
    except (OSError, ValueError) as refused:
        print(refused)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
