"""What reviewers do: each asks first where it cannot be taken back, and says what came of it."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData

from libs.events.models import DocumentAsked
from libs.staff.roles import SUPERVISOR
from libs.web.flash import tell
from libs.web.pages import page
from services.review import rules, store, stories
from services.review.case import APPROVED, REJECTED, Case
from services.review.desk import Besides, Deed, NoCase, nothing
from services.review.policy import Policy
from services.review.rules import Actor, Hits, Refused, Told
from services.review.web import view
from services.review.web.parts import CaseId, PartsOf, Reviewer, Supervisor, by, shown

router = APIRouter(include_in_schema=False)
Seen = Annotated[int, Form(ge=0)]
Text = Annotated[str, Form(max_length=2000)]


@router.get("/cases/{case_id}/approve")
async def ask_approve(request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId) -> Response:
    """Asks before the person is taken on."""
    return await _form(request, parts, case_id, "approve.html.jinja")


@router.get("/cases/{case_id}/reject")
async def ask_reject(request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId) -> Response:
    """Asks for the reason before the person is turned away."""
    return await _form(request, parts, case_id, "reject.html.jinja")


@router.get("/cases/{case_id}/again")
async def ask_again(request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId) -> Response:
    """Asks which documents are wanted again, and why."""
    return await _form(request, parts, case_id, "again.html.jinja")


@router.get("/cases/{case_id}/second")
async def ask_second(request: Request, who: Supervisor, parts: PartsOf, case_id: CaseId) -> Response:
    """Shows what was proposed, to agree or not."""
    return await _form(request, parts, case_id, "second.html.jinja")


async def _form(request: Request, parts: PartsOf, case_id: str, template: str) -> Response:
    async with parts.desk.engine.connect() as connection:
        case, name = await shown(connection, case_id)
        story = await stories.read(connection, case.customer_id, case.execution_id)
        said = await store.resolutions(connection, (case.customer_id, case.case_id))
        rounds = await store.rounds(connection, (case.customer_id, case.case_id))
    hits = view.hits(story, said)
    policy = parts.desk.policies[case.policy]
    found = rules.Hits(
        {one.process_result_id: one.status for one in said}, sum(1 for one in hits if one.said is None)
    )  # fmt: skip
    return page(
        request, template, case=case, name=name, policy=policy, hits=hits, open_hits=found.open,
        second={
            "approve": policy.approve.is_asked(case.risk, found.accepted),
            "reject": policy.reject.is_asked(case.risk, found.accepted),
        },
        reasons=view.reasons(policy),
        documents=view.wanted(rounds[-1].individual.documents if rounds else []),
    )  # fmt: skip


@router.post("/cases/{case_id}/decide")
async def decide(
    request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, seen: Seen, decision: Annotated[str, Form()],
    reason: Text = "", message: Text = "", comment: Text = "",
) -> Response:  # fmt: skip
    """Approve or reject."""

    def deed(case: Case, actor: Actor, policy: Policy, hits: Hits) -> Told:
        given = [one.strip() or None for one in (reason, message, comment)]
        return rules.decide(case, actor, policy, decision, given[0], given[1], given[2], hits)

    done = {APPROVED: "The person is approved.", REJECTED: "The person is rejected."}
    return await _act(request, who, parts, case_id, seen, "CASE_DECIDED", deed, done.get(decision, ""))


@router.post("/cases/{case_id}/second")
async def second(
    request: Request, who: Supervisor, parts: PartsOf, case_id: CaseId, seen: Seen, agreed: Annotated[str, Form()],
    comment: Text = "",
) -> Response:  # fmt: skip
    """Agree with a proposal, or not."""

    def deed(case: Case, actor: Actor, policy: Policy, hits: Hits) -> Told:
        if agreed == "yes":
            return rules.confirm(case, actor, policy, hits)
        return rules.refuse(case, actor, comment.strip() or None)

    done = "The decision counts." if agreed == "yes" else "The case is its proposer's again."
    return await _act(request, who, parts, case_id, seen, "CASE_SECONDED", deed, done)


@router.post("/cases/{case_id}/again")
async def again(
    request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, seen: Seen, message: Text = ""
) -> Response:
    """Ask the applicant for documents again."""
    form = await request.form()

    def deed(case: Case, actor: Actor, policy: Policy, hits: Hits) -> Told:
        return rules.ask_again(case, actor, policy, _asked(form), message.strip() or None)

    done = "The applicant is asked; the case comes back with what they give."
    return await _act(request, who, parts, case_id, seen, "RESUBMISSION_ASKED", deed, done)


@router.post("/cases/{case_id}/assign")
async def assign(
    request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, seen: Seen, to: Text = ""
) -> Response:
    """Take a case, give it back, or hand it over; another's case only by a supervisor."""

    def deed(case: Case, actor: Actor, policy: Policy, hits: Hits) -> Told:
        if case.assignee not in (None, who.username) and not who.may(SUPERVISOR):
            raise Refused("ANOTHERS", f"the case is {case.assignee}'s: a supervisor may hand it over")
        return rules.assign(case, actor, to.strip() or None)

    return await _act(request, who, parts, case_id, seen, "CASE_ASSIGNED", deed, f"The case is {to or 'nobody'}'s now.")


@router.post("/cases/{case_id}/notes")
async def note(request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, text: Text = "") -> Response:
    """Write something down."""

    def deed(case: Case, actor: Actor, policy: Policy, hits: Hits) -> Told:
        return rules.note(case, actor, text)

    return await _act(request, who, parts, case_id, 0, "CASE_NOTED", deed, "The note is kept.")


@router.post("/cases/{case_id}/resolve")
async def resolve(
    request: Request, who: Reviewer, parts: PartsOf, case_id: CaseId, seen: Seen, finding: Text, status: Text,
    comment: Text = "",
) -> Response:  # fmt: skip
    """Say what a hit is worth."""
    async with parts.desk.engine.connect() as connection:
        case, _ = await shown(connection, case_id)
        story = await stories.read(connection, case.customer_id, case.execution_id)
    found = next((one for one in view.hits(story, []) if one.finding.processResultId == finding), None)
    if found is None or status not in dict(found.statuses):
        raise HTTPException(422, "The case has no such hit, or this cannot be said of it.")
    step = found.step

    def deed(case: Case, actor: Actor, policy: Policy, hits: Hits) -> Told:
        return rules.resolve(case, actor, {finding: status}, comment.strip() or None)

    async def keep(connection: AsyncConnection, case: Case, told: Told) -> None:
        await store.resolve(connection, (case.customer_id, case.case_id), step, {finding: status}, told)

    done = "It is noted, and counts with the decision."
    return await _act(request, who, parts, case_id, seen, "HIT_RESOLVED", deed, done, keep, "#hits")


async def _act(
    request: Request, who: Reviewer, parts: PartsOf, case_id: str, seen: int, action: str, deed: Deed, done: str,
    besides: Besides = nothing, place: str = "",
) -> Response:  # fmt: skip
    """Do it, and back to the case, which says what came of it."""
    async with parts.desk.engine.connect() as connection:
        case, _ = await shown(connection, case_id)
    tone, text = "good", done
    try:
        after = await parts.desk.do((case.customer_id, case_id), by(request, who), seen, action, deed, besides)
        if after.proposal is not None and case.proposal is None:
            text = "It is proposed: a second person has to agree."
    except NoCase:
        raise HTTPException(404, "There is no such case.") from None
    except Refused as refused:
        tone, text = "bad", f"Nothing was changed: {refused}."
    response = RedirectResponse(f"/cases/{case_id}{place}", 303)
    tell(request, response, tone, text)
    return response


def _asked(form: FormData) -> list[DocumentAsked]:
    """The documents that were ticked, each with its reason."""
    asked = []
    for number in (str(one) for one in form.getlist("document")):
        told = {name: str(form.get(f"{name}-{number}") or "") for name in ("id", "type", "country", "reason")}
        if told["type"] and told["reason"]:
            id, country = told["id"] or None, told["country"] or None
            asked.append(DocumentAsked(documentId=id, type=told["type"], country=country, reason=told["reason"]))
    return asked
