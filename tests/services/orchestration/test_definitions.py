"""The workflows that ship with the project."""

from services.orchestration.definitions import SHIPPED, shipped


def test_every_definition_in_the_folder_is_shipped_and_loads() -> None:
    assert len(shipped()) == len(list(SHIPPED.glob("*.asl.json"))) >= 2
    assert {workflow.lifecycle_phase for workflow in shipped()} == {"ONBOARDING", "MONITORING"}


def test_no_two_workflows_go_by_one_name() -> None:
    names = [(workflow.service_name, workflow.workflow_name) for workflow in shipped()]
    assert len(names) == len(set(names))
