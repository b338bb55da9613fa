"""Every service of docker-compose.yml as a container of its own, on a network of its own."""

import gc
import json
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from docker.errors import DockerException, ImageNotFound  # type: ignore[import-untyped]
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.image import DockerImage
from testcontainers.core.network import Network

from libs.embedded.resources import free_port
from tests.e2e import compose
from tests.e2e.compose import Service

KAFKA_OUTSIDE, API = 9094, 8080
PATIENCE = 300.0
EVERY = 0.5


class Unavailable(Exception):
    """There is no engine, or an image is not there; images are never pulled."""


class NotStarted(Exception):
    """A container ended, or did not become healthy in time."""


@dataclass
class System:
    """The running system; `bootstrap` and `api` are its addresses for this machine."""

    bootstrap: str
    containers: dict[str, DockerContainer] = field(default_factory=dict)

    @property
    def api(self) -> str:
        container = self.containers["api"]
        return f"http://{container.get_container_host_ip()}:{container.get_exposed_port(API)}"

    def kill(self, name: str) -> None:
        """End a container as a crash would, in the middle of what it does."""
        self.containers[name].get_wrapped_container().kill()

    def start(self, name: str) -> None:
        """Start a container that was killed."""
        self.containers[name].get_wrapped_container().start()

    def key(self, customer: str) -> str:
        """A key of the API with every role, made as the README says."""
        command = "python -m services.results.api keys create --role all --customer"
        made = self.containers["results"].exec([*command.split(), customer])
        assert made.exit_code == 0, made.output
        return str(json.loads(made.output)["apiKey"])

    def restarts(self) -> dict[str, int]:
        """How often the engine had to start a container again because it had failed."""
        counts = {name: int(_attributes(one)["RestartCount"]) for name, one in self.containers.items()}
        return {name: count for name, count in counts.items() if count}

    def wait(self, name: str, condition: str) -> None:
        """Until a container is as compose.HEALTHY or compose.COMPLETED say; raises NotStarted."""
        container = self.containers[name]
        deadline = time.monotonic() + PATIENCE
        while not _is(container, condition):
            ended = _attributes(container)["State"]["Status"] in ("exited", "dead")
            if ended or time.monotonic() > deadline:
                raise NotStarted(f"{name} {'ended' if ended else 'is not healthy in time'}:\n{self.log(name)}")
            time.sleep(EVERY)

    def log(self, name: str, lines: int = 40) -> str:
        """The last lines of what a container said."""
        said = self.containers[name].get_wrapped_container().logs(tail=lines)
        return cast(bytes, said).decode(errors="replace")


@contextmanager
def running(environ: Mapping[str, str]) -> Iterator[System]:
    """The whole system, from the image that the project's Dockerfile makes now; raises Unavailable or NotStarted."""
    port = free_port()
    # What the tests decide for themselves; all else is as in the file.
    own = {"KAFKA_PORT": str(port), "HEALTH_INTERVAL": "5s", "VETSTREAM_IMAGE": "vetstream:e2e"}
    file = compose.read({**environ, **own})
    # Ryuk is an image that would be pulled; the containers are removed right here.
    testcontainers_config.ryuk_disabled = True
    check(file)
    with ExitStack() as stack:
        built = DockerImage(
            compose.ROOT, tag=file.build.tag, clean_up=False, buildargs=dict(file.build.arguments), rm=True
        )
        stack.enter_context(built)
        network = stack.enter_context(Network())
        system = System(f"localhost:{port}")
        for service in file.services.values():
            for other, condition in service.after.items():
                system.wait(other, condition)
            container = _container(service, network)
            if service.name == "kafka":
                container.with_bind_ports(KAFKA_OUTSIDE, port)
            if service.name == "api":
                container.with_exposed_ports(API)
            system.containers[service.name] = stack.enter_context(container)
        for service in file.services.values():
            if service.healthcheck is not None:
                system.wait(service.name, compose.HEALTHY)
        yield system


def check(file: compose.Compose) -> None:
    """Raises Unavailable where there is no engine, or an image that would have to be pulled."""
    client = _engine()
    try:
        missing = sorted(image for image in {*file.others, *file.build.arguments.values()} if not _there(client, image))
    finally:
        client.close()
    if missing:
        raise Unavailable(f"images that are not on this machine, and nothing is pulled: {', '.join(missing)}")


def _engine() -> Any:
    with warnings.catch_warnings():
        # Where nobody answers, the client leaves a socket behind: it goes here, and is no failure of a test.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            return DockerClient().client
        except DockerException as error:
            why = str(error)
        gc.collect()
    raise Unavailable(f"no Docker engine answers: {why}")


def _there(client: Any, image: str) -> bool:
    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    return True


def _container(service: Service, network: Network) -> DockerContainer:
    told: dict[str, Any] = {"init": service.init}
    if service.healthcheck is not None:
        told["healthcheck"] = service.healthcheck
    if service.restart not in (None, "no"):
        told["restart_policy"] = {"Name": service.restart}
    container = DockerContainer(service.image, command=service.command, **told)
    container.with_envs(**service.environment)
    return container.with_network(network).with_network_aliases(service.name)


def _is(container: DockerContainer, condition: str) -> bool:
    state = _attributes(container)["State"]
    if condition == compose.COMPLETED:
        return (state["Status"], state["ExitCode"]) == ("exited", 0)
    return (state["Status"], state.get("Health", {}).get("Status")) == ("running", "healthy")


def _attributes(container: DockerContainer) -> dict[str, Any]:
    """What the engine knows of a container at this moment."""
    wrapped = container.get_wrapped_container()
    wrapped.reload()
    return cast(dict[str, Any], wrapped.attrs)
