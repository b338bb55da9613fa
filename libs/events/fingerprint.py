"""The hash of a record, by which it is known again."""

import hashlib

from libs.events.record import Record


def fingerprint(*records: Record) -> str:
    """SHA-256, hexadecimal, of the records' JSON; fields that a later schema adds with a default do not change it."""
    lines = "\n".join(record.model_dump_json(exclude_defaults=True) for record in records)
    return hashlib.sha256(lines.encode()).hexdigest()
