"""`python -m services.duplicates` runs the check until it is told to stop; with a command, as `compare`, that."""

import sys

from libs.streaming.service import run_stateful
from services.duplicates import command_line
from services.duplicates.service import Duplicates


def main(arguments: list[str]) -> int:
    """Run the service, or do what was asked."""
    if arguments:
        return command_line.run(arguments)
    run_stateful(lambda settings: Duplicates())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
