"""The whole sample from a seed: every story in two forms of statements, and a ring of persons on one device."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from libs.embedded.applications import applicants, life
from libs.embedded.applications.applicants import Applicant, Known, money
from libs.embedded.applications.case import Applied, Case, attached
from libs.embedded.applications.stories import COMPANIES, PERSONS, Story, ring
from libs.embedded.applications.writing import FORMS, Account
from libs.embedded.applications.yearly import annual_accounts
from libs.events.models import Application, ApplicationFile, BankAccount, Consent

SEED = 1
MEDIA = {"CAMT053": "text/xml", "MT940": "text/plain", "OFX": "text/xml", "CSV": "text/plain"}
# The two forms in which each story is told, turn by turn.
PAIRS = (("CAMT053", "CSV"), ("MT940", "OFX"))
# Every entity doubles the one before: 2^30 times "lol" for who expands them.
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 31))
    + ']><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">&a30;</Document>'
).encode()
CONSENT_VERSION = "2026-01"


def make(seed: int, today: date) -> list[Case]:
    """The sample as of a day; another seed gives other people, years and numbers, and the same expectations."""
    random = Random(seed)
    told: list[tuple[Story, str, str | None]] = [(*one, None) for one in _told([*PERSONS, *COMPANIES])]
    random.shuffle(told)
    device = f"device-{seed}-shared"
    told += [(story, PAIRS[0][number % 2], device) for number, story in enumerate(ring())]
    cases: list[Case] = []
    for number, (story, form, shared) in enumerate(told):
        after = cases[-1].applied.entityId if shared and cases[-1].applied.application.deviceId == shared else None
        cases.append(_case(story, form, f"a{seed}-{number:03}", Random(f"{seed}/{number}"), today, shared, after))
    return cases


def _told(stories: Iterable[Story]) -> Iterator[tuple[Story, str]]:
    for number, story in enumerate(stories):
        for form in story.forms or PAIRS[number % len(PAIRS)]:
            yield story, form


def _case(story: Story, form: str, id: str, random: Random, today: date, device: str | None, after: str | None) -> Case:
    plan = story.plan
    number = int(id.rpartition("-")[2]) + 1000 * int(id[1:].partition("-")[0])
    one = plan.applicant(applicants.applicant(number, id, random, company=story.company, today=today))
    case = Case(_applied(story, form, one, random, today, device, after), known=_known(story, one, today))
    files = [_statement(story, form, one, random, today)]
    if story.company:
        files += annual_accounts(one, plan.accounts, form == "CSV" or form == "MT940", today)
    if plan.bomb:
        files.append(attached(BOMB, "BANK_STATEMENT", "text/xml", fileId="file-bomb"))
    case.files = {reference.sha256: content for reference, content in files}
    application = case.applied.application.model_copy(update={"files": [reference for reference, _ in files]})
    case.applied = case.applied.model_copy(update={"application": application})
    return case


def _statement(story: Story, form: str, one: Applicant, random: Random, today: date) -> tuple[ApplicationFile, bytes]:
    plan, months = story.plan, life.months_before(today)
    year = (
        life.business(plan.business, months, random)
        if story.company
        else life.household(plan.household, months, random)
    )
    kept = plan.months(months)
    account = Account(one.iban, plan.owner or one.owner, year, plan.shown(year), kept)
    named = {"account": one.iban, "periodFrom": kept[0].isoformat(), "periodTo": life.last_day(kept[-1]).isoformat()}
    mapping = {"mapping": "bank-balance"} if form == "CSV" else {}
    return attached(
        FORMS[form](account), "BANK_STATEMENT", MEDIA[form], fileId="file-bank", format=form, **named, **mapping
    )


def _applied(
    story: Story, form: str, one: Applicant, random: Random, today: date, device: str | None, after: str | None
) -> Applied:
    plan = story.plan
    moment = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(hours=2)
    application = Application.model_validate(
        {
            "applicationId": one.entity_id,
            "requestedAmount": money(plan.amount),
            "termMonths": plan.term,
            "purpose": plan.purpose,
            "company": one.company,
            "accounts": [BankAccount(iban=one.iban, holder=one.owner, currency=applicants.CURRENCY)],
            "consents": [Consent(kind=kind, version=CONSENT_VERSION, givenAt=moment) for kind in plan.consents],
            "liabilities": [
                {"kind": kind, "outstanding": money(owed), "instalment": money(monthly)}
                for kind, owed, monthly, _ in (plan.credit.debts if plan.credit else ())
            ],
            "deviceId": device or f"device-{one.entity_id}",
            "ipAddress": f"198.51.100.{1 + one.number % 254}",
            "submittedAt": moment,
        }
    )
    return Applied(
        story=story.name,
        note=f"{story.note} ({form})",
        entityId=one.entity_id,
        individual=one.individual,
        application=application,
        expected=story.expected,
        after=after,
    )


def _known(story: Story, one: Applicant, today: date) -> Known:
    known = story.plan.registers(applicants.in_registers(one))
    if story.plan.credit is not None:
        known = replace(known, reports=[*known.reports, *applicants.at_bureau(one, story.plan.credit, today).reports])
    return replace(known, loans=story.plan.loans(one, today))
