"""`python -m libs.blobs put FILE…` keeps files in BLOBS_DIRECTORY and prints the reference of each as JSON."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from libs.blobs.directory import Directory
from libs.blobs.port import FILES, MAX_BYTES, STATEMENTS, Refused
from libs.streaming.settings import Settings


def put(files: list[Path], root: Path, kinds: frozenset[str] = FILES) -> int:
    """Keep files; one line on standard error for each that is refused, and 1 if there was one."""
    failed = False
    for file in files:
        try:
            with file.open("rb") as content:
                kept = asyncio.run(Directory(root).put(content.read(MAX_BYTES + 1), kinds))
            print(json.dumps(asdict(kept)), flush=True)
        except (OSError, Refused) as problem:
            print(f"{file}: {problem}", file=sys.stderr, flush=True)
            failed = True
    return int(failed)


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m libs.blobs", description=__doc__)
    parser.add_argument("command", choices=["put"])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a JPEG, PNG or PDF of up to 10 MB")
    parser.add_argument("--statements", action="store_true", help="XML, HTML and text, too")
    asked = parser.parse_args()
    root = Settings().blobs_directory or parser.error("BLOBS_DIRECTORY names no folder")
    sys.exit(put(asked.files, Path(root), STATEMENTS if asked.statements else FILES))


if __name__ == "__main__":
    main()
