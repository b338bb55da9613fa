"""A launcher to be killed: starts the pair on a data folder, says where they are, and waits.

Usage: launcher.py DATA
"""

import json
import sys
import threading
from pathlib import Path

from libs.embedded.broker import start_broker
from libs.embedded.database import start_database
from libs.embedded.errors import EmbeddedError
from libs.embedded.processes import Command, Processes


def main(data: Path) -> None:
    with Processes(data) as processes:
        database = start_database(data)
        processes.add(database.process)
        broker = start_broker(data)
        processes.add(broker.process)
        service = processes.start(
            Command("service", [sys.executable, "-c", "import time; time.sleep(600)"]), restart=True
        )
        pids = [database.process.pid, broker.process.pid, service.pid]
        started = {"bootstrap": broker.bootstrap, "url": database.ensure_database("kept"), "pids": pids}
        print(json.dumps(started), flush=True)
        processes.watch(threading.Event(), report=lambda ended: print(ended, flush=True))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except EmbeddedError as error:
        sys.exit(str(error))
