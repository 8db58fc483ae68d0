"""The AWS side: whose credentials, the organisation, and what must be switched on in it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from operations.bootstrap.files import backend_url
from operations.bootstrap.run import bootstrap
from operations.bootstrap.units import ForeignError
from operations.bootstrap.work import CHANGE, MAKE, REFUSED, Work
from operations.bootstrap.work import LATER as NOT_YET
from operations.bootstrap.work import OK as FINE
from operations.doctor.finding import LACKS, LATER, OK, UNKNOWN, Finding
from operations.people import PeopleError, people
from operations.session import SignInError, session_in
from zone.names import UNASSIGNED
from zone.plan.zone import ZonePlan

SESSION: Final = "mlz-doctor"
"""Name of the session in CloudTrail."""

TRUSTED: Final = ("ec2.amazonaws.com",)
"""Services that need trusted access; what components/organization gives a new organisation, an adopted one may lack."""

_MOST_SKEW_SECONDS: Final = 300
"""Source: IAM User Guide, "AWS Signature Version 4 for API requests": within five minutes, read 2026-11-30."""

_NO_ORGANIZATION: Final = "AWSOrganizationsNotInUseException"


def of_aws(
    zone: ZonePlan, project: Path, report: Callable[[str], None], *, backend: tuple[str, str] | None
) -> Iterator[Finding]:
    """Yield what is there and what is missing; without credentials one finding that says so.

    Args:
        zone: the plan.
        project: folder of Pulumi.yaml.
        report: told what is being read.
        backend: Pulumi's backend and who names it; None: nobody.
    """
    organization = zone.organization
    try:
        said = boto3.Session().client("sts", region_name=organization.home_region).get_caller_identity()
    except NoCredentialsError:
        remedy = "sign in to the management account, for example by `aws sso login`"
        yield Finding(LACKS, "credentials", "none: nothing of AWS was looked at", remedy)
        return
    except ClientError as error:
        yield from clock(error.response)
        yield Finding(LACKS, "credentials", str(error), "sign in again")
        return
    except BotoCoreError as error:
        yield Finding(UNKNOWN, "credentials", f"AWS was not reached: {error}", "is there a network, and a proxy in it?")
        return
    yield from clock(said)
    if said["Account"] != organization.management_account_id:
        wanted = f"management account {organization.management_account_id} of org/environment.yaml"
        yield Finding(LACKS, "credentials", f"{said['Arn']} is not of the {wanted}", "sign in to that account")
        return
    yield Finding(OK, "credentials", said["Arn"])
    looks: dict[str, Callable[[], Iterator[Finding]]] = {
        "organisation": lambda: _organization(zone),
        "bootstrap": lambda: _bootstrap(zone, project, backend),
        "Identity Center": lambda: _portal(zone, report),
        "accounts": lambda: _accounts(zone, report),
    }
    for what, look in looks.items():
        try:
            yield from look()
        except (BotoCoreError, ClientError, PeopleError, SignInError, ForeignError) as error:
            yield Finding(UNKNOWN, what, str(error), "the same command as an administrator of the management account")


def clock(answer: Any) -> Iterator[Finding]:
    """Compare this machine's time with AWS's, which each answer carries, refusals too."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if not date:
        return
    said: datetime = parsedate_to_datetime(date)
    skew = round((datetime.now(UTC) - said).total_seconds())
    if abs(skew) <= _MOST_SKEW_SECONDS:
        yield Finding(OK, "clock", f"{abs(skew)} s from AWS's")
    else:
        which = "ahead of" if skew > 0 else "behind"
        yield Finding(
            LACKS, "clock", f"{abs(skew)} s {which} AWS's: calls are refused from 300 s on", "set the time (NTP)"
        )


def _organization(zone: ZonePlan) -> Iterator[Finding]:
    organization = zone.organization
    client = boto3.Session().client("organizations", region_name=organization.home_region)
    try:
        found = client.describe_organization()["Organization"]
    except ClientError as error:
        if error.response["Error"]["Code"] != _NO_ORGANIZATION:
            raise
        yield Finding(LATER, "organisation", "not there yet: `./mlz up org` makes it")
        return
    if found["FeatureSet"] != "ALL":
        remedy = "aws organizations enable-all-features, and each invited account accepts"
        yield Finding(LACKS, "organisation", f"{found['Id']} has consolidated billing only", remedy)
        return
    if not organization.organization_id:
        text = f"{found['Id']} is there and not recorded in ids.lock.yaml"
        yield Finding(LACKS, "organisation", text, "`./mlz adopt` reads it and records what becomes ours")
    else:
        yield Finding(OK, "organisation", str(found["Id"]))
    pages = client.get_paginator("list_aws_service_access_for_organization").paginate()
    trusted = {each["ServicePrincipal"] for page in pages for each in page["EnabledServicePrincipals"]}
    for service in TRUSTED:
        if service in trusted:
            yield Finding(OK, "trusted access", service)
        else:
            remedy = f"aws organizations enable-aws-service-access --service-principal {service}"
            yield Finding(LACKS, "trusted access", f"{service} has none: declarative policies are refused", remedy)


def _bootstrap(zone: ZonePlan, project: Path, backend: tuple[str, str] | None) -> Iterator[Finding]:
    """State bucket, keys and CI roles: what `./mlz bootstrap` would say; nothing where somebody has his own."""
    organization = zone.organization
    own = backend_url(organization.state_bucket, organization.home_region)
    if backend and backend[0] != own and not organization.integration:
        return
    work = Work(yes=False, report=lambda _: None)
    bootstrap(zone, project, work)
    rows = [row for row in work.rows if row.kind != "file"]
    for row in rows:
        if row.fate == REFUSED:
            yield Finding(LACKS, row.kind, f"{row.name}: {row.note}", "then `./mlz bootstrap --yes`")
        elif row.fate == NOT_YET:
            yield Finding(LATER, row.kind, f"{row.name}: {row.note}")
    open_ = [row.name for row in rows if row.fate in {MAKE, CHANGE}]
    if open_:
        text = f"{len(open_)} are missing or differ: {', '.join(open_)}"
        yield Finding(LACKS, "bootstrap", text, "`./mlz bootstrap` shows what it would do, --yes does it")
    elif all(row.fate == FINE for row in rows):
        yield Finding(OK, "bootstrap", "state bucket, keys and CI roles are as they should be")


def _portal(zone: ZonePlan, report: Callable[[str], None]) -> Iterator[Finding]:
    found = people(zone, report)
    for problem in found.problems:
        yield Finding(LACKS, "Identity Center", problem, "")
    if not found.problems:
        who = f"knows everybody ({len(found.needed)})" if found.needed else "is not needed: nobody signs in by it"
        yield Finding(OK, "Identity Center", who)


def _accounts(zone: ZonePlan, report: Callable[[str], None]) -> Iterator[Finding]:
    """Whether the management account gets into each account: an invited one has no role for it."""
    there = [each for each in zone.organization.accounts.values() if each.account_id != UNASSIGNED]
    shut = []
    for account in there:
        report(f"{account.key} ({account.account_id})")
        try:
            session_in(account.account_id, account.role, SESSION)
        except ClientError:
            shut.append(account)
    for account in shut:
        management = zone.organization.management_account_id
        remedy = (
            f"in that account, as its administrator: a role {account.role} with AdministratorAccess that trusts "
            f"arn:aws:iam::{management}:root"
        )
        yield Finding(LACKS, account.key, f"nobody gets into {account.account_id} by {account.role}", remedy)
    if there and not shut:
        yield Finding(OK, "accounts", f"{len(there)}, each entered by its provisioning role")
    unmade = len(zone.organization.accounts) - len(there)
    if unmade:
        yield Finding(LATER, "accounts", f"{unmade} not made yet: `./mlz up org` makes them")
