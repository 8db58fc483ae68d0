"""CodeBuild: what the service role of a build must be allowed before its first command runs.

Source: CodeBuild User Guide, "Allow CodeBuild to interact with other AWS services" (setting-up-service-role): trust,
logs, source, image, network; from the house's table of facts, page not read again. Phases: botocore's model, read
2026-11-30.
"""

from collections.abc import Iterator
from typing import Final

from local.authority.paths import FORMS
from local.authority.role_rights import not_trusted, refused
from local.handlers.operation import Call
from local.handlers.records import Record

_SERVICE: Final = "codebuild.amazonaws.com"
_NETWORK: Final = (
    *("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeDhcpOptions", "ec2:DescribeSubnets"),
    *("ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs"),
)
_PULL: Final = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def failed_phase(call: Call, build: Record) -> tuple[str, str] | None:
    """Return the phase in which a build fails for want of a right, and the reason; None: it gets to its commands."""
    role = build["serviceRole"]
    if why := not_trusted(call, role, _SERVICE):
        return "PROVISIONING", f"CodeBuild is not authorized to perform: sts:AssumeRole on {role}: {why}"
    for phase, action, resource in _needed(call, build):
        if why := refused(call, role, action, resource):
            return phase, why
    return None


def _needed(call: Call, build: Record) -> Iterator[tuple[str, str, str]]:
    if (build.get("vpcConfig") or {}).get("vpcId"):
        yield from (("PROVISIONING", action, _where(call, action)) for action in _NETWORK)
    image = FORMS["repository"](call, str(build["environment"].get("image")), _PULL[0])
    if image and build["environment"].get("imagePullCredentialsType") == "SERVICE_ROLE":
        yield "PROVISIONING", "ecr:GetAuthorizationToken", "*"
        yield from (("PROVISIONING", action, image.arn) for action in _PULL)
    source = build.get("source", {})
    if source.get("type") == "S3":
        bucket, _, key = str(source["location"]).removeprefix("arn:aws:s3:::").partition("/")
        yield "DOWNLOAD_SOURCE", "s3:GetObject", f"arn:aws:s3:::{bucket}/{key}"
    logs = (build.get("logsConfig") or {}).get("cloudWatchLogs") or {}
    if logs.get("status", "ENABLED") == "ENABLED":
        group = logs.get("groupName") or f"/aws/codebuild/{build['projectName']}"
        where = call.arn(f"log-group:{group}", service="logs")
        yield from (
            ("PROVISIONING", f"logs:{verb}", f"{where}:log-stream:*") for verb in ("CreateLogStream", "PutLogEvents")
        )


def _where(call: Call, action: str) -> str:
    """CreateNetworkInterface is asked of the interface; the others know no resource, or an interface that is new."""
    if action.startswith("ec2:Describe"):
        return "*"
    return call.arn("network-interface/*", service="ec2")
