"""The errands, one by one: what each does to the execution that it is about."""

from dataclasses import dataclass, field, replace

from libs.asl import Event as MachineEvent
from libs.asl import FileFailed, FileSucceeded, Redrive, ScheduleTask, Step, Stop, TaskFailed, TaskSubmitted, start
from libs.asl.execution import RUNNING, SUCCEEDED
from libs.asl.start_execution import awaits_end, started
from libs.events.message import Event, derived_id
from libs.streaming.transaction import Transaction
from services.orchestration import nested, store
from services.orchestration.definitions import Definitions, Workflow
from services.orchestration.errand import Errand, Kind
from services.orchestration.files import FileTrouble, LocalFiles
from services.orchestration.kept import Kept
from services.orchestration.kin import Awaiter, Kin, end
from services.orchestration.resources import Resources
from services.orchestration.steps import SOURCE, Steps
from services.orchestration.store import Key, Origin
from services.orchestration.tokens import Tokens


class Busy(Exception):
    """Another instance works on the execution: the errand is for later."""


@dataclass(slots=True)
class Round:
    """The executions that errands are about, locked; those that they come from, or that are busy, as they are."""

    tx: Transaction
    known: dict[Key, Kept]
    origins: dict[Key, Origin]
    changed: dict[Key, Kept] = field(default_factory=dict)

    def find(self, key: Key) -> Kept | None:
        """The execution, where there is one; raises Busy."""
        if key not in self.known and key in self.origins:
            raise Busy
        return self.known.get(key)

    def take(self, kept: Kept) -> None:
        """The execution is new, or has changed."""
        self.known[kept.customer_id, kept.id] = self.changed[kept.customer_id, kept.id] = kept


class Doing:
    """Does errands of every kind."""

    def __init__(
        self, steps: Steps, tokens: Tokens, definitions: Definitions, resources: Resources, files: LocalFiles | None
    ) -> None:
        self._steps = steps
        self._tokens = tokens
        self._definitions = definitions
        self._resources = resources
        self._files = files

    async def do(self, round_: Round, errand: Errand) -> None:
        """Do it; one that comes too late does nothing. Raises Busy."""
        kept = round_.find(errand.key)
        if errand.kind is Kind.ITEM:
            await self._item(round_, errand, kept)
        elif kept is None or kept.execution.status != RUNNING:
            return
        elif errand.kind is Kind.STOP:
            self._advance(round_, kept, errand, Stop(None, errand.document.get("cause")))
        elif errand.kind is Kind.END:
            kept.kin.nested.pop(errand.document.get("task", 0), None)
            self._advance(round_, kept, errand, end(errand.document))
        elif errand.kind is Kind.EXECUTION:
            await self._execution(round_, errand, kept)
        elif errand.document["file"] in kept.execution.open_files:
            self._advance(round_, kept, errand, await self._file(kept, errand))

    async def _item(self, round_: Round, errand: Errand, kept: Kept | None) -> None:
        """Start a child execution, or have it go on; for nobody where its parent has ended."""
        parent = round_.origins.get((errand.customer_id, errand.by_id))
        if parent is None or parent.status != RUNNING:
            return
        awaiter = Awaiter(errand.by_id, errand.document["child"])
        if kept is None:
            self._begin_item(round_, errand, parent, awaiter)
            return
        kept.kin.awaiters = [awaiter]
        round_.take(kept)
        if kept.execution.status == RUNNING:
            return
        kept.individual, kept.application = parent.individual, parent.application
        kept.entity_version = parent.entity_version
        if kept.execution.status != SUCCEEDED and self._advance(round_, kept, errand, Redrive()):
            await store.put_person_back(round_.tx.connection, kept)
        else:
            self._steps.tell_awaiters(round_.tx, kept)

    def _begin_item(self, round_: Round, errand: Errand, parent: Origin, awaiter: Awaiter) -> None:
        given = errand.document
        names = (given["workflow"][0], given["workflow"][1])
        workflow = self._definitions.workflow(*names)
        assert workflow is not None, "a workflow that was published stays"
        workflow = replace(workflow, machine=self._definitions.machine(parent.definition_hash))
        first = start(
            workflow.machine,
            execution_id=errand.execution_id,
            input=given["input"],
            now=round_.tx.now,
            context=given["context"],
            task_token=self._tokens.make,
            map_state=given["state"],
        )
        kin = Kin(errand.by_id, item=True, workflow=names, awaiters=[awaiter])
        self._begin(round_, parent, workflow, first, kin)

    async def _execution(self, round_: Round, errand: Errand, kept: Kept) -> None:
        """Start what a Task names, or find it by its name, and answer the Task."""
        given = errand.document
        task = ScheduleTask(given["task"], given["state"], given["resource"], given["parameters"], 0, None)
        if task.task_id not in kept.execution.open_tasks:
            return
        try:
            other = await self._other(round_, kept, task)
        except nested.Refused as refused:
            self._advance(round_, kept, errand, TaskFailed(task.task_id, refused.error, refused.cause))
            return
        told = started(task, other.execution)
        if awaits_end(task):
            kept.kin.nested[task.task_id] = other.id
            self._advance(round_, kept, errand, TaskSubmitted(task.task_id, told.output))
        else:
            self._advance(round_, kept, errand, told)

    async def _other(self, round_: Round, kept: Kept, task: ScheduleTask) -> Kept:
        """The execution that a Task starts, or that runs already under its name; raises Refused and Busy."""
        wanted = nested.wanted(task, self._resources.machines)
        workflow = await self._workflow(round_, kept, task, wanted)
        names = (workflow.service_name, workflow.workflow_name)
        execution_id = nested.execution_id(kept.id, kept.key, task.task_id, names, wanted.name)
        awaiters = [Awaiter(kept.id, task.task_id, task.resource, task.parameters)] if awaits_end(task) else []
        other = await self._named(round_, (kept.customer_id, execution_id)) if wanted.name else None
        if other is not None:
            if other.execution.status != RUNNING or other.execution.input != wanted.input:
                raise nested.exists(other.id)
            other.kin.awaiters += awaiters
            round_.take(other)
            return other
        chosen = self._definitions.to_start(workflow.service_name, wanted.workflow_name, execution_id)
        assert chosen is not None, "its version was found before"
        first = start(
            chosen.machine,
            execution_id=execution_id,
            input=wanted.input,
            now=round_.tx.now,
            task_token=self._tokens.make,
        )
        return self._begin(round_, kept, chosen, first, Kin(kept.id, workflow=names, awaiters=awaiters))

    async def _named(self, round_: Round, key: Key) -> Kept | None:
        """The execution of a name; raises Busy."""
        if key not in round_.known and key not in round_.origins:
            round_.known |= await store.lock_free(round_.tx.connection, [key])
            round_.origins |= {} if key in round_.known else await store.origins(round_.tx.connection, [key])
            await self._definitions.load(round_.tx.connection, {one.definition_hash for one in round_.known.values()})
        return round_.find(key)

    async def _workflow(self, round_: Round, kept: Kept, task: ScheduleTask, wanted: nested.Wanted) -> Workflow:
        """Of the service that asks before others; raises Refused."""
        own, _ = kept.workflow
        for service in [wanted.service_name] if wanted.service_name else [own, None]:
            asked = service, wanted.workflow_name
            await self._definitions.refresh(round_.tx.connection, round_.tx.now, [asked])
            workflow = self._definitions.to_start(*asked, "")
            if workflow is not None:
                return workflow
        raise nested.unknown(task)

    async def _file(self, kept: Kept, errand: Errand) -> MachineEvent:
        """Read the items of a Map, or write its results."""
        given = errand.document
        number = given["file"]
        try:
            if self._files is None:
                raise FileTrouble("no directory of files is configured")
            if errand.kind is Kind.READ:
                return FileSucceeded(number, await self._files.read(given["resource"], given["parameters"]))
            name = derived_id(kept.id, SOURCE, "results", number)
            return FileSucceeded(
                number, await self._files.write(given["parameters"], given["results"], given["config"], name)
            )
        except FileTrouble as trouble:
            return FileFailed(number, str(trouble))

    def _begin(self, round_: Round, parent: Origin | Kept, workflow: Workflow, first: Step, kin: Kin) -> Kept:
        """A new execution on the person of its parent."""
        kept = Kept(
            customer_id=parent.customer_id,
            entity_id=parent.entity_id,
            entity_version=parent.entity_version,
            request_id=parent.request_id,
            definition_hash=workflow.machine.content_hash,
            execution=first.execution,
            individual=parent.individual,
            application=parent.application,
            kin=kin,
        )
        round_.take(kept)
        cause = _cause(round_.tx, kept, parent.id)
        self._steps.tell(round_.tx, cause, kept, first, workflow.started(None, kin.parent_id))
        return kept

    def _advance(self, round_: Round, kept: Kept, errand: Errand, what: MachineEvent) -> bool:
        round_.take(kept)
        return self._steps.advance(round_.tx, _cause(round_.tx, kept, errand.by_id), kept, what)


def _cause(tx: Transaction, kept: Kept, by_id: str) -> Event:
    """Another execution, as the cause of what follows from it."""
    return Event(
        id=derived_id(kept.id, "errand", by_id, kept.sequence),
        topic="errand",
        source=SOURCE,
        time=tx.now,
        key=kept.key,
        data=kept.person,
        correlation=kept.id,
    )
