import hashlib
import os
from pathlib import Path, PurePosixPath

import pytest

from libs.embedded.errors import EmbeddedError
from libs.embedded.jars import KAFKA_VERSION, PINS, Pin, class_path, read_pins
from libs.embedded.resources import cache_folder

SMALL = next(pin for pin in read_pins() if "slf4j-simple" in pin.path.name)


def test_the_pins_name_the_broker_and_no_host() -> None:
    coordinates = {pin.coordinates for pin in read_pins()}
    assert ("org.apache.kafka", "kafka_2.13", KAFKA_VERSION) in coordinates
    assert len(coordinates) == len(read_pins())
    assert "://" not in PINS.read_text()


def test_a_missing_jar_is_fetched_once_and_verified(tmp_path: Path) -> None:
    (jar,) = class_path(tmp_path, [SMALL])
    assert hashlib.sha256(jar.read_bytes()).hexdigest() == SMALL.sha256
    written = jar.stat().st_mtime_ns
    assert class_path(tmp_path, [SMALL]) == [jar]
    assert jar.stat().st_mtime_ns == written
    assert {file.name for file in jar.parents[4].iterdir()} == {".lock", "org"}, "nothing is left of the fetch"


def test_a_jar_that_differs_from_its_pin_is_named(tmp_path: Path) -> None:
    (jar,) = class_path(tmp_path, [SMALL])
    jar.write_bytes(jar.read_bytes() + b"\0")
    with pytest.raises(EmbeddedError, match=f"the jar {SMALL.path.name} is not the pinned one .*delete {jar}"):
        class_path(tmp_path, [SMALL])


def test_a_fetched_jar_that_differs_never_enters_the_cache(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match=f"the jar {SMALL.path.name} is not the pinned one"):
        class_path(tmp_path, [Pin(SMALL.path, "0" * 64)])
    assert not list(tmp_path.rglob("*.jar"))


def test_a_jar_that_cannot_be_fetched_is_named_and_no_host_is(tmp_path: Path) -> None:
    pin = Pin(PurePosixPath("org/example/none/1/none-1.jar"), "0" * 64)
    with pytest.raises(EmbeddedError, match=r"jar none-1\.jar could not be fetched") as raised:
        class_path(tmp_path, [pin])
    assert "://" not in str(raised.value)


def test_every_jar_of_the_cache_is_the_pinned_one() -> None:
    assert len(class_path(cache_folder(os.environ), read_pins())) == len(read_pins())
