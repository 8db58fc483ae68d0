"""What quotas accounts have: read from AWS, or from what AWS's command line printed."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from operations.session import SignInError, session_in
from zone.names import UNASSIGNED
from zone.plan.quota import Need
from zone.plan.quotas import Applied

SESSION: Final = "mlz-quotas"
"""Name of the session in CloudTrail."""

_REMEDY: Final = "print one with `aws service-quotas list-service-quotas --service-code sagemaker > FILE`"
_LISTS: Final = ("list_aws_default_service_quotas", "list_service_quotas")
"""The second lists applied values only, and no quota that has none. Source: Service Quotas API Reference,
ListServiceQuotas, read 2026-11-29."""


class QuotasError(Exception):
    """Quotas that could not be read; the message says whose, why and what to do."""


def of_files(files: Iterable[Path]) -> Applied:
    """Return what *files* say, each as `aws service-quotas list-service-quotas` prints it, or a list of such answers.

    Raises:
        QuotasError: a file cannot be read or is not of that form.
    """
    found: dict[tuple[str, str, str, str], int] = {}
    for file in files:
        try:
            said = json.loads(file.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise QuotasError(f"{file}: cannot be read ({error.strerror}); {_REMEDY}") from error
        except ValueError as error:
            raise QuotasError(f"{file}: not JSON ({error}); {_REMEDY}") from error
        for place, answer in enumerate(said if isinstance(said, list) else [said]):
            quotas = answer.get("Quotas") if isinstance(answer, dict) else None
            if not isinstance(quotas, list):
                raise QuotasError(f"{file}: answer {place + 1} has no list Quotas; {_REMEDY}")
            try:
                found.update(pair for quota in quotas for pair in _pairs(quota))
            except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
                raise QuotasError(
                    f"{file}: a quota of answer {place + 1} is incomplete ({error}); {_REMEDY}"
                ) from error
    return found


def of_aws(needs: Iterable[Need], report: Callable[[str], None]) -> Applied:
    """Ask Service Quotas of each account, by its provisioning role, for the services *needs* name.

    Args:
        needs: accounts that have no id yet are passed over: nothing was raised in them.
        report: told what is being read.

    Raises:
        QuotasError: no credentials, or AWS refuses.
    """
    asked: dict[tuple[str, str, str | None], set[tuple[str, str]]] = {}
    for need in needs:
        if need.account_id != UNASSIGNED:
            services = asked.setdefault((need.account, need.account_id, need.role), set())
            services.add((need.region, need.quota.service))
    found: dict[tuple[str, str, str, str], int] = {}
    for (account, account_id, role), services in asked.items():
        report(f"{account} ({account_id})")
        try:
            session = session_in(account_id, role, SESSION)
            for region, service in sorted(services):
                client = session.client("service-quotas", region_name=region)
                found |= _applied(client, account_id, region, service)
        except SignInError as error:
            raise QuotasError(str(error)) from error
        except NoCredentialsError as error:
            raise QuotasError(
                f"{account}: no AWS credentials; sign in to the management account (aws sso login), or leave --live out"
            ) from error
        except (BotoCoreError, ClientError) as error:
            raise QuotasError(f"{account} ({account_id}): {error}; {_right(role)}") from error
    return found


def _right(role: str | None) -> str:
    """What it takes to read an account's quotas."""
    rights = "servicequotas:ListServiceQuotas and ListAWSDefaultServiceQuotas"
    if role is None:
        return f"it takes credentials of the management account with {rights}"
    return f"it takes sts:AssumeRole on {role} there, from the management account, and in it {rights}"


def _applied(client: Any, account_id: str, region: str, service: str) -> dict[tuple[str, str, str, str], int]:
    """Every quota of a service: AWS's defaults, and over them what is applied to the account."""
    found: dict[tuple[str, str, str, str], int] = {}
    for operation in _LISTS:
        for page in client.get_paginator(operation).paginate(ServiceCode=service):
            for quota in page["Quotas"]:
                for (_, _, name, key), value in _pairs(quota):
                    found[account_id, region, name, key] = value
    return found


def _pairs(quota: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str, str], int]]:
    """A quota's value by its code and by its name; its ARN says whose it is, a default is everybody's."""
    if "Value" not in quota and "ErrorReason" in quota:
        return  # AWS could not tell just now
    _, _, _, region, account_id, _ = quota["QuotaArn"].split(":", 5)
    for key in (quota["QuotaCode"], quota["QuotaName"]):
        yield (account_id, region, quota["ServiceCode"], key), int(quota["Value"])
