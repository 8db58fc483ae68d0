"""The side of the resource: the policy it carries, as the emulated AWS keeps it, and its account's guardrails."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from moto.ecr.models import ecr_backends
from moto.glue.models import glue_backends
from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from checks.access import PolicyKind, Target, compile_policy
from local.apis.deployed import policy_of
from local.authority.held import bucket, levels, organization, role_of
from local.handlers.accounts import KNOWN
from local.handlers.code_artifact import POLICIES
from local.handlers.sagemaker import GROUPS

_OPEN: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:*", "Resource": "*"}],
    }
)
"""Policy of an image repository outside the organisation: AWS's own are open, a stranger's may be."""

_ARN_PARTS: Final = 6

Kept = str | bytes | None
"""A policy as moto keeps it."""


def target_of(resource: str, account: str, *, made: bool = False) -> Target:
    """Return the side of the resource: its own policy, which what is *made* lacks, and its account's guardrails."""
    found = None if made else _policy(resource, account)
    return Target(
        policy=("resource policy", compile_policy(found, PolicyKind.RESOURCE)) if found else None,
        resource_control=levels(account, "RESOURCE_CONTROL_POLICY", PolicyKind.RESOURCE_CONTROL),
        management_account=KNOWN.management_account,
    )


def _policy(resource: str, account: str) -> str | None:
    """The policy of a resource, by its ARN; None where it has none."""
    parts = resource.split(":", 5)
    reader = READERS.get(parts[2]) if len(parts) == _ARN_PARTS else None
    policy = reader(account, parts[3], parts[5], resource) if reader else None
    return policy.decode() if isinstance(policy, bytes) else policy


def _kms(account: str, region: str, name: str, _arn: str) -> Kept:
    key = kms_backends[account][region].keys.get(name.removeprefix("key/"))
    return str(key.policy) if key else None


def _s3(_account: str, _region: str, name: str, _arn: str) -> Kept:
    found = bucket(name.split("/", maxsplit=1)[0])
    policy: Kept = found.policy if found else None
    return policy


def _iam(_account: str, _region: str, name: str, arn: str) -> Kept:
    role = role_of(arn) if name.startswith("role/") else None
    return str(role.assume_role_policy_document) if role else None


def _ecr(account: str, region: str, name: str, _arn: str) -> Kept:
    repository = ecr_backends[account][region].repositories.get(name.removeprefix("repository/"))
    return repository.policy if repository else None if _ours(account) else _OPEN


def _glue(account: str, region: str, _name: str, _arn: str) -> Kept:
    policies = glue_backends[account][region].resource_policies
    return next((each["PolicyInJson"] for each in policies.values() if "PolicyInJson" in each), None)


def _sagemaker(account: str, region: str, name: str, _arn: str) -> Kept:
    if not name.startswith("model-package"):
        return None
    group = GROUPS.store(account, region).get((name.split("/")[1],))
    return str(group["ResourcePolicy"]) if group and "ResourcePolicy" in group else None


def _sns(account: str, region: str, _name: str, arn: str) -> Kept:
    topic = sns_backends[account][region].topics.get(arn)
    return str(topic.policy) if topic else None


def _sqs(account: str, region: str, name: str, _arn: str) -> Kept:
    queue = sqs_backends[account][region].queues.get(name)
    return queue.policy or None if queue else None


def _secret(account: str, region: str, _name: str, arn: str) -> Kept:
    secrets = secretsmanager_backends[account][region].secrets
    return getattr(secrets[arn], "policy", None) if arn in secrets else None


def _code_artifact(_account: str, _region: str, name: str, arn: str) -> Kept:
    """A repository's policy and its domain's: either allows (CodeArtifact User Guide, "Repository policies")."""
    domain = f"{arn.rpartition(':')[0]}:domain/{name.split('/')[1]}"
    documents = [json.loads(POLICIES[each]["document"]) for each in {arn, domain} if each in POLICIES]
    statements = [statement for document in documents for statement in document["Statement"]]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else None


def _ours(account: str) -> bool:
    held = organization()
    return account == KNOWN.management_account or (
        held is not None and any(each.id == account for each in held.accounts)
    )


def _execute_api(account: str, region: str, name: str, _arn: str) -> Kept:
    return policy_of(account, region, name)


READERS: Final[Mapping[str, Callable[[str, str, str, str], Kept]]] = {
    "codeartifact": _code_artifact,
    "ecr": _ecr,
    "execute-api": _execute_api,
    "glue": _glue,
    "iam": _iam,
    "kms": _kms,
    "s3": _s3,
    "sagemaker": _sagemaker,
    "secretsmanager": _secret,
    "sns": _sns,
    "sqs": _sqs,
}
"""Service of the ARN → how to read the policy: of account, region, name and ARN. What shared feature groups allow goes
by RAM, and KMS's grants are the service's that asked for them: neither is here."""
