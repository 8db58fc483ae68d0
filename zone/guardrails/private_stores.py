"""Guardrail: what the organisation keeps is reached through its own networks."""

from collections.abc import Iterable

from zone import names, platform_names
from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import Condition, deny_everyone, document

_LAYERS = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""What gives an image away; Studio's pages may ask the rest of ECR from a browser."""


def private_stores(organization_id: str) -> Guardrail:
    """Refuse buckets, keys and images to our own roles from outside our VPC endpoints.

    Studio's pages call AWS from the person's browser with the credentials of the execution role, so these leave the
    network (SageMaker Developer Guide, "Connect Studio in a VPC to external resources"). Held are our roles only:
    Pulumi, CI and people's own sessions come from elsewhere, as the preview's role does, which reads settings and no
    data; strangers are refused by outsiders.py. The key
    is one that the three services fill (IAM User Guide, "AWS global condition context keys", aws:VpceOrgID: neither
    Secrets Manager, STS nor SageMaker do). Both read 2026-11-29.
    """
    kept = {names.PREVIEW, *(role for roles in names.SERVICE_SIDE_ROLES.values() for role in roles)}
    # Studio's image role pulls for SageMaker as the jobs' roles do, and the platform's build what it builds upon.
    pulling = {platform_names.STUDIO_IMAGES_ROLE, platform_names.PLATFORM_BUILD_ROLE, *names.JOB_ROLES}
    return Guardrail(
        key="private-stores",
        type=PolicyType.RESOURCE_CONTROL,
        description="Our roles reach buckets, keys and images through the organisation's own VPC endpoints only: "
        "credentials that leave the network open none of them.",
        document=document(
            deny_everyone("StoresFromElsewhere", ["kms:*", "s3:*"], _from_elsewhere(organization_id, kept)),
            deny_everyone("ImagesFromElsewhere", _LAYERS, _from_elsewhere(organization_id, pulling)),
        ),
        targets=("root",),
    )


def _from_elsewhere(organization_id: str, service_side: Iterable[str]) -> Condition:
    """Hold for our roles outside our endpoints, but for those with which SageMaker works from its own network.

    A service as itself has no aws:PrincipalArn, so ArnLike leaves it alone.
    """
    return {
        "ArnLike": {"aws:PrincipalArn": [names.iam_arn("*", "role", "*")]},
        "ArnNotLike": {"aws:PrincipalArn": sorted(names.role_arn("*", role) for role in service_side)},
        "StringNotEquals": {"aws:VpceOrgID": [organization_id]},
        # S3, Athena and SageMaker come to a key or a bucket in the caller's name, and then from no network of ours.
        "BoolIfExists": {"aws:ViaAWSService": "false"},
    }
