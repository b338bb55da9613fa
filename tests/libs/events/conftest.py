"""A copy of `schemas/` that a test may change."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from libs.events import catalogue, released

Change = Callable[[dict[str, Any]], None]


class Schemas:
    """The copy, and ways to change it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def change(self, record: str, change: Change, *, known: bool = True) -> None:
        """Edit the working schema of a record; `known` to this process, or made by a later one."""
        self._edit(self.folder / f"vetstream.{record}.avsc", change)
        if known:
            forget()
        else:
            catalogue.schema.cache_clear()

    def change_released(self, record: str, version: int, change: Change) -> None:
        """Edit a released schema, which nobody may."""
        self._edit(self.folder / "released" / record / f"{version}.avsc", change)
        forget()

    def _edit(self, path: Path, change: Change) -> None:
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document))


def forget() -> None:
    """Read everything again, as a process started now does."""
    released._ours.cache_clear()
    catalogue.topics.cache_clear()
    catalogue.schema.cache_clear()
    released.released.cache_clear()
    released._by_id.cache_clear()


@pytest.fixture
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Schemas]:
    """The schemas that the code reads during one test, apart from the committed ones."""
    folder = tmp_path / "schemas"
    shutil.copytree(catalogue.SCHEMAS, folder)
    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "SCHEMAS", folder)
        patch.setattr(released, "RELEASED", folder / "released")
        patch.setattr(released, "LOCK", folder / "ids.lock.json")
        forget()
        yield Schemas(folder)
    forget()
