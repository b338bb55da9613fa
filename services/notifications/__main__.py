"""`python -m services.notifications` runs the service until it is told to stop; with a command, as `list`, that."""

import asyncio
import sys

from libs.streaming.service import run_stateful
from libs.streaming.settings import Settings
from services.notifications import command_line
from services.notifications.endpoints import EndpointsRefused
from services.notifications.service import Notifications
from services.notifications.settings import NotificationSettings


def main(arguments: list[str]) -> int:
    """Run the service, or do what was asked; non-zero where the endpoints cannot be meant or the database is broken."""
    given = NotificationSettings()
    try:
        if arguments:
            asked = command_line.arguments().parse_args(arguments)
            return asyncio.run(command_line.run(asked, Settings(), given))
        service = Notifications(given.deliveries(), given.sender())
    except EndpointsRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    run_stateful(lambda settings: service)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
