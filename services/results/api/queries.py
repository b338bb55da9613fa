"""What the API reads; every query names the customer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Table,
    Text,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    true,
    tuple_,
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


def of_parent(parent_id: str | None) -> ColumnElement[bool]:
    """Those that an execution has started; or those that none has, which a person or an event asked for."""
    if parent_id is None:
        return _LISTED
    parent: ColumnElement[str] = executions.c.workflow["parentExecutionId"].astext
    return parent == parent_id


async def all_rows(connection: AsyncConnection, query: Select[Any]) -> list[Row]:
    """The rows of a query by column name."""
    return list((await connection.execute(query)).mappings())


async def one_row(connection: AsyncConnection, query: Select[Any]) -> Row | None:
    """The first row of a query."""
    return next(iter(await all_rows(connection, query.limit(1))), None)


async def total(connection: AsyncConnection, query: Select[Any]) -> int:
    """How many rows a query has, all pages together."""
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    return int((await connection.execute(counted)).scalar_one())


async def individual(connection: AsyncConnection, customer_id: str, entity_id: str) -> Row | None:
    """A person of this customer."""
    mine = individuals.c.customer_id == customer_id, individuals.c.entity_id == entity_id
    return await one_row(connection, select(individuals).where(*mine, SHOWN))


async def person(connection: AsyncConnection, customer_id: str, entity_id: str) -> Row | None:
    """A person of this customer, with what was told of them through the API."""
    mine = individuals.c.customer_id == customer_id, individuals.c.entity_id == entity_id
    return await one_row(connection, select(individuals, TOLD).where(*mine, SHOWN))


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


async def profile_changes_of(connection: AsyncConnection, customer_id: str, *ids: str) -> list[Row]:
    """The accepted changes of these persons' profiles, the newest version of each first."""
    c = profile_changes.c
    query = select(profile_changes).where(c.customer_id == customer_id, c.entity_id.in_(ids), c.refusal.is_(None))
    return await all_rows(connection, query.order_by(c.service_name, c.profile_version.desc()))


async def profile_change(connection: AsyncConnection, customer_id: str, entity_id: str, change_id: str) -> Row | None:
    """What came of a change of a profile."""
    c = profile_changes.c
    mine = c.customer_id == customer_id, c.entity_id == entity_id, c.change_id == change_id
    return await one_row(connection, select(profile_changes).where(*mine))


async def services_of(connection: AsyncConnection, customer_id: str, entity_id: str) -> list[str]:
    """The services with which a person has a profile, by name."""
    ran = of_person(customer_id, entity_id, executions.c.service_name.is_not(None)).subquery().c.service_name
    c = profile_changes.c
    begun = select(c.service_name).where(c.customer_id == customer_id, c.entity_id == entity_id, c.refusal.is_(None))
    return sorted((await connection.execute(select(ran).union(begun))).scalars())


async def execution(connection: AsyncConnection, customer_id: str, execution_id: str) -> Row | None:
    """An execution of this customer."""
    mine = executions.c.customer_id == customer_id, executions.c.execution_id == execution_id
    return await one_row(connection, select(executions, _assessed_since()).where(*mine, KNOWN))


async def application(connection: AsyncConnection, customer_id: str, execution_id: str) -> Row | None:
    """What an execution is about, where that is an application."""
    mine = applications.c.customer_id == customer_id, applications.c.execution_id == execution_id
    return await one_row(connection, select(applications).where(*mine))


async def steps_of(
    connection: AsyncConnection, customer_id: str, ids: Sequence[str]
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """The step results and the process results of these executions, by execution, in their order."""
    found: list[dict[str, list[Row]]] = []
    for table, told, order in (
        (step_results, select(step_results), ("execution_id", "sequence", "position")),
        (process_results, PROCESS_RESULTS, ("execution_id", "sequence", "position", "number")),
    ):
        query = told.where(table.c.customer_id == customer_id, table.c.execution_id.in_(ids))
        groups: dict[str, list[Row]] = {one: [] for one in ids}
        for row in await all_rows(connection, query.order_by(*(table.c[name] for name in order))):
            groups[row["execution_id"]].append(row)
        found.append(groups)
    return found[0], found[1]


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


async def persons_given(connection: AsyncConnection, customer_id: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The persons as these executions were given them, by execution."""
    found: dict[str, dict[str, Any]] = {}
    for table in (former_individuals, individuals):
        same = (
            (table.c.customer_id == executions.c.customer_id)
            & (table.c.entity_id == executions.c.entity_id)
            & (table.c.entity_version == executions.c.entity_version)
            & (table.c.changed_at <= executions.c.started_at)
        )
        query = select(executions.c.execution_id, table.c.document).join(table, same)
        query = query.where(executions.c.customer_id == customer_id, executions.c.execution_id.in_(ids))
        for row in await all_rows(connection, query.order_by(table.c.changed_at)):
            found[row["execution_id"]] = row["document"]
    return found


async def profile(connection: AsyncConnection, customer_id: str, entity_id: str, service_name: str) -> list[Row]:
    """The latest executions of a person's profile, newest first."""
    query = of_person(customer_id, entity_id, executions.c.service_name == service_name)
    newest = query.order_by(executions.c.started_at.desc(), executions.c.execution_id)
    return await all_rows(connection, newest.limit(PROFILE_SUMMARIES))


async def executions_of_persons(connection: AsyncConnection, customer_id: str, ids: Sequence[str]) -> list[Row]:
    """The latest executions of each of these persons, newest first."""
    of = select(func.unnest(cast(list(ids), ARRAY(Text))).label("id")).subquery("persons")
    mine = executions.c.customer_id == customer_id, executions.c.entity_id == of.c.id
    latest = select(executions, _assessed_since()).where(*mine, KNOWN, of_parent(None)).correlate(of)
    newest = latest.order_by(executions.c.started_at.desc()).limit(PROFILE_SUMMARIES).lateral("latest")
    query = select(newest).select_from(of.join(newest, true()))
    return await all_rows(connection, query.order_by(newest.c.started_at.desc(), newest.c.execution_id))


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


async def subscription_changes_of(connection: AsyncConnection, customer_id: str, *ids: str) -> list[Row]:
    """What was asked about watching these persons, in the order it was obeyed, type by type."""
    c = subscription_changes.c
    query = select(subscription_changes).where(c.customer_id == customer_id, c.entity_id.in_(ids))
    return await all_rows(connection, query.order_by(c.monitoring_type, c.sequence))


async def monitoring_workflows(connection: AsyncConnection) -> list[Row]:
    """The workflows that run when something comes up about a person who is watched."""
    query = select(workflows).where(workflows.c.lifecycle_phase == LifecyclePhase.MONITORING.value)
    return await all_rows(connection, query.order_by(workflows.c.service_name, workflows.c.workflow_name))
