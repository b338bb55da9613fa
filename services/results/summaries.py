"""The summary of each kind of step in the contract's words, counted anew from its process results."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

# What a person said of a hit and leaves it open.
OPEN = (None, "TRUE_POSITIVE", "UNKNOWN")
# The parts of an AML hit's supplementary data, and what each is counted as.
AML_PARTS = {
    "pepData": "PEP",
    "sanctionData": "Sanction",
    "watchlistData": "Watchlist",
    "mediaData": "AdverseMedia",
}
COUNTRIES = {
    "pepData": "pepCountries",
    "sanctionData": "sanctionCountries",
    "watchlistData": "watchlistCountries",
    "mediaData": "adverseMediaCountries",
}
# Evidence that was taken back counts no more.
TAKEN_BACK = ("MARKED_INVALID", "MARKED_IGNORE")


def summary(step_name: str, runs: Sequence[Json], findings: Iterable[Json], person: Json | None) -> Json:
    """The summary of a step from its runs, oldest first, and its process results, all in the contract's shape.

    `person`: as the execution was given them, where that is known.
    """
    counted = [one for one in findings if one["systemStatus"] not in TAKEN_BACK]
    if step_name == "AML":
        told = _aml(counted, _search(runs[-1].get("summary", {}), person))
    elif step_name in SUMMARIES:
        told = SUMMARIES[step_name](runs, counted)
    else:
        told = dict(runs[-1].get("summary", {}))
    return {**told, "stepName": step_name}


def is_open(finding: Json) -> bool:
    """A hit that nobody has decided."""
    return finding["result"] == "HIT" and finding["manualStatus"] in OPEN


def _kyc(runs: Sequence[Json], findings: Sequence[Json]) -> Json:
    """Every rule of every run."""
    rules: dict[str, list[Json]] = {"matchedRules": [], "unmatchedRules": []}
    for run in runs:
        for name in rules:
            rules[name] += run.get("summary", {}).get(name, [])
    return rules


def _aml(findings: Sequence[Json], search: Json) -> Json:
    hits = _hits(findings)
    providers: dict[str, list[Json]] = {}
    for one in findings:
        if provider := one.get("providerResult"):
            providers.setdefault(provider["source"], []).append(one)
    return {
        "totalHits": len(hits),
        **_totals(hits, "total"),
        **_unresolved_kinds(hits),
        "providerSummaries": [_aml_provider(name, several, search) for name, several in providers.items()],
    }


def _search(told: Json, person: Json | None) -> Json:
    """What was searched for: the evidence names the parts, the values are the person's."""
    if not person or not told.get("searchedBy"):
        return {}
    name = person["name"]
    parts = [name.get(part) for part in ("givenName", "middleName", "otherName", "familyName")]
    values: Json = {
        "dateOfBirth": (person.get("dateOfBirth") or {}).get("normalized"),
        "nationality": person.get("nationality") or person.get("countryOfBirth"),
        "gender": person.get("gender"),
    }
    names: Json = {
        "name": name.get("displayName") or " ".join(part for part in parts if part),
        "givenName": name.get("givenName"),
        "otherName": name.get("otherName") or name.get("middleName"),
        "familyName": name.get("familyName"),
    }
    found = {part: values[part] for part in told["searchedBy"] if part in values}
    if "name" in told["searchedBy"]:
        found = names | found
    if "fuzziness" in told:
        found["fuzziness"] = f"{told['fuzziness']:g}"
    return {field: value for field, value in found.items() if value}


def _aml_provider(name: str, findings: Sequence[Json], search: Json) -> Json:
    hits = _hits(findings)
    countries: dict[str, set[str]] = {told: set() for told in COUNTRIES.values()}
    for hit in hits:
        for part, told in COUNTRIES.items():
            countries[told] |= {one["countryCode"] for one in _data(hit).get(part, ()) if "countryCode" in one}
    return {
        "name": name,
        "lastRetrievedAt": max(one["createdAt"] for one in findings),
        "numHits": len(hits),
        **_totals(hits, "num"),
        **_unresolved_kinds(hits),
        **{told: sorted(codes) for told, codes in countries.items()},
        **({"searchQuery": search} if search else {}),
    }


def _matchlist(runs: Sequence[Json], findings: Sequence[Json]) -> Json:
    hits = _hits(findings)
    lists: dict[str, list[Json]] = {}
    for hit in hits:
        lists.setdefault(_data(hit)["matchlistId"], []).append(hit)
    return {
        "totalMatches": len(hits),
        **_totals(hits, "total"),
        "matchlistSummaries": [
            {
                "matchlistId": id,
                "name": _data(several[0])["matchlistName"],
                "action": _data(several[0])["matchlistAction"],
                "numMatches": len(several),
                **_totals(several, "num"),
            }
            for id, several in lists.items()
        ],
    }


def _duplicate(runs: Sequence[Json], findings: Sequence[Json]) -> Json:
    hits = _hits(findings)
    told = _totals(hits, "total")
    return {
        "totalDuplicates": len(hits),
        "totalFalsePositives": told["totalFalsePositives"],
        "totalTruePositives": told["totalTruePositives"],
        "totalUnresolved": told["totalUnresolved"],
        "totalResolved": len(hits) - told["totalUnresolved"],
    }


def _identity(runs: Sequence[Json], findings: Sequence[Json]) -> Json:
    """By document: which sources agree with all that they compared, and which do not."""
    documents: dict[str, list[Json]] = {}
    for one in findings:
        documents.setdefault(one.get("objectId", ""), []).append(one)
    told = {id: _document(several) for id, several in documents.items()}
    verified = [one for one in told.values() if one["isVerified"]]
    sources = sorted({source for one in told.values() for source in one["matchSources"]})
    return {
        "matchTypes": {id: {"objectId": id, **one} for id, one in told.items()},
        "matchCount": len(verified),
        "matchCountRequired": 1,
        "hasAllRequiredSourcesMatched": bool(verified),
        "requiredSourcesMatched": sources if verified else [],
        "requiredSourcesNotMatched": [],
        "isVerified": bool(verified),
    }


def _document(findings: Sequence[Json]) -> Json:
    by_source: dict[str, set[str]] = {}
    for one in findings:
        by_source.setdefault(one.get("providerResult", {}).get("source", ""), set()).add(one["result"])
    matched = sorted(source for source, results in by_source.items() if results <= {"MATCH", "CLEAR", "MANUAL"})
    return {
        "objectType": findings[0]["objectType"],
        "matchCount": len(matched),
        "matchSources": matched,
        "nonMatchSources": sorted(by_source.keys() - set(matched)),
        "isChecked": True,
        "isVerified": bool(matched),
    }


def _hits(findings: Iterable[Json]) -> list[Json]:
    return [one for one in findings if one["result"] == "HIT"]


def _data(finding: Json) -> Json:
    return finding.get("supplementaryData") or {}


def _totals(hits: Sequence[Json], prefix: str) -> Json:
    said = [hit["manualStatus"] or "" for hit in hits]
    return {
        f"{prefix}FalsePositives": sum(one.startswith("FALSE_POSITIVE") for one in said),
        f"{prefix}TruePositives": sum(one.startswith("TRUE_POSITIVE") for one in said),
        f"{prefix}Unknown": sum(one.startswith("UNKNOWN") for one in said),
        f"{prefix}Unresolved": sum(map(is_open, hits)),
    }


def _unresolved_kinds(hits: Sequence[Json]) -> Json:
    still = [hit for hit in hits if is_open(hit)]
    return {f"numUnresolved{kind}": sum(part in _data(hit) for hit in still) for part, kind in AML_PARTS.items()}


SUMMARIES: Mapping[str, Callable[[Sequence[Json], Sequence[Json]], Json]] = {
    "KYC": _kyc,
    "BLOCKLIST": _matchlist,
    "DUPLICATE": _duplicate,
    "IDV": _identity,
}
