"""Which operations of the contract are served: `python -m services.results.api.coverage`; exit 1 where one is not."""

import sys
from collections.abc import Iterator

from fastapi import FastAPI

from services.results.api.contract import extensions, operations, place
from services.results.api.openapi import described
from services.results.api.unserved import endpoints, not_implemented

SERVED, UNSERVED, MISSING = "served", "501", "MISSING"


def coverage(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Each operation of the contract with what answers it, then those of ours that no document lists."""
    found = {at: endpoint for at, endpoint in endpoints(app.routes).items() if at.path.startswith("/v2/")}
    for one in operations():
        endpoint = found.pop(one.place, None)
        answer = MISSING if endpoint is None else UNSERVED if endpoint is not_implemented else SERVED
        yield answer, f"{one.method} {one.path} {one.id}"
    listed = {place(*name.split(" ", 1)) for name in extensions()["operations"]}
    for at in sorted(found.keys() - listed):
        yield MISSING, f"{at.method} {at.path}: listed neither in contract.json nor in contract-extensions.json"


def main() -> int:
    """Print a line an operation, and how many there are of each kind."""
    told = list(coverage(described()))
    for answer, operation in told:
        print(f"{answer:9}{operation}")
    counts = {answer: sum(answer == one for one, _ in told) for answer in (SERVED, UNSERVED, MISSING)}
    print(", ".join(f"{count} {answer}" for answer, count in counts.items()))
    return 1 if counts[MISSING] else 0


if __name__ == "__main__":
    sys.exit(main())
