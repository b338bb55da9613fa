"""A person as the contract's JSON has them (Individual); an error names its place in the document."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

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


class Part(BaseModel):
    """A part of the document: closed to names that the contract does not have, so that a slip is not lost."""

    model_config = ConfigDict(extra="allow", title="")

    not_kept: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.model_extra or {}:
            if name not in self.not_kept:
                raise PydanticCustomError("unknown_field", "is not a field of the contract", {"field": name})
        return self


class NameJson(Part):
    """A name by part."""

    not_kept = frozenset({"language", "prefix", "suffix", "sourceId"})

    nameId: Id | None = None
    givenName: Text | None = None
    middleName: Text | None = None
    familyName: Required
    otherName: Text | None = None
    displayName: Text | None = None


class AlternateNameJson(NameJson):
    """Another name of the person."""

    type: Literal["OTHER", "ALIAS", "PREVIOUS"] | None = None


class DateJson(Part):
    """A date: normalized, or by part, or as people write it."""

    not_kept = frozenset({"sourceId"})

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


class AddressJson(Part):
    """An address, by part or in one line."""

    not_kept = frozenset(
        {
            "sourceId", "typeDescription", "validFrom", "validTo", "buildingName", "neighborhood", "district",
            "careOf", "status",
        }
    )  # fmt: skip

    addressId: Id | None = None
    type: AddressType | None = None
    unitNumber: Text | None = None
    streetNumber: Text | None = None
    streetName: Text | None = None
    streetType: Text | None = None
    locality: Text | None = None
    subdivision: Text | None = None
    postalCode: Text | None = None
    country: Country
    longForm: Text | None = None
    unstructuredLongForm: Text | None = None


class AttributeJson(Part):
    """A value with its type."""

    type: Text = "general.string"
    value: Text


class DocumentJson(Part):
    """An identity document; the machine readable zone may stand in customAttributes.mrz."""

    not_kept = frozenset(
        {
            "entityId", "subtype", "createdAt", "updatedAt", "validFrom", "validTo", "sourceId", "supplementaryData",
            "attachments",
        }
    )  # fmt: skip

    documentId: Id | None = None
    type: DocumentType
    country: Country
    subdivision: Text | None = None
    primaryIdentifier: Text | None = None
    secondaryIdentifier: Text | None = None
    issueDate: DateJson | None = None
    expiryDate: DateJson | None = None
    customAttributes: dict[str, AttributeJson] = {}


class DocumentsJson(Part):
    """Documents by class."""

    IDENTITY: list[DocumentJson] = []
    SUPPORTING: list[DocumentJson] = []
    REPORT: list[DocumentJson] = []
    OTHER: list[DocumentJson] = []


class GenderJson(Part):
    """A gender."""

    not_kept = frozenset({"genderId", "sourceId"})

    gender: Literal["MALE", "FEMALE", "NON_BINARY", "OTHER", "UNSPECIFIED"]


class ConsentJson(Part):
    """What the person agreed to."""

    not_kept = frozenset({"schemaVersion", "sourceId"})

    type: ConsentType


class EmailJson(Part):
    """An e-mail address."""

    not_kept = frozenset({"emailAddressId", "type", "sourceId", "isPreferred", "linkedAddresses"})

    email: Annotated[str, StringConstraints(max_length=320, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]


class PhoneJson(Part):
    """A phone number."""

    not_kept = frozenset({"phoneNumberId", "isPreferred", "type", "sourceId", "country", "linkedAddresses"})

    number: Text | None = None
    unstructuredLongForm: Text | None = None

    @model_validator(mode="after")
    def _given(self) -> Self:
        if not (self.number or self.unstructuredLongForm):
            raise PydanticCustomError("missing", "number or unstructuredLongForm is needed", {"field": "number"})
        return self


class IndividualJson(Part):
    """A person."""

    not_kept = frozenset(
        {
            "createdAt", "schemaVersion", "sourceId", "externalReferences", "alternateDatesOfBirth",
            "informationSources", "relationships",
        }
    )  # fmt: skip

    entityId: Id | None = Field(None, description="Given by the customer; made here where absent.")
    entityType: Literal["INDIVIDUAL"] | None = None
    name: NameJson
    alternateNames: list[AlternateNameJson] = []
    dateOfBirth: DateOfBirthJson | None = None
    gender: GenderJson | None = None
    nationality: Country | None = None
    placeOfBirth: AddressJson | None = None
    addresses: list[AddressJson] = []
    documents: DocumentsJson = DocumentsJson()
    emailAddresses: list[EmailJson] = []
    phoneNumbers: list[PhoneJson] = []
    consents: list[ConsentJson] = []
    customAttributes: dict[str, AttributeJson] = {}


class CommentJson(Part):
    """Why something is done."""

    commentId: Text | None = None
    text: Text | None = None
