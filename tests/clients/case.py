"""A client that knows `requests` and the contract's words, and nothing of what answers: one person's whole case.

`python case.py http://localhost:8080 API_KEY CUSTOMER PERSON.json` prints a line of JSON: what came of it.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import requests

WORKFLOW = "/v2/individuals/{}/serviceprofiles/Onboarding/workflows/Individual-Onboarding"


def case(address: str, api_key: str, customer: str, individual: dict[str, Any]) -> dict[str, Any]:
    """Execute, wait, review, resolve, override, read the results; raises requests.HTTPError."""
    session = requests.Session()
    session.headers.update({"api_key": api_key, "X-Frankie-CustomerID": customer, "X-Frankie-Username": "analyst"})

    def ask(method: str, path: str, **given: Any) -> tuple[int, dict[str, Any]]:
        response = session.request(method, address + path, timeout=60, **given)
        response.raise_for_status()
        answered: dict[str, Any] = response.json()
        return response.status_code, answered

    # Execute, in the background.
    accepted, told = ask(
        "POST",
        WORKFLOW.format("new") + "/execute",
        json={"individual": individual},
        headers={"X-Frankie-Background": "1"},
    )
    person = told["entityId"]
    execution = f"{WORKFLOW.format(person)}/executions/{told['workflowExecutionId']}"

    # In progress, until it is not.
    states = []
    while "workflowResult" not in (answer := ask("GET", execution)[1]):
        states.append(answer["workflowExecutionState"])
        time.sleep(0.1)
    result = answer["workflowResult"]

    # Review: the hits that nobody has said anything of.
    found = {"params": {"classes": "AML", "results": "HIT"}}
    hits = ask("GET", f"/v2/individuals/{person}/results", **found)[1]["processResults"]

    # Resolve them, then override the status.
    said = {
        "processResults": [hit["processResultId"] for hit in hits if hit.get("manualStatus") is None],
        "manualStatus": "FALSE_POSITIVE",
        "comment": {"text": "another person of that name"},
    }
    resolved = ask("PATCH", f"/v2/individuals/{person}/results/aml", json=said)[1]["processResults"]
    overridden = ask("PATCH", execution, json={"status": "PASS", "comment": {"text": "seen in person"}})[1]

    # The results as they are now.
    cleared = {
        "params": {"classes": "AML", "manualStatuses": "FALSE_POSITIVE", "sortFields": "createdAt", "sort": "asc"}
    }
    now = ask("GET", execution)[1]["workflowResult"]
    return {
        "accepted": accepted,
        "states": sorted(set(states)),
        "first": [result["result"], result["status"]],
        "hits": len(hits),
        "resolved": sorted({one["manualStatus"] for one in resolved}),
        "overridden": [overridden["workflowResult"]["result"], overridden["workflowResult"]["status"]],
        "cleared": ask("GET", f"/v2/individuals/{person}/results", **cleared)[1]["meta"]["total"],
        "steps": {step["stepName"]: step["result"] for step in now["workflowStepResults"]},
        "overriddenBy": now["statusOverrideBy"],
    }


if __name__ == "__main__":
    address, api_key, customer, person = sys.argv[1:]
    print(json.dumps(case(address, api_key, customer, json.loads(Path(person).read_text()))))
