"""A person as the contract's JSON has them (Individual); an error names its place in the document."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    StringConstraints,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from services.results import dates

Text = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Required = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 3166-1 alpha-3.")]

DocumentType = Literal[
    "OTHER", "DRIVERS_LICENSE", "PASSPORT", "VISA", "IMMIGRATION", "NATIONAL_ID", "TAX_ID", "NATIONAL_HEALTH_ID",
    "CONCESSION", "HEALTH_CONCESSION", "PENSION", "MILITARY_ID", "BIRTH_CERT", "CITIZENSHIP", "MARRIAGE_CERT",
    "DEATH_CERT", "NAME_CHANGE", "UTILITY_BILL", "BANK_STATEMENT", "BANK_ACCOUNT", "INTENT_PROOF", "ATTESTATION",
    "SELF_IMAGE", "DEVICE", "VEHICLE_REGISTRATION", "PROOF_OF_ADDRESS", "HOUSE_REGISTRATION",
    "YELLOW_HOUSE_REGISTRATION", "WORK_PERMIT", "EMPLOYMENT_CERTIFICATE", "NOTARY_PUBLIC_ID", "EXTERNAL_ADMIN",
    "CHARGES", "PRE_ASIC", "ANNUAL_RETURN", "REPORT", "TRUST_DEED", "PARTNERSHIP_AGREEMENT", "ADMIN_CHANGE",
    "COMPANY_REPORT", "CHECK_RESULTS", "AVIATION_SECURITY_ID", "MARITIME_SECURITY_ID",
]  # fmt: skip
AddressType = Literal[
    "OTHER", "RESIDENTIAL", "BUSINESS", "POSTAL", "REGISTERED_OFFICE", "PLACE_OF_BUSINESS",
    "OFFICIAL_CORRESPONDANCE", "PLACE_OF_BIRTH", "OFFICE_LOCALITY",
]  # fmt: skip
ConsentType = Literal["GENERAL", "DOCS", "CREDITHEADER", "UNDER18", "PAYROLL", "INSURANCE", "SUPERANNUATION"]


Source = Annotated[Text, Field(description="Where it is from.")]

# A file that is kept, by its content.
KEPT = "urn:sha256:"


class Part(BaseModel):
    """A part of the document: closed to names that the contract does not have, so that a slip is not lost."""

    model_config = ConfigDict(extra="allow", title="")

    not_kept: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in (self.model_extra or {}).keys() - self.not_kept:
            raise PydanticCustomError("unknown_field", "is not a field of the contract", {"field": name})
        return self


def parts_of(iso: str) -> dict[str, str]:
    """A date of ISO 8601 in the contract's form."""
    return {
        **dict(zip(("year", "month", "day"), iso.split("-"), strict=False)),
        "normalized": iso,
        "type": "GREGORIAN",
    }


class NameJson(Part):
    """A name by part."""

    nameId: Id | None = None
    sourceId: Source | None = None
    language: Text | None = None
    givenName: Text | None = None
    middleName: Text | None = None
    familyName: Required
    otherName: Text | None = None
    prefix: Text | None = None
    suffix: Text | None = None
    displayName: Text | None = None


class AlternateNameJson(NameJson):
    """Another name of the person."""

    type: Literal["OTHER", "ALIAS", "PREVIOUS"] | None = None


def _unserialized(schema: Any) -> Any:
    """A model's schema, within those of its validators, without its own serializer."""
    inner = {"schema": _unserialized(schema["schema"])} if schema["type"] == "function-after" else {}
    return {name: value for name, value in schema.items() if name != "serialization"} | inner


class DateJson(Part):
    """A date: normalized, or by part, or as people write it."""

    sourceId: Source | None = None
    year: Text | None = None
    month: Text | None = None
    day: Text | None = None
    unstructured: Text | None = None
    normalized: Text | None = None
    type: Literal["GREGORIAN"] | None = Field(None, description="Other calendars cannot be compared.")

    @property
    def iso(self) -> str:
        """The date in ISO 8601."""
        if self.normalized:
            return dates.from_text(self.normalized)
        if self.year or self.month or self.day:
            return dates.from_parts(self.year, self.month, self.day)
        if self.unstructured:
            return dates.from_text(self.unstructured)
        raise ValueError("one of normalized, year or unstructured is needed")

    @property
    def parts(self) -> dict[str, str]:
        """Year, month and day, as far as they are known, beside the whole."""
        return parts_of(self.iso)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What is told has the fields of what is taken: the serializer only fills them."""
        return handler(_unserialized(schema))

    @model_serializer(mode="wrap")
    def _whole(self, told: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {**told(self), **self.parts}

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            _ = self.iso
        except ValueError as error:
            raise PydanticCustomError("date", "{reason}", {"reason": str(error)}) from None
        return self


class DateOfBirthJson(DateJson):
    """A date of birth."""

    dateOfBirthId: Id | None = None


class PlaceJson(Part):
    """A place, by part or in one line."""

    addressId: Id | None = None
    sourceId: Source | None = None
    unitNumber: Text | None = None
    buildingName: Text | None = None
    streetNumber: Text | None = None
    streetName: Text | None = None
    streetType: Text | None = None
    neighborhood: Text | None = None
    locality: Text | None = None
    district: Text | None = None
    subdivision: Text | None = None
    postalCode: Text | None = None
    country: Country
    longForm: Text | None = None
    unstructuredLongForm: Text | None = None


class AddressJson(PlaceJson):
    """An address of the person."""

    type: AddressType | None = None
    typeDescription: Text | None = None
    status: Literal["CURRENT", "PREVIOUS", "FUTURE"] | None = None
    validFrom: DateJson | None = None
    validTo: DateJson | None = None
    careOf: Text | None = None


class AttributeJson(Part):
    """A value with its type."""

    type: Text = "general.string"
    value: Text


class DataJson(Part):
    """A file: in base64, or as a data: URI. What is kept already is named by its content (urn:sha256:…)."""

    base64: str | None = None
    uri: str | None = None
    size: Annotated[int | None, WithJsonSchema({"type": "integer", "readOnly": True})] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.base64 is None) == (self.uri is None):
            raise PydanticCustomError("missing", "one of base64 and uri is needed", {})
        return self


class AttachmentJson(Part):
    """A file of a document; a new one with its data."""

    attachmentId: Id | None = None
    sourceId: Source | None = None
    createdAt: datetime | None = None
    updatedAt: datetime | None = None
    filename: Text | None = None
    mimeType: Annotated[Text, Field(description="Told by the file's content, whatever was sent.")] | None = None
    pageNumber: Annotated[int, Field(ge=0, le=100_000)] | None = None
    side: Literal["FRONT", "BACK"] | None = None
    type: Text | None = None
    location: Text | None = None
    data: DataJson
    lastMalwareScanAt: datetime | None = None
    retrievalStatus: Literal["NORMAL", "EXCLUDED", "FAILED"] | None = None


class SupplementaryJson(Part):
    """What else there is to say of a document of some types."""

    type: Literal["NATIONAL_HEALTH_ID", "BIRTH_CERT", "NATIONAL_ID", "CITIZENSHIP", "PASSPORT", "MARRIAGE_CERT"]
    reference: Text | None = None
    nameOnCardLine1: Text | None = None
    nameOnCardLine2: Text | None = None
    nameOnCardLine3: Text | None = None
    nameOnCardLine4: Text | None = None
    middleNameOnCard: Text | None = None
    registrationDate: Text | None = None
    registrationDistrict: Text | None = None
    dateOfPrint: Text | None = None
    givenName: Text | None = None
    otherNames: Text | None = None
    familyName: Text | None = None
    homeCountryFullName: Text | None = None
    paternalFamilyName: Text | None = None
    maternalFamilyName: Text | None = None
    acquisitionDate: Text | None = None
    primaryCountry: Text | None = None
    secondaryCountry: Text | None = None
    partner1GivenName: Text | None = None
    partner1FamilyName: Text | None = None
    partner1OtherName: Text | None = None
    partner2GivenName: Text | None = None
    partner2FamilyName: Text | None = None
    partner2OtherName: Text | None = None
    marriageDate: Text | None = None


class DocumentJson(Part):
    """An identity document; the machine readable zone may stand in customAttributes.mrz."""

    documentId: Id | None = None
    entityId: Annotated[Id | None, Field(exclude=True)] = None
    sourceId: Source | None = None
    createdAt: datetime | None = None
    updatedAt: datetime | None = None
    type: DocumentType
    subtype: Text | None = None
    country: Country
    subdivision: Text | None = None
    primaryIdentifier: Text | None = None
    secondaryIdentifier: Text | None = None
    issueDate: DateJson | None = None
    expiryDate: DateJson | None = None
    validFrom: DateJson | None = None
    validTo: DateJson | None = None
    supplementaryData: SupplementaryJson | None = None
    customAttributes: dict[str, AttributeJson] = {}
    attachments: Annotated[list[AttachmentJson], Field(max_length=100)] = []


Documents = Annotated[list[DocumentJson], Field(max_length=100)]


class DocumentsJson(Part):
    """Documents by class."""

    IDENTITY: Documents = []
    SUPPORTING: Documents = []
    REPORT: Documents = []
    OTHER: Documents = []


class GenderJson(Part):
    """A gender."""

    genderId: Id | None = None
    sourceId: Source | None = None
    gender: Literal["MALE", "FEMALE", "NON_BINARY", "OTHER", "UNSPECIFIED"]


class ConsentJson(Part):
    """What the person agreed to."""

    type: ConsentType
    schemaVersion: int | None = None
    sourceId: Source | None = None


class LinkedJson(Part):
    """An address that something belongs to."""

    addressId: Id


class EmailJson(Part):
    """An e-mail address."""

    emailAddressId: Id | None = None
    sourceId: Source | None = None
    type: Literal["OTHER", "WORK", "PERSONAL", "BUSINESS"] | None = None
    email: Annotated[str, StringConstraints(max_length=320, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
    isPreferred: bool | None = None
    linkedAddresses: list[LinkedJson] = []


class PhoneJson(Part):
    """A phone number."""

    phoneNumberId: Id | None = None
    sourceId: Source | None = None
    type: Literal["OTHER", "WORK", "HOME", "MOBILE", "BUSINESS", "FAX"] | None = None
    country: Text | None = None
    number: Text | None = None
    unstructuredLongForm: Text | None = None
    isPreferred: bool | None = None
    linkedAddresses: list[LinkedJson] = []

    @model_validator(mode="after")
    def _given(self) -> Self:
        if not (self.number or self.unstructuredLongForm):
            raise PydanticCustomError("missing", "number or unstructuredLongForm is needed", {"field": "number"})
        return self


class ReferenceJson(Part):
    """What another system calls the person."""

    referenceId: Id | None = None
    sourceId: Source | None = None
    type: Literal["SYSTEM", "CUSTOMER", "OTHER"] | None = None
    name: Required
    value: Required
    description: Text | None = None


class IndividualJson(Part):
    """A person."""

    entityId: Id | None = Field(None, description="Given by the customer; made here where absent.")
    entityType: Literal["INDIVIDUAL"] | None = None
    createdAt: datetime | None = None
    schemaVersion: int | None = None
    sourceId: Source | None = None
    name: NameJson
    alternateNames: Annotated[list[AlternateNameJson], Field(max_length=200)] = []
    dateOfBirth: DateOfBirthJson | None = None
    alternateDatesOfBirth: Annotated[list[DateOfBirthJson], Field(max_length=200)] = []
    gender: GenderJson | None = None
    nationality: Country | None = None
    placeOfBirth: PlaceJson | None = None
    addresses: Annotated[list[AddressJson], Field(max_length=200)] = []
    documents: DocumentsJson = DocumentsJson()
    emailAddresses: Annotated[list[EmailJson], Field(max_length=200)] = []
    phoneNumbers: Annotated[list[PhoneJson], Field(max_length=200)] = []
    externalReferences: Annotated[list[ReferenceJson], Field(max_length=200)] = []
    consents: list[ConsentJson] = []
    customAttributes: dict[str, AttributeJson] = {}
    informationSources: dict[str, Any] = {}
    relationships: dict[str, Any] = {}


class CommentJson(Part):
    """Why something is done."""

    commentId: Text | None = None
    text: Text | None = None
