"""The UK Sanctions List in XML."""

from io import BytesIO

import pytest

from services.aml.uk import entries
from services.aml.xml import Broken

LIST = """<Designations><DateGenerated>2026-03-01</DateGenerated>
<Designation><UniqueID>RUS9001</UniqueID><DateDesignated>15/03/2022</DateDesignated>
  <Names>
    <Name><Name1>Anton</Name1><Name6>BELOV</Name6><NameType>Primary Name</NameType></Name>
    <Name><Name6>Toshka</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
    <Name><Name1>Antoine</Name1><Name6>BELOFF</Name6><NameType>Alias</NameType><AliasStrength/></Name>
  </Names>
  <NonLatinNames><NonLatinName><NameNonLatinScript>Антон Белов</NameNonLatinScript></NonLatinName></NonLatinNames>
  <RegimeName>The Russia Regulations 2019</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>
  <OtherInformation>Lives abroad.</OtherInformation>
  <Addresses><Address><AddressLine1>5 Hill Road</AddressLine1><AddressCountry>Malta</AddressCountry></Address>
  </Addresses>
  <IndividualDetails><Individual>
    <DOBs><DOB>dd/mm/1958</DOB><DOB>07/11/1959</DOB><DOB>dd/04/1960</DOB></DOBs>
    <Nationalities><Nationality>Russia</Nationality></Nationalities><Genders><Gender>Male</Gender></Genders>
    <PassportDetails><Passport><PassportNumber>55 1</PassportNumber></Passport></PassportDetails>
  </Individual></IndividualDetails>
</Designation>
<Designation><UniqueID>RUS9002</UniqueID><Names><Name><Name6>NORTHERN TUG</Name6></Name></Names>
  <IndividualEntityShip>Ship</IndividualEntityShip></Designation>
</Designations>"""


def test_individuals_and_ships_as_plain_facts() -> None:
    person, ship = entries(BytesIO(LIST.encode()))
    assert (person["id"], person["name"], person["familyName"]) == ("uk-RUS9001", "Anton BELOV", "BELOV")
    assert person["aliases"] == [
        {"name": "Toshka", "quality": "weak"},
        {"name": "Antoine BELOFF", "quality": "strong"},
        {"name": "Антон Белов", "quality": "strong"},
    ]
    assert person["datesOfBirth"] == ["1958", "1959-11-07", "1960-04"]
    assert (person["countries"], person["gender"], person["listed"]) == (["ru"], "male", "2022-03-15")
    assert person["identifiers"] == [{"type": "Passport", "number": "55 1", "country": ""}]
    assert (person["addresses"], person["programmes"]) == (["5 Hill Road, Malta"], ["The Russia Regulations 2019"])
    assert (ship["id"], ship["schema"]) == ("uk-RUS9002", "Vessel")


def test_a_designation_without_a_name_is_refused_with_its_line() -> None:
    with pytest.raises(Broken, match="line 2: <Designation>: no unique id or no name"):
        list(entries(BytesIO(b"<Designations>\n<Designation/></Designations>")))
