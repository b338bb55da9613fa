"""`python -m libs.asl check FILE…`: what is wrong with these definitions."""

import json
import sys
from pathlib import Path

from libs.asl.machine import Machine
from libs.asl.problems import InvalidDefinition, Problem

_USAGE = "usage: python -m libs.asl check FILE…"


def main(arguments: list[str]) -> int:
    """Exit status: 0 all can be run, 1 some cannot, 2 not understood."""
    if len(arguments) < 2 or arguments[0] != "check":
        print(_USAGE, file=sys.stderr)
        return 2
    found = [(name, problem) for name in arguments[1:] for problem in problems_of(Path(name))]
    for name, problem in found:
        print(f"{name}: {problem}" if len(arguments) > 2 else problem)
    return 1 if found else 0


def problems_of(file: Path) -> tuple[Problem, ...]:
    """Every problem of the definition in a file."""
    try:
        Machine.load(json.loads(file.read_text(encoding="utf-8")))
    except InvalidDefinition as invalid:
        return invalid.problems
    except (OSError, ValueError) as error:
        return (Problem("", f"cannot be read: {error}"),)
    return ()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
