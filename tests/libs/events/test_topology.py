from dataclasses import replace

from libs.events.catalogue import topics
from libs.events.topology import PAGE, drawing, page, table


def test_the_committed_page_is_that_of_the_catalogue() -> None:
    assert PAGE.read_text() == page(), "run `python -m libs.events.topology`"


def test_every_topic_has_a_row() -> None:
    rows = table(list(topics().values()))
    assert len(rows) == len(topics()) + 2
    assert all(row.count("|") == rows[0].count("|") for row in rows)


def test_every_writer_and_reader_is_drawn() -> None:
    lines = "\n".join(drawing(list(topics().values())))
    for topic in topics().values():
        if topic.kind != "reference":
            assert all(f"{topic.owner} -->|{topic.name}| {reader}" in lines for reader in topic.readers)


def test_reference_data_is_drawn_with_those_who_keep_it() -> None:
    topic = replace(topics()["watchlist.published"], readers=("monitoring",))
    assert drawing([topic])[2:] == [
        "    aml -.-> watchlist_published[(watchlist.published)]",
        "    watchlist_published -.-> monitoring",
    ]


def test_a_new_reader_changes_the_drawing() -> None:
    topic = topics()["workflow.progressed"]
    more = replace(topic, readers=(*topic.readers, "notifications"))
    assert set(drawing([more])) - set(drawing([topic])) == {"    orchestration -->|workflow.progressed| notifications"}
