"""Files: items that are read, results that are written."""

from typing import Any

import pytest

from libs.asl import ChildSucceeded, FileFailed, FileSucceeded, ReadItems, StartChild, WriteResults
from tests.libs.asl.factory import END, Story, branch, jsonata, problems, state

GET = "arn:aws:states:::s3:getObject"
LIST = "arn:aws:states:::s3:listObjectsV2"
PUT = "arn:aws:states:::s3:putObject"
INNER = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, **branch(B=END)}


def reading(**fields: Any) -> dict[str, Any]:
    """A Map of the items in a file."""
    reader = {"Resource": GET, "Parameters": {"Key.$": "$.key"}, **fields.pop("reader", {})}
    return state("Map", ItemProcessor=INNER, ItemReader=reader, **fields)


def read(story: Story, content: Any) -> list[Any]:
    """The file is read; the inputs of the child executions."""
    (effect,) = [effect for effect in story.asked if isinstance(effect, ReadItems)]
    story.tell(FileSucceeded(effect.file_id, content))
    return [effect.input for effect in story.asked if isinstance(effect, StartChild)]


def finish(story: Story) -> None:
    """Each child execution gives back its input."""
    for effect in [effect for effect in story.asked if isinstance(effect, StartChild)]:
        story.tell(ChildSucceeded(effect.child_id, effect.input))


def test_the_file_is_asked_for() -> None:
    story = Story({"M": reading()}, {"key": "people.json"})
    assert story.asked == [ReadItems(2, "M", GET, {"Key": "people.json"}, {})]
    assert story.execution.open_files == {2: "M"}
    assert read(story, '["Ada", "Bob"]') == ["Ada", "Bob"]
    finish(story)
    assert story.output == ["Ada", "Bob"]


@pytest.mark.parametrize(
    ("config", "content", "items"),
    [
        ({"InputType": "JSON"}, "[1, 2, 3]", [1, 2, 3]),
        ({"InputType": "JSON", "ItemsPointer": "/a/0"}, '{"a": [[1], 2]}', [1]),
        ({"InputType": "JSON", "MaxItems": 2}, "[1, 2, 3]", [1, 2]),
        ({"InputType": "JSON", "MaxItemsPath": "$.most"}, "[1, 2, 3]", [1]),
        ({"InputType": "JSONL"}, '{"a": 1}\n\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        (
            {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            'name,city\nAda,"London, UK"\nBob\n',
            [{"name": "Ada", "city": "London, UK"}, {"name": "Bob", "city": ""}],
        ),
        (
            {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["n"], "CSVDelimiter": "PIPE"},
            "Ada|x\nBob|y\n",
            [{"n": "Ada"}, {"n": "Bob"}],
        ),
        ({"InputType": "CSV"}, "", []),
        ({"InputType": "CSV"}, '\ufeffa,b\r\n"x\ny",\u2028\x85\r\n', [{"a": "x\ny", "b": "\u2028\x85"}]),
        ({"InputType": "JSONL"}, '\ufeff{"a": "\u2028"}\r\n[1]', [{"a": "\u2028"}, [1]]),
        ({}, [{"Key": "a"}], [{"Key": "a"}]),
        ({}, '{"a": 1, "b": [2]}', [{"Key": "a", "Value": 1}, {"Key": "b", "Value": [2]}]),
        (
            {"InputType": "JSON", "ItemsPointer": "/a", "MaxItems": 1},
            '{"a": {"b": 1, "c": 2}}',
            [{"Key": "b", "Value": 1}],
        ),
        ({"InputType": "PARQUET"}, [{"name": "Ada"}], [{"name": "Ada"}]),
        ({"InputType": "MANIFEST", "MaxItems": 1}, [{"name": "Ada"}, {"name": "Bob"}], [{"name": "Ada"}]),
        ({"ManifestType": "S3_INVENTORY"}, [{"Key": "a"}], [{"Key": "a"}]),
        ({"ManifestType": "ATHENA_DATA", "InputType": "CSV"}, [{"a": "1"}], [{"a": "1"}]),
    ],
)
def test_items_are_made_of_what_is_read(config: dict[str, Any], content: Any, items: list[Any]) -> None:
    story = Story({"M": reading(reader={"ReaderConfig": config})}, {"key": "k", "most": 1})
    assert read(story, content) == items


@pytest.mark.parametrize(
    ("config", "content"),
    [
        *(({}, "{"), ({}, '"a"'), ({"ItemsPointer": "/b"}, '{"a": 1}'), ({"InputType": "JSONL"}, "x"), ({}, 5)),
        *(
            ({}, "[" * 100_000),
            ({}, "[NaN]"),
            ({"InputType": "PARQUET"}, "PAR1"),
            ({"ManifestType": "ATHENA_DATA"}, "[]"),
        ),
    ],
)
def test_what_cannot_be_read_fails_the_map(config: dict[str, Any], content: Any) -> None:
    story = Story({"M": reading(reader={"ReaderConfig": config})}, {"key": "k"})
    assert read(story, content) == []
    assert story.error == "States.ItemReaderFailed"
    assert story.types[-5:] == [
        "MapStateStarted",
        "MapRunStarted",
        "MapRunFailed",
        "MapStateFailed",
        "ExecutionFailed",
    ]


@pytest.mark.parametrize(
    ("reader", "source"),
    [
        ({"Parameters": {"Bucket": "b", "Key.$": "$.key"}}, "s3://b/k"),
        ({"Resource": LIST, "Parameters": {"Bucket": "b", "Prefix": "p"}}, "s3://b"),
    ],
)
def test_the_source_of_an_item_is_told(reader: dict[str, Any], source: str) -> None:
    selector = {"source.$": "$$.Map.Item.Source", "is.$": "$$.Map.Item.Value"}
    story = Story({"M": reading(reader=reader, ItemSelector=selector)}, {"key": "k"})
    assert read(story, ["Ada"]) == [{"source": source, "is": "Ada"}]


def test_files_that_are_listed_are_read_by_the_caller_where_their_content_is_wanted() -> None:
    config = {"Transformation": "LOAD_AND_FLATTEN", "InputType": "PARQUET"}
    story = Story({"M": reading(reader={"Resource": LIST, "ReaderConfig": config})}, {"key": "k"})
    assert story.asked == [ReadItems(2, "M", LIST, {"Key": "k"}, config)]
    assert read(story, [1, 2]) == [1, 2]


def test_a_file_that_is_not_there_fails_the_map_and_may_be_caught() -> None:
    catch = [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "A"}]
    story = Story({"M": reading(Catch=catch), "A": END}, {"key": "k"})
    story.tell(FileFailed(2, "no such key"))
    assert story.output == {"Error": "States.ItemReaderFailed", "Cause": "no such key"}
    assert not story.tell(FileSucceeded(2, "[]")).applied


def test_a_late_answer_finds_nobody() -> None:
    story = Story({"M": reading()}, {"key": "k"})
    read(story, "[1]")
    assert not story.tell(FileSucceeded(2, "[1, 2]")).applied


def test_the_results_are_written() -> None:
    config = {"Transformation": "COMPACT", "OutputType": "JSONL"}
    writer = {"Resource": PUT, "Parameters": {"Bucket": "results"}, "WriterConfig": config}
    story = Story({"M": state("Map", ItemProcessor=INNER, ResultWriter=writer)}, [1, 2])
    finish(story)
    effect = story.asked[-1]
    assert isinstance(effect, WriteResults)
    assert (effect.parameters, effect.results, effect.config) == ({"Bucket": "results"}, [1, 2], config)
    story.tell(FileSucceeded(effect.file_id, {"Bucket": "results", "Key": "k"}))
    assert story.output["ResultWriterDetails"] == {"Bucket": "results", "Key": "k"}
    assert story.output["MapRunArn"] == story.history[3].details["mapRunArn"]


def test_results_that_cannot_be_written_fail_the_map() -> None:
    writer = {"Resource": PUT, "Arguments": {"Bucket": "{% $states.input[0] %}"}}
    story = Story({"M": jsonata("Map", ItemProcessor=INNER, ResultWriter=writer)}, ["b"])
    finish(story)
    effect = story.asked[-1]
    assert isinstance(effect, WriteResults)
    assert effect.parameters == {"Bucket": "b"}
    story.tell(FileFailed(effect.file_id, "no room"))
    assert (story.error, story.execution.cause) == ("States.ResultWriterFailed", "no room")
    assert story.types[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]


@pytest.mark.parametrize(
    ("reader", "problem"),
    [
        (
            {"ReaderConfig": {"InputType": "XML"}},
            '"InputType" must be one of CSV, JSON, JSONL, PARQUET, MANIFEST ("XML"',
        ),
        ({"ReaderConfig": {"ManifestType": "MINE"}}, '"ManifestType" must be one of ATHENA_DATA, S3_INVENTORY'),
        ({"ReaderConfig": {"ManifestType": "S3_INVENTORY", "InputType": "JSON"}}, "names are always CSV"),
        ({"ReaderConfig": {"Transformation": "LOAD_AND_FLATTEN", "InputType": "CSV"}}, "a Resource that lists them"),
        ({"Resource": LIST, "ReaderConfig": {"Transformation": "LOAD_AND_FLATTEN"}}, 'needs the "InputType"'),
        ({"ReaderConfig": {"MaxItems": 1, "MaxItemsPath": "$.n"}}, "exclude each other"),
        ({"ReaderConfig": {"Max": 1}}, 'States.M.ItemReader.ReaderConfig: "Max" is not a field here'),
        ({"Arguments": {}}, '"Arguments" is a field of JSONata'),
        ({"ReaderConfig": {"CSVHeaders": 5}}, '"CSVHeaders" must be a list of strings'),
        ({"ReaderConfig": []}, '"ReaderConfig" must be an object'),
    ],
)
def test_a_fault_of_the_reader_is_refused(reader: dict[str, Any], problem: str) -> None:
    found = problems({"M": reading(reader=reader)})
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("writer", "problem"),
    [
        ({}, 'States.M.ResultWriter: "Resource" is missing'),
        (
            {"Resource": PUT, "WriterConfig": {"OutputType": "CSV"}},
            'States.M.ResultWriter.WriterConfig: "OutputType" must be one of JSON, JSONL',
        ),
    ],
)
def test_a_fault_of_the_writer_is_refused(writer: dict[str, Any], problem: str) -> None:
    assert problems({"M": state("Map", ItemProcessor=INNER, ResultWriter=writer)}) == [problem]
