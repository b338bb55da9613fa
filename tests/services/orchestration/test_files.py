"""Files of Maps: a directory stands for the buckets."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.orchestration.files import LARGEST_BYTES, READS, FileTrouble, LocalFiles
from tests.factory import requested
from tests.services.orchestration.conftest import Alone
from tests.services.orchestration.test_children import children, each, ended, execution_of, story

OBJECT, LIST = READS


@pytest.fixture
def files(tmp_path: Path) -> LocalFiles:
    """One bucket with two objects."""
    for key, content in {"people/ada.json": '["Ada"]', "people.csv": "name,age\nAda,36\nBob,7\n"}.items():
        path = tmp_path / "files" / "in" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "secret").write_text("of others")
    return LocalFiles(tmp_path / "files")


async def test_objects_are_read_and_listed(files: LocalFiles) -> None:
    assert await files.read(OBJECT, {"Bucket": "in", "Key": "people/ada.json"}) == '["Ada"]'
    listed = await files.read(LIST, {"Bucket": "in", "Prefix": "people"})
    assert [(one["Key"], one["Size"]) for one in listed if isinstance(one, dict)] == [
        ("people.csv", 22),
        ("people/ada.json", 7),
    ]
    assert len(await files.read(LIST, {"Bucket": "in", "Prefix": "people/"})) == 1


@pytest.mark.parametrize(
    ("parameters", "trouble"),
    [
        ({"Bucket": "in"}, "Bucket and Key must be given"),
        ("in/people.csv", "Bucket and Key must be given"),
        ({"Bucket": "in", "Key": "none"}, "No such file"),
        ({"Bucket": "in", "Key": "../../secret"}, "lies outside"),
        ({"Bucket": "..", "Key": "secret"}, "lies outside"),
        ({"Bucket": ".", "Key": "in/people.csv"}, "lies outside"),
        ({"Bucket": "in", "Key": "people"}, "Is a directory"),
    ],
)
async def test_what_cannot_be_read_is_told(files: LocalFiles, parameters: Any, trouble: str) -> None:
    with pytest.raises(FileTrouble, match=trouble):
        await files.read(OBJECT, parameters)


async def test_a_file_that_is_too_large_is_not_read(files: LocalFiles, tmp_path: Path) -> None:
    with (tmp_path / "files" / "in" / "large").open("wb") as large:
        large.truncate(LARGEST_BYTES + 1)
    with pytest.raises(FileTrouble, match="large has more than"):
        await files.read(OBJECT, {"Bucket": "in", "Key": "large"})


@pytest.mark.parametrize(
    ("config", "key", "content"),
    [
        ({}, "r/1.json", "[[1,2],3]"),
        ({"Transformation": "FLATTEN"}, "r/1.json", "[1,2,3]"),
        ({"Transformation": "COMPACT", "OutputType": "JSONL"}, "r/1.jsonl", "[1,2]\n3\n"),
    ],
)
async def test_results_are_written_as_their_config_says(
    files: LocalFiles, tmp_path: Path, config: dict[str, str], key: str, content: str
) -> None:
    where = {"Bucket": "out", "Prefix": "r/"}
    assert await files.write(where, [[1, 2], 3], config, "1") == {"Bucket": "out", "Key": key}
    assert (tmp_path / "files" / "out" / key).read_text() == content
    assert [one.name for one in (tmp_path / "files" / "out" / "r").iterdir()] == [Path(key).name]


async def test_a_map_reads_its_items_from_a_file_and_writes_its_results_to_one(
    alone: Alone, files: LocalFiles, tmp_path: Path
) -> None:
    reader = {
        "Resource": OBJECT,
        "ReaderConfig": {"InputType": "CSV"},
        "Parameters": {"Bucket": "in", "Key": "people.csv"},
    }
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "r"}}
    states = each([], {"Name": {"Type": "Pass", "OutputPath": "$.name", "End": True}}, ItemReader=reader)
    states["Each"]["ResultWriter"] = writer
    async with Alone(alone.engine, alone.broker, files=files) as other:
        await alone.consumer.stop()
        await other.define("Files", states)
        start = requested("Files")
        await other.settle(start)
        assert len(children(other, start)) == 2
        state, output = ended(other, start)
        assert state == "SUCCEEDED"
        details = json.loads(output or "")["ResultWriterDetails"]
        assert json.loads((tmp_path / "files" / details["Bucket"] / details["Key"]).read_text()) == ["Ada", "Bob"]


async def test_a_file_that_is_not_there_fails_the_map(alone: Alone, files: LocalFiles) -> None:
    reader = {"Resource": OBJECT, "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "in", "Key": "none"}}
    async with Alone(alone.engine, alone.broker, files=files) as other:
        await alone.consumer.stop()
        await other.define("Files", each([], {"A": {"Type": "Pass", "End": True}}, ItemReader=reader))
        start = requested("Files")
        await other.settle(start)
        last = story(other, execution_of(start))[-1]
        assert (last.error, last.cause) == ("States.ItemReaderFailed", "FileNotFoundError: No such file or directory")
