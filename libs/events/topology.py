"""Write docs/topology.md from the catalogue: `python -m libs.events.topology`."""

from collections.abc import Iterator
from datetime import timedelta

from libs.events.catalogue import SCHEMAS, Topic, topics

PAGE = SCHEMAS.parent / "docs" / "topology.md"
HEAD = """<!-- Written by `python -m libs.events.topology` from schemas/topics.yaml; do not edit. -->
# Topics and who speaks on them

An arrow is a topic, from the service that writes it to the consumer group that reads it. `producers` are the
customer's own systems. Reference data (dashed) is kept by the groups that are named and read besides by every process
that needs it, from the beginning and outside any consumer group. Dead letters are left out of the drawing: each group
writes its own.
"""
ANY_READER = "every process that needs it"


def page() -> str:
    """The text that docs/topology.md must have."""
    catalogue = list(topics().values())
    return "\n".join([HEAD, "```mermaid", *drawing(catalogue), "```", "", *table(catalogue), ""])


def drawing(catalogue: list[Topic]) -> list[str]:
    """The lines of a Mermaid flow chart."""
    arrows = [f"    {arrow}" for topic in catalogue for arrow in _arrows(topic)]
    return ["flowchart LR", "    producers([producers])", *arrows]


def _arrows(topic: Topic) -> Iterator[str]:
    if topic.kind == "reference":
        node = topic.name.replace(".", "_")
        yield f"{topic.owner} -.-> {node}[({topic.name})]"
        yield from (f"{node} -.-> {reader}" for reader in topic.readers)
    else:
        yield from (f"{topic.owner} -->|{topic.name}| {reader}" for reader in topic.readers)


def table(catalogue: list[Topic]) -> list[str]:
    """The lines of a Markdown table, a topic a row."""
    heads = ("Topic", "What it says", "Schema", "Kind", "Writer", "Readers", "Key", "Partitions", "Kept")
    rows = [heads, ("---",) * len(heads), *(_row(topic) for topic in catalogue)]
    return [f"| {' | '.join(cells)} |" for cells in rows]


def _row(topic: Topic) -> tuple[str, ...]:
    others = {"reference": [ANY_READER]}.get(topic.kind, [] if topic.readers else ["operators"])
    return (
        f"`{topic.name}`",
        topic.doc,
        f"[{topic.schema.removeprefix('vetstream.')}](../schemas/{topic.schema}.avsc)",
        topic.kind,
        topic.owner,
        ", ".join([*topic.readers, *others]),
        topic.key,
        str(topic.partitions),
        _kept(topic),
    )


def _kept(topic: Topic) -> str:
    if topic.compacted:
        return "the newest of each key (compacted)"
    return "for ever" if topic.retention_ms < 0 else f"{timedelta(milliseconds=topic.retention_ms).days} days"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page())
