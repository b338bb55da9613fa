"""`python -m tests.quality`: one JSON line for each figure of how right the checks are; fails where one is too low."""

import json
import sys

from tests.quality import duplicates


def main() -> int:
    """Print every figure; the exit code is 1 where one is below its least value."""
    low = []
    for figure in duplicates.run():
        print(json.dumps(figure), flush=True)
        if "value" in figure and figure["value"] < figure["least"]:
            low.append(figure["quality"])
    for name in low:
        print(f"{name} is below what it must be", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
