"""Where the emulated AWS keeps the tags of a resource: with our handlers, or with moto, each service in its own way."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from moto.backends import get_backend

from local.authority.held import organization, policy_of, role_of
from local.handlers.operation import HANDLERS
from local.handlers.tags import known_tags, plain

Found = Mapping[str, str] | None
_NONE: Final[Mapping[str, str]] = {}


def tags_at(arn: str) -> Found:
    """Return the tags of a resource: none where it does not exist; None where nobody has written how to read them."""
    parts = arn.split(":", 5)
    read = READERS.get(parts[2])
    return read(arn, parts[4], parts[3]) if read else None


def _kept(service: str, account: str, region: str) -> Any:  # noqa: ANN401 - moto's class
    """Moto's backend of a service; not imported here, for most are never needed."""
    return get_backend(service)[account][region]  # type: ignore[call-overload]  # moto lists the names one by one


Reader = Callable[[str, str, str], Found]
"""ARN, account and region → tags."""


def _ours(service: str) -> Reader:
    """A service of our handlers."""
    return lambda arn, _account, _region: known_tags(service, arn) or _NONE


def _tagged(service: str, of: Callable[[str], str] = str, tagger: str = "tagger") -> Reader:
    """A service of moto's that keeps all tags in one place, by what *of* makes of the ARN."""

    def read(arn: str, account: str, region: str) -> Found:
        found: Mapping[str, str] = getattr(_kept(service, account, region), tagger).get_tag_dict_for_resource(of(arn))
        return found

    return read


def _listed(service: str, of: Callable[[str], str] = str) -> Reader:
    """A service of moto's whose backend lists the tags of a resource as pairs."""

    def read(arn: str, account: str, region: str) -> Found:
        try:
            return plain(_kept(service, account, region).list_tags_for_resource(of(arn)))
        except Exception:  # noqa: BLE001 - each service says in its own way that there is no such resource
            return _NONE

    return read


def _last(arn: str) -> str:
    return arn.replace("/", ":").rpartition(":")[2]


def _sagemaker(arn: str, account: str, region: str) -> Found:
    noun = "".join(part.capitalize() for part in arn.split(":")[5].split("/", maxsplit=1)[0].split("-"))
    if ("sagemaker", f"Create{noun}") in HANDLERS:
        return known_tags("sagemaker", arn) or _NONE
    try:
        kept = _kept("sagemaker", account, region)._get_resource_from_arn(arn)  # noqa: SLF001 - no other way in
    except (AttributeError, ValueError):  # a type moto keeps no tags of
        return None
    return plain(kept.tags) if kept else _NONE


def _ec2(arn: str, account: str, region: str) -> Found:
    tags: Mapping[str, str] = _kept("ec2", account, region).tags.get(_last(arn), _NONE)
    return tags


def _iam(arn: str, account: str, _region: str) -> Found:
    kind = arn.split(":")[5].split("/", maxsplit=1)[0]
    if kind not in {"role", "policy"}:
        return None
    kept = role_of(arn) if kind == "role" else policy_of(account, arn)
    tags = kept.tags if kept else None
    return plain(list(tags.values()) if isinstance(tags, Mapping) else tags)


def _secret(arn: str, account: str, region: str) -> Found:
    kept = _kept("secretsmanager", account, region).secrets
    return plain(kept[arn].tags) if arn in kept else _NONE


def _parameter(arn: str, account: str, region: str) -> Found:
    kind, _, name = arn.split(":", 5)[5].partition("/")
    if kind != "parameter":
        return None
    tags = _kept("ssm", account, region)._resource_tags["Parameter"]  # noqa: SLF001 - no other way in
    return tags.get(f"/{name}") or tags.get(name) or _NONE


def _log_group(arn: str, account: str, region: str) -> Found:
    kept = _kept("logs", account, region)
    group = kept.groups.get(arn.split(":", 5)[5].removeprefix("log-group:").split(":")[0])
    return kept.list_tags_for_resource(group.arn) if group else _NONE


def _topic(arn: str, account: str, region: str) -> Found:
    topic = _kept("sns", account, region).topics.get(arn)
    return topic._tags if topic else _NONE  # noqa: SLF001 - no other way in


def _queue(arn: str, account: str, region: str) -> Found:
    queue = _kept("sqs", account, region).queues.get(_last(arn))
    return queue.tags if queue else _NONE


def _function(arn: str, account: str, region: str) -> Found:
    found: Mapping[str, str] = _kept("lambda", account, region).list_tags(arn)
    return found


def _organizations(arn: str, _account: str, _region: str) -> Found:
    kept = organization()
    things = [*kept.accounts, *kept.ou, *kept.policies] if kept else []
    return next((each.tags for each in things if each.id == _last(arn)), _NONE)


def _certificate(arn: str, account: str, region: str) -> Found:
    kept = _kept("acm", account, region)._certificates.get(arn)  # noqa: SLF001 - no other way in
    return {key: value or "" for key, value in kept.tags.items()} if kept else _NONE


def _zone(arn: str, account: str, _region: str) -> Found:
    found: Mapping[str, str] = _kept("route53", account, "aws").list_tags_for_resource(_last(arn))
    return found


def _balancer(arn: str, account: str, region: str) -> Found:
    found: Mapping[str, str] = _kept("elbv2", account, region).describe_tags([arn])[arn]
    return found


def _bucket(_arn: str, _account: str, _region: str) -> Found:
    """Tags of buckets are no condition keys until somebody switches that on (PutBucketAbac), which nothing here does.

    Source: Amazon S3 User Guide, "Enabling ABAC in general purpose buckets", read 2026-11-29.
    """
    return _NONE


READERS: Final[Mapping[str, Reader]] = {
    "access-analyzer": _ours("accessanalyzer"),
    "acm": _certificate,
    "application-autoscaling": _ours("application-autoscaling"),
    "athena": _tagged("athena"),
    "budgets": _ours("budgets"),
    "cloudwatch": _tagged("cloudwatch"),
    "codebuild": _ours("codebuild"),
    "ec2": _ec2,
    "ecr": _tagged("ecr"),
    "ecs": _listed("ecs"),
    "elasticloadbalancing": _balancer,
    "elasticfilesystem": _tagged("efs", _last, "tagging_service"),
    "events": _tagged("events"),
    "glue": _tagged("glue"),
    "iam": _iam,
    "kms": _tagged("kms", _last),
    "lambda": _function,
    "logs": _log_group,
    "network-firewall": _ours("network-firewall"),
    "organizations": _organizations,
    "ram": _ours("ram"),
    "rds": _listed("rds"),
    "route53": _zone,
    "route53resolver": _ours("route53resolver"),
    "s3": _bucket,
    "sagemaker": _sagemaker,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameter,
    "sso": _ours("sso-admin"),
    "states": _tagged("stepfunctions"),
}
"""Service in the ARN → how to read the tags of its resources."""
