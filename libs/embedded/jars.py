"""The broker's jars: Maven artifacts fetched once into a cache and pinned by SHA-256.

`python -m libs.embedded.jars` resolves the coordinates anew and writes the pins.
"""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from libs.embedded.errors import EmbeddedError
from libs.embedded.resources import require_space

if TYPE_CHECKING:
    from jgo.maven import MavenContext

KAFKA_VERSION = "4.3.1"
# Kafka's own artifact leaves the choice of a log backend to the distribution; slf4j-simple writes to stderr.
COORDINATES = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"
PINS = Path(__file__).with_name("kafka-jars.sha256")
_ATTEMPTS = 3
_SPACE = 150 * 2**20


@dataclass(frozen=True)
class Pin:
    """A jar that the broker may load: its path in a Maven repository and the SHA-256 of its content."""

    path: PurePosixPath
    sha256: str

    @property
    def coordinates(self) -> tuple[str, str, str]:
        """Group, artifact and version, as a Maven path spells them."""
        *group, artifact, version, _ = self.path.parts
        return ".".join(group), artifact, version


def read_pins(file: Path = PINS) -> list[Pin]:
    """The pins in the order of the class path, in the format of `sha256sum`."""
    lines = [line.split() for line in file.read_text().splitlines() if line]
    return [Pin(PurePosixPath(path), sha256) for sha256, path in lines]


def class_path(cache: Path, pins: list[Pin]) -> list[Path]:
    """Every pinned jar in the cache folder, fetched where it is missing and verified each time (0.1 s for 44 MB)."""
    folder = cache / f"kafka-{KAFKA_VERSION}"
    if any(not (folder / pin.path).exists() for pin in pins):
        require_space(folder, _SPACE)
        with _one_fetcher(folder):
            _fetch([pin for pin in pins if not (folder / pin.path).exists()], folder)
    for pin in pins:
        _verify(folder / pin.path, pin)
    return [folder / pin.path for pin in pins]


@contextmanager
def _one_fetcher(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(pins: list[Pin], folder: Path) -> None:
    """Each jar appears in the folder whole and verified, or not at all."""
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as staging:
        for pin in pins:
            fetched = _download(pin, Path(staging))
            _verify(fetched, pin)
            (folder / pin.path).parent.mkdir(parents=True, exist_ok=True)
            fetched.replace(folder / pin.path)


def _maven(repository: Path) -> "MavenContext":
    """Where jgo looks for jars: the usual place and those of the user's jgo settings; imported when needed (0.3 s)."""
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    remote = {"central": MAVEN_CENTRAL_URL, **GlobalSettings.load().repositories}
    return MavenContext(repo_cache=repository, remote_repos=remote)


def _download(pin: Pin, staging: Path) -> Path:
    group, artifact, version = pin.coordinates
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _maven(staging).project(group, artifact).at_version(version).artifact().resolve()
        except Exception as error:  # whatever jgo raises; its text names hosts, which no log of ours shall hold
            shutil.rmtree(staging / group.replace(".", "/"), ignore_errors=True)  # jgo leaves a half-written file
            reason = type(error).__name__
            if attempt == _ATTEMPTS:
                break
    raise EmbeddedError(
        f"the broker's jar {pin.path.name} could not be fetched ({reason}); check the network and start again,"
        " or name a Maven mirror under [repositories] in ~/.config/jgo.conf"
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _verify(file: Path, pin: Pin) -> None:
    found = _sha256(file)
    if found != pin.sha256:
        raise EmbeddedError(
            f"the jar {pin.path.name} is not the pinned one (SHA-256 {found[:16]}…, expected {pin.sha256[:16]}…);"
            f" delete {file} and start again"
        )


def write_pins(file: Path = PINS) -> None:
    """Resolves the coordinates with all they depend on and pins what the repository serves today."""
    from jgo.parse import Endpoint

    with tempfile.TemporaryDirectory() as folder:
        context = _maven(Path(folder))
        wanted = [replace(coordinate, scope="compile") for coordinate in Endpoint.parse(COORDINATES).coordinates]
        direct, transitive = context.resolver.resolve([context.create_dependency(each) for each in wanted])
        needed = {each.artifact for each in (*direct, *transitive) if each.scope in ("compile", "runtime")}
        jars = sorted(artifact.resolve() for artifact in needed)
        file.write_text("".join(f"{_sha256(jar)}  {jar.relative_to(folder).as_posix()}\n" for jar in jars))


if __name__ == "__main__":
    write_pins()
