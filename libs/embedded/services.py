"""The services as processes: which there are, and what each is told by its environment."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from libs.embedded.processes import Command
from libs.embedded.resources import LOOPBACK, free_port
from libs.setup import api_url, database_url

ROOT = Path(__file__).resolve().parents[2]
API = "api"
WEBHOOKS = "webhooks"


@dataclass(frozen=True)
class Service:
    """A module that runs as a process of its own; `port` is that of its health endpoints, `metrics` of its metrics."""

    name: str
    module: str
    database: str
    port: int
    metrics: int = 0

    @property
    def ready_url(self) -> str:
        """Answers 200 once the service can do its work."""
        return f"http://{LOOPBACK}:{self.port}/health/ready"


@dataclass(frozen=True)
class Surroundings:
    """What the services of one run share; `endpoints` says who is told what where, `registers` is a folder of what is
    known of applicants, where it is not the project's own."""

    data: Path
    bootstrap: str
    database: str
    token_key: str
    webhook_key: str
    api_password: str
    endpoints: str = ""
    registers: str = ""


def services(api_port: int, root: Path = ROOT) -> list[Service]:
    """Every service with a `__main__`, and the other processes of results: who delivers webhooks, and the API, which
    answers for its health on its own port."""
    names = sorted(path.parent.name for path in (root / "services").glob("*/__main__.py"))
    ports = iter(_different_ports(2 * len(names) + 3))
    found = [Service(name, f"services.{name}", name, next(ports), next(ports)) for name in names]
    found.append(Service(WEBHOOKS, "services.results.webhooks", "results", next(ports), next(ports)))
    return [*found, Service(API, "services.results.api", "results", api_port, next(ports))]


def scraped(everyone: Iterable[Service]) -> str:
    """Where Prometheus finds the metrics of a run, as its `file_sd_configs` read it."""
    found = [{"targets": [f"{LOOPBACK}:{one.metrics}"], "labels": {"service": one.name}} for one in everyone]
    return json.dumps(found, indent=1) + "\n"


def command(service: Service, around: Surroundings, environ: Mapping[str, str] = os.environ) -> Command:
    """How the service is started."""
    # Each faust worker keeps a folder; by default it would make one where it was started.
    folder = around.data / "faust" / service.name
    folder.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "KAFKA_BOOTSTRAP": around.bootstrap,
        "DATABASE_URL": database_url(around.database, service.database),
        "VETSTREAM_TOKEN_KEY": around.token_key,
        "VETSTREAM_WEBHOOK_KEY": around.webhook_key,
        "VETSTREAM_NOTIFICATION_ENDPOINTS": around.endpoints,
        "PRESCREENING_REGISTERS": around.registers,
        "PRESCREENING_HASH_KEY": around.token_key,
        "VETSTREAM_NOTIFICATION_NETWORKS": f"{LOOPBACK}/32",
        "APP_DATADIR": str(folder),
        "BLOBS_DIRECTORY": str(around.data / "blobs"),
        "VETSTREAM_METRICS_HOST": LOOPBACK,
        "VETSTREAM_METRICS_PORT": str(service.metrics),
        "PYTHONUNBUFFERED": "1",
    }
    if service.name == API:
        told["DATABASE_URL"] = api_url(around.database, around.api_password)
        told |= {"API_HOST": LOOPBACK, "API_PORT": str(service.port)}
    else:
        told |= {"HEALTH_HOST": LOOPBACK, "HEALTH_PORT": str(service.port)}
    return Command(service.name, [sys.executable, "-m", service.module], env={**environ, **told}, cwd=ROOT)


def _different_ports(count: int) -> Iterable[int]:
    """A port that is free is so until its owner binds it, so that two could be given the same one."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return sorted(found)
