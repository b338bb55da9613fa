"""`python -m libs.embedded.sample --bootstrap localhost:9094 --api http://localhost:8080` on any running system."""

import argparse
import os
import sys
import time
from pathlib import Path

from aiokafka.errors import KafkaError

from libs.embedded import display
from libs.embedded.errors import EmbeddedError
from libs.embedded.sample.onboarding import onboard, publish_lists, report
from libs.embedded.sample.people import CUSTOMER, PEOPLE, read_people

KEY = "VETSTREAM_API_KEY"
# The check of the customer's lists looks every second for new entries.
LISTS_TAKEN = 3.0


def main() -> int:
    """Onboard the sample and say what came of it; 1 where something is not as expected."""
    parser = argparse.ArgumentParser(prog="python -m libs.embedded.sample", description=__doc__)
    parser.add_argument("--bootstrap", default="localhost:9094", help="Kafka, host:port separated by commas")
    parser.add_argument("--api", default="http://localhost:8080", help="address of the API")
    parser.add_argument("--sample", type=Path, default=PEOPLE, help="people to onboard, one a line")
    parser.add_argument("--key", default=os.environ.get(KEY), help=f"API key of the customer {CUSTOMER}; else {KEY}")
    given = parser.parse_args()
    if not given.key:
        parser.error(f"no API key: make one for the customer {CUSTOMER} (docs/access.md) and give --key or {KEY}")
    out = display.console()
    people = read_people(given.sample)
    publish_lists(given.bootstrap)
    time.sleep(LISTS_TAKEN)
    return report(onboard(people, given.bootstrap, given.api.rstrip("/"), given.key, out), len(people), out)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (EmbeddedError, KafkaError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
