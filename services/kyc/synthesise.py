"""`python -m services.kyc.synthesise --seed 7 --out register.jsonl.gz` makes the synthetic register."""

import argparse
import gzip
import io
import json
from pathlib import Path

from services.kyc.population import SEED, SIZE, population


def register(seed: int, size: int) -> bytes:
    """The lines of the register, one for each person and source, in the order of source and reference."""
    entries = [entry for person in population(seed, size) for entry in person.entries.values()]
    entries.sort(key=lambda entry: (entry["source"], entry["reference"]))
    return "".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n" for entry in entries).encode()


def compressed(content: bytes) -> bytes:
    """Gzip without file name or time, so that the same register has the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def main() -> None:
    """Write the register of a seed."""
    arguments = argparse.ArgumentParser(prog="python -m services.kyc.synthesise", description=__doc__)
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--size", type=int, default=SIZE, help="how many people")
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    content = register(given.seed, given.size)
    given.out.write_bytes(compressed(content))
    print(f"{given.out}: {given.size} people, {len(content.splitlines())} records")


if __name__ == "__main__":
    main()
