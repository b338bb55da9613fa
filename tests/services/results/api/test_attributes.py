"""Parts of a person taken away one at a time."""

import httpx
import pytest

from services.results.api import models
from tests.services.results.api.test_individuals import ALL, EVERYTHING, created

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("path", "part", "id"),
    [
        ("names", "alternateNames", "nameId"),
        ("datesOfBirth", "alternateDatesOfBirth", "dateOfBirthId"),
        ("addresses", "addresses", "addressId"),
        ("emailaddresses", "emailAddresses", "emailAddressId"),
        ("phonenumbers", "phoneNumbers", "phoneNumberId"),
        ("externalreferences", "externalReferences", "referenceId"),
    ],
)
async def test_a_part_goes_by_its_id(api: httpx.AsyncClient, path: str, part: str, id: str) -> None:
    person = await created(api, **EVERYTHING)
    one = f"{ALL}/{person['entityId']}/{path}/{person[part][0][id]}"

    response = await api.delete(one)

    assert response.status_code == 200, response.text
    models.PartDeleted.model_validate(response.json())
    assert response.json()[id] == person[part][0][id]
    after = (await api.get(f"{ALL}/{person['entityId']}")).json()["individual"]
    assert after == {name: value for name, value in person.items() if name != part}
    again = await api.delete(one)
    assert (again.status_code, again.json()["details"][0]["issueLocation"]) == (404, f"path.{id}")


async def test_the_date_of_birth_and_a_consent(api: httpx.AsyncClient) -> None:
    person = await created(api, **EVERYTHING)
    path = f"{ALL}/{person['entityId']}"
    gone = [
        await api.delete(f"{path}/datesOfBirth/{person['dateOfBirth']['dateOfBirthId']}"),
        await api.delete(f"{path}/consents/GENERAL"),
    ]
    assert [one.status_code for one in gone] == [200, 200]
    assert gone[1].json()["consentType"] == "GENERAL"
    assert not {"dateOfBirth", "consents"} & (await api.get(path)).json()["individual"].keys()
    refused = [await api.delete(f"{path}/consents/GENERAL"), await api.delete(f"{path}/consents/ALL")]
    assert [one.status_code for one in refused] == [404, 400]


async def test_the_legal_name_stays(api: httpx.AsyncClient) -> None:
    person = await created(api)
    response = await api.delete(f"{ALL}/{person['entityId']}/names/{person['name']['nameId']}")
    assert (response.status_code, response.json()["details"][0]["issueLocation"]) == (409, "path.nameId")


async def test_external_references_are_told(api: httpx.AsyncClient) -> None:
    person = await created(api, **EVERYTHING)
    told = (await api.get(f"{ALL}/{person['entityId']}/externalreferences")).json()
    models.ExternalReferences.model_validate(told)
    assert told["externalReferences"] == person["externalReferences"]
    assert (await api.get(f"{ALL}/nobody/externalreferences")).status_code == 404
