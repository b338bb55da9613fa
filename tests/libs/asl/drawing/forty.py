"""A machine of 40 states that has everything a picture must show."""

from typing import Any

from tests.libs.asl.factory import branch, state, task


def _rule(variable: str, value: str, target: str) -> dict[str, Any]:
    return {"Variable": variable, "StringEquals": value, "Next": target}


def _catch(target: str, *errors: str) -> list[dict[str, Any]]:
    return [{"ErrorEquals": list(errors or ["States.ALL"]), "Next": target}]


def _choice(default: str, *rules: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": list(rules), "Default": default}


def _lambda(name: str, **fields: Any) -> dict[str, Any]:
    retry = [{"ErrorEquals": ["Lambda.ServiceException"]}]
    return task(f"arn:aws:lambda:us-east-1:111111111111:function:{name}", Retry=retry, **fields)


_DOCUMENT = branch(
    ReadDocument=_lambda("read-document", Next="DocumentKind", Catch=_catch("UnreadableDocument", "Ocr.Unreadable")),
    DocumentKind=_choice(
        "OtherDocument",
        _rule("$.kind", "PASSPORT", "ReadMachineReadableZone"),
        _rule("$.kind", "LICENCE", "ReadBarcode"),
    ),
    ReadMachineReadableZone=_lambda("mrz", Next="CompareWithClaim"),
    ReadBarcode=_lambda("barcode", Next="CompareWithClaim"),
    OtherDocument=state("Pass", Next="CompareWithClaim"),
    CompareWithClaim=_lambda("compare"),
    UnreadableDocument=state("Pass"),
)

_COMPANY = branch(
    FindCompany=_lambda("find-company", Next="IsRegistered"),
    IsRegistered=_choice("NotRegistered", {"Variable": "$.company", "IsPresent": True, "Next": "OwnersAndDirectors"}),
    OwnersAndDirectors=_lambda("owners", Next="ScreenOwners"),
    ScreenOwners=state("Map", ItemsPath="$.owners", ItemProcessor=branch(ScreenOneOwner=_lambda("screen"))),
    NotRegistered=state("Pass"),
)

FORTY = branch(
    ReceiveApplication=state("Pass", Next="ValidateApplication"),
    ValidateApplication=_lambda("validate", Next="Complete", Catch=_catch("RejectApplication", "Application.Invalid")),
    Complete=_choice("AskForMore", {"Variable": "$.complete", "BooleanEquals": True, "Next": "KnownCustomer"}),
    AskForMore=_lambda("ask-for-more", Next="WaitForCustomer"),
    WaitForCustomer=state("Wait", Seconds=86400, Next="Reminded"),
    Reminded=_choice("ValidateApplication", {"Variable": "$.reminders", "NumericGreaterThan": 3, "Next": "GiveUp"}),
    GiveUp={"Type": "Fail", "Error": "CustomerSilent", "Cause": "No answer after three reminders"},
    KnownCustomer=_choice(
        "NewCustomer",
        _rule("$.customer.status", "ACTIVE", "RefreshProfile"),
        _rule("$.customer.status", "BLOCKED", "RejectApplication"),
    ),
    RefreshProfile=_lambda("refresh-profile", Next="GatherEvidence"),
    NewCustomer=_lambda("create-profile", Next="GatherEvidence"),
    GatherEvidence=state(
        "Parallel",
        Branches=[
            branch(CreditBureau=_lambda("credit-bureau", Next="ScoreCredit"), ScoreCredit=_lambda("score")),
            branch(Documents=state("Map", ItemsPath="$.documents", ItemProcessor=_DOCUMENT)),
            _COMPANY,
        ],
        Next="Fraud",
        Catch=_catch("EvidenceMissing"),
    ),
    EvidenceMissing=state("Pass", Next="ManualReview"),
    Fraud=_lambda("fraud", Next="FraudScore", Catch=_catch("ManualReview")),
    FraudScore=_choice(
        "ManualReview",
        {"Variable": "$.fraud.score", "NumericLessThan": 20, "Next": "Affordability"},
        {"Variable": "$.fraud.score", "NumericGreaterThanEquals": 90, "Next": "RejectApplication"},
    ),
    Affordability=_lambda("affordability", Next="Limits"),
    Limits=_choice("ManualReview", {"Variable": "$.limit", "NumericGreaterThan": 0, "Next": "Decide"}),
    ManualReview=task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Next="Reviewed"),
    Reviewed=_choice("RejectApplication", _rule("$.verdict", "APPROVED", "Decide")),
    Decide=_lambda("decide", Next="Decided"),
    Decided=_choice(
        "RejectApplication", _rule("$.decision", "PASS", "OpenAccount"), _rule("$.decision", "REVIEW", "ManualReview")
    ),
    OpenAccount=_lambda("open-account", Next="AccountOpen", Catch=_catch("CompensateAndUndoEverythingThatWasOpened")),
    AccountOpen=_lambda("is-open", Next="WelcomeCustomer", Catch=_catch("AccountOpen", "NotYet")),
    CompensateAndUndoEverythingThatWasOpened=_lambda("undo", Next="ManualReview"),
    WelcomeCustomer=task("arn:aws:states:::sns:publish", Next="Done"),
    RejectApplication=_lambda("reject", Next="TellCustomer"),
    TellCustomer=task("arn:aws:states:::sns:publish"),
    Done={"Type": "Succeed"},
)
