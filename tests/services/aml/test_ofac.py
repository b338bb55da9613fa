import pytest

from services.aml.ofac import dates, display_name, persons, remarks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 Dec 1964", ["1964-12-12"]),
        ("Sep 1938", ["1938-09"]),
        ("1946", ["1946"]),
        ("circa 1951", ["1951"]),
        ("circa 07 Jul 1966", ["1966"]),
        ("1951 to 1953", ["1951", "1952", "1953"]),
        ("circa 1979-1982", ["1979", "1980", "1981", "1982"]),
        ("01 Jan 1961 to 31 Dec 1962", ["1961", "1962"]),
        ("Mar 1962 to Feb 1963", ["1962", "1963"]),
        ("31 Feb 1964", []),
        ("unknown", []),
    ],
)
def test_a_date_of_birth_is_as_exact_as_listed(text: str, expected: list[str]) -> None:
    assert dates(text) == expected


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("DOB 12 Dec 1964; alt. DOB 1962; POB Havana, Cuba.", "datesOfBirth", ["1964-12-12", "1962"]),
        ("DOB 1958; alt. DOB 1958.", "datesOfBirth", ["1958"]),
        ("nationality Cuba; citizen Cuba; alt. nationality Korea, North.", "countries", ["cu", "kp"]),
        ("nationality Congo, Democratic Republic of the; Gender Male.", "countries", ["cd"]),
        ("nationality possibly Palestinian.", "countries", ["ps"]),
        ("nationality Burma.", "countries", ["mm"]),
        ("POB Russia.", "countries", []),
        ("DOB 1960; Gender Female.", "gender", "female"),
        ("DOB 1960.", "gender", ""),
        ("a.k.a. 'EL CHAPO'; DOB 1957; alt. a.k.a. 'SHORTY'.", "weakAliases", ["EL CHAPO", "SHORTY"]),
        ("a.k.a. 'WA'IL, Hajji'; DOB 1957.", "weakAliases", ["WA'IL, Hajji"]),
        (
            "Passport A0043133 (Iran) expires 05 Jan 2030; National ID No. V-6.919.272 (Venezuela).",
            "identifiers",
            [
                {"type": "Passport", "number": "A0043133", "country": "ir"},
                {"type": "National ID No.", "number": "V-6.919.272", "country": "ve"},
            ],
        ),
        ("Diplomatic Passport 123 issued 01 Jan 2001.", "identifiers",
         [{"type": "Diplomatic Passport", "number": "123", "country": ""}]),
        ("Linked To: INFOROS, OOO; Secondary sanctions risk: Section 4.", "identifiers", []),
        ("", "datesOfBirth", []),
    ],
)  # fmt: skip
def test_remarks(text: str, field: str, expected: object) -> None:
    assert remarks(text)[field] == expected


@pytest.mark.parametrize(
    ("listed", "name", "family"),
    [
        ("PUTIN, Vladimir Vladimirovich", "Vladimir Vladimirovich PUTIN", "PUTIN"),
        ("LAVILLA, Ruben Pestano, Jr.", "Ruben Pestano LAVILLA Jr.", "LAVILLA"),
        ("KNOWLES, JR., Samuel", "Samuel KNOWLES JR.", "KNOWLES"),
        ("ABU KHALED", "ABU KHALED", ""),
    ],
)
def test_the_given_name_is_put_first(listed: str, name: str, family: str) -> None:
    assert display_name(listed) == (name, family)


def test_only_individuals_are_taken_and_with_their_aliases() -> None:
    null = "-0- "
    remark = "DOB 1970; a.k.a. 'BOB'."
    sdn = [
        ["36", "AEROCARIBBEAN AIRLINES", null, "CUBA", *[null] * 8],
        ["37", "DOE, Robert", "individual", "NPWMD] [CYBER2", null, *[null] * 6, remark],
        ["\x1a"],
    ]
    alt = [["37", "1", "aka", "DOE, Rob", null], ["37", "2", "", "", null], ["99", "3", "aka", "ELSE", null]]
    assert list(persons(sdn, alt)) == [
        {
            "id": "ofac-37",
            "schema": "Person",
            "name": "Robert DOE",
            "familyName": "DOE",
            "aliases": [{"name": "Rob DOE", "quality": "strong"}, {"name": "BOB", "quality": "weak"}],
            "datesOfBirth": ["1970"],
            "countries": [],
            "gender": "",
            "identifiers": [],
            "title": "",
            "programmes": ["NPWMD", "CYBER2"],
            "topics": ["sanction"],
            "remarks": remark,
        }
    ]
