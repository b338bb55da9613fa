"""DELETE /v2/individuals/{entityId}/…: parts of a person taken away, one at a time; and what others call the person."""

from typing import Any

from fastapi import APIRouter, Response

from services.results import merging
from services.results.api import changing, models
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import answer, conflict, not_found
from services.results.person import ConsentType

ONE = "/v2/individuals/{entityId}"

router = APIRouter(tags=["Individuals"], responses=models.ERRORS | models.NOT_FOUND | models.CONFLICT)

GONE: dict[int | str, dict[str, Any]] = {200: {"model": models.PartDeleted}, **changing.LATER}


@router.delete(ONE + "/names/{nameId}", summary="Delete another name of a person", responses=GONE)
async def name(caller: CallerOf, parts: PartsOf, entityId: Named, nameId: Named) -> Response:
    """The legal name can be changed only."""
    person = await changing.known(parts, caller, entityId)
    if person.told["name"].get("nameId") == nameId:
        raise conflict("the legal name of a person can be changed, not deleted", "path.nameId")
    return await _delete(parts, caller, entityId, "alternateNames", nameId)


@router.delete(ONE + "/datesOfBirth/{dateOfBirthId}", summary="Delete a date of birth", responses=GONE)
async def date_of_birth(caller: CallerOf, parts: PartsOf, entityId: Named, dateOfBirthId: Named) -> Response:
    """The first one, or an alternate one."""
    before = await changing.known(parts, caller, entityId)
    if before.told.get("dateOfBirth", {}).get("dateOfBirthId") == dateOfBirthId:
        after = {name: value for name, value in before.told.items() if name != "dateOfBirth"}
        return await changing.taken_away(parts, caller, before, after, dateOfBirthId=dateOfBirthId)
    return await _delete(parts, caller, entityId, "alternateDatesOfBirth", dateOfBirthId)


@router.delete(ONE + "/addresses/{addressId}", summary="Delete an address", responses=GONE)
async def address(caller: CallerOf, parts: PartsOf, entityId: Named, addressId: Named) -> Response:
    """Earlier versions of the person keep it."""
    return await _delete(parts, caller, entityId, "addresses", addressId)


@router.delete(ONE + "/emailaddresses/{emailAddressId}", summary="Delete an e-mail address", responses=GONE)
async def email_address(caller: CallerOf, parts: PartsOf, entityId: Named, emailAddressId: Named) -> Response:
    """Earlier versions of the person keep it."""
    return await _delete(parts, caller, entityId, "emailAddresses", emailAddressId)


@router.delete(ONE + "/phonenumbers/{phoneNumberId}", summary="Delete a phone number", responses=GONE)
async def phone_number(caller: CallerOf, parts: PartsOf, entityId: Named, phoneNumberId: Named) -> Response:
    """Earlier versions of the person keep it."""
    return await _delete(parts, caller, entityId, "phoneNumbers", phoneNumberId)


@router.delete(ONE + "/consents/{consentType}", summary="Take a consent back", responses=GONE)
async def consent(caller: CallerOf, parts: PartsOf, entityId: Named, consentType: ConsentType) -> Response:
    """Earlier versions of the person keep it."""
    return await _delete(parts, caller, entityId, "consents", consentType, "consentType")


@router.get(
    ONE + "/externalreferences", summary="What other systems call a person", response_model=models.ExternalReferences
)
async def external_references(caller: CallerOf, parts: PartsOf, entityId: Named) -> Response:
    """In the order in which they were told."""
    person = await changing.known(parts, caller, entityId)
    told = {"externalReferences": person.told.get("externalReferences", [])}
    return answer(200, {"requestId": caller.request_id, **told})


@router.delete(ONE + "/externalreferences/{referenceId}", summary="Delete an external reference", responses=GONE)
async def external_reference(caller: CallerOf, parts: PartsOf, entityId: Named, referenceId: Named) -> Response:
    """Earlier versions of the person keep it."""
    return await _delete(parts, caller, entityId, "externalReferences", referenceId)


async def _delete(
    parts: Parts, caller: Caller, entity_id: str, part: str, id: str, told_as: str | None = None
) -> Response:
    before = await changing.known(parts, caller, entity_id)
    after = merging.removed(before.told, part, id)
    id_name = told_as or merging.IDS[part]
    if after is None:
        raise not_found(id_name.removesuffix("Id"), f"path.{id_name}")
    return await changing.taken_away(parts, caller, before, after, **{id_name: id})
