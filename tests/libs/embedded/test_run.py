"""The whole system as `make run` starts it: one run with the sample, a kill -9, and a run on what it left."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
import requests

from libs.embedded.http import get_json
from libs.embedded.resources import LOOPBACK, free_port
from libs.embedded.sample.answers import headers
from libs.embedded.sample.people import CUSTOMER, PEOPLE, SamplePerson, read_people, write
from libs.embedded.services import ROOT
from libs.events.models import DateOfBirth, ExecutionStatus
from tests.libs.embedded.polling import until

pytestmark = pytest.mark.timeout(900)

LAUNCHER = [sys.executable, "-m", "libs.embedded", "run"]


@dataclass
class Up:
    """A launcher that has onboarded the sample and stays up."""

    launcher: subprocess.Popen[str]
    data: Path
    api: str
    bootstrap: str
    output: str

    @property
    def key(self) -> str:
        return (self.data / "api.key").read_text()


def start(data: Path, port: int, *options: str) -> subprocess.Popen[str]:
    command = [*LAUNCHER, "--data", str(data), "--api-port", str(port), *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def read_to(launcher: subprocess.Popen[str], end: str) -> str:
    """What the launcher says, up to the line that begins so."""
    assert launcher.stdout is not None
    lines = []
    for line in launcher.stdout:
        lines.append(line)
        if line.startswith(end):
            return "".join(lines)
    raise AssertionError(f"the launcher ended without {end!r}:\n{''.join(lines)}")


def alive_on(data: Path) -> list[str]:
    """Whatever works in the folder, or was told of it."""
    left = []
    for process in psutil.process_iter():
        try:
            ours = process.cwd().startswith(str(data)) or str(data) in " ".join(process.environ().values())
            if ours and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                left.append(f"{process.pid} {' '.join(process.cmdline())}")
        except psutil.Error:
            continue
    return left


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    port = free_port()
    with TemporaryDirectory(prefix="vetstream-run-") as folder:
        data = Path(folder) / "data"
        launcher = start(data, port)
        try:
            output = read_to(launcher, "Ctrl-C")
            found = re.search(r"Kafka: (\S+)", output)
            assert found is not None
            yield Up(launcher, data, f"http://{LOOPBACK}:{port}", found[1], output)
        finally:
            launcher.kill()
            launcher.communicate()
            assert until(lambda: not alive_on(data)), alive_on(data)


def onboard(up: Up, people: list[SamplePerson], file: Path) -> subprocess.CompletedProcess[str]:
    """The sample's own command on the running system."""
    write(file, people)
    command = [
        sys.executable,
        "-m",
        "libs.embedded.sample",
        "--bootstrap",
        up.bootstrap,
        "--api",
        up.api,
        "--key",
        up.key,
    ]
    return subprocess.run([*command, "--sample", str(file)], cwd=ROOT, capture_output=True, text=True)


def one_of(group: str) -> SamplePerson:
    return next(person for person in read_people() if person.group == group)


def test_everybody_of_the_sample_comes_out_as_expected(up: Up) -> None:
    everybody = len(read_people())
    assert f"onboarded {everybody} people: {everybody} as expected" in up.output
    assert up.launcher.poll() is None, "it stays up"


def test_the_address_that_it_prints_tells_of_a_person(up: Up) -> None:
    printed = re.search(r"^one person: curl -s (.*) (http\S+)$", up.output, re.MULTILINE)
    assert printed is not None
    sent = headers(up.key)
    assert printed[1] == " ".join(f"-H '{name}: {value}'" for name, value in sent.items())
    document = get_json(printed[2], sent)
    assert document is not None
    first = read_people()[0]
    assert document["workflowResult"]["status"] == first.expected.status
    assert document["workflowResult"]["entityId"] == first.entityId


def test_another_expectation_is_named_and_fails(up: Up, tmp_path: Path) -> None:
    person, other = one_of("unknown"), one_of("clean")
    expected = person.expected.model_copy(update={"status": ExecutionStatus.PASS})
    done = onboard(up, [person.model_copy(update={"expected": expected}), other], tmp_path / "people.jsonl")
    assert done.returncode == 1, done.stderr
    assert "onboarded 2 people: 1 as expected" in done.stdout
    assert f"{person.entityId} ({person.note}): status is FAIL, expected PASS" in done.stdout
    assert f"\n{other.entityId} " not in done.stdout


def test_a_namesake_who_is_born_when_the_listed_one_is_does_not_pass(up: Up, tmp_path: Path) -> None:
    person = next(one for one in read_people() if one.group == "namesake" and one.name == "Wei Sun")
    listed = DateOfBirth(normalized="1982-07-01")
    changed = person.individual.model_copy(update={"dateOfBirth": listed})
    done = onboard(up, [person.model_copy(update={"individual": changed})], tmp_path / "people.jsonl")
    assert done.returncode == 1, done.stderr
    assert f"{person.entityId} ({person.note}): status is REVIEW, expected PASS; AML is HIT" in done.stdout


def test_only_the_owner_may_read_the_secrets(up: Up) -> None:
    for name in ("token.key", "database.password", "api.key", "api.password"):
        assert (up.data / name).stat().st_mode & 0o777 == 0o600


OPERATING = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Operator:
    """Follows the operators' page, one command after the other."""

    def __init__(self, up: Up) -> None:
        self._blocks = iter(OPERATING.findall((ROOT / "docs" / "operating.md").read_text()))
        self._functions = next(self._blocks)
        results = next(one for one in psutil.process_iter() if is_service(one, up.data, "services.results"))
        reaching = {name: results.environ()[name] for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP")}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        asking = {"API": up.api, "KEY": up.key, "CUSTOMER": CUSTOMER, "USERNAME": "operator"}
        self._env = {**os.environ, **reaching, **asking, "PATH": path}

    def follow(self, begin: str, **known: str) -> str:
        """Run the page's next command, which begins so, with what the operator knows by now; what it says."""
        block = next(self._blocks)
        assert block.startswith(begin)
        script = f"set -euo pipefail\n{self._functions}\n{block}"
        done = subprocess.run(
            ["bash", "-c", script], cwd=ROOT, env=self._env | known, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout

    def ended(self) -> bool:
        """The page has no more commands."""
        return next(self._blocks, None) is None


def is_service(process: psutil.Process, data: Path, module: str) -> bool:
    try:
        return module in process.cmdline() and str(data) in " ".join(process.environ().values())
    except psutil.Error:
        return False


def state_of(up: Up, execution: str) -> str:
    """Of an execution, as the operators' list tells it."""
    listed = get_json(f"{up.api}/v2/executions?limit=200", headers(up.key))
    assert listed is not None
    return next(
        (one["workflowExecutionState"] for one in listed["executions"] if one["workflowExecutionId"] == execution), ""
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="THE OPERATORS' PAGE WAS NOT FOLLOWED: there is no curl")
def test_the_operators_page_is_followed_to_the_letter(up: Up) -> None:
    operator = Operator(up)
    listed = json.loads(operator.follow("ask"))["executions"]
    aliases = {one.entityId for one in read_people() if one.group == "alias"}
    case = next(one for one in listed if one["entityId"] in aliases)
    person = {"PERSON": case["entityId"]}
    (hit, *others) = json.loads(operator.follow("ask", **person))["processResults"]
    resolved = json.loads(operator.follow("ask --request PATCH", **person, HIT=hit["processResultId"]))
    assert (resolved["processResults"][0]["manualStatus"], others) == ("FALSE_POSITIVE", [])

    told = operator.follow("EXECUTIONS=", **person, EXECUTION=case["workflowExecutionId"])
    overridden, history = (json.loads(one) for one in told.replace("}{", "}\n{").splitlines())
    assert (overridden["workflowResult"]["status"], overridden["workflowResult"]["result"]) == ("PASS", "REVIEW")
    assert [(one["comment"], one["amendedBy"]) for one in history["overrides"]] == [("seen in person", "operator")]

    kyc = next(one for one in psutil.process_iter() if is_service(one, up.data, "services.kyc"))
    kyc.suspend()
    try:
        person["WAITING"] = execute_in_background(up)
        assert until(lambda: state_of(up, person["WAITING"]) == "IN_PROGRESS")
        waiting = json.loads(operator.follow("ask"))["executions"]
        assert person["WAITING"] in [one["workflowExecutionId"] for one in waiting]
        operator.follow("ask --request POST", **person)
        assert until(lambda: state_of(up, person["WAITING"]) == "CANCELED")
    finally:
        kyc.resume()
    operator.follow("ask --request POST", **person)
    assert until(lambda: state_of(up, person["WAITING"]) == "COMPLETED")
    operator.follow("python -m libs.streaming")

    assert "equal" in operator.follow("python -m services.results rebuild --check")
    assert operator.ended()


def execute_in_background(up: Up) -> str:
    """Somebody new, whose execution the caller does not wait for."""
    new = "/v2/individuals/new/serviceprofiles/Onboarding/workflows/Individual-Onboarding/execute"
    body = {"individual": {"name": {"givenName": "Ada", "familyName": "Nkemelu"}}}
    told = requests.post(up.api + new, json=body, headers={**headers(up.key), "X-Frankie-Background": "1"}, timeout=60)
    assert told.status_code == 202, told.text
    return str(told.json()["workflowExecutionId"])


def test_clean_leaves_a_folder_in_use_alone(up: Up) -> None:
    command = [sys.executable, "-m", "libs.embedded", "clean", "--data", str(up.data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == f"process {up.launcher.pid} already runs on {up.data}; stop it or use another --data\n"


def test_nothing_outlives_a_kill_and_the_next_run_goes_on_with_the_data(up: Up) -> None:
    assert len(alive_on(up.data)) > 12, "broker, database and every service are seen"
    up.launcher.kill()
    up.launcher.wait()
    assert until(lambda: not alive_on(up.data)), alive_on(up.data)
    again = start(up.data, int(up.api.rpartition(":")[2]), "--exit")
    output, _ = again.communicate()
    everybody = len(read_people())
    assert again.returncode == 0, output
    assert f"onboarded {everybody} people: {everybody} as expected" in output
    assert not alive_on(up.data)


def test_a_run_told_to_end_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    launcher = start(tmp_path / "data", free_port())
    read_to(launcher, "starting the database")
    assert alive_on(tmp_path), "the database runs"
    launcher.send_signal(signal.SIGTERM)
    output, _ = launcher.communicate()
    assert launcher.returncode == 130, output
    assert output.endswith("stopping\n"), output
    assert not alive_on(tmp_path)


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        launcher = start(tmp_path / "data", port, "--exit")
        output, _ = launcher.communicate()
    assert launcher.returncode == 2
    assert output == f"port {port} is in use, the API needs it; stop its user or choose another: --api-port\n"


def test_a_sample_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    line = json.loads(PEOPLE.read_text().splitlines()[0])
    line["individual"]["name"].pop("familyName")
    file.write_text(json.dumps(line))
    launcher = start(tmp_path / "data", free_port(), "--sample", str(file))
    output, _ = launcher.communicate()
    assert launcher.returncode == 2
    assert output == f"{file}, line 1: individual.name.familyName: Field required\n"


def test_a_disk_that_fills_is_told_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "broker").mkdir(parents=True)
    (data / "broker" / "server.properties").symlink_to("/dev/full")
    launcher = start(data, free_port(), "--exit")
    output, _ = launcher.communicate()
    assert launcher.returncode == 2
    assert output.splitlines()[-1] == (
        f"the disk that holds {data} is full: make room and start again, it goes on where it stopped"
    )
