"""What the API reads; every query names the customer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import LifecyclePhase
from services.results.stale import STALE
from services.results.tables import (
    LISTED,
    applications,
    deleted_individuals,
    executions,
    finding_amendments,
    former_individuals,
    history,
    individual_changes,
    individuals,
    overrides,
    process_results,
    profile_changes,
    resolutions,
    risk_amendments,
    rulings,
    step_results,
    subscription_changes,
    workflows,
)

Row: TypeAlias = Mapping[str, Any]

# What is read most is put together once: to build a statement takes the client longer than to have it run.
CUSTOMER, ENTITY, EXECUTION = (bindparam(name, type_=Text) for name in ("customer", "entity", "execution"))
IDS: BindParameter[Any] = bindparam("ids", type_=ARRAY(Text))

# A result expires by itself: no event tells of it, the database's clock does.
_EXPIRED = (process_results.c.system_status == "VALID") & (process_results.c.expires_at <= func.now())
SYSTEM_STATUS = case((_EXPIRED, "EXPIRED"), else_=process_results.c.system_status)
MANUAL_STATUS = resolutions.c.manual_status
UPDATED_AT = func.greatest(
    case((_EXPIRED, process_results.c.expires_at), else_=process_results.c.updated_at), resolutions.c.amended_at
)
_TOLD = {"system_status": SYSTEM_STATUS, "updated_at": UPDATED_AT}
_SAME = (resolutions.c.customer_id == process_results.c.customer_id) & (
    resolutions.c.process_result_id == process_results.c.process_result_id
)
# Process results as they are told, with what people said of them last.
PROCESS_RESULTS = select(
    *(_TOLD.get(column.name, column).label(column.name) for column in process_results.columns),
    MANUAL_STATUS,
    resolutions.c.amended_by.label("updated_by"),
    resolutions.c.amendment_id,
).select_from(process_results.outerjoin(resolutions, _SAME))

_TOTAL = "rows_in_all"

# How many of its latest executions a profile tells of.
PROFILE_SUMMARIES = 20

_LISTED: ColumnElement[bool] = literal_column(LISTED, Boolean)


def _shown(table: Table) -> ColumnElement[bool]:
    """Rows of a person who was not deleted."""
    c = deleted_individuals.c
    return ~exists().where(c.customer_id == table.c.customer_id, c.entity_id == table.c.entity_id)


SHOWN = _shown(individuals)
# Executions of which only later events have been seen are not told of yet, those of a deleted person no more.
KNOWN = executions.c.started_at.is_not(None) & _shown(executions)
# What was told of a person through the API, in the contract's words; nothing where somebody else told of them since.
TOLD = (
    select(individual_changes.c.told)
    .where(
        individual_changes.c.customer_id == individuals.c.customer_id,
        individual_changes.c.entity_id == individuals.c.entity_id,
        individual_changes.c.entity_version == individuals.c.entity_version,
        individual_changes.c.document == individuals.c.document,
        individual_changes.c.refusal.is_(None),
    )
    .limit(1)
    .scalar_subquery()
    .label("told")
)


@cache
def _assessed_since() -> ColumnElement[bool]:
    """A later execution of the service assessed the person's risk."""
    later = executions.alias("later")
    assessed = exists().where(
        later.c.customer_id == executions.c.customer_id,
        later.c.entity_id == executions.c.entity_id,
        later.c.service_name == executions.c.service_name,
        later.c.started_at > executions.c.started_at,
        later.c.risk.is_not(None),
    )
    return assessed.label("risk_assessed_since")


def of_person(
    customer_id: str, entity_id: str, *conditions: ColumnElement[bool], parent_id: str | None = None
) -> Select[Any]:
    """The executions of one person, as `of_parent` has them."""
    mine = executions.c.customer_id == customer_id, executions.c.entity_id == entity_id
    return select(executions, _assessed_since()).where(*mine, KNOWN, of_parent(parent_id), *conditions)


def of_parent(parent_id: str | BindParameter[str] | None) -> ColumnElement[bool]:
    """Those that an execution has started; or those that none has, which a person or an event asked for."""
    if parent_id is None:
        return _LISTED
    parent: ColumnElement[str] = executions.c.workflow["parentExecutionId"].astext
    return parent == parent_id


async def all_rows(connection: AsyncConnection, query: Select[Any] | CompoundSelect[Any], **values: Any) -> list[Row]:
    """The rows of a query by column name."""
    return list((await connection.execute(query, values)).mappings())


async def first_row(connection: AsyncConnection, query: Select[Any] | CompoundSelect[Any], **values: Any) -> Row | None:
    """The first row of a query that has one at most."""
    return next(iter(await all_rows(connection, query, **values)), None)


async def one_row(connection: AsyncConnection, query: Select[Any]) -> Row | None:
    """The first row of a query."""
    return await first_row(connection, query.limit(1))


async def counted_rows(connection: AsyncConnection, query: Select[Any], page: Select[Any]) -> tuple[list[Row], int]:
    """The rows of a page, and how many the whole query has."""
    rows = await all_rows(connection, page.add_columns(func.count().over().label(_TOTAL)))
    return rows, rows[0][_TOTAL] if rows else await total(connection, query)


async def total(connection: AsyncConnection, query: Select[Any]) -> int:
    """How many rows a query has, all pages together."""
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    return int((await connection.execute(counted)).scalar_one())


@cache
def _person(*told: ColumnElement[Any]) -> Select[Any]:
    return select(individuals, *told).where(
        individuals.c.customer_id == CUSTOMER, individuals.c.entity_id == ENTITY, SHOWN
    )


async def individual(connection: AsyncConnection, customer_id: str, entity_id: str) -> Row | None:
    """A person of this customer."""
    return await first_row(connection, _person(), customer=customer_id, entity=entity_id)


async def person(connection: AsyncConnection, customer_id: str, entity_id: str) -> Row | None:
    """A person of this customer, with what was told of them through the API."""
    return await first_row(connection, _person(TOLD), customer=customer_id, entity=entity_id)


async def deleted(connection: AsyncConnection, customer_id: str, entity_id: str) -> bool:
    """There was such a person, who is hidden now."""
    c = deleted_individuals.c
    mine = c.customer_id == customer_id, c.entity_id == entity_id
    return await one_row(connection, select(deleted_individuals).where(*mine)) is not None


async def individual_change(
    connection: AsyncConnection, customer_id: str, entity_id: str, change_id: str
) -> Row | None:
    """What came of a change of a person."""
    c = individual_changes.c
    mine = c.customer_id == customer_id, c.entity_id == entity_id, c.change_id == change_id
    return await one_row(connection, select(individual_changes).where(*mine))


async def made_stale(connection: AsyncConnection, customer_id: str, entity_id: str, at: datetime) -> list[Row]:
    """The process results that are stale since a change of the person."""
    c = process_results.c
    same = (c.customer_id == executions.c.customer_id) & (c.execution_id == executions.c.execution_id)
    query = PROCESS_RESULTS.add_columns(executions.c.request_id).join(executions, same)
    mine = c.customer_id == customer_id, c.entity_id == entity_id, c.system_status == STALE, c.updated_at == at
    return await all_rows(connection, query.where(*mine).order_by(c.created_at, c.process_result_id))


@cache
def _profile_changes() -> Select[Any]:
    c = profile_changes.c
    accepted = select(profile_changes).where(c.customer_id == CUSTOMER, c.entity_id == any_(IDS), c.refusal.is_(None))
    return accepted.order_by(c.service_name, c.profile_version.desc())


async def profile_changes_of(connection: AsyncConnection, customer_id: str, *ids: str) -> list[Row]:
    """The accepted changes of these persons' profiles, the newest version of each first."""
    return await all_rows(connection, _profile_changes(), customer=customer_id, ids=ids)


async def profile_change(connection: AsyncConnection, customer_id: str, entity_id: str, change_id: str) -> Row | None:
    """What came of a change of a profile."""
    c = profile_changes.c
    mine = c.customer_id == customer_id, c.entity_id == entity_id, c.change_id == change_id
    return await one_row(connection, select(profile_changes).where(*mine))


@cache
def _execution() -> Select[Any]:
    mine = executions.c.customer_id == CUSTOMER, executions.c.execution_id == EXECUTION
    return select(executions, _assessed_since()).where(*mine, KNOWN)


async def execution(connection: AsyncConnection, customer_id: str, execution_id: str) -> Row | None:
    """An execution of this customer."""
    return await first_row(connection, _execution(), customer=customer_id, execution=execution_id)


@cache
def _steps() -> tuple[Select[Any], Select[Any]]:
    """The step results and the process results of executions."""

    def of(told: Select[Any], table: Table, *order: str) -> Select[Any]:
        mine = table.c.customer_id == CUSTOMER, table.c.execution_id == any_(IDS)
        return told.where(*mine).order_by(*(table.c[name] for name in ("execution_id", *order)))

    return (
        of(select(step_results), step_results, "sequence", "position"),
        of(PROCESS_RESULTS, process_results, "sequence", "position", "number"),
    )


async def application(connection: AsyncConnection, customer_id: str, execution_id: str) -> Row | None:
    """What an execution is about, where that is an application."""
    mine = applications.c.customer_id == customer_id, applications.c.execution_id == execution_id
    return await one_row(connection, select(applications).where(*mine))


async def steps_of(
    connection: AsyncConnection, customer_id: str, ids: Sequence[str]
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """The step results and the process results of these executions, by execution, in their order."""
    steps, findings = [
        _by_execution(ids, await all_rows(connection, query, customer=customer_id, ids=ids)) for query in _steps()
    ]
    return steps, findings


def _by_execution(ids: Sequence[str], rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {one: [] for one in ids}
    for row in rows:
        groups[row["execution_id"]].append(row)
    return groups


async def results_of(connection: AsyncConnection, customer_id: str, entity_id: str, ids: Sequence[str]) -> list[Row]:
    """Process results of a person by their ids, in the order of these, each with the request it came of."""
    c = process_results.c
    same = (c.customer_id == executions.c.customer_id) & (c.execution_id == executions.c.execution_id)
    # What was seen by hand belongs to no execution.
    query = PROCESS_RESULTS.add_columns(executions.c.request_id).outerjoin(executions, same)
    mine = c.customer_id == customer_id, c.entity_id == entity_id, c.process_result_id.in_(ids)
    rows = await all_rows(connection, query.where(*mine))
    return sorted(rows, key=lambda row: ids.index(row["process_result_id"]))


async def finding_amendment(connection: AsyncConnection, customer_id: str, amendment_id: str) -> Row | None:
    """What came of what a person said of findings."""
    c = finding_amendments.c
    mine = c.customer_id == customer_id, c.amendment_id == amendment_id
    return await one_row(connection, select(finding_amendments).where(*mine))


async def evidence_of(connection: AsyncConnection, customer_id: str, entity_id: str, ruling_id: str) -> list[Row]:
    """The evidence that a ruling rests on, as it stands now."""
    c = process_results.c
    mine = c.customer_id == customer_id, c.entity_id == entity_id, c.execution_id == ruling_id
    return await all_rows(connection, PROCESS_RESULTS.where(*mine).order_by(c.number))


async def ruling(connection: AsyncConnection, customer_id: str, ruling_id: str) -> Row | None:
    """What came of what a person decided that a check is to count."""
    mine = rulings.c.customer_id == customer_id, rulings.c.ruling_id == ruling_id
    return await one_row(connection, select(rulings).where(*mine))


async def ruling_that_holds(connection: AsyncConnection, customer_id: str, entity_id: str, check: str) -> Row | None:
    """The last that was accepted about a person for a check; its settings may be empty."""
    c, later = rulings.c, rulings.alias("later")
    mine = c.customer_id == customer_id, c.entity_id == entity_id, c.check_name == check, c.refusal.is_(None)
    replaced = exists().where(
        later.c.customer_id == customer_id,
        later.c.entity_id == entity_id,
        later.c.stands_on == c.ruling_id,
        later.c.refusal.is_(None),
    )
    return await one_row(connection, select(rulings).where(*mine, ~replaced))


async def risk_amendment(
    connection: AsyncConnection, customer_id: str, execution_id: str, amendment_id: str
) -> Row | None:
    """What came of a level that a person set."""
    c = risk_amendments.c
    mine = c.customer_id == customer_id, c.execution_id == execution_id, c.amendment_id == amendment_id
    return await one_row(connection, select(risk_amendments).where(*mine))


async def level_that_holds(connection: AsyncConnection, customer_id: str, execution_id: str) -> Row | None:
    """The last level that was set for an assessment."""
    c, later = risk_amendments.c, risk_amendments.alias("later")
    mine = c.customer_id == customer_id, c.execution_id == execution_id, c.level.is_not(None), c.refusal.is_(None)
    replaced = exists().where(
        later.c.customer_id == customer_id,
        later.c.execution_id == execution_id,
        later.c.level.is_not(None),
        later.c.stands_on == c.amendment_id,
        later.c.refusal.is_(None),
    )
    return await one_row(connection, select(risk_amendments).where(*mine, ~replaced))


async def finding_amendments_of(connection: AsyncConnection, customer_id: str, ids: Sequence[str]) -> list[Row]:
    """What came of those of these amendments of findings that were decided."""
    c = finding_amendments.c
    mine = c.customer_id == customer_id, c.amendment_id.in_(ids)
    return await all_rows(connection, select(finding_amendments).where(*mine)) if ids else []


async def overrides_by_id(connection: AsyncConnection, customer_id: str, ids: Sequence[tuple[str, str]]) -> list[Row]:
    """What came of those of these amendments of a status that were decided; by execution and amendment."""
    c = overrides.c
    mine = c.customer_id == customer_id, tuple_(c.execution_id, c.amendment_id).in_(ids)
    return await all_rows(connection, select(overrides).where(*mine)) if ids else []


@cache
def _persons_given() -> CompoundSelect[Any]:
    """Persons as executions were given them, what they are now last."""
    queries = []
    for age, table in enumerate((former_individuals, individuals)):
        same = (
            (table.c.customer_id == executions.c.customer_id)
            & (table.c.entity_id == executions.c.entity_id)
            & (table.c.entity_version == executions.c.entity_version)
            & (table.c.changed_at <= executions.c.started_at)
        )
        told = executions.c.execution_id, table.c.document, literal(age).label("age"), table.c.changed_at
        mine = executions.c.customer_id == CUSTOMER, executions.c.execution_id == any_(IDS)
        queries.append(select(*told).join(table, same).where(*mine))
    return union_all(*queries).order_by("age", "changed_at")


async def persons_given(connection: AsyncConnection, customer_id: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The persons as these executions were given them, by execution."""
    rows = await all_rows(connection, _persons_given(), customer=customer_id, ids=ids)
    return {row["execution_id"]: row["document"] for row in rows}


async def profile(connection: AsyncConnection, customer_id: str, entity_id: str, service_name: str) -> list[Row]:
    """The latest executions of a person's profile, newest first."""
    query = of_person(customer_id, entity_id, executions.c.service_name == service_name)
    newest = query.order_by(executions.c.started_at.desc(), executions.c.execution_id)
    return await all_rows(connection, newest.limit(PROFILE_SUMMARIES))


@cache
def _executions_of_persons() -> Select[Any]:
    of = select(func.unnest(IDS).label("id")).subquery("persons")
    mine = executions.c.customer_id == CUSTOMER, executions.c.entity_id == of.c.id
    latest = select(executions, _assessed_since()).where(*mine, KNOWN, of_parent(None)).correlate(of)
    newest = latest.order_by(executions.c.started_at.desc()).limit(PROFILE_SUMMARIES).lateral("latest")
    query = select(newest).select_from(of.join(newest, true()))
    return query.order_by(newest.c.started_at.desc(), newest.c.execution_id)


async def executions_of_persons(connection: AsyncConnection, customer_id: str, ids: Sequence[str]) -> list[Row]:
    """The latest executions of each of these persons, newest first."""
    return await all_rows(connection, _executions_of_persons(), customer=customer_id, ids=ids)


async def override(connection: AsyncConnection, customer_id: str, execution_id: str, amendment_id: str) -> Row | None:
    """An amendment that was decided."""
    c = overrides.c
    mine = c.customer_id == customer_id, c.execution_id == execution_id, c.amendment_id == amendment_id
    return await one_row(connection, select(overrides).where(*mine))


async def overrides_of(connection: AsyncConnection, customer_id: str, execution_id: str) -> list[Row]:
    """Every amendment of an execution, accepted or refused, in the order they were decided."""
    mine = overrides.c.customer_id == customer_id, overrides.c.execution_id == execution_id
    return await all_rows(connection, select(overrides).where(*mine).order_by(overrides.c.number))


async def history_of(
    connection: AsyncConnection, customer_id: str, execution_id: str, after: int, limit: int
) -> list[Row]:
    """The steps of an execution's history behind an event."""
    mine = history.c.customer_id == customer_id, history.c.execution_id == execution_id
    query = select(history).where(*mine, history.c.last_id > after)
    return await all_rows(connection, query.order_by(history.c.sequence).limit(limit))


async def workflow(connection: AsyncConnection, service_name: str, workflow_name: str) -> Row | None:
    """A workflow that may be executed."""
    named = workflows.c.service_name == service_name, workflows.c.workflow_name == workflow_name
    return await one_row(connection, select(workflows).where(*named))


async def workflows_of(connection: AsyncConnection, service_name: str | None) -> list[Row]:
    """The workflows that may be executed, of one service or of all."""
    query = select(workflows)
    if service_name is not None:
        query = query.where(workflows.c.service_name == service_name)
    return await all_rows(connection, query.order_by(workflows.c.service_name, workflows.c.workflow_name))


@cache
def _subscription_changes() -> Select[Any]:
    c = subscription_changes.c
    mine = c.customer_id == CUSTOMER, c.entity_id == any_(IDS)
    return select(subscription_changes).where(*mine).order_by(c.monitoring_type, c.sequence)


async def subscription_changes_of(connection: AsyncConnection, customer_id: str, *ids: str) -> list[Row]:
    """What was asked about watching these persons, in the order it was obeyed, type by type."""
    return await all_rows(connection, _subscription_changes(), customer=customer_id, ids=ids)


async def monitoring_workflows(connection: AsyncConnection) -> list[Row]:
    """The workflows that run when something comes up about a person who is watched."""
    query = select(workflows).where(workflows.c.lifecycle_phase == LifecyclePhase.MONITORING.value)
    return await all_rows(connection, query.order_by(workflows.c.service_name, workflows.c.workflow_name))
