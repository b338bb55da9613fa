"""An application and the execution that screens it: one, however often and by whichever way it is sent."""

from libs.events.message import derived_id

# The workflow of an application that names none.
SERVICE, WORKFLOW = "Prescreening", "Prescreening-With-Review"


def execution_id(customer: str, application_id: str) -> str:
    """The id of the execution that screens an application of a customer."""
    return derived_id(customer, "application", application_id)


def workflow_of(service_name: str | None, workflow_name: str | None) -> tuple[str, str | None]:
    """Service and workflow of an application; of a service that is named alone the one that it onboards with."""
    return service_name or SERVICE, workflow_name or (WORKFLOW if service_name in (None, SERVICE) else None)
