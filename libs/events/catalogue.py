"""The topics, what is published on each, and the schemas: read from `schemas/`, the one place that declares them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
NAMESPACE = "vetstream."
# The setting of a request that says which step it asks for, of a check with several.
PART = "check"
Kind = Literal["event", "command", "reference"]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: who writes it, who reads it, what it carries and for how long."""

    name: str
    schema: str
    kind: Kind
    owner: str
    readers: tuple[str, ...]
    key: str
    partitions: int
    retention_ms: int
    compacted: bool
    doc: str

    @property
    def config(self) -> dict[str, str]:
        """The topic's settings in Kafka's words; a retention of -1 keeps for ever."""
        if self.compacted:
            return {"cleanup.policy": "compact"}
        kept = {"cleanup.policy": "delete", "retention.ms": str(self.retention_ms)}
        # A dead letter wraps a record that may be as large as the broker allows.
        return kept | ({"max.message.bytes": str(8 * 1024 * 1024)} if self.name.startswith("dlq.") else {})


@cache
def topics() -> dict[str, Topic]:
    """Every topic by its name, in the order of `topics.yaml`."""
    document = yaml.safe_load((SCHEMAS / "topics.yaml").read_text())
    declared = [_topic(name, {**document["defaults"], **entry}) for name, entry in document["topics"].items()]
    for check in document["checks"]:
        declared += _check_topics(check, document)
    groups = dict.fromkeys(reader for topic in declared for reader in topic.readers)
    declared += [_dead_letters(group, document) for group in groups]
    return {topic.name: topic for topic in declared}


def checks() -> tuple[str, ...]:
    """What is asked by `<check>.requested` and answered with `<check>.completed`."""
    return tuple(_steps())


@cache
def answered_by() -> dict[str, str]:
    """The service that answers each check: the one of its name, unless another is declared."""
    others = yaml.safe_load((SCHEMAS / "topics.yaml").read_text())["answered_by"]
    return {check: others.get(check, check) for check in checks()}


def step_asked(check: str, settings: Mapping[str, str]) -> str:
    """What a request asks for: the check, or `check:part` of one with several steps."""
    named = _steps().get(check)
    return f"{check}:{settings.get(PART, '')}" if isinstance(named, dict) else check


def step_name(asked: str) -> str:
    """What the step is called in results that `step_asked` names; the check's own name where it is not known."""
    check, _, part = asked.partition(":")
    named = _steps().get(check, check)
    return named.get(part, check.upper()) if isinstance(named, dict) else named


@cache
def _steps() -> dict[str, str | dict[str, str]]:
    return dict(yaml.safe_load((SCHEMAS / "topics.yaml").read_text())["checks"])


def is_full(record: str) -> bool:
    """Whether older readers must cope with newer data: all but commands."""
    return any(topic.kind != "command" for topic in topics().values() if topic.schema == record)


def dead_letter_topic(group: str) -> str:
    """The topic of what a consumer group could not take."""
    return f"dlq.{group}"


def _topic(name: str, entry: dict[str, Any]) -> Topic:
    return Topic(
        name=name,
        schema=entry["schema"],
        kind=entry["kind"],
        owner=entry["owner"],
        readers=tuple(entry["readers"]),
        key=entry["key"],
        partitions=entry["partitions"],
        retention_ms=-1 if entry["retention_days"] == "forever" else int(entry["retention_days"]) * 86_400_000,
        compacted=entry["kind"] == "reference",
        doc=entry["doc"],
    )


def _check_topics(check: str, document: dict[str, Any]) -> list[Topic]:
    """The pair of topics that every check has."""
    pair, service = [], document["answered_by"].get(check, check)
    for suffix, entry in document["check_topics"].items():
        who = (
            {"owner": "orchestration", "readers": [service]}
            if suffix == "requested"
            else {
                "owner": service,
                "readers": ["orchestration"],
            }
        )
        pair.append(_topic(f"{check}.{suffix}", {**document["defaults"], **entry, **who}))
    return pair


def _dead_letters(group: str, document: dict[str, Any]) -> Topic:
    entry = {**document["defaults"], **document["dead_letters"], "owner": group, "readers": []}
    return _topic(dead_letter_topic(group), entry)


@cache
def schema(name: str) -> dict[str, Any]:
    """The Avro schema of a record, whole: each named type is written out where it is first needed."""
    return _inline(name, set())  # type: ignore[no-any-return]


def fingerprint(document: Any) -> str:
    """SHA-256 of a schema, hexadecimal, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def named_types() -> list[Any]:
    """Every named type of `schemas/` once, as the branches of one Avro union."""
    seen: set[str] = set()
    names = sorted(path.stem for path in SCHEMAS.glob("*.avsc"))
    return [inlined for name in names if name not in seen and isinstance(inlined := _inline(name, seen), dict)]


def _inline(node: Any, seen: set[str]) -> Any:
    if isinstance(node, str):
        if not node.startswith(NAMESPACE) or node in seen:
            return node
        seen.add(node)
        return _inline(json.loads((SCHEMAS / f"{node}.avsc").read_text()), seen)
    if isinstance(node, list):
        return [_inline(branch, seen) for branch in node]
    inlined = dict(node)
    for part in ("type", "items", "values"):
        if part in inlined and not (part == "type" and inlined[part] in ("record", "enum")):
            inlined[part] = _inline(inlined[part], seen)
    if "fields" in inlined:
        inlined["fields"] = [_inline(field, seen) for field in inlined["fields"]]
    return inlined
