"""What a person is watched for, in the contract's shape, from every change that was told."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from services.results.documents import present
from services.results.views import service_profile_id

Json: TypeAlias = dict[str, Any]
Row: TypeAlias = Mapping[str, Any]

TYPES = ("AML", "ACTIVITY")
# Who looks for what a person is watched for.
PROVIDERS = {"AML": ["vetstream"]}
ENABLED, DISABLED = "ENABLED", "DISABLED"


def of_profile(changes: Iterable[Row], workflows: Sequence[Row]) -> list[Json]:
    """The Service-Profile-Subscriptions of a person: one for each workflow that takes the type of a subscription.

    `changes`: of the person, in the order of type and sequence. A type that no workflow takes is told without one.
    """
    told = []
    for type, mine in _by_type(changes).items():
        abouts: list[Json] = [
            {
                "serviceProfileId": _profile_id(mine[0], workflow["service_name"]),
                "workflowName": workflow["workflow_name"],
                "workflowId": workflow["workflow_id"],
            }
            for workflow in _taking(workflows, type)
        ]
        told += [{"type": type, **about, **_state(mine)} for about in abouts or [{}]]
    return told


def of_person(changes: Iterable[Row], workflows: Sequence[Row]) -> Json:
    """The entity_patch_monitoring_subscriptions_response: each type that was ever asked for, AML always."""
    known = _by_type(changes)
    return {type: _of_type(type, known.get(type, []), workflows) for type in TYPES if type in known or type == "AML"}


def _of_type(type: str, changes: Sequence[Row], workflows: Sequence[Row]) -> Json:
    return {
        "subscriptions": _details(changes, _taking(workflows, type)) if changes else [],
        "providers": PROVIDERS.get(type, []),
        "status": _status(changes[-1]) if changes else DISABLED,
    }


def _details(changes: Sequence[Row], taking: Iterable[Row]) -> list[Json]:
    """A subscription as each service sees it that has a workflow for it."""
    return [
        {
            "serviceName": service,
            "serviceProfileId": _profile_id(changes[0], service),
            **_state(changes),
            "workflows": [
                {
                    "workflowName": workflow["workflow_name"],
                    "workflowId": workflow["workflow_id"],
                    "lifecyclePhase": workflow["lifecycle_phase"],
                }
                for workflow in its_workflows
            ],
        }
        for service, its_workflows in groupby(taking, key=lambda workflow: workflow["service_name"])
    ]


def _by_type(changes: Iterable[Row]) -> dict[str, list[Row]]:
    """The changes that changed something, by type."""
    known: dict[str, list[Row]] = {}
    for change in changes:
        if change["enabled"] != change["was_enabled"]:
            known.setdefault(change["monitoring_type"], []).append(change)
    return known


def _state(changes: Sequence[Row]) -> Json:
    """Since when, by whom and by which request; the end only of what has ended."""
    begun = next((one for one in reversed(changes) if one["enabled"]), None)
    told = {"status": _status(changes[-1])}
    for name, change in (("enabled", begun), ("disabled", None if changes[-1]["enabled"] else changes[-1])):
        if change is not None:
            told |= present(
                **{
                    f"{name}At": change["changed_at"],
                    f"{name}RequestId": change["request_id"],
                    f"{name}By": change["changed_by"],
                }
            )
    return told


def _status(change: Row) -> str:
    return ENABLED if change["enabled"] else DISABLED


def _taking(workflows: Iterable[Row], type: str) -> list[Row]:
    """The workflows that take a type; one that names none takes every type."""
    return [one for one in workflows if not one["monitoring_types"] or type in one["monitoring_types"]]


def _profile_id(change: Row, service_name: str) -> str:
    return service_profile_id(change["customer_id"], change["entity_id"], service_name)
