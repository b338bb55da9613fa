"""`python -m libs.embedded run` starts the whole system on this machine; `clean` removes its data."""

import argparse
import errno
import logging
import sys
from pathlib import Path

from libs.embedded import display
from libs.embedded.clean import clean
from libs.embedded.errors import EmbeddedError
from libs.embedded.run import ONBOARDING, PRESCREENING, Options, run
from libs.embedded.sample.people import PEOPLE

DATA = Path(".vetstream")


def arguments() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(prog="python -m libs.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    runs = commands.add_parser("run", help="start everything, onboard the sample, stay up until Ctrl-C")
    runs.add_argument(
        "--exit", action="store_true", help="end after the sample; 1 where an outcome is not the expected"
    )
    runs.add_argument("--sample", type=Path, default=PEOPLE, help="people to onboard, one a line")
    runs.add_argument(
        "--workflow",
        choices=(ONBOARDING, PRESCREENING),
        default=ONBOARDING,
        help="onboard people, or screen applications",
    )
    runs.add_argument("--api-port", type=int, default=8080)
    runs.add_argument("--broker-port", type=int, help="a free one unless given")
    runs.add_argument("--database-port", type=int, help="a free one unless given")
    cleans = commands.add_parser("clean", help="remove the data that runs have left")
    for one in (runs, cleans):
        one.add_argument("--data", type=Path, default=DATA, help="folder of the data that is kept between runs")
    return parser


def main() -> int:
    """Do what was asked for."""
    given = arguments().parse_args()
    # A topic that was just made has no leader for a moment: the client says so, and tries again.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    out = display.console()
    if given.command == "clean":
        out.print(clean(given.data), soft_wrap=True, markup=False)
        return 0
    ports = (given.api_port, given.broker_port, given.database_port)
    try:
        return run(Options(given.data, given.sample, *ports, exit=given.exit, workflow=given.workflow), out)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        full = f"the disk that holds {given.data} is full: make room and start again, it goes on where it stopped"
        raise EmbeddedError(full) from None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
