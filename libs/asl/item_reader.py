"""ItemReader: the items of a distributed Map that stand in files, which the caller reads."""

import csv
from collections.abc import Mapping
from itertools import islice
from typing import Any

from libs.asl import errors
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_jsonata
from libs.asl.map_items import Items
from libs.asl.map_numbers import read_whole_number
from libs.asl.outcomes import CallFile
from libs.asl.payload_template import read_template
from libs.asl.plain_json import parse
from libs.asl.scope import Scope

# Of these the caller gives the text, and items are made of it here.
_TEXTS = ("CSV", "JSON", "JSONL")
# Of these the caller gives the items: they are no text, or many files.
_TYPES = (*_TEXTS, "PARQUET", "MANIFEST")
_MANIFESTS = ("ATHENA_DATA", "S3_INVENTORY")
_FLATTENED = "LOAD_AND_FLATTEN"
_HEADERS = ("FIRST_ROW", "GIVEN")
_DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}


class ItemReader:
    """What is to be read, and how items are made of it."""

    def __init__(self, fields: Fields) -> None:
        self.resource = _read_resource(fields)
        name, read = ("Arguments", read_jsonata) if fields.is_jsonata else ("Parameters", read_template)
        self._parameters = read(fields, name)
        config = fields.object("ReaderConfig") or fields.inner({}, ".ReaderConfig")
        self._config: Mapping[str, Any] = config.source
        self._type = _one_of(config, "InputType", None if _lists(self.resource) else "JSON", _TYPES)
        self._is_read_by_caller = _read_many(config, self.resource) or self._type not in (None, *_TEXTS)
        self._header = _one_of(config, "CSVHeaderLocation", "FIRST_ROW", _HEADERS)
        self._headers = _read_headers(config)
        self._delimiter = _DELIMITERS[_one_of(config, "CSVDelimiter", "COMMA", tuple(_DELIMITERS)) or "COMMA"]
        self._pointer = config.text("ItemsPointer", "") or ""
        self._most = read_whole_number(config, "MaxItems", None)
        config.finish()
        fields.finish()

    def call(self, seen: Any, scope: Scope) -> CallFile:
        """Have the caller read the file."""
        return CallFile(self.resource, self._parameters_of(seen, scope), config=self._config)

    def source(self, seen: Any, scope: Scope) -> str | None:
        """Where the items are from, as `$$.Map.Item.Source` tells it: a file, or a bucket whose files are listed."""
        parameters = self._parameters_of(seen, scope)
        if not isinstance(parameters, dict) or "Bucket" not in parameters:
            return None
        return "/".join(["s3:/", str(parameters["Bucket"]), *([str(parameters["Key"])] if "Key" in parameters else [])])

    def items(self, content: Any, seen: Any, scope: Scope) -> Items:
        """The items in what was read: the text of a file, or the items themselves."""
        if isinstance(content, str) and self._is_read_by_caller:
            raise reading_failed(f"The items of {self._type or 'many files'} are wanted as an array, not as text.")
        try:
            items = self._parsed(content) if isinstance(content, str) else content
        except (ValueError, KeyError, IndexError, TypeError, csv.Error) as error:
            raise reading_failed(f"The file could not be read as {self._type}: {error}") from None
        if not isinstance(items, list | dict):
            raise reading_failed("The file holds neither an array nor an object.")
        most = self._most(seen, scope)
        return _first(items, most) if most else items

    def _parameters_of(self, seen: Any, scope: Scope) -> Any:
        return {} if self._parameters is None else self._parameters(seen, scope)

    def _parsed(self, text: str) -> Any:
        text = text.removeprefix("\ufeff")
        if self._type == "CSV":
            return self._rows(text)
        if self._type == "JSONL":
            return [parse(line) for line in text.split("\n") if line.strip()]
        found = parse(text)
        for step in self._pointer.split("/")[1:]:
            found = found[int(step) if isinstance(found, list) else step.replace("~1", "/").replace("~0", "~")]
        return found

    def _rows(self, text: str) -> list[dict[str, str]]:
        lines = (f"{line}\n" for line in text.split("\n"))
        rows = [row for row in csv.reader(lines, delimiter=self._delimiter) if row]
        headers = self._headers if self._header == "GIVEN" else rows.pop(0) if rows else []
        return [dict(zip(headers, row + [""] * len(headers), strict=False)) for row in rows]


def read_item_reader(fields: Fields) -> ItemReader | None:
    """The ItemReader field of a Map."""
    inner = fields.object("ItemReader")
    return None if inner is None else ItemReader(inner)


def reading_failed(cause: str | None) -> StateFailure:
    """The items could not be read."""
    return StateFailure(errors.ITEM_READER_FAILED, cause)


def _read_resource(fields: Fields) -> str:
    fields.require("Resource")
    return fields.text("Resource") or ""


def _lists(resource: str) -> bool:
    """The resource lists objects instead of reading one."""
    return "listObjects" in resource


def _read_many(fields: Fields, resource: str) -> bool:
    """The items stand in many files, which a list or a manifest names."""
    given = fields.text("InputType")
    flattened = _one_of(fields, "Transformation", "NONE", ("NONE", _FLATTENED)) == _FLATTENED
    if flattened and (given in (None, "MANIFEST") or not _lists(resource)):
        fields.problem(f'"{_FLATTENED}" needs the "InputType" of the files, and a Resource that lists them')
    manifest = _one_of(fields, "ManifestType", None, _MANIFESTS)
    if manifest == "S3_INVENTORY" and given not in (None, "MANIFEST"):
        fields.problem('"InputType" is given, and files that an "S3_INVENTORY" names are always CSV')
    return flattened or manifest is not None


def _first(items: Items, most: int) -> Items:
    return dict(islice(items.items(), most)) if isinstance(items, dict) else items[:most]


def _read_headers(fields: Fields) -> list[str]:
    headers = fields.get("CSVHeaders", [])
    if not isinstance(headers, list) or not all(isinstance(header, str) for header in headers):
        fields.problem('"CSVHeaders" must be a list of strings')
        return []
    return headers


def _one_of(fields: Fields, name: str, default: str | None, allowed: tuple[str, ...]) -> str | None:
    value = fields.text(name, default)
    if value is not None and value not in allowed:
        fields.problem(f'"{name}" must be one of {", ".join(allowed)} ("{value}" is not supported)')
        return default
    return value
