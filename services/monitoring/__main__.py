"""`python -m services.monitoring` runs the service until it is told to stop; with a command, as `alert`, that."""

import asyncio
import sys

from libs.streaming.service import run_stateful
from libs.streaming.settings import Settings
from services.monitoring import command_line
from services.monitoring.service import Monitoring


def main(arguments: list[str]) -> int:
    """Run the service, or do what was asked."""
    if arguments:
        return asyncio.run(command_line.run(command_line.arguments().parse_args(arguments), Settings()))
    run_stateful(lambda settings: Monitoring())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
