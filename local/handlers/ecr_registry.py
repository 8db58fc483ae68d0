"""ECR: what a registry does by itself: pull-through caches and templates for the repositories it makes.

moto has neither. What a rule would fetch from outside is not fetched. Sources: botocore's service model of ECR
(CreatePullThroughCacheRule, CreateRepositoryCreationTemplate and their errors), read 2026-11-30.
"""

import json
from typing import Final

from moto.ecr.models import ecr_backends

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record, stamp

_HOSTS: Final = {
    "public.ecr.aws": "ecr-public",
    "registry-1.docker.io": "docker-hub",
    "quay.io": "quay",
    "registry.k8s.io": "k8s",
    "ghcr.io": "github-container-registry",
    "registry.gitlab.com": "gitlab-container-registry",
}
_WITH_LOGIN: Final = ("docker-hub", "github-container-registry", "gitlab-container-registry")
_IN_POLICY: Final = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:ReplicateImage", "ecr:*")
"""What a registry policy may speak of. Source: Amazon ECR User Guide, "IAM permissions required to sync an upstream
registry with an Amazon ECR private registry", read 2026-11-30 (the first two); replication: moto's own list."""

_RULES: Final[dict[tuple[str, str], dict[str, Record]]] = {}
_TEMPLATES: Final[dict[tuple[str, str], dict[str, Record]]] = {}
"""(account, region) → prefix → rule or template."""


def _kept(store: dict[tuple[str, str], dict[str, Record]], call: Call) -> dict[str, Record]:
    return store.setdefault((call.account, call.region), {})


def _rule(call: Call) -> Record:
    prefix = call.params["ecrRepositoryPrefix"]
    found = _kept(_RULES, call).get(prefix)
    if found is None:
        text = f"The pull through cache rule with ECR repository prefix '{prefix}' was not found in the registry."
        raise Refusal("PullThroughCacheRuleNotFoundException", text)
    return found


@operation("ecr", "CreatePullThroughCacheRule")
def create_rule(call: Call) -> Record:
    """Make a rule; some upstream registries want a login."""
    prefix, host = call.params["ecrRepositoryPrefix"], call.params["upstreamRegistryUrl"].removeprefix("https://")
    rules = _kept(_RULES, call)
    if prefix in rules:
        text = f"A pull through cache rule with the prefix '{prefix}' already exists."
        raise Refusal("PullThroughCacheRuleAlreadyExistsException", text)
    kind = call.params.get("upstreamRegistry") or _HOSTS.get(host) or ("ecr" if ".dkr.ecr." in host else "")
    if not kind and not host.endswith(".azurecr.io"):
        raise Refusal("UnsupportedUpstreamRegistryException", f"The upstream registry '{host}' is not supported.")
    if kind in _WITH_LOGIN and not call.params.get("credentialArn"):
        raise Refusal("InvalidParameterException", f"The upstream registry '{host}' needs a credentialArn.")
    now = stamp()
    rules[prefix] = {
        **{name: value for name, value in call.params.items() if name != "registryId"},
        "upstreamRegistryUrl": host,
        "upstreamRegistry": kind or "azure-container-registry",
        "registryId": call.account,
        "createdAt": now,
        "updatedAt": now,
    }
    return rules[prefix]


@operation("ecr", "DescribePullThroughCacheRules")
def rules(call: Call) -> Record:
    """All rules, or the named ones."""
    kept, wanted = _kept(_RULES, call), call.params.get("ecrRepositoryPrefixes")
    for prefix in wanted or ():
        if prefix not in kept:
            text = f"The pull through cache rule with ECR repository prefix '{prefix}' was not found in the registry."
            raise Refusal("PullThroughCacheRuleNotFoundException", text)
    return {"pullThroughCacheRules": [rule for prefix, rule in kept.items() if not wanted or prefix in wanted]}


@operation("ecr", "UpdatePullThroughCacheRule", "DeletePullThroughCacheRule")
def change_rule(call: Call) -> Record:
    """Change a rule's login, or take the rule away."""
    rule = _rule(call)
    if call.operation.startswith("Delete"):
        del _kept(_RULES, call)[rule["ecrRepositoryPrefix"]]
        return rule
    rule |= {name: call.params[name] for name in ("credentialArn", "customRoleArn") if name in call.params}
    rule["updatedAt"] = stamp()
    return rule


@operation("ecr", "CreateRepositoryCreationTemplate", "UpdateRepositoryCreationTemplate")
def put_template(call: Call) -> Record:
    """Keep what a new repository of a prefix gets."""
    prefix, templates, now = call.params["prefix"], _kept(_TEMPLATES, call), stamp()
    creates = call.operation.startswith("Create")
    if creates and prefix in templates:
        text = f"The repository creation template with prefix '{prefix}' already exists."
        raise Refusal("TemplateAlreadyExistsException", text)
    before = templates[prefix] if not creates else {"imageTagMutability": "MUTABLE", "createdAt": now}
    encryption = {"encryptionConfiguration": {"encryptionType": "AES256"}}
    templates[prefix] = {**encryption, **before, **call.params, "updatedAt": now}
    return {"registryId": call.account, "repositoryCreationTemplate": templates[prefix]}


@operation("ecr", "DescribeRepositoryCreationTemplates")
def templates(call: Call) -> Record:
    """All templates, or the named ones."""
    wanted = call.params.get("prefixes")
    found = [each for prefix, each in _kept(_TEMPLATES, call).items() if not wanted or prefix in wanted]
    return {"registryId": call.account, "repositoryCreationTemplates": found}


@operation("ecr", "DeleteRepositoryCreationTemplate")
def delete_template(call: Call) -> Record:
    """Take a template away."""
    gone = _kept(_TEMPLATES, call).pop(call.params["prefix"], None)
    if gone is None:
        text = f"The repository creation template with prefix '{call.params['prefix']}' does not exist."
        raise Refusal("TemplateNotFoundException", text)
    return {"registryId": call.account, "repositoryCreationTemplate": gone}


@operation("ecr", "PutRegistryPolicy")
def put_policy(call: Call) -> Record:
    """Keep a registry's policy; moto lets it speak of replication only, AWS of pull-through caches too."""
    document = json.loads(call.params["policyText"])
    for statement in document["Statement"]:
        actions = statement.get("Action", [])
        for action in [actions] if isinstance(actions, str) else actions:
            if action not in _IN_POLICY:
                text = (
                    "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid registry policy provided'"
                )
                raise Refusal("InvalidParameterException", text)
    ecr_backends[call.account][call.region].registry_policy = call.params["policyText"]
    return {"registryId": call.account, "policyText": call.params["policyText"]}
