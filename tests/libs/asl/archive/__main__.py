"""`python -m tests.libs.asl.archive FILE…`: runs the script in each file and keeps what came of it in the same file.

A file that holds a recording already is left alone; `--again` records it anew, after REDUCER was raised.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.libs.asl.archive.recording import recorded

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.libs.asl.archive", description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
    parser.add_argument("--again", action="store_true", help="also where the file holds a recording")
    options = parser.parse_args()
    for file in options.files:
        script = json.loads(file.read_text())
        if "steps" in script and not options.again:
            print(f"{file} holds a recording already", file=sys.stderr)
            continue
        file.write_text(json.dumps(recorded(script), indent=1, ensure_ascii=False) + "\n")
