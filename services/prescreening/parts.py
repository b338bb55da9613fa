"""The steps of the check by the setting `check` that names them, one line each."""

from typing import Any

from services.prescreening import (
    bank_statements,
    financial_statements,
    gathering,
    rules_bank_statements,
    rules_customer_information,
    rules_external_credit_report,
    rules_final_decision,
    rules_financial_statements,
    rules_fraud,
    rules_internal_exposure,
    rules_ongoing_loans,
    rules_payment_history,
)
from services.prescreening.gathering import releasing
from services.prescreening.judging.loading import reader
from services.prescreening.part import Part
from services.prescreening.rules_bank_statements import BankPolicy
from services.prescreening.rules_customer_information import CustomerPolicy
from services.prescreening.rules_external_credit_report import CreditPolicy
from services.prescreening.rules_final_decision import DecisionPolicy
from services.prescreening.rules_financial_statements import AccountsPolicy
from services.prescreening.rules_fraud import FraudPolicy
from services.prescreening.rules_internal_exposure import ExposurePolicy
from services.prescreening.rules_ongoing_loans import LoansPolicy
from services.prescreening.rules_payment_history import HistoryPolicy

PARTS: dict[str, Part[Any]] = {
    "customerInformation": Part(
        "customer_information",
        gathering.customer_information,
        rules_customer_information.judge,
        reader(CustomerPolicy),
    ),
    "bankStatements": Part("bank_statements", bank_statements.gather, rules_bank_statements.judge, reader(BankPolicy)),
    "financialStatements": Part(
        "financial_statements", financial_statements.gather, rules_financial_statements.judge, reader(AccountsPolicy)
    ),
    "externalCreditReport": Part(
        "external_credit_report",
        gathering.external_credit_report,
        rules_external_credit_report.judge,
        reader(CreditPolicy),
    ),
    "internalExposure": Part(
        "internal_exposure", gathering.internal_exposure, rules_internal_exposure.judge, reader(ExposurePolicy)
    ),
    "fraud": Part("fraud", releasing(gathering.fraud, rules_fraud.judge), rules_fraud.judge, reader(FraudPolicy)),
    "ongoingLoans": Part(
        "ongoing_loans",
        releasing(gathering.ongoing_loans, rules_ongoing_loans.judge),
        rules_ongoing_loans.judge,
        reader(LoansPolicy),
    ),
    "paymentHistory": Part(
        "payment_history",
        releasing(gathering.payment_history, rules_payment_history.judge),
        rules_payment_history.judge,
        reader(HistoryPolicy),
    ),
    "finalDecision": Part(
        "final_decision",
        releasing(gathering.final_decision, rules_final_decision.judge),
        rules_final_decision.judge,
        reader(DecisionPolicy),
    ),
}
