"""What the API takes and answers of customers' lists, in the contract's names; `rule` and `validTo` are our own."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from libs.events.models import MatchlistAction, MatchRule
from services.results.api.models import Answer
from services.results.person import CommentJson, Id, Part, Required, Text

MOST_ENTRIES, MOST_ATTRIBUTES = 10_000, 30
BORN = "IND_DATE_OF_BIRTH"

AttributeType = Literal[
    "ENTITY_TYPE", "EMAIL_ADDRESS", "EMAIL_DOMAIN", "PHONE_NUMBER", "ADDR_STREET_NUMBER", "ADDR_STREET_NAME",
    "ADDR_STREET_TYPE", "ADDR_NEIGHBORHOOD", "ADDR_LOCALITY", "ADDR_DISTRICT", "ADDR_SUBDIVISION", "ADDR_COUNTRY",
    "ADDR_POSTAL_CODE", "ADDR_UNSTRUCTURED_LONG_FORM", "DOC_CLASS", "DOC_TYPE", "DOC_SUBTYPE",
    "DOC_PRIMARY_IDENTIFIER", "DOC_SECONDARY_IDENTIFIER", "IND_DISPLAY_NAME", "IND_GIVEN_NAME", "IND_FAMILY_NAME",
    "IND_MIDDLE_NAME", "IND_DATE_OF_BIRTH", "IND_NATIONALITY", "ORG_REGISTERED_SUBDIVISION",
    "ORG_REGISTERED_COUNTRY", "ORG_REGISTRATION_NUMBER", "ORG_REGISTRATION_NUMBER_TYPE", "ORG_NAME",
]  # fmt: skip
EntityType = Literal["INDIVIDUAL", "ORGANIZATION", "UNKNOWN"]
State = Literal["ACTIVE", "EXPIRED", "DELETED"]
Day = Annotated[date, Field(description="The last day, by UTC, on which the entry matches.")]


class AttributeJson(Part):
    """What an entry matches on; without a rule a name is compared FUZZY and all else NORMALISED."""

    type: AttributeType
    value: Required
    rule: MatchRule | None = None

    @field_validator("value")
    @classmethod
    def _readable(cls, value: str) -> str:
        return value.strip()


class CreateEntry(Part):
    """An entry; one of the same reference, or without one of the same attributes, is changed."""

    entityId: Id | None = None
    entityType: EntityType = "INDIVIDUAL"
    reference: Text | None = None
    reasons: Annotated[list[Text], Field(default_factory=list)]
    attributes: Annotated[list[AttributeJson], Field(min_length=1, max_length=MOST_ATTRIBUTES)]
    validTo: Day | None = None

    @field_validator("attributes")
    @classmethod
    def _dates(cls, attributes: list[AttributeJson]) -> list[AttributeJson]:
        for one in attributes:
            if one.type == BORN and not _is_date(one.value):
                raise PydanticCustomError("date", "a date of birth is YYYY-MM-DD, YYYY-MM or YYYY")
        return attributes


class CreateEntries(Part):
    """Entries to be listed."""

    not_kept = frozenset({"comment"})

    batchName: Text | None = None
    entries: Annotated[list[CreateEntry], Field(min_length=1, max_length=MOST_ENTRIES)]


class AddEntity(Part):
    """A person to be listed, by each thing that tells them apart."""

    entityId: Id
    entityType: EntityType = "INDIVIDUAL"
    reasons: Annotated[list[Text], Field(default_factory=list)]
    comment: CommentJson | None = None


class RemoveEntity(Part):
    """A person to be listed no more."""

    entityId: Id
    entityType: EntityType = "INDIVIDUAL"
    comment: CommentJson | None = None


class WantedAttribute(Part):
    """What is searched for."""

    type: AttributeType
    value: Required


class MatchlistCriteria(Part):
    """EXACT: whole values, however they are written; FUZZY: near ones; else as the check compares. All must be met."""

    type: Literal["EXACT", "FUZZY"] | None = None
    attributes: Annotated[list[WantedAttribute], Field(min_length=1, max_length=MOST_ATTRIBUTES)]


class MatchlistFilter(Part):
    """CUSTOM: the lists of `searchLists`; else all of the customer's."""

    listScope: Literal["DEFAULT", "ALL", "CUSTOM"] = "ALL"
    searchLists: Annotated[list[UUID], Field(max_length=1000)] = Field(default=[])


class SearchMatchlists(Part):
    """Entries that are in force and meet the search."""

    search: MatchlistCriteria
    filter: MatchlistFilter = MatchlistFilter()


class UpdateEntry(Part):
    """What is to be different of an entry; ACTIVE takes back that it expired or was deleted."""

    reference: Text | None = None
    reasons: list[Text] | None = None
    state: State | None = None
    validTo: Day | None = None


class MatchlistAnswer(Answer):
    matchlistId: str
    name: str
    action: MatchlistAction
    state: Literal["ACTIVE"]


class Attribute(Answer):
    type: str
    value: str
    rule: MatchRule | None = None


class EntryBase(Answer):
    entryId: str
    entityId: str | None = None
    entityType: EntityType | None = None
    reference: str | None = None
    reasons: list[str]
    createdBy: str | None = None
    createdAt: datetime | None = None
    updatedBy: str | None = None
    updatedAt: datetime | None = None


class Entry(EntryBase):
    attributes: list[Attribute]
    state: State
    validTo: str | None = None
    batchName: str | None = None


class Meta(Answer):
    total: int
    page: int
    limit: int
    count: int


class ListBase(Answer):
    matchlistId: str
    name: str
    action: MatchlistAction


class MatchedAttribute(Answer):
    attribute: Attribute
    confidence: float


class MatchedEntry(Answer):
    matchlistId: str
    entry: EntryBase
    attributes: list[MatchedAttribute]
    confidence: float


class MatchesMeta(Answer):
    total: int
    limit: int
    count: int


class Matches(Answer):
    requestId: str
    matchlists: dict[str, ListBase]
    entries: list[MatchedEntry]
    meta: MatchesMeta


class Matchlists(Answer):
    requestId: str
    matchlists: list[MatchlistAnswer]


class Entries(Answer):
    requestId: str
    matchlist: MatchlistAnswer
    entries: list[Entry]
    meta: Meta | None = None


def _is_date(text: str) -> bool:
    if len(text) not in (len("YYYY"), len("YYYY-MM"), len("YYYY-MM-DD")):
        return False
    try:
        return bool(date.fromisoformat((text + "-01-01")[: len("YYYY-MM-DD")]))
    except ValueError:
        return False
