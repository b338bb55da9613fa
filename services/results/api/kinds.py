"""The operations by which people say something of findings, and what each takes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

# Of an execution's status; not of findings.
OVERRIDE = "override"


class Kind(NamedTuple):
    """The findings that an operation is about, and what may be said of them: what the contract and its guide have."""

    classes: Sequence[str]
    statuses: Sequence[str]


HITS = (
    "TRUE_POSITIVE", "FALSE_POSITIVE", "TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE_REJECT", "UNKNOWN", "UNKNOWN_ACCEPT",
    "UNKNOWN_REJECT",
)  # fmt: skip
KINDS: Mapping[str, Kind] = {
    "aml": Kind(("AML",), HITS),
    "matchlist": Kind(("MATCHLIST", "BLOCKLIST"), HITS),
    "idv": Kind(("IDV", "ID"), ("CLEAR", "REJECTED")),
    "duplicate": Kind(
        ("DUPLICATE",), ("FALSE_POSITIVE", "TRUE_POSITIVE", "TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE_REJECT")
    ),
    "fraud": Kind(
        ("FRAUD", "FRAUDCHECK", "FRAUDLIST"),
        ("FALSE_POSITIVE_ACCEPT", "FALSE_POSITIVE_REJECT", "TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE_REJECT"),
    ),
}
