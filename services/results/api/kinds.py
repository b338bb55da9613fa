"""The operations by which people say something of findings, and what each takes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.results.policy import Operation

# Of an execution's status; not of findings.
OVERRIDE = "override"


class Kind(NamedTuple):
    """The findings that an operation is about, and what may be said of them: what the contract and its guide have."""

    operation: Operation
    classes: Sequence[str]
    statuses: Sequence[str]


HITS = (
    "TRUE_POSITIVE", "FALSE_POSITIVE", "TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE_REJECT", "UNKNOWN", "UNKNOWN_ACCEPT",
    "UNKNOWN_REJECT",
)  # fmt: skip
KINDS: Mapping[str, Kind] = {
    "aml": Kind("updateAML", ("AML",), HITS),
    "matchlist": Kind("updateMatches", ("MATCHLIST", "BLOCKLIST"), HITS),
    "idv": Kind("updateIDV", ("IDV", "ID"), ("CLEAR", "REJECTED")),
    "duplicate": Kind(
        "updateDuplicate",
        ("DUPLICATE",),
        ("FALSE_POSITIVE", "TRUE_POSITIVE", "TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE_REJECT"),
    ),
    "fraud": Kind(
        "updateFraud",
        ("FRAUD", "FRAUDCHECK", "FRAUDLIST"),
        ("FALSE_POSITIVE_ACCEPT", "FALSE_POSITIVE_REJECT", "TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE_REJECT"),
    ),
}
