"""POST /v2/search/serviceprofiles: persons by their names, addresses, numbers and references, with their profiles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Response
from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import ExecutionStatus, Individual, RiskLevel
from services.results import searching
from services.results.api import models, queries, results
from services.results.api.caller import Caller, CallerOf
from services.results.api.paging import Limit, Many, Page, Paged, Sort, between, fields
from services.results.api.parts import Reading
from services.results.api.problems import answer, unfit
from services.results.dates import from_text
from services.results.documents import SCHEMA_VERSION
from services.results.person import Part, Required
from services.results.tables import executions, individuals, profile_changes, searched

Json: TypeAlias = dict[str, Any]

# Persons who are near are scored one by one, and of a list no more are counted.
CANDIDATES, COUNTED = 500, 10_000

SORTED_BY = {"createdAt": individuals.c.created_at, "updatedAt": individuals.c.changed_at}
OVERRIDDEN = executions.c.override_at.is_not(None)
# The columns of a table have keys of their own.
KEYS = searched.c["keys"]
# States in which people put a profile.
AWAY = ("ARCHIVED", "INACTIVE")
OVERRIDES = {"ONLY_OVERRIDDEN": [OVERRIDDEN], "EXCLUDE_OVERRIDDEN": [~OVERRIDDEN], "ALL": []}

router = APIRouter(tags=["Search"], responses=models.ERRORS | models.INVALID)

OverrideType = Literal["ONLY_OVERRIDDEN", "EXCLUDE_OVERRIDDEN", "ALL"]


class Term(Part):
    """What a field is to say."""

    term: Required
    field: Literal[searching.FIELDS]  # type: ignore[valid-type]


class Criteria(Part):
    """EXACT: whole values, however they are written; FUZZY: near ones, the nearest first. All terms count."""

    type: Literal["EXACT", "FUZZY"]
    terms: Annotated[list[Term], Field(min_length=1, max_length=20)]


class Statuses(Part):
    """Statuses of executions, and whether people gave them."""

    overrideType: OverrideType
    status: list[ExecutionStatus]


class Filters(Part):
    """All that is given counts; of a list one."""

    entityIds: Annotated[list[Required], Field(max_length=1000)] = Field(default=[])
    entityTypes: list[Literal["INDIVIDUAL", "ORGANIZATION"]] = Field(default=[])
    createdAtBefore: datetime | None = None
    createdAtAfter: datetime | None = None
    updatedAtBefore: datetime | None = None
    updatedAtAfter: datetime | None = None
    assignees: list[Required] = Field(default=[])
    reviewers: list[Required] = Field(default=[])
    states: list[Literal["INIT", "AUTO", "ACTIVE", "ARCHIVED", "BLOCKLISTED", "INACTIVE", "DELETED", "DUPLICATE"]] = (
        Field(default=[])
    )
    workflowNames: list[Required] = Field(default=[])
    workflowExecutionStatuses: list[Statuses] = Field(default=[])
    statusOverrideType: OverrideType = "ALL"
    workflowStatuses: list[ExecutionStatus] = Field(default=[])
    issueCategories: list[Required] = Field(default=[])
    issueSeverities: list[Required] = Field(default=[])
    riskLevels: list[RiskLevel] = Field(default=[])
    issues: list[Required] = Field(default=[])
    workflowExecutionScope: Literal["LAST", "ANY"] = "LAST"


class SearchProfiles(Part):
    """Persons who fit the search and the filters."""

    search: Criteria | None = None
    filters: Filters = Filters()


@router.post("/v2/search/serviceprofiles", summary="Search persons", response_model=models.Found)
async def search(
    caller: CallerOf,
    reading: Reading,
    body: SearchProfiles,
    sortFields: Many = None,
    sort: Sort = "desc",
    page: Page = 1,
    limit: Limit = 20,
) -> Response:
    """Of each person their profiles. An exact search is in the order asked for, a fuzzy one the nearest first.

    `meta.total` counts 10,000 at most, of a fuzzy search those among the first 500 who may be meant.
    """
    paged = Paged(page, limit, sort, fields(sortFields, SORTED_BY, "createdAt"))
    terms = _terms(body.search)
    filtered = _filtered(caller, body.filters)
    if body.search and body.search.type == "FUZZY":
        found = await _near(reading, caller, filtered, terms)
        rows, total = found[(page - 1) * limit : page * limit], len(found)
    else:
        rows, total = await _exact(reading, caller, filtered, terms, paged)
    matches = await _matches(reading, caller, rows)
    told = {"meta": paged.meta(total, len(rows)), "matches": matches}
    return answer(200, {"requestId": caller.request_id, **told})


Terms: TypeAlias = Sequence[tuple[str, str]]
Scored: TypeAlias = tuple[queries.Row, list[Json]]


def _terms(criteria: Criteria | None) -> Terms:
    """The fields and their terms, written one way; raises Problem where nothing of a term is left."""
    found = []
    for number, one in enumerate(criteria.terms if criteria else ()):
        term = searching.normal(one.field, _date(one.term) if one.field == "DATE_OF_BIRTH" else one.term)
        if not term:
            at = ("search", "terms", number, "term")
            raise unfit([{"loc": at, "msg": f"says nothing of a {one.field}", "type": "invalid"}])
        found.append((str(one.field), term))
    return found


def _date(text: str) -> str:
    """As it is written; one that is none finds nobody."""
    try:
        return from_text(text)
    except ValueError:
        return text


async def _exact(
    reading: AsyncConnection, caller: Caller, filtered: Select[Any], terms: Terms, paged: Paged
) -> tuple[list[Scored], int]:
    """A page of those who have every term, and how many there are."""
    if terms:
        wanted = [searching.exact(caller.customer_id, field, term) for field, term in terms]
        filtered = filtered.where(_found(caller, KEYS.contains(wanted)))
    rows = await queries.all_rows(reading, paged.of(filtered, SORTED_BY, individuals.c.entity_id))
    matched = [{"field": field, "confidence": 1.0} for field in dict(terms)]
    return [(row, matched) for row in rows], await queries.total(reading, filtered.limit(COUNTED))


async def _near(reading: AsyncConnection, caller: Caller, filtered: Select[Any], terms: Terms) -> list[Scored]:
    """All who are near every term, the nearest first."""
    groups = [group for field, term in terms for group in searching.near(caller.customer_id, field, term)]
    filtered = filtered.where(_found(caller, *(KEYS.overlap(group) for group in groups)))
    wanted, scored = dict(terms), []
    for row in await queries.all_rows(reading, filtered.limit(CANDIDATES)):
        of_person = searching.values(Individual.model_validate(row["document"]), wanted)
        told = [{"field": field, "confidence": searching.confidence(field, term, of_person)} for field, term in terms]
        if all(one["confidence"] for one in told):
            scored.append((row, told))
    return sorted(scored, key=lambda one: (-_confidence(one[1]), one[0]["entity_id"]))


def _found(caller: Caller, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Those whose keys fit, looked up before anything else: how many they are cannot be guessed from statistics."""
    fit = select(searched.c.entity_id).where(searched.c.customer_id == caller.customer_id, *conditions)
    found = fit.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return individuals.c.entity_id.in_(select(found.c.entity_id))


def _confidence(matched: Sequence[Json]) -> float:
    return round(sum(one["confidence"] for one in matched) / len(matched), 3) if matched else 1.0


def _filtered(caller: Caller, filters: Filters) -> Select[Any]:
    """The persons who fit the filters."""
    query = select(individuals)
    return query.where(
        individuals.c.customer_id == caller.customer_id,
        queries.SHOWN,
        *between(individuals.c.created_at, filters.createdAtAfter, filters.createdAtBefore),
        *between(individuals.c.changed_at, filters.updatedAtAfter, filters.updatedAtBefore),
        *([individuals.c.entity_id.in_(filters.entityIds)] if filters.entityIds else []),
        *([individuals.c.entity_id.is_(None)] if set(filters.entityTypes) == {"ORGANIZATION"} else []),
        *_of_profiles(filters),
        *_of_executions(filters),
    )


def _of_profiles(filters: Filters) -> list[ColumnElement[bool]]:
    """Persons with a profile that was given to one of these, and one in one of these states."""
    c = profile_changes.c
    given = [
        *([c.assignee.in_(filters.assignees)] if filters.assignees else []),
        *([c.reviewer.in_(filters.reviewers)] if filters.reviewers else []),
    ]
    found = [_said_of_a_profile(*given)] if given else []
    if filters.states:
        away = [one for one in filters.states if one in AWAY]
        run, put_away = _run(executions.c.ended_at.is_not(None)), _put_away(AWAY)
        in_state = {"AUTO": run & ~put_away, "INIT": ~run & ~put_away}
        found.append(or_(_put_away(away), *(in_state[one] for one in filters.states if one in in_state)))
    return found


def _put_away(states: Sequence[str]) -> ColumnElement[bool]:
    """A profile was put away, and nothing but the monitoring has run since."""
    c = profile_changes.c
    since = executions.c.started_at >= c.changed_at
    meant = executions.c.workflow["lifecyclePhase"].astext != "MONITORING"
    return _said_of_a_profile(c.state.in_(states), ~_run(executions.c.service_name == c.service_name, since, meant))


def _said_of_a_profile(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """What was said last of a profile of the person."""
    later, c = profile_changes.alias("said_later"), profile_changes.c
    newest = ~exists().where(
        *(later.c[name] == c[name] for name in ("customer_id", "entity_id", "service_name")),
        later.c.profile_version > c.profile_version,
        later.c.refusal.is_(None),
    )
    mine = c.customer_id == individuals.c.customer_id, c.entity_id == individuals.c.entity_id
    said = select(c.change_id).where(*mine, c.refusal.is_(None), newest, *conditions)
    return said.correlate(individuals).exists()


def _run(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """A workflow was run on the person."""
    c = executions.c
    mine = c.customer_id == individuals.c.customer_id, c.entity_id == individuals.c.entity_id
    ran = select(c.execution_id).where(*mine, c.started_at.is_not(None), *conditions)
    return ran.correlate(individuals, profile_changes).exists()


def _of_executions(filters: Filters) -> list[ColumnElement[bool]]:
    """Persons of whom an execution fits: any, or the last of its service."""
    c = executions.c
    wanted: list[ColumnElement[bool]] = list(OVERRIDES[filters.statusOverrideType])
    if filters.workflowNames:
        wanted.append(c.workflow_name.in_(filters.workflowNames))
    if filters.workflowStatuses:
        wanted.append(c.status.in_([one.value for one in filters.workflowStatuses]))
    if filters.workflowExecutionStatuses:
        wanted.append(or_(*(_of_status(one) for one in filters.workflowExecutionStatuses)))
    if filters.riskLevels:
        wanted.append(c.risk["riskLevel"].astext.in_([one.value for one in filters.riskLevels]))
    for name, values in (
        ("category", filters.issueCategories),
        ("severity", filters.issueSeverities),
        ("issue", filters.issues),
    ):
        if values:
            wanted.append(or_(*(c.issues.contains([{name: value}]) for value in values)))
    if not wanted:
        return []
    last = [_last()] if filters.workflowExecutionScope == "LAST" else []
    return [_run(queries.of_parent(None), *wanted, *last)]


def _of_status(one: Statuses) -> ColumnElement[bool]:
    return and_(executions.c.status.in_([status.value for status in one.status]), *OVERRIDES[one.overrideType])


def _last() -> ColumnElement[bool]:
    """No later one of the service."""
    later, c = executions.alias("a_later_one"), executions.c
    return ~exists().where(
        *(later.c[name] == c[name] for name in ("customer_id", "entity_id", "service_name")),
        later.c.started_at > c.started_at,
        later.c.workflow["parentExecutionId"].astext.is_(None),
    )


async def _matches(reading: AsyncConnection, caller: Caller, rows: Sequence[Scored]) -> list[list[Json]]:
    """Of each person a Search-Match for every profile, one without a service where there is none."""
    ids = [row["entity_id"] for row, _ in rows]
    profiles = await results.profiles_of(reading, caller.customer_id, ids)
    return [
        [
            {"serviceProfile": profile, "confidence": _confidence(matched), "fieldsMatched": matched}
            for profile in _named(row, profiles[row["entity_id"]])
        ]
        for row, matched in rows
    ]


def _named(row: queries.Row, profiles: Sequence[Json]) -> list[Json]:
    name = row["document"]["name"]
    told = {
        "entityName": name.get("displayName") or " ".join(filter(None, (name.get("givenName"), name["familyName"])))
    }
    return [{**profile, **told} for profile in profiles] or [
        {
            "entityId": row["entity_id"],
            "entityType": "INDIVIDUAL",
            "schemaVersion": SCHEMA_VERSION,
            "createdAt": row["created_at"],
            "updatedAt": row["changed_at"],
            **told,
        }
    ]
