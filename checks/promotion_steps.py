"""What a deployment of a model across environments takes: each call that AWS decides, and which roles make it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from checks.record import Recording
from zone import names, schedule_names
from zone.plan.promotions import PromotionPlan
from zone.plan.zone import ZonePlan

_ARTIFACT: Final = "1/model.tar.gz"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that a deployment across environments takes."""

    title: str
    """What is done."""

    action: str
    """IAM action."""

    resource: str
    """ARN, or a key's alias."""

    roles: tuple[str, ...]
    """Roles of the taker that must be let through, by stem."""

    context: Mapping[str, str] = field(default_factory=dict)
    """Condition keys of the call."""

    outside: bool = False
    """Whether SageMaker or another service makes the call from its own network."""


def steps(zone: ZonePlan, promotion: PromotionPlan, taker: Recording) -> tuple[Step, ...]:
    """Return what it takes to deploy *promotion*'s model, in the order in which AWS asks."""
    owner = zone.teams[promotion.owner]
    account, team, model = owner.account, owner.team, promotion.model
    there = {str(each.inputs["name"]).removeprefix(names.role("")) for each in taker.of("aws:iam/role:Role")}
    makers = tuple(role for role in names.MODEL_MAKERS if role in there)
    users = tuple(role for role in names.MODEL_USERS if role in there)
    # A batch by Spark asks the registry for its version and reads the artifact itself; it needs no image and no model.
    scored = [
        batch.version_arn
        for batch in zone.teams[promotion.taker].scheduled.spark.values()
        if batch.model == model and f":{account.account_id}:" in batch.version_arn
    ]
    readers = (*users, schedule_names.SPARK) if scored else users
    home = f"arn:aws:sagemaker:{account.region}:{account.account_id}"
    group = names.model_package_group(team, model)
    first = f"{home}:model-package/{group}/1"
    bucket = names.bucket_arn(account.key, "models", account.account_id)
    repository = names.repository_arn(account.region, account.account_id, team, model)
    by_s3 = {"kms:ViaService": f"s3.{account.region}.amazonaws.com", "aws:ViaAWSService": "true"}
    return (
        Step(
            title="find the model",
            action="sagemaker:DescribeModelPackageGroup",
            resource=f"{home}:model-package-group/{group}",
            roles=makers,
        ),
        Step(title="list its versions", action="sagemaker:ListModelPackages", resource=first, roles=makers),
        *(
            Step(
                title=f"look at version {version.rpartition('/')[2]}",
                action="sagemaker:DescribeModelPackage",
                resource=version,
                roles=(*makers, schedule_names.SPARK) if version in scored else makers,
            )
            for version in dict.fromkeys((first, *scored))
        ),
        Step(
            title="make a model of a version",
            action="sagemaker:CreateModel",
            resource=first,
            roles=makers,
            context=_in_a_network(zone, promotion, taker),
        ),
        Step(
            title="read its artifact",
            action="s3:GetObject",
            resource=f"{bucket}/{names.model_prefix(model)}/{_ARTIFACT}",
            roles=readers,
        ),
        Step(
            title="decrypt its artifact",
            action="kms:Decrypt",
            resource=f"arn:aws:kms:{account.region}:{account.account_id}:{names.key_alias(account.key, 'models')}",
            roles=readers,
            context=by_s3 | {"kms:ResourceAliases": names.key_alias(account.key, "models")},
            outside=True,
        ),
        *(
            Step(title=title, action=f"ecr:{action}", resource=repository, roles=users, outside=True)
            for title, action in (
                ("find its image's layers", "BatchCheckLayerAvailability"),
                ("read its image's manifest", "BatchGetImage"),
                ("pull its image's layers", "GetDownloadUrlForLayer"),
            )
        ),
    )


def _in_a_network(zone: ZonePlan, promotion: PromotionPlan, taker: Recording) -> dict[str, str]:
    """What a request to make a model says of its network: guardrails refuse one outside the taker's."""
    existing = zone.teams[promotion.taker].network.existing
    made = [str(each.outputs["id"]) for each in taker.of("aws:ec2/subnet:Subnet")]
    groups = [str(each.outputs["id"]) for each in taker.of("aws:ec2/securityGroup:SecurityGroup")]
    return {
        "sagemaker:VpcSubnets": [*made, *(existing.subnet_ids.values() if existing else ())][0],
        "sagemaker:VpcSecurityGroupIds": groups[0],
        "sagemaker:NetworkIsolation": "true",
    }
