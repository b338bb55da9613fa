"""The pages: the start, an applicant's link, and a page for each state; what a form does is the machine's to say."""

import asyncio
import secrets
from typing import Annotated, TypeAlias

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData

from libs.events.message import Message
from libs.web import flash
from libs.web.pages import page
from services.collection import deciding, links, showing, store
from services.collection.collected import Collected
from services.collection.entering import Problems, enter
from services.collection.facts import facts
from services.collection.machine import Step
from services.collection.parts import Parts, PartsOf

router = APIRouter(include_in_schema=False)

Id: TypeAlias = Annotated[str, Path(pattern=r"^[\w-]{8,64}$")]
SEE_OTHER = 303
# An event that saves and goes nowhere, as fields do when they are left.
SAVE = "save"
A_YEAR = 365 * 24 * 3600


class Entered(FormData):
    """A form whose values are texts; a file that stands where none is asked for is none."""

    def get(self, name: str, otherwise: str = "") -> str:  # type: ignore[override]
        value = super().get(name, otherwise)
        return value if isinstance(value, str) else otherwise

    def getlist(self, name: str) -> list[str]:  # type: ignore[override]
        return [value for value in super().getlist(name) if isinstance(value, str)]


@router.get("/")
async def start(request: Request) -> Response:
    """What it is about, and the button to begin."""
    return page(request, "start.html.jinja")


@router.post("/start")
async def begin(request: Request, parts: PartsOf) -> Response:
    """A new collection, opened in this browser."""
    one = await new(parts, secrets.token_urlsafe(12))
    response = RedirectResponse(f"/a/{one.collection_id}", SEE_OTHER)
    links.let_in(request, response, one.collection_id, parts.policy.link_days)
    return response


async def new(parts: Parts, entity_id: str) -> Collected:
    """Begin a collection; raises IntegrityError where the person has one."""
    one = Collected(secrets.token_urlsafe(16), parts.customer, entity_id, parts.machine.initial, parts.clock())
    async with parts.engine.begin() as connection:
        await store.create(connection, one)
    return one


@router.get("/language/{language}")
async def language(request: Request, parts: PartsOf, language: str, to: str = "/") -> Response:
    """Show the pages in another language from now on."""
    inside = to.startswith("/") and not to.startswith(("//", "/\\"))
    response = RedirectResponse(to if inside else "/", SEE_OTHER)
    if language in parts.texts:
        response.set_cookie(showing.LANGUAGE, language, A_YEAR, samesite="lax", httponly=True)
    return response


@router.get("/apply/{token}")
async def apply(request: Request, parts: PartsOf, token: str) -> Response:
    """Open a link in this browser; the address that is shown from then on has no token."""
    id = links.opened(request, token, parts.policy.link_days)
    response = RedirectResponse(f"/a/{id}", SEE_OTHER)
    links.let_in(request, response, id, parts.policy.link_days)
    return response


@router.get("/a/{id}")
async def resume(request: Request, parts: PartsOf, id: Id) -> Response:
    """Go on where the applicant left."""
    one = await theirs(request, parts, id)
    response = _to(one, parts.machine.resumed(one.state, facts(one, parts.policy)))
    links.let_in(request, response, id, parts.policy.link_days)
    return response


@router.get("/a/{id}/at/{state}")
async def show(request: Request, parts: PartsOf, id: Id, state: str) -> Response:
    """The page of a state, or of where the applicant is where that one cannot be shown."""
    one = await theirs(request, parts, id)
    if not parts.machine.may_show(state, facts(one, parts.policy)):
        return _to(one, parts.machine.resumed(one.state, facts(one, parts.policy)))
    return showing.state_page(request, parts, one, state)


@router.get("/a/{id}/live")
async def live(request: Request, parts: PartsOf, id: Id, known: str = "") -> Response:
    """The result as it stands, where it is another one than the page knows; 204 where it is the same."""
    links.require(request, id, parts.policy.link_days)
    async with parts.engine.connect() as connection:
        standing = await store.standing(connection, id)
    if standing is None:
        raise HTTPException(410)
    if known == ".".join(map(str, standing)):
        return Response(status_code=204)
    one = await theirs(request, parts, id)
    return page(request, "standing.html.jinja", one=one, base=f"/a/{id}")


@router.get("/a/{id}/code")
async def code(request: Request, parts: PartsOf, id: Id) -> Response:
    """The link to go on with elsewhere, for a camera; made where it is looked at, for it takes longer than a page."""
    one = await theirs(request, parts, id)
    made = await asyncio.to_thread(showing.code, showing.link(request, parts, one))
    return Response(made, media_type="image/svg+xml")


@router.post("/a/{id}/at/{state}")
async def go_on(request: Request, parts: PartsOf, id: Id, state: str) -> Response:
    """Take in the form of a state, and go where its event leads."""
    links.require(request, id, parts.policy.link_days)
    form = Entered(await request.form())
    event, quiet = form.get("event", SAVE), "X-Save" in request.headers
    problems: Problems = {}
    async with parts.engine.begin() as connection:
        one = await store.load(connection, id, lock=True)
        if one is None:
            raise HTTPException(410)
        if not parts.machine.may_show(state, facts(one, parts.policy)):
            return _gone_on(request, parts, one, quiet)
        if form.get("version") != str(one.version):
            return _overtaken(request, parts, one, state, quiet)
        before = list(one.consents)
        problems = enter(state, one, form, parts.policy, parts.clock().date())
        await _keep_consents(request, parts, connection, one, before)
        step = parts.machine.step(state, event, facts(one, parts.policy))
        if event == "next" and problems:
            step = None
        if step is not None:
            one.state = step.kept or one.state
            if step.entered == deciding.FINAL and "submittable" in facts(one, parts.policy):
                deciding.submit(one)
        await store.save(connection, one, parts.clock())
        messages = _told(parts, one, step)
        rows = await parts.telling.write(connection, messages)
    await parts.telling.send(rows, messages)
    if quiet:
        return JSONResponse({"version": one.version})
    if step is not None:
        return _to(one, step.entered)
    return showing.state_page(request, parts, one, state, problems=problems, status=422 if problems else 200)


def _told(parts: Parts, one: Collected, step: Step | None) -> list[Message]:
    return deciding.told(one, parts.policy, step, parts.workflow, parts.clock()) if step else []


async def theirs(request: Request, parts: Parts, id: str) -> Collected:
    """The collection, if this browser may see it; raises HTTPException 410."""
    links.require(request, id, parts.policy.link_days)
    async with parts.engine.connect() as connection:
        one = await store.load(connection, id)
    if one is None:
        raise HTTPException(410)
    return one


async def _keep_consents(
    request: Request, parts: Parts, connection: AsyncConnection, one: Collected, before: list[str]
) -> None:
    """Keep which consents were given or taken back, with the text that was read."""
    t, now = showing.texts(request, parts), parts.clock()
    for consent in parts.policy.consents:
        if consent.name in one.consents and consent.name not in before:
            words = t(f"consents.{consent.name}")
            await store.consent(connection, one.collection_id, consent.name, consent.version, t.language, words, now)
        elif consent.name in before and consent.name not in one.consents:
            await store.withdraw(connection, one.collection_id, consent.name, now)


def _to(one: Collected, state: str) -> Response:
    return RedirectResponse(f"/a/{one.collection_id}/at/{state}", SEE_OTHER)


def _overtaken(request: Request, parts: Parts, one: Collected, state: str, quiet: bool) -> Response:
    """Two devices: the second is shown what the first has saved."""
    if quiet:
        return JSONResponse({"version": one.version}, 409)
    return showing.state_page(request, parts, one, state, overtaken=True, status=409)


def _gone_on(request: Request, parts: Parts, one: Collected, quiet: bool) -> Response:
    if quiet:
        return JSONResponse({"version": one.version}, 409)
    response = _to(one, parts.machine.resumed(one.state, facts(one, parts.policy)))
    flash.tell(request, response, "open", showing.texts(request, parts)("gone_on"))
    return response
