"""docker-compose.yml, read for running its services one by one: the end-to-end tests and operators run the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"

HEALTHY, COMPLETED = "service_healthy", "service_completed_successfully"
_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?::-(?P<otherwise>[^}]*))?\})")
_SECONDS = re.compile(r"(\d+)s")
# Of a service's keys, those that are run as they stand, and those that a run on one's own does without.
KNOWN = {"image", "command", "environment", "healthcheck", "init", "restart", "depends_on", "ports", "build"}
LEFT_OUT = {"volumes"}


@dataclass(frozen=True)
class Service:
    """A service of the file; `after` names what must have become of others before it is started."""

    name: str
    image: str
    command: str | None
    environment: Mapping[str, str]
    healthcheck: Mapping[str, Any] | None
    init: bool
    restart: str | None
    after: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Build:
    """The one build of the file."""

    tag: str
    arguments: Mapping[str, str]


@dataclass(frozen=True)
class Compose:
    """Services in an order in which they can be started, and the image that is built for them."""

    services: Mapping[str, Service]
    build: Build

    @property
    def others(self) -> set[str]:
        """The images that have to be there already."""
        return {service.image for service in self.services.values()} - {self.build.tag}


def read(environ: Mapping[str, str], file: Path = FILE) -> Compose:
    """The file as it is meant with these variables."""
    document = yaml.safe_load(file.read_text())
    told = _interpolated(document["services"], environ)
    services = {name: _service(name, one) for name, one in told.items()}
    (built,) = [Build(one["image"], one["build"]["args"]) for one in told.values() if "build" in one]
    return Compose(_in_order(services), built)


def _interpolated(value: Any, environ: Mapping[str, str]) -> Any:
    """`${NAME:-otherwise}` and `$$`, wherever they stand; what stands unset without an otherwise is a mistake."""
    if isinstance(value, dict):
        return {name: _interpolated(one, environ) for name, one in value.items()}
    if isinstance(value, list):
        return [_interpolated(one, environ) for one in value]
    return _VARIABLE.sub(lambda found: _value(found, environ), value) if isinstance(value, str) else value


def _value(found: re.Match[str], environ: Mapping[str, str]) -> str:
    if found["dollar"]:
        return "$"
    # As in a shell, `:-` is for the empty value too.
    return environ.get(found["name"]) or (environ[found["name"]] if found["otherwise"] is None else found["otherwise"])


def _service(name: str, told: Mapping[str, Any]) -> Service:
    unknown = told.keys() - KNOWN - LEFT_OUT
    if unknown:
        raise ValueError(f"{name}: the end-to-end tests do not know what to do with {', '.join(sorted(unknown))}")
    return Service(
        name=name,
        image=told["image"],
        command=told.get("command"),
        environment={key: str(value) for key, value in told.get("environment", {}).items()},
        healthcheck=_healthcheck(told.get("healthcheck", {})),
        init=told.get("init", False),
        restart=told.get("restart"),
        after={other: how["condition"] for other, how in told.get("depends_on", {}).items()},
    )


def _healthcheck(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """In the engine's own terms, where a time is in nanoseconds."""
    if not told or told.get("disable"):
        return None
    return {name: _nanoseconds(value) if isinstance(value, str) else value for name, value in told.items()}


def _nanoseconds(text: str) -> int:
    found = _SECONDS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is not a time in whole seconds")
    return int(found[1]) * 1_000_000_000


def _in_order(services: Mapping[str, Service]) -> dict[str, Service]:
    """Each one after those it waits for."""
    ordered: dict[str, Service] = {}
    while len(ordered) < len(services):
        ready = [one for one in services.values() if one.name not in ordered and one.after.keys() <= ordered.keys()]
        if not ready:
            raise ValueError("services wait for each other")
        ordered.update((one.name, one) for one in ready)
    return ordered
