"""Generated from schemas/*.avsc by `make models`; do not edit."""

from __future__ import annotations

from typing import Annotated
from pydantic import AwareDatetime, Field, RootModel
from libs.events.record import Record
from enum import StrEnum


class Address(Record):
    """
    A postal address, by part or in one line.
    """

    addressId: Annotated[str | None, Field(description="Id of this address, given by the producer.")] = None
    type: Annotated[
        str | None,
        Field(description="RESIDENTIAL, POSTAL, BUSINESS, ... (contract: Address-TypeEnum)."),
    ] = None
    unitNumber: Annotated[str | None, Field(description="Unit or flat.")] = None
    streetNumber: Annotated[str | None, Field(description="House number.")] = None
    streetName: Annotated[str | None, Field(description="Street without its type.")] = None
    streetType: Annotated[str | None, Field(description="Street, Road, Avenue, ...")] = None
    locality: Annotated[str | None, Field(description="Town or suburb.")] = None
    subdivision: Annotated[str | None, Field(description="State or province.")] = None
    postalCode: Annotated[str | None, Field(description="Postal code.")] = None
    country: Annotated[str, Field(description="ISO 3166-1 alpha-3.")]
    unstructuredLongForm: Annotated[str | None, Field(description="The whole address in one line.")] = None


class Money(Record):
    """
    An amount of money.
    """

    amount: Annotated[str, Field(description="Decimal number as text, e.g. 25000.00.")]
    currency: Annotated[str, Field(description="ISO 4217, e.g. EUR.")]


class NationalIdentifier(Record):
    """
    A number that an authority gave a company.
    """

    kind: Annotated[str, Field(description="ABN, ACN, SIREN, KVK, UTR, ... in capitals.")]
    number: Annotated[str, Field(description="The number, with or without separators.")]


class Name(Record):
    """
    A name of a person, by part; at least the family name.
    """

    nameId: Annotated[str | None, Field(description="Id of this name, given by the producer.")] = None
    givenName: Annotated[str | None, Field(description="Given (first) name.")] = None
    middleName: Annotated[str | None, Field(description="Middle names, separated by spaces.")] = None
    familyName: Annotated[str, Field(description="Family name, or the only name.")]
    otherName: Annotated[str | None, Field(description="Any further name part.")] = None
    displayName: Annotated[str | None, Field(description="The name as the person writes it.")] = None
    type: Annotated[str | None, Field(description="For alternate names: OTHER, ALIAS or PREVIOUS.")] = None


class Officer(Record):
    """
    A person who runs or owns a company, as the applicant tells it.
    """

    role: Annotated[str, Field(description="DIRECTOR, OWNER, SECRETARY, ...")]
    name: Annotated[Name, Field(description="Their name.")]
    dateOfBirth: Annotated[str | None, Field(description="YYYY-MM-DD.")] = None
    sharePercent: Annotated[
        str | None,
        Field(description="Share owned, 0 to 100, a decimal number as text."),
    ] = None


class Company(Record):
    """
    The company that applies, as the applicant tells it.
    """

    name: Annotated[str, Field(description="Registered name.")]
    legalForm: Annotated[str | None, Field(description="e.g. GmbH.")] = None
    registerNumber: Annotated[str | None, Field(description="Number in the register of companies.")] = None
    registry: Annotated[str | None, Field(description="Which register, e.g. HRB Berlin.")] = None
    country: Annotated[str, Field(description="Where it is registered, ISO 3166-1 alpha-3.")]
    lei: Annotated[str | None, Field(description="Legal Entity Identifier.")] = None
    vatNumber: Annotated[str | None, Field(description="VAT number with its country's prefix.")] = None
    nationalIdentifiers: Annotated[
        list[NationalIdentifier],
        Field(description="Other numbers, e.g. an ABN.", validate_default=True),
    ] = []
    incorporatedOn: Annotated[str | None, Field(description="YYYY-MM-DD.")] = None
    address: Annotated[Address | None, Field(description="Registered address.")] = None
    industry: Annotated[str | None, Field(description="NACE or another code.")] = None
    officers: Annotated[list[Officer], Field(description="Directors and owners.", validate_default=True)] = []


class ApplicationFile(Record):
    """
    A file of an application; the file itself is kept by content and never travels.
    """

    kind: Annotated[
        str,
        Field(description="BANK_STATEMENT, FINANCIAL_STATEMENT, CREDIT_REPORT or OTHER."),
    ]
    format: Annotated[
        str | None,
        Field(description="CAMT053, MT940, OFX, CSV or IXBRL, as the applicant tells it; else told by the content."),
    ] = None
    sha256: Annotated[
        str,
        Field(description="SHA-256 of the file, 64 lower-case hexadecimal digits: its name in the store of files."),
    ]
    mediaType: Annotated[str, Field(description="What the file is by its content, e.g. text/xml.")]
    size: Annotated[int, Field(description="Bytes.")]
    fileId: Annotated[str | None, Field(description="Id of this file, given by the producer.")] = None
    account: Annotated[
        str | None,
        Field(description="BANK_STATEMENT: the account, an IBAN or the bank's own number."),
    ] = None
    periodFrom: Annotated[str | None, Field(description="First day that it covers, YYYY-MM-DD.")] = None
    periodTo: Annotated[str | None, Field(description="Last day, YYYY-MM-DD.")] = None
    mapping: Annotated[str | None, Field(description="CSV: the name of the mapping of its columns.")] = None


class BankAccount(Record):
    """
    An account that the applicant names as theirs.
    """

    iban: Annotated[str | None, Field(description="IBAN.")] = None
    number: Annotated[str | None, Field(description="The bank's own number, where there is no IBAN.")] = None
    bic: Annotated[str | None, Field(description="The bank.")] = None
    holder: Annotated[str | None, Field(description="In whose name.")] = None
    currency: Annotated[str | None, Field(description="ISO 4217.")] = None


class Consent(Record):
    """
    What the applicant agreed to.
    """

    kind: Annotated[str, Field(description="CREDIT_REPORT, DATA_SOURCES, BANK_STATEMENTS, ...")]
    version: Annotated[str, Field(description="Version of the text agreed to.")]
    givenAt: Annotated[AwareDatetime, Field(description="When.")]


class DeclaredAmount(Record):
    """
    An income or cost that the applicant tells of.
    """

    kind: Annotated[str, Field(description="SALARY, REVENUE, RENT, ...")]
    amount: Annotated[Money, Field(description="How much.")]
    period: Annotated[str, Field(description="MONTH or YEAR.")]


class DeclaredLiability(Record):
    """
    A debt that the applicant tells of.
    """

    kind: Annotated[str, Field(description="LOAN, MORTGAGE, LEASE, CARD, OVERDRAFT, ...")]
    lender: Annotated[str | None, Field(description="To whom.")] = None
    outstanding: Annotated[Money, Field(description="What is owed still.")]
    instalment: Annotated[Money | None, Field(description="What is paid each month.")] = None


class ConnectedParty(Record):
    """
    A person or company whose debts count with the applicant's.
    """

    relation: Annotated[
        str,
        Field(description="SPOUSE, GUARANTOR, PARENT_COMPANY, SUBSIDIARY, CO_APPLICANT, ..."),
    ]
    entityId: Annotated[str | None, Field(description="Where the customer knows them.")] = None
    name: Annotated[str | None, Field(description="Name.")] = None
    registerNumber: Annotated[str | None, Field(description="Of a company.")] = None
    dateOfBirth: Annotated[str | None, Field(description="Of a person, YYYY-MM-DD.")] = None


class Application(Record):
    """
    What somebody applies for, and what they give to have it judged.
    """

    applicationId: Annotated[str, Field(description="The application, unique for the customer.")]
    requestedAmount: Annotated[Money, Field(description="How much.")]
    termMonths: Annotated[int, Field(description="For how many months.")]
    purpose: Annotated[str, Field(description="What for, e.g. WORKING_CAPITAL.")]
    company: Annotated[
        Company | None,
        Field(description="The company that applies; none where a person does for themselves."),
    ] = None
    files: Annotated[
        list[ApplicationFile],
        Field(
            description="Bank statements, financial statements and other files.",
            validate_default=True,
        ),
    ] = []
    accounts: Annotated[
        list[BankAccount],
        Field(description="Accounts of the applicant.", validate_default=True),
    ] = []
    consents: Annotated[
        list[Consent],
        Field(description="What the applicant agreed to.", validate_default=True),
    ] = []
    incomes: Annotated[
        list[DeclaredAmount],
        Field(description="Income that the applicant tells of.", validate_default=True),
    ] = []
    liabilities: Annotated[
        list[DeclaredLiability],
        Field(description="Debts that the applicant tells of.", validate_default=True),
    ] = []
    connectedParties: Annotated[
        list[ConnectedParty],
        Field(description="Whose debts count, too.", validate_default=True),
    ] = []
    deviceId: Annotated[str | None, Field(description="The device that the application was made on.")] = None
    ipAddress: Annotated[str | None, Field(description="Its address.")] = None
    submittedAt: Annotated[AwareDatetime | None, Field(description="When the applicant sent it.")] = None


class DateOfBirth(Record):
    """
    A date of birth, as exact as it is known.
    """

    dateOfBirthId: Annotated[str | None, Field(description="Id of this date, given by the producer.")] = None
    normalized: Annotated[str, Field(description="ISO 8601: YYYY, YYYY-MM or YYYY-MM-DD.")]


class Gender(StrEnum):
    """
    Gender as the contract names it.
    """

    MALE = "MALE"
    FEMALE = "FEMALE"
    NON_BINARY = "NON_BINARY"
    OTHER = "OTHER"
    UNSPECIFIED = "UNSPECIFIED"


class Attachment(Record):
    """
    A file of a document (contract: Document-Attachment); the file itself is kept by content and never travels.
    """

    attachmentId: Annotated[str | None, Field(description="Id of this attachment, given by the producer.")] = None
    sha256: Annotated[
        str,
        Field(description="SHA-256 of the file, 64 lower-case hexadecimal digits: its name in the store of files."),
    ]
    mediaType: Annotated[str, Field(description="What the file is by its content, e.g. image/jpeg.")]
    size: Annotated[int, Field(description="Bytes.")]
    side: Annotated[
        str | None,
        Field(description="FRONT or BACK (contract: Document-Attachment-Side)."),
    ] = None


class Document(Record):
    """
    An identity document as the person claims it.
    """

    documentId: Annotated[str | None, Field(description="Id of this document, given by the producer.")] = None
    type: Annotated[
        str,
        Field(description="PASSPORT, DRIVERS_LICENSE, NATIONAL_ID, ... (contract: Document-Type)."),
    ]
    country: Annotated[str, Field(description="Issuing country, ISO 3166-1 alpha-3.")]
    subdivision: Annotated[str | None, Field(description="Issuing state.")] = None
    primaryIdentifier: Annotated[str | None, Field(description="Document number.")] = None
    secondaryIdentifier: Annotated[str | None, Field(description="Card number or the like.")] = None
    issueDate: Annotated[str | None, Field(description="ISO 8601 date.")] = None
    expiryDate: Annotated[str | None, Field(description="ISO 8601 date.")] = None
    mrz: Annotated[
        str | None,
        Field(description="Machine readable zone, its lines separated by a newline."),
    ] = None
    attachments: Annotated[
        list[Attachment],
        Field(
            description="Pictures of the document; of a SELF_IMAGE the person's own.",
            validate_default=True,
        ),
    ] = []


class ExternalReference(Record):
    """
    What another system calls the person (contract: External-Reference).
    """

    referenceId: Annotated[str | None, Field(description="Id of this reference, given by the producer.")] = None
    type: Annotated[str | None, Field(description="SYSTEM, CUSTOMER or OTHER.")] = None
    name: Annotated[str, Field(description="Of the other system, or of the kind of reference.")]
    value: Annotated[str, Field(description="The reference itself.")]
    description: Annotated[str | None, Field(description="What it is for.")] = None


class Individual(Record):
    """
    A person as the customer knows them.
    """

    name: Annotated[Name, Field(description="The legal name.")]
    alternateNames: Annotated[
        list[Name],
        Field(description="Aliases and previous names.", validate_default=True),
    ] = []
    dateOfBirth: Annotated[DateOfBirth | None, Field(description="Date of birth.")] = None
    gender: Annotated[Gender | None, Field(description="Gender.")] = None
    nationality: Annotated[str | None, Field(description="ISO 3166-1 alpha-3.")] = None
    countryOfBirth: Annotated[str | None, Field(description="ISO 3166-1 alpha-3.")] = None
    addresses: Annotated[
        list[Address],
        Field(description="Addresses, the current one first.", validate_default=True),
    ] = []
    documents: Annotated[list[Document], Field(description="Identity documents.", validate_default=True)] = []
    emailAddresses: Annotated[list[str], Field(description="E-mail addresses.")] = []
    phoneNumbers: Annotated[list[str], Field(description="Phone numbers, E.164 where known.")] = []
    consents: Annotated[
        list[str],
        Field(description="GENERAL, DOCS, CREDITHEADER, ... (contract: Consent)."),
    ] = []
    customAttributes: Annotated[dict[str, str], Field(description="What else the customer keeps of the person.")] = {}
    externalReferences: Annotated[
        list[ExternalReference],
        Field(description="What other systems call the person.", validate_default=True),
    ] = []


class ApplicationSubmitted(Record):
    """
    Somebody applies for money: keep it and run the pre-screening workflow, once for each application.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person, unique for the customer.")]
    entityVersion: Annotated[int, Field(description="Version of the person's data.")] = 1
    individual: Annotated[Individual, Field(description="The person.")]
    application: Annotated[Application, Field(description="The application.")]
    serviceName: Annotated[
        str | None,
        Field(description="Service profile; that of pre-screening when absent."),
    ] = None
    workflowName: Annotated[
        str | None,
        Field(description="Workflow to run; the pre-screening workflow when absent."),
    ] = None
    requestId: Annotated[str | None, Field(description="The caller's request id.")] = None
    requestedBy: Annotated[str | None, Field(description="Who asked.")] = None
    comment: Annotated[str | None, Field(description="Why.")] = None


class DocumentAsked(Record):
    """
    A document that the applicant is asked to give again.
    """

    documentId: Annotated[
        str | None,
        Field(description="Id of the document among those of the person; null where they gave none of this type."),
    ] = None
    type: Annotated[
        str,
        Field(description="PASSPORT, DRIVERS_LICENSE, NATIONAL_ID, SELF_IMAGE, ... (contract: Document-Type)."),
    ]
    country: Annotated[
        str | None,
        Field(description="Issuing country, ISO 3166-1 alpha-3; null where any will do."),
    ] = None
    reason: Annotated[
        str,
        Field(description="Why: BLURRED, DARK, CUT_OFF, EXPIRED, WRONG_DOCUMENT, UNREADABLE, NOT_THE_PERSON or OTHER."),
    ]


class CaseChanged(Record):
    """
    Something was done to a case of manual review: who, when, why, and what the case has come to.
    """

    changeId: Annotated[str, Field(description="Id of the change.")]
    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    workflowExecutionId: Annotated[str, Field(description="The execution that waits for the case.")]
    requestId: Annotated[str, Field(description="The request that started the execution.")]
    caseId: Annotated[str, Field(description="The case; one for an execution.")]
    sequence: Annotated[int, Field(description="1, 2, 3, ... without a gap, of the case.")]
    kind: Annotated[
        str,
        Field(
            description="OPENED, ASSIGNED, NOTED, PROPOSED, PROPOSAL_REFUSED, RESUBMISSION_ASKED, RESUBMITTED, REMINDED, DECIDED or CLOSED."
        ),
    ]
    status: Annotated[
        str,
        Field(
            description="What the case is from now on: OPEN, AWAITING_SECOND, AWAITING_APPLICANT, DECIDED or CLOSED (the execution ended without it)."
        ),
    ]
    round: Annotated[
        int,
        Field(description="1 for what was submitted first, one more for each resubmission."),
    ]
    assignee: Annotated[
        str | None,
        Field(description="Whose case it is from now on; null where nobody's."),
    ] = None
    decision: Annotated[str | None, Field(description="With DECIDED: APPROVED or REJECTED.")] = None
    reasonCode: Annotated[
        str | None,
        Field(description="With DECIDED or RESUBMISSION_ASKED: the reason, by its code in the policy of reviews."),
    ] = None
    message: Annotated[
        str | None,
        Field(description="With DECIDED or RESUBMISSION_ASKED: the reason in words that the applicant may read."),
    ] = None
    documents: Annotated[
        list[DocumentAsked],
        Field(
            description="With RESUBMISSION_ASKED: what the applicant is asked for.",
            validate_default=True,
        ),
    ] = []
    dueAt: Annotated[
        AwareDatetime | None,
        Field(description="Until when the case is to be decided, or the applicant to answer."),
    ] = None
    changedBy: Annotated[
        str,
        Field(description="Who: a member of staff, or review where time alone did it."),
    ]
    changedAt: Annotated[AwareDatetime, Field(description="When.")]


class Task(Record):
    """
    Which task of which execution a request belongs to; an answer carries it back unchanged.
    """

    token: Annotated[
        str,
        Field(description="Execution id, task id and a MAC; only an open one accepts a result."),
    ]
    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    entityVersion: Annotated[int, Field(description="Version of the person's data.")] = 1
    workflowExecutionId: Annotated[str, Field(description="The execution.")]
    requestId: Annotated[str, Field(description="The request that started the execution.")]
    stepName: Annotated[str, Field(description="The state of the workflow that asks.")]
    attempt: Annotated[int, Field(description="0 for the first attempt.")] = 0
    deadline: Annotated[AwareDatetime | None, Field(description="When the workflow stops waiting.")] = None


class StepResultCode(StrEnum):
    """
    Outcome of one step (contract: Workflow-Step-ResultEnum).
    """

    UNCHECKED = "UNCHECKED"
    SKIPPED = "SKIPPED"
    MISSING_DATA = "MISSING_DATA"
    PASS = "PASS"
    FAIL = "FAIL"
    COMPLETE = "COMPLETE"
    INCOMPLETE = "INCOMPLETE"
    MATCH = "MATCH"
    NO_MATCH = "NO_MATCH"
    PARTIAL = "PARTIAL"
    CLEAR = "CLEAR"
    HIT = "HIT"
    CLEARED = "CLEARED"
    EXPIRED = "EXPIRED"
    CLEAR_REVIEW = "CLEAR_REVIEW"
    HIT_ACCEPTED = "HIT_ACCEPTED"
    HIT_REJECTED = "HIT_REJECTED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    ERROR = "ERROR"


class Reason(Record):
    """
    Why a step came out as it did.
    """

    code: Annotated[str, Field(description="Stable code, e.g. SANCTION_HIT.")]
    message: Annotated[str, Field(description="One sentence, without personal data.")]
    told: Annotated[
        str | None,
        Field(
            description="What the person concerned may be told of it, in their words; absent where that is not for them."
        ),
    ] = None


class Issue(Record):
    """
    Something a person should look at (contract: Workflow-Issue).
    """

    category: Annotated[str, Field(description="AML, KYC, DUPLICATE, SYSTEM, ...")]
    issue: Annotated[str, Field(description="SANCTION, NOT_FOUND, SERVICE_ERROR, ...")]
    severity: Annotated[str, Field(description="INFO, REVIEW, BLOCK, WARNING, CRITICAL or ERROR.")]


class RiskFactorValue(Record):
    """
    Something about the person that a risk profile can score.
    """

    factor: Annotated[str, Field(description="Name of the factor, e.g. has_sanctions.")]
    value: Annotated[str, Field(description="Its value.")]


class RiskLevel(StrEnum):
    """
    Band of a risk score.
    """

    UNKNOWN = "UNKNOWN"
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    UNACCEPTABLE = "UNACCEPTABLE"


class RiskFactorScore(Record):
    """
    A factor, its value and what it adds to the score.
    """

    factor: Annotated[str, Field(description="Name of the factor.")]
    value: Annotated[str, Field(description="Its value.")]
    score: Annotated[int, Field(description="Points.")]
    rule: Annotated[str, Field(description="Place of the row of the profile that gave the points.")] = ""
    status: Annotated[
        str,
        Field(description="VALID, STALE, OVERRIDDEN or DISCARDED (contract: Risk-Factor-Status)."),
    ] = "VALID"
    manualOverrideScore: Annotated[
        int | None,
        Field(description="Points that a person gave in place of the profile's."),
    ] = None
    category: Annotated[str, Field(description="Its category, whose points count together.")] = ""
    points: Annotated[
        int | None,
        Field(description="The points of the profile, before they are added up; null: not told."),
    ] = None


class RiskBand(Record):
    """
    A level, and the score from which on it holds.
    """

    level: Annotated[RiskLevel, Field(description="The level.")]
    start: Annotated[
        float | None,
        Field(description="The lowest score; null of the first, which has none."),
    ] = None


class RiskScore(Record):
    """
    The risk of one execution.
    """

    score: Annotated[int, Field(description="Sum over the factors.")]
    level: Annotated[RiskLevel, Field(description="Band of the score.")]
    factors: Annotated[
        list[RiskFactorScore],
        Field(description="What the score is made of.", validate_default=True),
    ] = []
    profile: Annotated[str, Field(description="Risk profile and its version.")]
    workflowScore: Annotated[
        int | None,
        Field(description="The score without what people have overridden; null: the same."),
    ] = None
    workflowLevel: Annotated[RiskLevel | None, Field(description="Band of workflowScore; null: the same.")] = None
    bands: Annotated[
        list[RiskBand],
        Field(
            description="The levels in their order, so that the score can be added up anew; none: not told.",
            validate_default=True,
        ),
    ] = []
    summed: Annotated[
        list[str],
        Field(description="Categories all of whose factors add up; of the others the highest counts."),
    ] = []
    summedFactors: Annotated[
        list[str],
        Field(description="Factors all of whose values add up; of the others the highest counts."),
    ] = []


class ExecutionStatus(StrEnum):
    """
    Outcome of a whole execution (contract: Workflow-Execution-ResultEnum).
    """

    UNCHECKED = "UNCHECKED"
    IN_PROGRESS = "IN_PROGRESS"
    REVIEW = "REVIEW"
    PASS = "PASS"
    FAIL = "FAIL"
    COMPLETE = "COMPLETE"
    INCOMPLETE = "INCOMPLETE"
    NEEDS_APPROVAL = "NEEDS_APPROVAL"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    BLOCKED = "BLOCKED"
    CLEAR = "CLEAR"
    URGENT = "URGENT"
    MONITOR = "MONITOR"


class Decision(Record):
    """
    What was decided and by which rule.
    """

    status: Annotated[
        ExecutionStatus,
        Field(description="PASS, FAIL or REVIEW, or another status of the contract."),
    ]
    rule: Annotated[str, Field(description="Id of the row of the decision table that fired.")]
    policy: Annotated[str, Field(description="Decision table and its version.")]
    input: Annotated[
        str,
        Field(description="JSON: the columns of the table as it was asked; no personal data."),
    ] = "{}"
    rows: Annotated[
        list[str],
        Field(description="Ids of all rows that applied, in the order of the table."),
    ] = []


class Measure(Record):
    """
    A figure that a check went by, and what would have done; nothing that names a person or an account.
    """

    name: Annotated[str, Field(description="e.g. month_end_balance.median.")]
    value: Annotated[
        str | None,
        Field(description="A decimal number, a date or a word; absent where it could not be had."),
    ] = None
    unit: Annotated[
        str,
        Field(description="A currency, months, days, ratio, percent, count, date, ..."),
    ]
    wouldPass: Annotated[str | None, Field(description="What would have done, e.g. at least 1500.00.")] = None
    passed: Annotated[
        bool | None,
        Field(description="Whether it did; absent where nothing is asked of it."),
    ] = None


class StepOutcome(Record):
    """
    What a workflow and a decision need to know of a step; no personal data.
    """

    stepName: Annotated[str, Field(description="KYC, AML, IDV, BLOCKLIST, DUPLICATE, RISK, DECISION.")]
    result: Annotated[StepResultCode, Field(description="Outcome of the step.")]
    reasons: Annotated[
        list[Reason],
        Field(description="Why, most important first.", validate_default=True),
    ] = []
    issues: Annotated[
        list[Issue],
        Field(description="What a person should look at.", validate_default=True),
    ] = []
    riskFactors: Annotated[
        list[RiskFactorValue],
        Field(description="What the risk profile may score.", validate_default=True),
    ] = []
    counts: Annotated[
        dict[str, int],
        Field(description="Counts of the step's summary, e.g. totalHits."),
    ] = {}
    risk: Annotated[RiskScore | None, Field(description="From the risk step.")] = None
    decision: Annotated[Decision | None, Field(description="From the decision step.")] = None
    measures: Annotated[
        list[Measure],
        Field(description="The figures that later steps go by.", validate_default=True),
    ] = []


class ProcessResultCode(StrEnum):
    """
    Outcome of one comparison (contract: Process-ResultEnum).
    """

    MATCH = "MATCH"
    PARTIAL_MATCH = "PARTIAL_MATCH"
    INVALID_MATCH = "INVALID_MATCH"
    NO_MATCH = "NO_MATCH"
    CLEAR = "CLEAR"
    HIT = "HIT"
    BAD_DATA = "BAD_DATA"
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
    FAIL = "FAIL"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    SUSPECTED = "SUSPECTED"
    REJECTED = "REJECTED"
    MANUAL = "MANUAL"
    CLEAR_AUTO = "CLEAR_AUTO"
    OVERRIDE = "OVERRIDE"


class ProviderResult(Record):
    """
    Who was asked and what they called it (contract: Provider-Result).
    """

    name: Annotated[str, Field(description="Provider.")]
    source: Annotated[str, Field(description="Data source, as the provider calls it.")]
    sourceNormalized: Annotated[str, Field(description="Data source, as we call it.")]
    reference: Annotated[str | None, Field(description="The provider's reference of the answer.")] = None
    confidence: Annotated[float | None, Field(description="0 to 100.")] = None


class Feature(Record):
    """
    One feature of a score.
    """

    name: Annotated[str, Field(description="Name of the feature.")]
    score: Annotated[float, Field(description="Its value, 0 to 1, or what it takes off.")]
    detail: Annotated[str | None, Field(description="What was compared.")] = None


class Listing(Record):
    """
    The entry of a watchlist that a person was matched with.
    """

    listId: Annotated[str, Field(description="Id of the list, e.g. ofac-sdn.")]
    entryId: Annotated[str, Field(description="Id within the list, e.g. ofac-36.")]
    name: Annotated[str, Field(description="Primary name of the entry.")]
    matchedName: Annotated[str, Field(description="The name that matched.")]
    topics: Annotated[list[str], Field(description="sanction, role.pep, ...")] = []
    programmes: Annotated[list[str], Field(description="Sanctions programmes.")] = []
    datesOfBirth: Annotated[list[str], Field(description="ISO 8601, as exact as listed.")] = []
    countries: Annotated[list[str], Field(description="ISO 3166-1 alpha-2.")] = []
    score: Annotated[float, Field(description="0 to 1.")]
    features: Annotated[
        list[Feature],
        Field(description="What the score is made of.", validate_default=True),
    ] = []


class MatchlistAction(StrEnum):
    """
    What a match on a customer's list asks for.
    """

    BLOCK = "BLOCK"
    ALERT = "ALERT"
    ALLOW = "ALLOW"
    REVIEW = "REVIEW"
    NONE = "NONE"


class MatchlistMatch(Record):
    """
    The entry of a customer's list that a person was matched with.
    """

    matchlistId: Annotated[str, Field(description="Id of the list.")]
    name: Annotated[str, Field(description="Name of the list.")]
    action: Annotated[MatchlistAction, Field(description="What the list asks for.")]
    entryId: Annotated[str, Field(description="Id of the entry.")]
    reference: Annotated[str | None, Field(description="The customer's reference.")] = None


class Fuzziness(Record):
    """
    How far a comparison may be from exact (contract: FuzzinessLevel).
    """

    normalized: Annotated[float, Field(description="0: everything has to agree. 1: nothing has to.")]
    actual: Annotated[str | None, Field(description="The same in the words of who compared.")] = None


class Finding(Record):
    """
    One thing checked and what came of it (contract: Process-Result-Object).
    """

    processResultId: Annotated[str, Field(description="Id of the finding.")]
    processClass: Annotated[
        str,
        Field(description="KYC, IDV, AML, BLOCKLIST, DUPLICATE, ... (contract: Process-Result-ClassEnum)."),
    ]
    objectType: Annotated[
        str,
        Field(description="NAME, DATE_OF_BIRTH, ADDRESS, DOCUMENT, INDIVIDUAL, ..."),
    ]
    objectId: Annotated[str | None, Field(description="Id of the thing checked.")] = None
    result: Annotated[ProcessResultCode, Field(description="Outcome.")]
    provider: Annotated[ProviderResult | None, Field(description="Who answered.")] = None
    matchStrengths: Annotated[dict[str, int], Field(description="0 to 100 by attribute, e.g. givenName.")] = {}
    explanation: Annotated[
        str | None,
        Field(description="One sentence, without personal data of the customer."),
    ] = None
    listing: Annotated[Listing | None, Field(description="AML: the entry matched.")] = None
    matchlist: Annotated[MatchlistMatch | None, Field(description="BLOCKLIST: the entry matched.")] = None
    duplicateOf: Annotated[str | None, Field(description="DUPLICATE: the other person's entityId.")] = None
    riskFactors: Annotated[
        list[RiskFactorValue],
        Field(description="What the risk profile may score.", validate_default=True),
    ] = []
    expiresAt: Annotated[
        AwareDatetime | None,
        Field(
            description="From when on it counts no more: the document has expired, or the policy lets such evidence hold for so long."
        ),
    ] = None
    fuzziness: Annotated[
        Fuzziness | None,
        Field(description="How far from exact the comparison may have been to be a match."),
    ] = None
    wasNameMatchStrongEnough: Annotated[
        bool | None,
        Field(
            description="KYC, of a thing other than a name: the name matched at the same source; what agrees elsewhere does not count."
        ),
    ] = None
    measures: Annotated[
        list[Measure],
        Field(
            description="The figures that it went by, most important first; a series under one name, e.g. month_end_balance.2026-01.",
            validate_default=True,
        ),
    ] = []


class ProviderCall(Record):
    """
    One call of a provider within a step.
    """

    name: Annotated[str, Field(description="Provider.")]
    source: Annotated[str, Field(description="Data source.")]
    order: Annotated[int, Field(description="Order of the call, from 1.")]
    result: Annotated[
        str,
        Field(description="MATCH, NO_MATCH, ERROR, MISSING_DATA (not called for want of a consent), ..."),
    ]
    error: Annotated[str | None, Field(description="Why the source could not answer.")] = None
    startedAt: Annotated[AwareDatetime, Field(description="Start of the call.")]
    endedAt: Annotated[AwareDatetime, Field(description="End of the call.")]
    answer: Annotated[
        str | None,
        Field(description="JSON: what the source answered, where it cannot be looked up again in the reference data."),
    ] = None


class RuleMatch(Record):
    """
    How one KYC rule fared (contract: KYC-MatchRule).
    """

    ruleName: Annotated[str, Field(description="Name of the rule, e.g. 2+2.")]
    isVerified: Annotated[bool, Field(description="The rule is satisfied.")]
    matchCount: Annotated[int, Field(description="Independent sources that matched.")]
    matchCountRequired: Annotated[int, Field(description="Independent sources asked for.")]
    matchSources: Annotated[
        dict[str, list[str]],
        Field(description="By match type (name, dob, address): the sources that matched."),
    ] = {}
    nonMatchSources: Annotated[
        dict[str, list[str]],
        Field(description="By match type: the sources that did not."),
    ] = {}
    objectIds: Annotated[
        dict[str, str],
        Field(description="By match type: the thing of the person's that matched, or that was looked for."),
    ] = {}
    requiredSourcesMatched: Annotated[
        list[str],
        Field(description="Sources that the rule cannot do without, and that matched."),
    ] = []
    requiredSourcesNotMatched: Annotated[list[str], Field(description="Those that did not.")] = []
    wouldVerify: Annotated[
        str | None,
        Field(
            description="What more would satisfy the rule, e.g. one more source for dob; null where it is satisfied."
        ),
    ] = None


class ReferenceVersion(Record):
    """
    Which version of which reference data was used.
    """

    id: Annotated[str, Field(description="e.g. ofac-sdn.")]
    version: Annotated[str, Field(description="Version.")]
    sha256: Annotated[str, Field(description="Hash of its content, hexadecimal.")]
    ageSeconds: Annotated[
        int | None,
        Field(
            description="Seconds from when its source last confirmed it to when it was used; null for what does not age."
        ),
    ] = None


class StepError(Record):
    """
    What kept a step from its answer (contract: Workflow-Errors).
    """

    code: Annotated[
        str,
        Field(description="Error name, as the workflow's Retry and Catch see it, e.g. Check.SourceUnavailable."),
    ]
    description: Annotated[str | None, Field(description="What went wrong, for a person to read.")] = None
    location: Annotated[str | None, Field(description="Where: the check, or the source.")] = None


class StepResult(Record):
    """
    A check's whole answer: the outcome and the evidence for it.
    """

    outcome: Annotated[StepOutcome, Field(description="What was found, in short.")]
    findings: Annotated[list[Finding], Field(description="Each thing checked.", validate_default=True)] = []
    providers: Annotated[
        list[ProviderCall],
        Field(description="Each source asked, in order.", validate_default=True),
    ] = []
    ruleMatches: Annotated[list[RuleMatch], Field(description="KYC: each rule.", validate_default=True)] = []
    references: Annotated[
        list[ReferenceVersion],
        Field(description="Reference data used.", validate_default=True),
    ] = []
    startedAt: Annotated[AwareDatetime, Field(description="When the check began.")]
    endedAt: Annotated[AwareDatetime, Field(description="When it ended.")]
    errors: Annotated[
        list[StepError],
        Field(
            description="Why there is no answer, of an outcome of ERROR or INCOMPLETE.",
            validate_default=True,
        ),
    ] = []
    searchedBy: Annotated[
        list[str],
        Field(
            description="AML: the parts of the person that were searched for, in the words of the contract (Workflow-Step-Summary-AML-Search-Parameters); no values."
        ),
    ] = []
    fuzziness: Annotated[
        float | None,
        Field(description="AML: how far a name may be from a listed one, 0 to 1."),
    ] = None
    settings: Annotated[
        dict[str, str],
        Field(description="What the check was run with, e.g. ruleSet, fuzziness, sources."),
    ] = {}


class CheckCompleted(Record):
    """
    A check's answer: a result; or, with what evidence there is, an error name for the workflow to retry or catch.
    """

    task: Annotated[Task, Field(description="As in the request.")]
    result: Annotated[
        StepResult | None,
        Field(description="The answer; beside an error, an outcome of ERROR with the sources that were asked."),
    ] = None
    error: Annotated[
        str | None,
        Field(description="Error name, where there is no answer, e.g. Check.SourceUnavailable."),
    ] = None
    cause: Annotated[str | None, Field(description="What went wrong, for a person to read.")] = None
    individual: Annotated[
        Individual | None,
        Field(
            description="Review: the person as they are now, given anew; what follows in the execution is asked of them."
        ),
    ] = None
    entityVersion: Annotated[
        int | None,
        Field(description="Review: version of the person's data that was given anew."),
    ] = None


class CheckRequested(Record):
    """
    A workflow asks a check about a person.
    """

    task: Annotated[Task, Field(description="Who asks.")]
    individual: Annotated[Individual, Field(description="The person.")]
    evidence: Annotated[
        list[StepOutcome],
        Field(
            description="Earlier steps that the workflow passes on.",
            validate_default=True,
        ),
    ] = []
    settings: Annotated[
        dict[str, str],
        Field(description="Settings of the step in the workflow, e.g. ruleSet."),
    ] = {}
    application: Annotated[
        Application | None,
        Field(description="What the person applies for, where the workflow is about that."),
    ] = None


class CollectionProgressed(Record):
    """
    An applicant has left a submit state of the collection flow.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    collectionId: Annotated[
        str,
        Field(description="Id of the collection: one for a person, whatever the number of rounds."),
    ]
    round: Annotated[
        int,
        Field(description="1, and one more each time that documents were asked for again."),
    ] = 1
    left: Annotated[str, Field(description="The state that was left, e.g. document_photo.")]
    entered: Annotated[str, Field(description="The state that was entered.")]
    documents: Annotated[
        list[Document],
        Field(
            description="The documents of the round so far, with the references of their pictures.",
            validate_default=True,
        ),
    ] = []
    progressedAt: Annotated[AwareDatetime, Field(description="When.")]


class CollectionSubmitted(Record):
    """
    An applicant has given again what a reviewer asked for: the workflow that waits may go on.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    entityVersion: Annotated[
        int,
        Field(description="Version of the person's data; an older one never overwrites a newer one."),
    ] = 1
    collectionId: Annotated[
        str,
        Field(description="Id of the collection: one for a person, whatever the number of rounds."),
    ]
    round: Annotated[
        int,
        Field(description="2 for what was asked for first, and so on; round 1 is told as entity.onboarded."),
    ] = 2
    caseId: Annotated[str, Field(description="The case in which it was asked for.")]
    individual: Annotated[
        Individual,
        Field(description="The person with all documents, those of this round first; earlier ones stay."),
    ]
    documents: Annotated[
        list[Document],
        Field(description="The documents of this round.", validate_default=True),
    ] = []
    submittedAt: Annotated[AwareDatetime, Field(description="When.")]


class ExecutionCommand(StrEnum):
    """
    What somebody asks of an execution that is there.
    """

    STOP = "STOP"
    REDRIVE = "REDRIVE"
    HEARTBEAT = "HEARTBEAT"


class CommandRequested(Record):
    """
    Somebody asks that an execution stop, go on after it ended badly, or wait longer for a task.
    """

    commandId: Annotated[str, Field(description="Id of the command.")]
    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    workflowExecutionId: Annotated[str, Field(description="The execution.")]
    command: Annotated[ExecutionCommand, Field(description="What is asked.")]
    error: Annotated[
        str | None,
        Field(description="STOP: the error that the execution is to end with."),
    ] = None
    cause: Annotated[str | None, Field(description="STOP: why.")] = None
    taskToken: Annotated[
        str | None,
        Field(description="HEARTBEAT: the token of the task that is still worked on."),
    ] = None
    sequence: Annotated[
        int | None,
        Field(
            description="REDRIVE: the last step that the person saw; once the execution has gone on, it comes too late."
        ),
    ] = None
    entityVersion: Annotated[int | None, Field(description="REDRIVE: version of the person's data.")] = None
    individual: Annotated[
        Individual | None,
        Field(description="REDRIVE: the person as known when asked; what is asked anew is asked of them."),
    ] = None
    requestedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[str, Field(description="The request.")]
    requestedAt: Annotated[AwareDatetime, Field(description="When.")]
    application: Annotated[
        Application | None,
        Field(description="REDRIVE of a pre-screening: the application, as it was submitted."),
    ] = None


class MessageHeader(Record):
    """
    A header of a Kafka record.
    """

    key: Annotated[str, Field(description="Name.")]
    value: Annotated[bytes | None, Field(description="Value.")] = None


class DeadLetter(Record):
    """
    A record that a consumer group could not take, with its original bytes.
    """

    group: Annotated[
        str,
        Field(description="Consumer group that refused it; only this group is given the replay."),
    ]
    topic: Annotated[str, Field(description="Origin.")]
    partition: Annotated[int, Field(description="Origin.")]
    offset: Annotated[int, Field(description="Origin.")]
    timestamp: Annotated[AwareDatetime, Field(description="Time of the original record.")]
    key: Annotated[bytes | None, Field(description="Original key.")] = None
    value: Annotated[bytes | None, Field(description="Original value.")] = None
    headers: Annotated[
        list[MessageHeader],
        Field(description="Original headers.", validate_default=True),
    ] = []
    reason: Annotated[str, Field(description="Kind of failure, e.g. UNKNOWN_SCHEMA.")]
    error: Annotated[str, Field(description="What was wrong, for a person to read.")]
    failedAt: Annotated[AwareDatetime, Field(description="When.")]


class EntityChanged(Record):
    """
    A person was created, changed or deleted through the API, without a workflow. Of several changes that make the same version the first holds, the others are refused.
    """

    changeId: Annotated[str, Field(description="Id of the change.")]
    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person, unique for the customer.")]
    entityVersion: Annotated[
        int,
        Field(
            description="Version of the person's data that the change makes: one more than the version that it was made on."
        ),
    ]
    kind: Annotated[str, Field(description="CREATED, UPDATED or DELETED.")]
    individual: Annotated[
        Individual | None,
        Field(description="The person from now on, as the checks know them; null where they were deleted."),
    ] = None
    document: Annotated[
        str | None,
        Field(
            description="The person from now on with everything that the contract says of them, as JSON (contract: Individual); null where they were deleted."
        ),
    ] = None
    keptUntil: Annotated[
        str | None,
        Field(description="Of a deletion: the ISO 8601 date until which the records are kept."),
    ] = None
    comment: Annotated[str | None, Field(description="Why.")] = None
    changedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[str, Field(description="By which request.")]
    changedAt: Annotated[AwareDatetime, Field(description="When.")]


class EntityOnboarded(Record):
    """
    A customer takes on a person: keep them and run the onboarding workflow.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person, unique for the customer.")]
    entityVersion: Annotated[
        int,
        Field(description="Version of the person's data; an older one never overwrites a newer one."),
    ] = 1
    individual: Annotated[Individual, Field(description="The person.")]
    serviceName: Annotated[str | None, Field(description="Service profile; the default one when absent.")] = None
    workflowName: Annotated[
        str | None,
        Field(description="Workflow to run; the onboarding workflow when absent."),
    ] = None
    requestId: Annotated[str | None, Field(description="The caller's request id.")] = None
    requestedBy: Annotated[str | None, Field(description="Who asked.")] = None
    comment: Annotated[str | None, Field(description="Why.")] = None
    monitoringTypes: Annotated[
        list[str],
        Field(description="What to watch the person for once they are taken on: AML, ACTIVITY; nothing when empty."),
    ] = []


class ExecutionState(StrEnum):
    """
    How far an execution has come, in the words of Amazon States Language.
    """

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"


class FindingsAmended(Record):
    """
    A person decided what findings are worth; what was found stays as it was found.
    """

    amendmentId: Annotated[str, Field(description="Id of the amendment.")]
    customerId: Annotated[str, Field(description="Whose person it is.")]
    entityId: Annotated[str, Field(description="The person.")]
    processResultIds: Annotated[list[str], Field(description="The findings, all or none of which are amended.")]
    manualStatus: Annotated[
        str,
        Field(description="What they are now (contract: Process-Result-Manual-StatusEnum)."),
    ]
    standsOn: Annotated[
        dict[str, str],
        Field(
            description="By finding, the amendment that was seen; none of one that had none. Where another came between, this one is refused."
        ),
    ] = {}
    comment: Annotated[str | None, Field(description="Why.")] = None
    amendedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[str, Field(description="By which request.")]
    amendedAt: Annotated[AwareDatetime, Field(description="When.")]
    approvedBy: Annotated[str | None, Field(description="Who confirmed it, where a second person had to.")] = None


class HistoryEvent(Record):
    """
    One event of an execution's history, with AWS's names.
    """

    id: Annotated[int, Field(description="1 for the first.")]
    previousEventId: Annotated[int, Field(description="The event it follows from.")]
    type: Annotated[str, Field(description="e.g. TaskStateEntered.")]
    timestamp: Annotated[AwareDatetime, Field(description="When.")]
    details: Annotated[
        str,
        Field(description="JSON: the details as AWS shapes them; the workflow's own data, without personal data."),
    ]


class LifecyclePhase(StrEnum):
    """
    Stage of the customer's life in which a workflow runs.
    """

    ONBOARDING = "ONBOARDING"
    MONITORING = "MONITORING"
    OTHER = "OTHER"


class MatchRule(StrEnum):
    """
    How a listed value is compared with a person's: as it is written, however it is written, or with one slip in it.
    """

    NORMALISED = "NORMALISED"
    EXACT = "EXACT"
    FUZZY = "FUZZY"


class MatchlistAttribute(Record):
    """
    What an entry of a customer's list matches on.
    """

    type: Annotated[
        str,
        Field(description="Contract: Matchlist-Entry-Attribute-Type, e.g. IND_DISPLAY_NAME."),
    ]
    value: Annotated[str, Field(description="The value.")]
    rule: Annotated[
        MatchRule | None,
        Field(description="How the value is compared; without it a name FUZZY, all else NORMALISED."),
    ] = None


class MatchlistEntryPublished(Record):
    """
    An entry of a customer's list, as it is now.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    matchlistId: Annotated[str, Field(description="Id of the list.")]
    name: Annotated[str, Field(description="Name of the list.")]
    action: Annotated[MatchlistAction, Field(description="What a match asks for.")]
    entryId: Annotated[str, Field(description="Id of the entry.")]
    reference: Annotated[str | None, Field(description="The customer's reference.")] = None
    isActive: Annotated[bool, Field(description="False once removed.")] = True
    attributes: Annotated[
        list[MatchlistAttribute],
        Field(description="All of them must match.", validate_default=True),
    ] = []
    reasons: Annotated[list[str], Field(description="Reason codes.")] = []
    validTo: Annotated[str | None, Field(description="ISO 8601 date after which it no longer matches.")] = None
    batchName: Annotated[str | None, Field(description="Contract: name of what the entry came with.")] = None
    createdBy: Annotated[str | None, Field(description="Who listed it.")] = None
    createdAt: Annotated[AwareDatetime | None, Field(description="When it was listed.")] = None
    updatedBy: Annotated[str | None, Field(description="Who changed it last.")] = None
    updatedAt: Annotated[AwareDatetime | None, Field(description="When it was changed last.")] = None
    entityId: Annotated[
        str | None,
        Field(description="The person it was made of, where it is the API's of a person."),
    ] = None


class MonitoringAlerted(Record):
    """
    Something has come up about a person who is watched: each MONITORING workflow that takes the type is to run.
    """

    alertId: Annotated[str, Field(description="Id of the alert.")]
    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    entityVersion: Annotated[int, Field(description="Version of the person's data.")] = 1
    individual: Annotated[
        Individual,
        Field(description="The person, as they were known when the alert was raised."),
    ]
    monitoringType: Annotated[str, Field(description="AML or ACTIVITY.")]
    kind: Annotated[
        str,
        Field(description="REPORTED by somebody; LISTED, LISTING_CHANGED or DELISTED where a watchlist has changed."),
    ]
    reason: Annotated[str, Field(description="Why, in a sentence without personal data.")]
    listId: Annotated[str | None, Field(description="The watchlist that has changed.")] = None
    listVersion: Annotated[str | None, Field(description="Its version from which on this holds.")] = None
    entryId: Annotated[str | None, Field(description="The entry of the list.")] = None
    requestedBy: Annotated[str, Field(description="Who raised it.")]
    requestId: Annotated[str | None, Field(description="The request, where there was one.")] = None
    raisedAt: Annotated[AwareDatetime, Field(description="When.")]


class NotificationChanged(Record):
    """
    How a notification of an outside service stands; no personal data.
    """

    notificationId: Annotated[
        str,
        Field(description="Id of the notification: the Idempotency-Key of every attempt to deliver it."),
    ]
    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    workflowExecutionId: Annotated[str, Field(description="The execution whose step asked.")]
    requestId: Annotated[str, Field(description="The request that started the execution.")]
    stepName: Annotated[str, Field(description="The state of the workflow that asked.")]
    purpose: Annotated[
        str,
        Field(description="What it is for, e.g. rejection: with the customer it names the endpoint."),
    ]
    sequence: Annotated[
        int,
        Field(description="Number of the change of this notification, from 1; what the greatest says holds."),
    ]
    state: Annotated[
        str,
        Field(
            description="ACCEPTED: kept, to be delivered; DELIVERED; REFUSED by the receiver; PARKED: no more tried."
        ),
    ]
    attempts: Annotated[int, Field(description="Attempts to deliver it so far.")]
    changedAt: Annotated[AwareDatetime, Field(description="When.")]
    changedBy: Annotated[
        str,
        Field(description="Who: the workflow, the service, or the operator who had it delivered again."),
    ]
    status: Annotated[
        int | None,
        Field(description="HTTP's, of the last attempt; null where nobody answered."),
    ] = None
    error: Annotated[
        str | None,
        Field(description="Why the last attempt had no answer, or why there was none."),
    ] = None
    milliseconds: Annotated[int | None, Field(description="That the last attempt took.")] = None


class ProfileChanged(Record):
    """
    A person's profile with a service was begun, given to somebody, or put away. Of several changes that make the same version the first holds, the others are refused.
    """

    changeId: Annotated[str, Field(description="Id of the change.")]
    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    serviceName: Annotated[str, Field(description="The service.")]
    profileVersion: Annotated[int, Field(description="Version of the profile that the change makes, from 1.")]
    assignee: Annotated[str | None, Field(description="Who works on it from now on.")] = None
    reviewer: Annotated[str | None, Field(description="Who reviews it from now on.")] = None
    currentWorkflowName: Annotated[
        str | None,
        Field(description="The workflow that is meant for it; that of the latest execution where null."),
    ] = None
    state: Annotated[
        str | None,
        Field(description="ARCHIVED or INACTIVE; as its executions tell where null."),
    ] = None
    comment: Annotated[str | None, Field(description="Why.")] = None
    changedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[str, Field(description="By which request.")]
    changedAt: Annotated[AwareDatetime, Field(description="When.")]


class ResultsAmended(Record):
    """
    A person changed a result: who, when, why and on which version.
    """

    amendmentId: Annotated[str, Field(description="Id of the amendment.")]
    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    workflowExecutionId: Annotated[str, Field(description="The execution.")]
    expectedVersion: Annotated[
        int,
        Field(description="Version of the execution that the person saw; refused if it has changed since."),
    ]
    status: Annotated[ExecutionStatus, Field(description="The new status.")]
    comment: Annotated[str | None, Field(description="Why.")] = None
    amendedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[str, Field(description="The request.")]
    amendedAt: Annotated[AwareDatetime, Field(description="When.")]
    sequence: Annotated[
        int | None,
        Field(
            description="The last step that the person saw: an execution may go on after its end. Null: its last end counts."
        ),
    ] = None


class RiskAmended(Record):
    """
    A person set the risk level of an assessment; what was assessed stays.
    """

    amendmentId: Annotated[str, Field(description="Id of the amendment.")]
    customerId: Annotated[str, Field(description="Whose person it is.")]
    entityId: Annotated[str, Field(description="The person.")]
    workflowExecutionId: Annotated[str, Field(description="The execution that assessed the risk.")]
    riskLevel: Annotated[RiskLevel, Field(description="The level from now on.")]
    previousLevel: Annotated[RiskLevel, Field(description="The level that was seen.")]
    standsOn: Annotated[
        str | None,
        Field(
            description="The amendment of this assessment that was seen last. Where another came between, this one is refused."
        ),
    ] = None
    comment: Annotated[str | None, Field(description="Why.")] = None
    amendedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[str, Field(description="By which request.")]
    amendedAt: Annotated[AwareDatetime, Field(description="When.")]


class RulingChanged(Record):
    """
    What somebody decided that a check is to count of a person holds from now on, or was refused.
    """

    rulingId: Annotated[str, Field(description="Id of the ruling.")]
    customerId: Annotated[str, Field(description="Whose person it is.")]
    entityId: Annotated[str, Field(description="The person.")]
    entityVersion: Annotated[int, Field(description="Version of the person that was looked at.")]
    check: Annotated[str, Field(description="The check that it is for, as topics.yaml names it.")]
    settings: Annotated[
        dict[str, str],
        Field(
            description="What the check is to count, in its own words; with none, whatever was said before is taken back."
        ),
    ]
    standsOn: Annotated[
        str | None,
        Field(description="The ruling that was seen to hold. Where another came between, this one is refused."),
    ] = None
    workflowExecutionId: Annotated[
        str | None,
        Field(description="The execution whose result was looked at, and changes with it."),
    ] = None
    findings: Annotated[
        list[Finding],
        Field(description="The evidence that it rests on.", validate_default=True),
    ] = []
    comment: Annotated[str | None, Field(description="Why.")] = None
    changedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[str, Field(description="By which request.")]
    changedAt: Annotated[AwareDatetime, Field(description="When.")]
    previous: Annotated[dict[str, str], Field(description="The settings that held before.")] = {}
    refusal: Annotated[str | None, Field(description="Why nothing was changed; null where it holds.")] = None


class RulingRequested(Record):
    """
    Somebody decides what a check is to count of a person from now on.
    """

    rulingId: Annotated[str, Field(description="Id of the ruling.")]
    customerId: Annotated[str, Field(description="Whose person it is.")]
    entityId: Annotated[str, Field(description="The person.")]
    entityVersion: Annotated[int, Field(description="Version of the person that was looked at.")]
    check: Annotated[str, Field(description="The check that it is for, as topics.yaml names it.")]
    settings: Annotated[
        dict[str, str],
        Field(
            description="What the check is to count, in its own words; with none, whatever was said before is taken back."
        ),
    ]
    standsOn: Annotated[
        str | None,
        Field(description="The ruling that was seen to hold. Where another came between, this one is refused."),
    ] = None
    workflowExecutionId: Annotated[
        str | None,
        Field(description="The execution whose result was looked at, and changes with it."),
    ] = None
    findings: Annotated[
        list[Finding],
        Field(description="The evidence that it rests on.", validate_default=True),
    ] = []
    comment: Annotated[str | None, Field(description="Why.")] = None
    requestedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[str, Field(description="By which request.")]
    requestedAt: Annotated[AwareDatetime, Field(description="When.")]


class SubscriptionChanged(Record):
    """
    A person is watched, or no more, for one type of monitoring: what came of a request, in the order of sequence.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    monitoringType: Annotated[str, Field(description="AML or ACTIVITY.")]
    sequence: Annotated[
        int,
        Field(description="Number of the request for this person and type, from 1; what the greatest says holds."),
    ]
    enabled: Annotated[bool, Field(description="Whether the person is watched from now on.")]
    wasEnabled: Annotated[
        bool,
        Field(description="Whether they were before; the same where the request asked for what held already."),
    ]
    changedAt: Annotated[AwareDatetime, Field(description="When.")]
    changedBy: Annotated[str, Field(description="Who; the workflow where one of its steps asked.")]
    requestId: Annotated[str, Field(description="The request.")]
    workflowExecutionId: Annotated[str | None, Field(description="The execution whose step asked.")] = None
    comment: Annotated[str | None, Field(description="Why.")] = None


class SubscriptionRequested(Record):
    """
    Somebody asks that a person be watched from now on, or no more.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    entityVersion: Annotated[
        int,
        Field(description="Version of the person's data; an older one never overwrites a newer one."),
    ] = 1
    individual: Annotated[
        Individual | None,
        Field(description="The person; needed to begin, unless they are watched already."),
    ] = None
    enabled: Annotated[bool, Field(description="True to begin, false to end.")] = True
    monitoringTypes: Annotated[list[str], Field(description="AML, ACTIVITY; all of them when empty.")] = []
    requestedBy: Annotated[str, Field(description="Who.")]
    requestId: Annotated[
        str | None,
        Field(description="The caller's request id; the event's id when absent."),
    ] = None
    comment: Annotated[str | None, Field(description="Why.")] = None


class WatchlistCompared(Record):
    """
    A version of a watchlist was compared with the one before, and told to whom of those watched it is about; or it was refused.
    """

    listId: Annotated[str, Field(description="e.g. ofac-sdn.")]
    version: Annotated[str, Field(description="Version of the list, e.g. its date.")]
    sha256: Annotated[str, Field(description="Hash of the file, hexadecimal.")]
    refusal: Annotated[
        str | None,
        Field(description="Why the version cannot be read: the one before stays in force. Null where it was compared."),
    ] = None
    added: Annotated[int, Field(description="Entries that the version before did not have.")] = 0
    changed: Annotated[int, Field(description="Entries that say something else.")] = 0
    removed: Annotated[int, Field(description="Entries that are there no more.")] = 0
    lookedAt: Annotated[int, Field(description="Persons who are watched for AML.")] = 0
    candidates: Annotated[int, Field(description="Of them, those who were compared with an entry.")] = 0
    alerts: Annotated[int, Field(description="Of them, those who were told of.")] = 0
    skipped: Annotated[int, Field(description="Persons without a name that can be screened.")] = 0
    seconds: Annotated[float | None, Field(description="How long the comparison took.")] = None
    toldAt: Annotated[AwareDatetime, Field(description="When the version was told.")]
    comparedAt: Annotated[AwareDatetime, Field(description="When it was compared, or refused.")]


class WatchlistPublished(Record):
    """
    A new version of a watchlist is ready to be read.
    """

    id: Annotated[str, Field(description="e.g. ofac-sdn.")]
    version: Annotated[str, Field(description="Version of the list, e.g. its date.")]
    sha256: Annotated[str, Field(description="Hash of the file, hexadecimal.")]
    uri: Annotated[
        str,
        Field(description="Where it is, e.g. package:services/aml/data/ofac_sdn.jsonl.gz."),
    ]
    entries: Annotated[int, Field(description="Number of entries.")]
    publishedAt: Annotated[AwareDatetime, Field(description="When.")]
    checkedAt: Annotated[
        AwareDatetime | None,
        Field(description="When its source was last seen to give out this version; publishedAt where null."),
    ] = None


class WorkflowStarted(Record):
    """
    Which workflow an execution runs, told with its first step.
    """

    serviceName: Annotated[str, Field(description="Service profile.")]
    workflowId: Annotated[str, Field(description="Id of the workflow.")]
    workflowName: Annotated[str, Field(description="Name of the workflow.")]
    type: Annotated[str, Field(description="Kind of workflow.")]
    lifecyclePhase: Annotated[LifecyclePhase, Field(description="Phase.")]
    monitoringTypes: Annotated[
        list[str] | None,
        Field(description="Monitoring types it subscribes to; absent means all."),
    ] = None
    definitionHash: Annotated[str, Field(description="SHA-256 of the definition.")]
    requestedBy: Annotated[str | None, Field(description="Who asked.")] = None
    parentExecutionId: Annotated[
        str | None,
        Field(description="The execution that started this one; absent where a person or an event did."),
    ] = None


class WorkflowProgressed(Record):
    """
    One step of an execution: its history, the answers accepted, and how far it is. Folded in the order of sequence.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    entityVersion: Annotated[int, Field(description="Version of the person's data that was checked.")]
    workflowExecutionId: Annotated[str, Field(description="The execution.")]
    requestId: Annotated[str, Field(description="The request that started it.")]
    sequence: Annotated[int, Field(description="1, 2, 3, ... without a gap.")]
    started: Annotated[WorkflowStarted | None, Field(description="With sequence 1.")] = None
    history: Annotated[list[HistoryEvent], Field(description="What happened.", validate_default=True)] = []
    accepted: Annotated[
        list[StepResult],
        Field(description="The answers that were accepted.", validate_default=True),
    ] = []
    state: Annotated[ExecutionState, Field(description="State after this step.")]
    output: Annotated[
        str | None,
        Field(description="JSON: the workflow's own output, once it has succeeded."),
    ] = None
    error: Annotated[str | None, Field(description="Error name, once it has failed.")] = None
    cause: Annotated[str | None, Field(description="Cause of the error.")] = None
    occurredAt: Annotated[AwareDatetime, Field(description="Time of the event that caused the step.")]


class WorkflowPublished(Record):
    """
    A workflow that may be executed.
    """

    serviceName: Annotated[str, Field(description="Service profile.")]
    workflowId: Annotated[str, Field(description="Id of the workflow.")]
    workflowName: Annotated[str, Field(description="Name.")]
    type: Annotated[str, Field(description="Kind of workflow.")]
    lifecyclePhase: Annotated[LifecyclePhase, Field(description="Phase.")]
    monitoringTypes: Annotated[list[str] | None, Field(description="Absent means all.")] = None
    definitionHash: Annotated[str, Field(description="SHA-256 of the definition.")]
    definition: Annotated[str, Field(description="The Amazon States Language document.")]
    publishedAt: Annotated[AwareDatetime, Field(description="When.")]


class WorkflowRequested(Record):
    """
    Run a workflow on a person who is known already.
    """

    customerId: Annotated[str, Field(description="The customer.")]
    entityId: Annotated[str, Field(description="The person.")]
    entityVersion: Annotated[int, Field(description="Version of the person's data.")]
    individual: Annotated[Individual, Field(description="The person, as known when asked.")]
    serviceName: Annotated[str, Field(description="Service profile.")]
    workflowName: Annotated[str, Field(description="Workflow to run.")]
    requestId: Annotated[str, Field(description="The caller's request id.")]
    requestedBy: Annotated[str | None, Field(description="Who asked.")] = None
    comment: Annotated[str | None, Field(description="Why.")] = None
    evidence: Annotated[
        list[StepOutcome],
        Field(
            description="Outcomes that are judged again, as people have resolved them since.",
            validate_default=True,
        ),
    ] = []
    reevaluates: Annotated[str | None, Field(description="The execution that they are of.")] = None


class AnyRecord(
    RootModel[
        Address
        | Application
        | ApplicationSubmitted
        | CaseChanged
        | CheckCompleted
        | CheckRequested
        | CollectionProgressed
        | CollectionSubmitted
        | CommandRequested
        | DeadLetter
        | EntityChanged
        | EntityOnboarded
        | ExecutionState
        | FindingsAmended
        | HistoryEvent
        | LifecyclePhase
        | MatchRule
        | MatchlistAttribute
        | MatchlistEntryPublished
        | MonitoringAlerted
        | NotificationChanged
        | ProfileChanged
        | ResultsAmended
        | RiskAmended
        | RulingChanged
        | RulingRequested
        | SubscriptionChanged
        | SubscriptionRequested
        | WatchlistCompared
        | WatchlistPublished
        | WorkflowProgressed
        | WorkflowPublished
        | WorkflowRequested
    ]
):
    root: Annotated[
        Address
        | Application
        | ApplicationSubmitted
        | CaseChanged
        | CheckCompleted
        | CheckRequested
        | CollectionProgressed
        | CollectionSubmitted
        | CommandRequested
        | DeadLetter
        | EntityChanged
        | EntityOnboarded
        | ExecutionState
        | FindingsAmended
        | HistoryEvent
        | LifecyclePhase
        | MatchRule
        | MatchlistAttribute
        | MatchlistEntryPublished
        | MonitoringAlerted
        | NotificationChanged
        | ProfileChanged
        | ResultsAmended
        | RiskAmended
        | RulingChanged
        | RulingRequested
        | SubscriptionChanged
        | SubscriptionRequested
        | WatchlistCompared
        | WatchlistPublished
        | WorkflowProgressed
        | WorkflowPublished
        | WorkflowRequested,
        Field(title="Model"),
    ]
