"""The workflows: a document in Amazon States Language, what it is called, and when it applies."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import yaml
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.asl import InvalidDefinition, Machine, Problem
from libs.events.models import LifecyclePhase, WorkflowPublished, WorkflowStarted
from services.orchestration import versions
from services.orchestration.files import READS, WRITES
from services.orchestration.resources import Resources

FILES = {"ItemReader": READS, "ResultWriter": WRITES}
NO_TEXT = {
    "InputType": ("PARQUET", "MANIFEST"),
    "ManifestType": ("ATHENA_DATA", "S3_INVENTORY"),
    "Transformation": ("LOAD_AND_FLATTEN",),
}
REVIEW = b'"vetstream:check:review'
REREAD = timedelta(seconds=5)
SHIPPED = Path(__file__).with_name("workflows")
RESOURCES = Path(__file__).with_name("resources.yaml")

_BY_NAME = text("""SELECT w.*, d.definition::text AS definition
    FROM workflows w JOIN definitions d USING (definition_hash)""")
_BY_HASH = text("""SELECT definition_hash, definition::text AS definition FROM definitions
    WHERE definition_hash = ANY(CAST(:hashes AS text[]))""")
_KEEP = text("""INSERT INTO definitions (definition_hash, definition)
    VALUES (:hash, CAST(:definition AS jsonb)) ON CONFLICT DO NOTHING""")
_PUBLISH = text("""
    INSERT INTO workflows (service_name, workflow_name, workflow_id, type, lifecycle_phase, monitoring_types,
                           definition_hash, published_at, only_by_name)
    VALUES (:service_name, :workflow_name, :workflow_id, :type, :lifecycle_phase, CAST(:monitoring_types AS text[]),
            :definition_hash, :published_at, :only_by_name)
    ON CONFLICT (service_name, workflow_name) DO UPDATE SET
        workflow_id = excluded.workflow_id, type = excluded.type, lifecycle_phase = excluded.lifecycle_phase,
        monitoring_types = excluded.monitoring_types, definition_hash = excluded.definition_hash,
        published_at = excluded.published_at, only_by_name = excluded.only_by_name""")


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as it applies to new starts; one `only_by_name` is never what a start without a name means."""

    service_name: str
    workflow_name: str
    workflow_id: str
    type: str
    lifecycle_phase: LifecyclePhase
    monitoring_types: list[str] | None
    machine: Machine
    only_by_name: bool = False

    def started(self, requested_by: str | None, parent_id: str | None = None) -> WorkflowStarted:
        """What an execution tells of its workflow with its first step."""
        return WorkflowStarted(
            serviceName=self.service_name,
            workflowId=self.workflow_id,
            workflowName=self.workflow_name,
            type=self.type,
            lifecyclePhase=self.lifecycle_phase,
            monitoringTypes=self.monitoring_types,
            definitionHash=self.machine.content_hash,
            requestedBy=requested_by,
            parentExecutionId=parent_id,
        )

    def published(self, now: datetime) -> WorkflowPublished:
        """What is announced of it."""
        return WorkflowPublished(
            serviceName=self.service_name,
            workflowId=self.workflow_id,
            workflowName=self.workflow_name,
            type=self.type,
            lifecyclePhase=self.lifecycle_phase,
            monitoringTypes=self.monitoring_types,
            definitionHash=self.machine.content_hash,
            definition=orjson.dumps(dict(self.machine.definition)).decode(),
            publishedAt=now,
        )


def read_workflow(description: Path) -> Workflow:
    """A workflow from its `.yaml` and the `.asl.json` of the same name; raises libs.asl.InvalidDefinition."""
    about = yaml.safe_load(description.read_text())
    definition = orjson.loads(description.with_suffix("").with_suffix(".asl.json").read_bytes())
    return Workflow(
        service_name=about["serviceName"],
        workflow_name=about["workflowName"],
        workflow_id=about["workflowId"],
        type=about["type"],
        lifecycle_phase=LifecyclePhase(about["lifecyclePhase"]),
        monitoring_types=about.get("monitoringTypes"),
        machine=Machine.load(definition),
        only_by_name=about.get("onlyByName", False),
    )


def shipped() -> list[Workflow]:
    """The workflows that come with the project."""
    return [read_workflow(path) for path in sorted(SHIPPED.glob("*.yaml"))]


def shipped_resources() -> Resources:
    """The table of what the Tasks of machines written for AWS mean; raises BadTable."""
    return Resources.load(yaml.safe_load(RESOURCES.read_text()))


async def publish(connection: AsyncConnection, workflow: Workflow, now: datetime, *, files: bool = False) -> None:
    """Make a workflow the one that applies to new starts, unless an alias does; executions that run keep theirs.

    `files`: Maps may read and write them here. Raises libs.asl.InvalidDefinition where it needs what is not done here.
    """
    problems = tuple(not_done_here(workflow.machine.definition, files=files))
    if ":" in workflow.workflow_name:
        problems += (
            Problem("", f'the name of a workflow has no ":", a version or alias follows it ({workflow.workflow_name})'),
        )
    if problems:
        raise InvalidDefinition(problems)
    definition = orjson.dumps(dict(workflow.machine.definition)).decode()
    await connection.execute(_KEEP, {"hash": workflow.machine.content_hash, "definition": definition})
    published = {
        "service_name": workflow.service_name,
        "workflow_name": workflow.workflow_name,
        "workflow_id": workflow.workflow_id,
        "type": workflow.type,
        "lifecycle_phase": workflow.lifecycle_phase.value,
        "monitoring_types": workflow.monitoring_types,
        "definition_hash": workflow.machine.content_hash,
        "published_at": now,
        "only_by_name": workflow.only_by_name,
    }
    await connection.execute(_PUBLISH, published)
    await versions.number(connection, published)


def not_done_here(machine: Mapping[str, Any], path: str = "", *, files: bool) -> Iterator[Problem]:
    """What the language knows and this service cannot run."""
    for name, state in machine["States"].items():
        at = f"{path}States.{name}"
        for number, branch in enumerate(state.get("Branches", ())):
            yield from not_done_here(branch, f"{at}.Branches[{number}].", files=files)
        for field, resources in FILES.items():
            if field in state:
                yield from _no_file(state[field]["Resource"], f"{at}.{field}", resources, files=files)
        yield from _no_text(state.get("ItemReader", {}).get("ReaderConfig", {}), f"{at}.ItemReader.ReaderConfig")
        if str(state.get("Resource")).endswith("states:startExecution.waitForTaskToken"):
            yield Problem(f"{at}.Resource", "nobody answers the token of another execution: use .sync or .sync:2")
        for field in ("ItemProcessor", "Iterator"):
            if field in state:
                yield from not_done_here(state[field], f"{at}.{field}.", files=files)


def _no_file(resource: str, at: str, known: Collection[str], *, files: bool) -> Iterator[Problem]:
    if not files:
        yield Problem(at, "no directory of files is configured (VETSTREAM_FILES)")
    elif resource not in known:
        yield Problem(f"{at}.Resource", f'"{resource}" is none of {", ".join(known)}')


def _no_text(config: Mapping[str, Any], at: str) -> Iterator[Problem]:
    """Items in many files, or in one that is no text."""
    for field, refused in NO_TEXT.items():
        if config.get(field) in refused:
            yield Problem(f"{at}.{field}", f"{config[field]} is not read here: only CSV, JSON and JSONL are")


class Definitions:
    """The workflows and machines that this instance has compiled."""

    def __init__(self) -> None:
        self._machines: dict[str, Machine] = {}
        self._asking: dict[str, bool] = {}
        self._workflows: dict[tuple[str, str], Workflow] = {}
        self._choices: dict[versions.Name, versions.Choice] = {}
        self._read_at: datetime | None = None

    def machine(self, definition_hash: str) -> Machine:
        """The machine of a definition that `load` was asked for."""
        return self._machines[definition_hash]

    def asks_review(self, definition_hash: str) -> bool:
        """Whether a definition that `load` was asked for may ask a reviewer."""
        if definition_hash not in self._asking:
            self._asking[definition_hash] = REVIEW in orjson.dumps(dict(self._machines[definition_hash].definition))
        return self._asking[definition_hash]

    def workflow(self, service_name: str | None, workflow_name: str | None) -> Workflow | None:
        """The workflow of a name; without a name the onboarding workflow of the service, or the only one there is."""
        if workflow_name is not None and service_name is not None:
            return self._workflows.get((service_name, workflow_name))
        fits = [
            workflow
            for workflow in self._workflows.values()
            if service_name in (None, workflow.service_name)
            and (workflow.workflow_name == workflow_name if workflow_name else _onboards(workflow))
        ]
        return fits[0] if len(fits) == 1 else None

    def watching(self, monitoring_type: str) -> list[tuple[str, str]]:
        """The services and names of the MONITORING workflows that take a type; one that names none takes every type."""
        return [
            name
            for name, workflow in sorted(self._workflows.items())
            if workflow.lifecycle_phase is LifecyclePhase.MONITORING
            and (not workflow.monitoring_types or monitoring_type in workflow.monitoring_types)
        ]

    def to_start(self, service_name: str | None, workflow_name: str | None, execution_id: str) -> Workflow | None:
        """The workflow that a new execution runs: in the version or alias named behind a colon, else in `live`."""
        name, _, named = (workflow_name or "").partition(":")
        workflow = self.workflow(service_name, name or None)
        choice = None if workflow is None else self._choice(workflow, named)
        if workflow is None or choice is None:
            return None if named else workflow
        return replace(workflow, machine=self._machines[choice.of(execution_id)])

    def _choice(self, workflow: Workflow, named: str) -> versions.Choice | None:
        return self._choices.get((workflow.service_name, workflow.workflow_name, named or versions.LIVE))

    async def load(self, connection: AsyncConnection, hashes: Collection[str]) -> None:
        """Compile the definitions that are not known yet."""
        missing = [one for one in hashes if one not in self._machines]
        if missing:
            for row in await connection.execute(_BY_HASH, {"hashes": missing}):
                self._machines[row.definition_hash] = Machine.load(orjson.loads(row.definition))

    async def refresh(
        self, connection: AsyncConnection, now: datetime, asked: Collection[tuple[str | None, str | None]]
    ) -> None:
        """Read which workflows apply to new starts: once in a while, and when one is asked for that is not known."""
        names = set(asked)
        recent = self._read_at is not None and now - self._read_at < REREAD
        if not recent or any(self._hashes(*one) is None for one in names):
            self._workflows = {
                (row.service_name, row.workflow_name): self._workflow(row._mapping)
                for row in await connection.execute(_BY_NAME)
            }
            self._choices = await versions.choices(connection)
            self._read_at = now
        await self.load(connection, [one for asked in names for one in self._hashes(*asked) or ()])

    def _hashes(self, service_name: str | None, workflow_name: str | None) -> list[str] | None:
        """The definitions that an alias or number behind a name may stand for; None where it is not known."""
        name, _, named = (workflow_name or "").partition(":")
        workflow = self.workflow(service_name, name or None)
        if workflow is None:
            return None
        choice = self._choice(workflow, named)
        return choice.hashes if choice is not None else None if named else []

    def _workflow(self, row: Any) -> Workflow:
        known = self._machines.get(row["definition_hash"])
        machine = known or Machine.load(orjson.loads(row["definition"]))
        self._machines[row["definition_hash"]] = machine
        return Workflow(
            row["service_name"],
            row["workflow_name"],
            row["workflow_id"],
            row["type"],
            LifecyclePhase(row["lifecycle_phase"]),
            row["monitoring_types"],
            machine,
            row["only_by_name"],
        )


def _onboards(workflow: Workflow) -> bool:
    return workflow.lifecycle_phase is LifecyclePhase.ONBOARDING and not workflow.only_by_name
