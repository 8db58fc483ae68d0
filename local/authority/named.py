"""Which member of a request fills a placeholder of a resource type's ARN, where the placeholder's name does not say.

Source: botocore's service models (members of the requests) against the Service Authorization Reference (ARN formats) as
checks/access/catalog.json has it, read 2026-11-30.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from local.handlers.operation import Call

MEMBERS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("codebuild", "ProjectName"): ("projectname", "name", "names", "ids", "id"),
    ("ecs", "ClusterName"): ("cluster", "clusters", "clustername"),
    ("ecs", "ServiceName"): ("servicename", "service", "services"),
    ("ecs", "TaskDefinitionFamilyName"): ("family", "taskdefinition"),
    ("ecs", "TaskId"): ("task", "tasks"),
    ("elasticloadbalancing", "LoadBalancerName"): ("name", "names"),
    ("elasticloadbalancing", "TargetGroupName"): ("name", "names"),
    ("rds", "DbInstanceName"): ("dbinstanceidentifier",),
    ("rds", "ParameterGroupName"): ("dbparametergroupname",),
    ("rds", "SnapshotName"): ("dbsnapshotidentifier", "finaldbsnapshotidentifier"),
    ("rds", "SubnetGroupName"): ("dbsubnetgroupname",),
    ("route53", "Id"): ("hostedzoneid", "id", "resourceid"),
    ("scheduler", "GroupName"): ("groupname", "name"),
    ("scheduler", "ScheduleName"): ("name",),
    ("sns", "TopicName"): ("name",),
}
"""(prefix, placeholder) → members in lower case, the first that is given."""

OF_KIND: Final[Mapping[tuple[str, str], str]] = {
    ("network-firewall", "Name"): "{kind}name",
    ("route53resolver", "ResourceId"): "{kind}id",
}
"""(prefix, placeholder) → member, where it bears the resource type's name."""

UNKNOWN: Final = frozenset({("application-autoscaling", "ResourceId")})
"""Placeholders that AWS fills with an id of its own, although a member has their name."""

_BALANCERS: Final = {"application": "loadbalancer/app/", "network": "loadbalancer/net/", "gateway": "loadbalancer/gwy/"}


def _balancer(params: Mapping[str, Any]) -> str:
    return _BALANCERS[str(params.get("Type", "application"))]


def _rule_group(params: Mapping[str, Any]) -> str:
    return f"{str(params.get('Type', 'STATEFUL')).capitalize()}RuleGroup"


_KIND: Final[Mapping[tuple[str, str], Callable[[Mapping[str, Any]], str]]] = {
    ("elbv2", "CreateLoadBalancer"): _balancer,
    ("network-firewall", "CreateRuleGroup"): _rule_group,
    ("network-firewall", "DeleteRuleGroup"): _rule_group,
    ("network-firewall", "DescribeRuleGroup"): _rule_group,
    ("network-firewall", "UpdateRuleGroup"): _rule_group,
}
"""(service, operation) → which of the action's resource types the request makes or means."""


def meant(call: Call, types: Sequence[str]) -> Sequence[str]:
    """Return the resource types of an action that this request is about."""
    which = _KIND.get((call.service, call.operation))
    return [which(call.params)] if which else types


def member_values(prefix: str, kind: str, placeholder: str, given: Mapping[str, list[str]]) -> list[str] | None:
    """Return what fills a placeholder; None where its name says it."""
    if (prefix, placeholder) in UNKNOWN:
        return []
    if name := OF_KIND.get((prefix, placeholder)):
        short = "rulegroup" if kind.endswith("RuleGroup") else kind.replace("-", "").lower()
        return given.get(name.format(kind=short), [])
    members = MEMBERS.get((prefix, placeholder))
    return next((given[member] for member in members if given.get(member)), []) if members else None


def plain(prefix: str, value: str) -> str:
    """Return what of a name stands in an ARN: requests of these services give paths, ARNs and ids of parts too."""
    if prefix == "codebuild":
        return value.rpartition("/")[2].partition(":")[0]
    return value.rpartition("/")[2] if prefix in {"ecs", "route53"} else value


OWNER = {
    "codeartifact": "domainOwner",
    "codeartifact-repositories": "domainOwner",
    "ecr": "registryId",
    "glue": "CatalogId",
}
"""Service → member by which it is asked for another account's."""


def home(call: Call) -> tuple[str, str]:
    """Return region and account of what a request is about, where the request says so."""
    region = call.region
    if call.service == "route53":
        region = str((call.params.get("VPC") or {}).get("VPCRegion", region))
    return region, str(call.params.get(OWNER.get(call.service, ""), call.account))
