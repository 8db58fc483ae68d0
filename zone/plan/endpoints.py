"""Pure: the smallest set of VPC endpoints the declared features need, and what each endpoint lets through."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Final

from zone.facts import facts
from zone.plan.endpoint import EndpointPlan
from zone.specs.account import TeamAccount

_ALWAYS: Final = ("studio", "contract", "pipelines", "mlflow")
"""Features every team account has."""


def declared(team: TeamAccount, reads: Collection[str] = (), *, packages: bool = False) -> tuple[str, ...]:
    """Name the features a team's spec declares.

    Args:
        team: the team's spec.
        reads: kinds of the shares it reads: dataset, offline, online.
        packages: whether its environment has a package repository.
    """
    uses = team.instance_types
    groups = team.feature_groups.values()
    declares = {
        "processing": bool(uses.processing),
        "training": bool(uses.training),
        "tuning": bool(uses.tuning),
        "transform": bool(uses.transform),
        "endpoint": bool(uses.endpoint),
        "apis": any(each.api and each.version for each in team.endpoints.values()),
        "online-features": any(group.online for group in groups),
        "offline-features": any(group.offline for group in groups),
        "dataset-reads": "dataset" in reads,
        "offline-reads": "offline" in reads,
        "online-reads": "online" in reads,
        "monitors": any(each.image_version and each.own for each in team.monitors.values()),
        "spark": any(batch.spark and batch.version for batch in team.batches.values()),
        "models": bool(team.models),
        "image-builds": team.image_builds,
        "packages": packages,
    }
    return (*_ALWAYS, *(feature for feature, is_declared in declares.items() if is_declared))


def needed(region: str, features: Iterable[str]) -> tuple[EndpointPlan, ...]:
    """Plan an endpoint for each service that one of *features* calls from inside the VPC, and for no other."""
    services, needs = _facts()["services"], _facts()["features"]
    users: dict[str, list[str]] = defaultdict(list)
    for feature in features:
        for key in needs[feature]["needs"]:
            users[key].append(feature)
    return tuple(
        EndpointPlan(
            key=key,
            service=service["service"].format(region=region),
            gateway=service["gateway"],
            features=tuple(users[key]),
            policy_supported=service["policy_supported"],
        )
        for key, service in services.items()
        if key in users
    )


@cache
def private_names(region: str) -> dict[str, str]:
    """Return the host name of each service whose endpoint may be outside the network, by the endpoint's key."""
    named = {key: service.get("private_name") for key, service in _facts()["services"].items()}
    return {key: name.format(region=region) for key, name in named.items() if name}


def resolved_names(region: str) -> tuple[str, ...]:
    """Return the names that a network of ours cannot do without, as DNS Firewall takes them."""
    own = [
        name
        for private in private_names(region).values()
        for name in dict.fromkeys((private, private.removeprefix("*.")))
    ]
    return (*own, *(each["name"].format(region=region) for each in facts("endpoints")["resolved"]["names"]))


def endpoint_policy(
    key: str, *, region: str, organization_id: str, account_id: str, packages: bool = False
) -> dict[str, object]:
    """Write the policy of one endpoint: our organisation's principals reach our organisation's resources.

    Nobody else does, and nothing else is reached, but for reading what AWS keeps for everybody.

    Args:
        key: the endpoint, as in EndpointPlan.key.
        region: the region it is in.
        organization_id: o-…; while it is empty, only the account itself is let through.
        account_id: the account the endpoint is in.
        packages: whether packages are read: the files of some lie in buckets of AWS's.

    Sources, read 2026-11-21: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies"; Amazon
    Athena User Guide, "Create a VPC endpoint policy for Athena"; IAM User Guide, "Control access to AWS STS with VPC
    endpoint policies"; read 2026-11-29: SageMaker Developer Guide, "Connect to Amazon SageMaker Studio and Studio
    Classic Through an Interface VPC Endpoint".
    """
    ours = _owned_by("Principal", organization_id, account_id)
    to_ours = ours | _owned_by("Resource", organization_id, account_id)
    if key == "sts":
        return _document(
            # A role of a stranger's account would be a way out for data: only our own can be assumed.
            _allow("AssumeOurRoles", ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"], "*", to_ours),
            # The call names no resource and tells the caller only who it is, so there is none to demand.
            _allow("AskWhoIAm", ["sts:GetCallerIdentity"], "*", ours),
        )
    if key == "studio":
        # A browser's way to Studio's pages: AWS's page names these two calls and demands no organisation, nor does it
        # say that such traffic carries one. The account's own apps and profiles are narrower anyway.
        home = f"arn:aws:sagemaker:*:{account_id}"
        return _document(
            _allow("OpenApps", "sagemaker:CreateApp", f"{home}:app/*", {}),
            _allow("OpenStudio", "sagemaker:CreatePresignedDomainUrl", f"{home}:user-profile/*", {}),
        )
    # The action is a wildcard because an endpoint serves one service only and a call's dependent actions (iam:PassRole)
    # are checked at the endpoint too; what a role may do, the role says.
    if key == "monitoring":
        # Metrics are no resources and belong to whoever counts them, so there is no owner to demand.
        return _document(_allow("CountOurs", "*", "*", ours))
    if key == "s3":
        buckets = [each["name"].format(region=region) for each in facts("aws_buckets")["buckets"]]
        buckets += [facts("aws_buckets")["packages"]["names"][region]] if packages else []
        objects = [f"arn:aws:s3:::{bucket}/*" for bucket in buckets]
        return _document(
            _allow("OursToOurs", "*", "*", to_ours),
            # Links to image layers are signed by AWS, packages are fetched unsigned: nobody's organisation may be asked
            # for. Nothing of ours leaves by reading.
            _allow("ReadAwsBuckets", "s3:GetObject", objects, {}),
        )
    # The resource is a wildcard because the condition on its owner is narrower than any ARN pattern.
    return _document(_allow("OursToOurs", "*", "*", to_ours))


def _owned_by(owner: str, organization_id: str, account_id: str) -> dict[str, str]:
    if organization_id:
        return {f"aws:{owner}OrgID": organization_id}
    return {f"aws:{owner}Account": account_id}


def _allow(sid: str, action: str | list[str], resource: str | list[str], equal: Mapping[str, str]) -> dict[str, object]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        # AWS takes no other principal on a gateway endpoint; the condition says who is meant.
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        **({"Condition": {"StringEquals": dict(equal)}} if equal else {}),
    }


def _document(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@cache
def _facts() -> dict[str, Any]:
    read = facts("endpoints")
    return {
        "services": {service["key"]: service for service in read["services"]},
        "features": {feature["feature"]: feature for feature in read["features"]},
    }
