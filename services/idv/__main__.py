"""`python -m services.idv` runs the check until it is told to stop; `… read FILE…` prints what pictures say."""

# A process that reads pictures imports this module again and needs none of what the others do.
import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path


def run() -> None:
    """The check, on Kafka."""
    from libs.streaming.service import run_check
    from services.idv.agent import check

    run_check(check)


def print_readings(files: Sequence[Path]) -> int:
    """One line of JSON for each picture, one line on standard error for each file that is none; 1 if there was one."""
    from libs.blobs.port import MAX_BYTES
    from libs.documents.reading import NoPicture, said
    from libs.documents.scanning import read

    failed = False
    for file in files:
        try:
            with file.open("rb") as content:
                found = read(content.read(MAX_BYTES + 1))
            print(json.dumps({"file": str(file), **said(found, date.today())}, ensure_ascii=False), flush=True)
        except (OSError, NoPicture) as problem:
            cause = problem.strerror if isinstance(problem, OSError) else problem
            print(f"{file}: {cause}", file=sys.stderr, flush=True)
            failed = True
    return int(failed)


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m services.idv", description=__doc__)
    commands = parser.add_subparsers()
    reading = commands.add_parser("read", help="print what a picture of a document says, one line of JSON each")
    reading.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a JPEG or PNG of up to 10 MB")
    asked = parser.parse_args()
    if "files" in asked:
        sys.exit(print_readings(asked.files))
    run()


if __name__ == "__main__":
    main()
