"""The EU's list: strong and weak names, partial dates, numbers, addresses, programmes."""

from io import BytesIO

import pytest

from services.aml.eu import entries
from services.aml.xml import Broken

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-03-01T10:00:00.000+01:00">
  <sanctionEntity designationDate="" euReferenceNumber="EU.77.1" logicalId="1">
    <remark>Born in the north.</remark>
    <regulation programme="UKR" publicationDate="2022-03-15"/>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="" middleName="" lastName="" wholeName="The Baron" strong="false" gender="M"/>
    <nameAlias firstName="Pavel" middleName="" lastName="Sidorov" wholeName="Pavel SIDOROV" strong="true" gender="M"/>
    <nameAlias firstName="" middleName="" lastName="" wholeName="Павел Сидоров" strong="true"/>
    <citizenship countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"/>
    <citizenship countryIso2Code="00" countryDescription="UNKNOWN"/>
    <birthdate circa="false" year="1966" birthdate="1966-05-04"/>
    <birthdate circa="true" year="1965" birthdate="1965-01-01"/>
    <birthdate circa="false" year="1964" monthOfYear="3"/>
    <birthdate circa="false" yearRangeFrom="1970" yearRangeTo="1971"/>
    <identification number="AB 12" countryIso2Code="RU" identificationTypeDescription="National passport"/>
    <address street="1 Long Lane" city="Tver" zipCode="" poBox="" region="" countryDescription="RUSSIAN FEDERATION"/>
  </sanctionEntity>
  <sanctionEntity euReferenceNumber="EU.77.2"><subjectType code="enterprise"/><nameAlias wholeName="Mill AG"/>
  </sanctionEntity>
</export>"""


def test_persons_and_enterprises_as_plain_facts() -> None:
    person, mill = entries(BytesIO(LIST.encode()))
    assert (person["id"], person["name"], person["familyName"]) == ("eu-EU.77.1", "Pavel SIDOROV", "Sidorov")
    assert person["aliases"] == [
        {"name": "The Baron", "quality": "weak"}, {"name": "Павел Сидоров", "quality": "strong"},
    ]  # fmt: skip
    assert person["datesOfBirth"] == ["1966-05-04", "1965", "1964-03", "1970", "1971"]
    assert (person["countries"], person["gender"], person["programmes"]) == (["ru"], "male", ["UKR"])
    assert person["identifiers"] == [{"type": "National passport", "number": "AB 12", "country": "ru"}]
    assert person["addresses"] == ["1 Long Lane, Tver, RUSSIAN FEDERATION"]
    assert (person["listed"], person["remarks"]) == ("2022-03-15", "Born in the north.")
    assert (mill["schema"], mill["name"]) == ("Organization", "Mill AG")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<export>", "line 1: no XML"),
        ("<other/>", "line 1: <other> instead of <export>"),
        ("<export>\n<sanctionEntity/></export>", "line 2: <sanctionEntity>: no reference number or no name"),
        ('<!DOCTYPE export [<!ENTITY a "b">]><export>&a;</export>', "no document type"),
        ('<!DOCTYPE export SYSTEM "file:///etc/passwd"><export/>', "no document type"),
    ],
)
def test_what_is_no_such_list_is_refused_with_its_place(content: str, said: str) -> None:
    with pytest.raises(Broken, match=said):
        list(entries(BytesIO(content.encode())))
