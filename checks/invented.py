"""What AWS would have answered: ids, ARNs and other outputs that only AWS can know, invented the same way each time."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from checks.invented_apis import APIS
from checks.invented_network import NETWORK
from checks.invented_servers import ANSWERS

Inputs = Mapping[str, Any]


def digits(seed: str, count: int) -> str:
    """*count* decimal digits that depend on *seed* alone."""
    return str(int(hashlib.sha256(seed.encode()).hexdigest(), 16))[-count:]


def hexadecimal(seed: str, count: int) -> str:
    """*count* hexadecimal digits that depend on *seed* alone."""
    return hashlib.sha256(seed.encode()).hexdigest()[:count]


def uuid(seed: str) -> str:
    """An id of the form KMS gives its keys."""
    raw = hexadecimal(seed, 32)
    return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))


_PREFIXES: Final = {
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "sg",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
    "aws:ec2/flowLog:FlowLog": "fl",
    "aws:sagemaker/domain:Domain": "d",
}
"""Ids AWS invents as prefix and 17 hexadecimal digits."""

_NAMED: Final = {
    "aws:s3/bucket:Bucket": ("bucket", "arn:aws:s3:::{name}"),
    "aws:iam/role:Role": ("name", "arn:aws:iam::{account}:role{path}{name}"),
    "aws:iam/policy:Policy": ("name", "arn:aws:iam::{account}:policy{path}{name}"),
    "aws:budgets/budget:Budget": ("name", "arn:aws:budgets::{account}:budget/{name}"),
    "aws:ecr/repository:Repository": ("name", "arn:aws:ecr:{region}:{account}:repository/{name}"),
    "aws:cloudwatch/logGroup:LogGroup": ("name", "arn:aws:logs:{region}:{account}:log-group:{name}"),
    "aws:ssm/parameter:Parameter": ("name", "arn:aws:ssm:{region}:{account}:parameter{name}"),
    "aws:glue/catalogDatabase:CatalogDatabase": ("name", "arn:aws:glue:{region}:{account}:database/{name}"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", "arn:aws:cloudwatch:{region}:{account}:alarm:{name}"),
    "aws:sagemaker/endpoint:Endpoint": ("name", "arn:aws:sagemaker:{region}:{account}:endpoint/{name}"),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (
        "name",
        "arn:aws:sagemaker:{region}:{account}:endpoint-config/{name}",
    ),
    "aws:sagemaker/model:Model": ("name", "arn:aws:sagemaker:{region}:{account}:model/{name}"),
    "aws:sagemaker/featureGroup:FeatureGroup": (
        "featureGroupName",
        "arn:aws:sagemaker:{region}:{account}:feature-group/{name}",
    ),
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": (
        "modelPackageGroupName",
        "arn:aws:sagemaker:{region}:{account}:model-package-group/{name}",
    ),
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": (
        "trackingServerName",
        "arn:aws:sagemaker:{region}:{account}:mlflow-tracking-server/{name}",
    ),
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": (
        "studioLifecycleConfigName",
        "arn:aws:sagemaker:{region}:{account}:studio-lifecycle-config/{name}",
    ),
}
"""Types whose id is the name they are given: the input that holds it, and the ARN."""


def _organization(seed: str, _: str, __: str) -> tuple[str, dict[str, Any]]:
    identifier = f"o-{hexadecimal(seed, 10)}"
    return identifier, {"roots": [{"id": f"r-{hexadecimal(seed, 4)}", "name": "Root"}]}


def _organizational_unit(seed: str, _: str, __: str) -> tuple[str, dict[str, Any]]:
    return f"ou-{hexadecimal(seed, 4)}-{hexadecimal(seed, 8)}", {}


def _organization_policy(seed: str, _: str, __: str) -> tuple[str, dict[str, Any]]:
    return f"p-{hexadecimal(seed, 8)}", {}


def _account(seed: str, _: str, __: str) -> tuple[str, dict[str, Any]]:
    return digits(seed, 12), {}


def _key(seed: str, region: str, account: str) -> tuple[str, dict[str, Any]]:
    identifier = uuid(seed)
    return identifier, {"keyId": identifier, "arn": f"arn:aws:kms:{region}:{account}:key/{identifier}"}


def _permission_set(seed: str, _: str, __: str) -> tuple[str, dict[str, Any]]:
    instance = "ssoins-0123456789abcdef"
    arn = f"arn:aws:sso:::permissionSet/{instance}/ps-{hexadecimal(seed, 16)}"
    return f"{arn},arn:aws:sso:::instance/{instance}", {"arn": arn}


def _names_of(endpoint: str, seed: str, region: str) -> list[dict[str, str]]:
    """DNS names of an interface endpoint: the regional one, and one of a zone."""
    service = f"vpce-svc-{hexadecimal(seed, 17)}.{region}.vpce.amazonaws.com"
    unique = hexadecimal(seed, 8)
    return [
        {"dnsName": f"{endpoint}-{unique}{zone}.{service}", "hostedZoneId": f"Z{hexadecimal(region, 13).upper()}"}
        for zone in (f"-{region}a", "")
    ]


def _application(seed: str, region: str, account: str) -> tuple[str, dict[str, Any]]:
    """Of EMR Serverless, whose ARNs have a slash where others have none."""
    identifier = f"00{hexadecimal(seed, 14)}"
    return identifier, {"arn": f"arn:aws:emr-serverless:{region}:{account}:/applications/{identifier}"}


def _zone(seed: str, _: str, __: str) -> tuple[str, dict[str, Any]]:
    identifier = f"Z{hexadecimal(seed, 20).upper()}"
    return identifier, {"zoneId": identifier, "arn": f"arn:aws:route53:::hostedzone/{identifier}"}


_SPECIAL: Final[dict[str, Callable[[str, str, str], tuple[str, dict[str, Any]]]]] = {
    "aws:organizations/organization:Organization": _organization,
    "aws:organizations/organizationalUnit:OrganizationalUnit": _organizational_unit,
    "aws:organizations/account:Account": _account,
    "aws:organizations/policy:Policy": _organization_policy,
    "aws:kms/key:Key": _key,
    "aws:emrserverless/application:Application": _application,
    "aws:route53/zone:Zone": _zone,
    "aws:ssoadmin/permissionSet:PermissionSet": _permission_set,
}


def outputs(type_: str, name: str, inputs: Inputs, *, account: str, region: str) -> tuple[str, dict[str, Any]]:
    """Return the id and the outputs of a resource as AWS would: its inputs plus what AWS invents.

    Args:
        type_: Pulumi type token.
        name: logical name; the same type, name and account get the same answers in every run.
        inputs: what the program asked for.
        account: id of the account its provider works in.
        region: region its provider works in.
    """
    seed = f"{account}/{type_}/{name}"
    invented: dict[str, Any] = {}
    if type_ in NETWORK:
        identifier, invented = NETWORK[type_](seed, region, account, inputs)
    elif type_ in _SPECIAL:
        identifier, invented = _SPECIAL[type_](seed, region, account)
    elif answer := ANSWERS.get(type_) or APIS.get(type_):
        identifier, invented = answer(seed, region, account, inputs)
    elif type_ in _NAMED:
        key, arn = _NAMED[type_]
        identifier = inputs.get(key) or f"{name}-{hexadecimal(seed, 7)}"
        path = inputs.get("path", "/")
        invented = {key: identifier, "arn": arn.format(account=account, region=region, name=identifier, path=path)}
    elif type_ in _PREFIXES:
        identifier = f"{_PREFIXES[type_]}-{hexadecimal(seed, 17)}"
    else:
        identifier = f"{name}-{hexadecimal(seed, 7)}"
    if type_ == "aws:ec2/vpcEndpoint:VpcEndpoint":
        invented["prefixListId"] = f"pl-{hexadecimal(seed, 8)}"
        invented["dnsEntries"] = _names_of(identifier, seed, region)
    service, _, kind = type_.removeprefix("aws:").partition("/")
    generic = f"arn:aws:{service}:{region}:{account}:{kind.partition(':')[0]}/{identifier}"
    return identifier, {"arn": generic, **inputs, **invented}
