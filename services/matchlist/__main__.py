"""`python -m services.matchlist` runs the check until it is told to stop; with a command, as `import`, that."""

import asyncio
import sys

from libs.streaming.service import run_check
from services.matchlist import command_line
from services.matchlist.agent import check


def main(given: list[str]) -> int:
    """Run the check, or do what was asked."""
    if given:
        return asyncio.run(command_line.run(command_line.arguments().parse_args(given)))
    run_check(check)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
