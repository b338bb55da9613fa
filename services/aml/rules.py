"""Sanctions screening of a person against the watchlists that are loaded: request in, result out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from nomenklatura.matching.types import ScoringConfig

from libs.events.message import derived_id
from libs.events.models import (
    CheckRequested,
    Finding,
    Issue,
    Listing,
    ProcessResultCode,
    ProviderCall,
    ProviderResult,
    Reason,
    ReferenceVersion,
    RiskFactorValue,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from libs.screening import policy
from libs.screening.index import Index
from libs.screening.matching import Hit, hits
from libs.screening.person import Person, person
from libs.screening.watchlist import Watchlist

SERVICE = "aml"
STEP = "AML"
PROVIDER = "vetstream"
REASONS_STATED = 10
# The summary's counts by topic, as OpenSanctions names topics, the gravest first; any crime.* is crime.
KINDS = {
    "numUnresolvedSanction": frozenset({"sanction"}),
    "numUnresolvedPEP": frozenset({"role.pep", "role.rca"}),
    "numUnresolvedAdverseMedia": frozenset({"crime", "wanted"}),
}
OTHER = "numUnresolvedWatchlist"
Found = Sequence[tuple[Watchlist, Sequence[Hit]]]


def screen(
    request: CheckRequested,
    lists: Sequence[Index],
    config: ScoringConfig,
    now: datetime,
    matcher: ReferenceVersion | None = None,
    ages: Mapping[str, int] | None = None,
) -> StepResult:
    """Is this person on one of the lists? `matcher`: which version of it looks; `ages`: of the lists, in seconds."""
    who = person(request.individual, request.task.entityId)
    references = [*_references(lists, ages or {}), *([matcher] if matcher else [])]
    if not who.names:
        return _missing_data(references, now)
    found = [(index.watchlist, hits(who, index, config)) for index in lists]
    return StepResult(
        outcome=_outcome(who, found),
        findings=_findings(request, who, found),
        providers=[_call(order, watchlist, listed, now) for order, (watchlist, listed) in enumerate(found, 1)],
        references=references,
        startedAt=now,
        endedAt=now,
        searchedBy=_searched_by(who),
        fuzziness=round(1 - policy.HIT, 2),
    )


def _searched_by(who: Person) -> list[str]:
    """The parts of the person that a search looks at, in the contract's words."""
    parts = {"name": who.names, "dateOfBirth": who.birth_date, "nationality": who.countries, "gender": who.gender}
    return [part for part, value in parts.items() if value]


def _outcome(who: Person, found: Found) -> StepOutcome:
    everyone = [(watchlist, hit) for watchlist, listed in found for hit in listed]
    sanctioned = [hit for _, hit in everyone if "sanction" in hit.entry.topics]
    issues = [Issue(category="AML", issue="SANCTION", severity="REVIEW")] if sanctioned else []
    reasons = [_hit_reason(everyone)] if everyone else [_clear_reason(found)]
    if who.cut:
        issues.append(Issue(category="BAD_DATA", issue="BAD_DATA_NAME", severity="WARNING"))
        cut = Reason(code="NAME_CUT", message="A name is too long, or there are too many: only part was screened.")
        reasons.insert(len(reasons) if everyone else 0, cut)
    return StepOutcome(
        stepName=STEP,
        result=_result(bool(everyone), who.cut),
        reasons=reasons,
        issues=issues,
        riskFactors=[
            RiskFactorValue(factor="has_sanctions", value="true" if sanctioned else "false"),
            RiskFactorValue(factor="num_sanctions", value=str(len(sanctioned))),
        ],
        counts=_counts([hit.entry.topics for _, hit in everyone]),
    )


def _counts(listed: Sequence[Sequence[str]]) -> dict[str, int]:
    """The step's summary in the contract's words, of the topics of each hit; nobody has resolved a hit yet."""
    kinds = Counter(_kind(topics) for topics in listed)
    return {
        "totalHits": len(listed),
        "totalUnresolved": len(listed),
        "totalFalsePositives": 0,
        "totalTruePositives": 0,
        "totalUnknown": 0,
        "numUnresolvedSanction": kinds["numUnresolvedSanction"],
        "numUnresolvedPEP": kinds["numUnresolvedPEP"],
        "numUnresolvedWatchlist": kinds[OTHER],
        "numUnresolvedAdverseMedia": kinds["numUnresolvedAdverseMedia"],
    }


def _kind(topics: Sequence[str]) -> str:
    """What a hit is counted as: the gravest of its topics decides."""
    named = {"crime" if topic.startswith("crime.") else topic for topic in topics}
    return next((name for name, known in KINDS.items() if known & named), OTHER)


def _result(hit: bool, cut: bool) -> StepResultCode:
    """What was only screened in part is not clear: a person has to look."""
    if hit:
        return StepResultCode.HIT
    return StepResultCode.CLEAR_REVIEW if cut else StepResultCode.CLEAR


def _hit_reason(everyone: Sequence[tuple[Watchlist, Hit]]) -> Reason:
    named = "; ".join(f"{hit.entry.id} {hit.entry.name}, score {hit.score:.2f}" for _, hit in everyone[:REASONS_STATED])
    more = f"; and {len(everyone) - REASONS_STATED} more" if len(everyone) > REASONS_STATED else ""
    count = f"{len(everyone)} open hit{'s' if len(everyone) > 1 else ''}"
    return Reason(code="SANCTION_HIT", message=f"{count}: {named}{more}")


def _clear_reason(found: Found) -> Reason:
    lists = ", ".join(f"{watchlist.id} {watchlist.version}" for watchlist, _ in found)
    return Reason(code="NO_HIT", message=f"Nobody on {lists} matches.")


def _findings(request: CheckRequested, who: Person, found: Found) -> list[Finding]:
    """A finding for each hit; where there is none at all, one that says so for each list."""
    listed = [_hit_finding(request, watchlist, hit) for watchlist, everyone in found for hit in everyone]
    return listed or [_clear_finding(request, who, watchlist) for watchlist, _ in found]


def _hit_finding(request: CheckRequested, watchlist: Watchlist, hit: Hit) -> Finding:
    strengths = {"name": round(100 * hit.features[0].score), "overall": round(100 * hit.score)}
    return Finding(
        processResultId=derived_id(request.task.token, SERVICE, f"{watchlist.id}/{hit.entry.id}"),
        processClass="AML",
        objectType="NAME",
        objectId=hit.object_id,
        result=ProcessResultCode.HIT,
        provider=_provider(watchlist, hit.entry.id, round(100 * hit.score, 2)),
        matchStrengths=strengths,
        explanation=f"May be {hit.entry.id} {hit.entry.name} on {watchlist.source}, score {hit.score:.2f}.",
        listing=_listing(watchlist, hit),
        riskFactors=[RiskFactorValue(factor="has_sanctions", value="true")] if "sanction" in hit.entry.topics else [],
    )


def _listing(watchlist: Watchlist, hit: Hit) -> Listing:
    return Listing(
        listId=watchlist.id,
        entryId=hit.entry.id,
        name=hit.entry.name,
        matchedName=hit.matched_name,
        topics=list(hit.entry.topics),
        programmes=list(hit.entry.programmes),
        datesOfBirth=list(hit.entry.dates_of_birth),
        countries=list(hit.entry.countries),
        score=hit.score,
        features=list(hit.features),
    )


def _clear_finding(request: CheckRequested, who: Person, watchlist: Watchlist) -> Finding:
    return Finding(
        processResultId=derived_id(request.task.token, SERVICE, f"{watchlist.id}/clear"),
        processClass="AML",
        objectType="NAME",
        objectId=who.names[0][1],
        result=ProcessResultCode.CLEAR,
        provider=_provider(watchlist, None, None),
        explanation=f"Nobody on {watchlist.source} {watchlist.version} matches.",
    )


def _provider(watchlist: Watchlist, reference: str | None, confidence: float | None) -> ProviderResult:
    return ProviderResult(
        name=PROVIDER,
        source=watchlist.source,
        sourceNormalized=watchlist.id,
        reference=reference,
        confidence=confidence,
    )


def _call(order: int, watchlist: Watchlist, listed: Sequence[Hit], now: datetime) -> ProviderCall:
    result = "HIT" if listed else "CLEAR"
    return ProviderCall(name=PROVIDER, source=watchlist.source, order=order, result=result, startedAt=now, endedAt=now)


def _missing_data(references: Sequence[ReferenceVersion], now: datetime) -> StepResult:
    outcome = StepOutcome(
        stepName=STEP,
        result=StepResultCode.MISSING_DATA,
        reasons=[Reason(code="NAME_MISSING", message="There is no name to screen.")],
        issues=[Issue(category="BAD_DATA", issue="BAD_DATA_NAME", severity="REVIEW")],
        counts=_counts([]),
    )
    return StepResult(outcome=outcome, references=list(references), startedAt=now, endedAt=now)


def _references(lists: Sequence[Index], ages: Mapping[str, int]) -> list[ReferenceVersion]:
    return [
        ReferenceVersion(id=one.id, version=one.version, sha256=one.sha256, ageSeconds=ages.get(one.id))
        for one in (index.watchlist for index in lists)
    ]
