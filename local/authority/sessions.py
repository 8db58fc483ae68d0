"""Sessions that a service gives a person or a container: a role's credentials, as the trust policy lets the service.

    session("arn:aws:iam::111111111111:role/mlz/mlz-training", service="sagemaker.amazonaws.com", name="SageMaker")

On AWS nobody asks for these: Studio and jobs find them where they run.
"""

from collections.abc import Mapping
from typing import Final

from moto.sts.models import sts_backends

from checks.access import evaluate, request
from local.authority.held import role_of, service_caller
from local.authority.keys import source_keys
from local.authority.resource_policies import target_of
from local.authority.signer import SERVICE_KEYS

_HOUR: Final = 3600
"""How long a session lasts [s]."""


class NotTrustedError(Exception):
    """The role does not exist, or its trust policy does not let the service take it."""


def session(
    role_arn: str,
    *,
    service: str,
    name: str,
    keys: Mapping[str, str] | None = None,
    source: str = "",
    told: bool = True,
) -> dict[str, str]:
    """Return the credentials *service* gives out for a role.

    Args:
        role_arn: the role, path included.
        service: the service's host name, e.g. sagemaker.amazonaws.com.
        name: the session's name.
        keys: condition keys the service puts into the session, e.g. sagemaker:UserProfileName.
        source: ARN of that for which the service takes it; empty: it names none.
        told: whether the service says for whose account it takes it.

    Raises:
        NotTrustedError: the role is not there, or not for the service.
    """
    account = role_arn.split(":")[4]
    if role_of(role_arn) is None:
        raise NotTrustedError(f"there is no role {role_arn}")
    context = {**(source_keys(account) if told else {}), **({"aws:SourceArn": source} if source else {})}
    asked = request(service, "sts:AssumeRole", role_arn, resource_account=account, context=context)
    decision = evaluate(asked, service_caller(service), target_of(role_arn, account))
    if not decision.allowed:
        raise NotTrustedError(f"{service} may not take {role_arn}: {decision.layer.value} {decision.missing or ''}")
    made = sts_backends[account]["aws"].assume_role("us-east-1", name, role_arn, "", _HOUR, "")
    SERVICE_KEYS[made.access_key_id] = dict(keys or {})
    return {
        "aws_access_key_id": made.access_key_id,
        "aws_secret_access_key": made.secret_access_key,
        "aws_session_token": made.session_token,
    }
