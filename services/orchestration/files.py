"""The files that a distributed Map reads its items from and writes its results to: a directory that stands for S3."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import orjson

READS = ("arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2")
WRITES = ("arn:aws:states:::s3:putObject",)
# The items stand in the document of their execution, which every step writes.
LARGEST_BYTES = 8 * 1024 * 1024
MOST_LISTED = 10_000


P = ParamSpec("P")
T = TypeVar("T")


class FileTrouble(Exception):
    """The file cannot be read or written."""


class LocalFiles:
    """Buckets are the folders of a directory, keys the paths of the files in them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory.resolve()

    async def read(self, resource: str, parameters: Any) -> str | list[dict[str, Any]]:
        """The text of an object, or the objects below a prefix; raises FileTrouble."""
        if resource.endswith("listObjectsV2"):
            return await _in_thread(self._listed, parameters)
        return await _in_thread(self._text, parameters)

    async def write(self, parameters: Any, results: list[Any], config: Mapping[str, str], name: str) -> dict[str, Any]:
        """Where the results are now: bucket and key; `name` tells them from all others. Raises FileTrouble.

        A result is what an item gave: with FLATTEN, what is in the lists that items gave.
        """
        return await _in_thread(self._written, parameters, results, config, name)

    def _text(self, parameters: Any) -> str:
        path = self._path(parameters, "Key")
        if path.stat().st_size > LARGEST_BYTES:
            raise FileTrouble(f"{parameters['Key']} has more than {LARGEST_BYTES} bytes")
        return path.read_text("utf-8-sig")

    def _listed(self, parameters: Any) -> list[dict[str, Any]]:
        bucket = self._path(parameters, None)
        prefix = parameters.get("Prefix", "")
        keys = sorted(path.relative_to(bucket).as_posix() for path in bucket.rglob("*") if path.is_file())
        found = [key for key in keys if key.startswith(prefix)]
        if len(found) > MOST_LISTED:
            raise FileTrouble(f"there are more than {MOST_LISTED} objects below {prefix}")
        return [_object(bucket / key, key) for key in found]

    def _written(self, parameters: Any, results: list[Any], config: Mapping[str, str], name: str) -> dict[str, Any]:
        key = "/".join(part for part in (str(parameters.get("Prefix", "")).strip("/"), f"{name}.json") if part)
        if config.get("Transformation") == "FLATTEN":
            results = [one for result in results for one in (result if isinstance(result, list) else [result])]
        if config.get("OutputType") == "JSONL":
            key, content = f"{key}l", b"".join(orjson.dumps(one) + b"\n" for one in results)
        else:
            content = orjson.dumps(results)
        path = self._path({**parameters, "Key": key}, "Key")
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.part")
        draft.write_bytes(content)
        draft.replace(path)
        return {"Bucket": parameters["Bucket"], "Key": key}

    def _path(self, parameters: Any, key: str | None) -> Path:
        """The place of an object or a bucket, which lies in the directory."""
        names = ("Bucket", key) if key else ("Bucket",)
        given = parameters if isinstance(parameters, Mapping) else {}
        if not all(isinstance(given.get(name), str) and given[name] for name in names):
            raise FileTrouble(f"{' and '.join(names)} must be given")
        bucket = (self._directory / str(given["Bucket"])).resolve()
        path = (bucket / str(given[key])).resolve() if key else bucket
        if bucket.parent != self._directory or not path.is_relative_to(bucket):
            raise FileTrouble(f"{'/'.join(given[name] for name in names)} lies outside")
        return path


async def _in_thread(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    try:
        return await asyncio.to_thread(work, *given, **named)
    except (OSError, UnicodeDecodeError) as error:
        raise FileTrouble(f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}") from None


def _object(path: Path, key: str) -> dict[str, Any]:
    """As ListObjectsV2 tells of it."""
    about = path.stat()
    return {
        "Etag": f'"{about.st_mtime_ns:x}-{about.st_size:x}"',
        "Key": key,
        "LastModified": int(about.st_mtime),
        "Size": about.st_size,
        "StorageClass": "STANDARD",
    }
