"""CodeArtifact: domains, repositories, who may read them, tokens. moto has none of it.

Sources, read 2026-11-30: CodeArtifact API Reference as botocore 1.44.8 has it (a domain with repositories is not
deleted, a repository has upstreams or one external connection), User Guide, "Domain policies", "Repository policies".
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from moto.kms.models import kms_backends

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record, stamp
from local.handlers.tags import forget_tags, tags_of

DOMAINS: dict[tuple[str, str, str], Record] = {}
"""(owner, region, name) → domain."""

REPOSITORIES: dict[tuple[str, str, str, str], Record] = {}
"""(owner, region, domain, name) → repository."""

POLICIES: dict[str, Record] = {}
"""ARN of a domain or repository → its policy, as AWS shows it."""

_FORMATS: Final = {"public:pypi": "pypi", "public:npmjs": "npm", "public:maven-central": "maven"}
"""Package format by public repository; those the landing zone knows."""

_LONGEST: Final = 43200
"""Longest life of a token, and the one it has unless another is asked for [seconds]."""


class Token(NamedTuple):
    """A token for a domain's repositories."""

    key: str
    """Access key of who asked for it: it can do what they can."""

    owner: str
    """Owner of the domain."""

    region: str
    """Its region."""

    domain: str
    """Its name."""

    ends: Any
    """When it ends."""


TOKENS: dict[str, Token] = {}
"""Tokens by their text."""


def owner_of(call: Call) -> str:
    """Return the account whose domain a call is about."""
    return str(call.params.get("domainOwner") or call.account)


def domain_of(call: Call) -> Record:
    """Return the domain a call names."""
    name = call.params["domain"]
    found = DOMAINS.get((owner_of(call), call.region, name))
    if found is None:
        raise Refusal("ResourceNotFoundException", f"Domain not found: {name}", resourceId=name, resourceType="domain")
    return found


def repository_of(call: Call) -> Record:
    """Return the repository a call names."""
    domain, name = domain_of(call), call.params["repository"]
    found = REPOSITORIES.get((domain["owner"], call.region, domain["name"], name))
    if found is None:
        text = f"Repository not found: {domain['name']}/{name}"
        raise Refusal("ResourceNotFoundException", text, resourceId=name, resourceType="repository")
    return found


@operation("codeartifact", "CreateDomain")
def create_domain(call: Call) -> Mapping[str, Any]:
    """Make a domain."""
    name, place = call.params["domain"], (call.account, call.region, call.params["domain"])
    if place in DOMAINS:
        raise Refusal("ConflictException", f"Domain already exists: {name}", resourceId=name, resourceType="domain")
    key = str(call.params.get("encryptionKey", ""))
    if key and key.rpartition("/")[2] not in kms_backends[call.account][call.region].keys:
        raise Refusal("ValidationException", f"KMS key not found: {key}", reason="KEY_NOT_FOUND")
    arn = call.arn(f"domain/{name}")
    DOMAINS[place] = {
        "name": name,
        "owner": call.account,
        "arn": arn,
        "status": "Active",
        "createdTime": stamp(),
        "encryptionKey": key or call.arn("alias/aws/codeartifact", service="kms"),
        "assetSizeBytes": 0,
        "s3BucketArn": f"arn:aws:s3:::assets-000000000000-{call.region}",
    }
    tags_of("codeartifact", arn).update(call.params.get("tags"))
    return {"domain": _shown(DOMAINS[place], call.region)}


def _shown(domain: Record, region: str) -> Record:
    count = sum(place[:3] == (domain["owner"], region, domain["name"]) for place in REPOSITORIES)
    return {**domain, "repositoryCount": count}


@operation("codeartifact", "DescribeDomain")
def describe_domain(call: Call) -> Mapping[str, Any]:
    """Show a domain."""
    return {"domain": _shown(domain_of(call), call.region)}


@operation("codeartifact", "DeleteDomain")
def delete_domain(call: Call) -> Mapping[str, Any]:
    """Remove a domain that holds no repository."""
    name = call.params["domain"]
    found = DOMAINS.get((owner_of(call), call.region, name))
    if found is None:  # as AWS: deleting what is not there is no error
        return {}
    if _shown(found, call.region)["repositoryCount"]:
        text = f"Domain {name} has repositories"
        raise Refusal("ConflictException", text, resourceId=name, resourceType="domain")
    del DOMAINS[owner_of(call), call.region, name]
    POLICIES.pop(found["arn"], None)
    forget_tags("codeartifact", found["arn"])
    return {"domain": _shown(found, call.region)}


@operation("codeartifact", "CreateRepository")
def create_repository(call: Call) -> Mapping[str, Any]:
    """Make a repository in a domain."""
    domain, name = domain_of(call), call.params["repository"]
    place = (domain["owner"], call.region, domain["name"], name)
    if place in REPOSITORIES:
        text = f"Repository already exists: {name}"
        raise Refusal("ConflictException", text, resourceId=name, resourceType="repository")
    arn = f"arn:aws:codeartifact:{call.region}:{domain['owner']}:repository/{domain['name']}/{name}"
    REPOSITORIES[place] = {
        "name": name,
        "administratorAccount": call.account,
        "domainName": domain["name"],
        "domainOwner": domain["owner"],
        "arn": arn,
        "description": call.params.get("description"),
        "upstreams": _upstreams(call, domain),
        "externalConnections": [],
        "createdTime": stamp(),
    }
    tags_of("codeartifact", arn).update(call.params.get("tags"))
    return {"repository": REPOSITORIES[place]}


def _upstreams(call: Call, domain: Record) -> list[Record]:
    """The upstreams a request names, which must be there."""
    named = [dict(each) for each in call.params.get("upstreams", [])]
    for each in named:
        if (domain["owner"], call.region, domain["name"], each["repositoryName"]) not in REPOSITORIES:
            text = f"Upstream repository not found: {each['repositoryName']}"
            raise Refusal(
                "ResourceNotFoundException", text, resourceId=each["repositoryName"], resourceType="repository"
            )
    return named


@operation("codeartifact", "DescribeRepository")
def describe_repository(call: Call) -> Mapping[str, Any]:
    """Show a repository."""
    return {"repository": repository_of(call)}


@operation("codeartifact", "UpdateRepository")
def update_repository(call: Call) -> Mapping[str, Any]:
    """Change description or upstreams."""
    found = repository_of(call)
    if "description" in call.params:
        found["description"] = call.params["description"]
    if "upstreams" in call.params:
        found["upstreams"] = _upstreams(call, domain_of(call))
    return {"repository": found}


@operation("codeartifact", "DeleteRepository")
def delete_repository(call: Call) -> Mapping[str, Any]:
    """Remove a repository with its packages."""
    found = repository_of(call)
    del REPOSITORIES[found["domainOwner"], call.region, found["domainName"], found["name"]]
    POLICIES.pop(found["arn"], None)
    forget_tags("codeartifact", found["arn"])
    return {"repository": found}


@operation("codeartifact", "AssociateExternalConnection", "DisassociateExternalConnection")
def connect(call: Call) -> Mapping[str, Any]:
    """Connect a repository with a public one, or take that back."""
    found, name = repository_of(call), call.params["externalConnection"]
    kept = [each for each in found["externalConnections"] if each["externalConnectionName"] != name]
    if call.operation.startswith("Dis"):
        found["externalConnections"] = kept
        return {"repository": found}
    if kept or found["upstreams"]:
        text = "A repository has upstreams or one external connection"
        raise Refusal("ConflictException", text, resourceId=found["name"], resourceType="repository")
    if name not in _FORMATS:
        raise Refusal("ValidationException", f"Unknown external connection {name}", reason="FIELD_VALIDATION_FAILED")
    made = {"externalConnectionName": name, "packageFormat": _FORMATS[name], "status": "Available"}
    found["externalConnections"] = [made]
    return {"repository": found}


@operation("codeartifact", "PutDomainPermissionsPolicy", "PutRepositoryPermissionsPolicy")
def put_policy(call: Call) -> Mapping[str, Any]:
    """Say who may use a domain or a repository."""
    arn = _guarded(call)
    kept, revision = POLICIES.get(arn), call.params.get("policyRevision")
    if revision and (kept is None or kept["revision"] != revision):
        raise Refusal("ConflictException", "The policy has another revision", resourceId=arn, resourceType="policy")
    POLICIES[arn] = {
        "resourceArn": arn,
        "document": call.params["policyDocument"],
        "revision": secrets.token_urlsafe(32),
    }
    return {"policy": POLICIES[arn]}


@operation("codeartifact", "GetDomainPermissionsPolicy", "GetRepositoryPermissionsPolicy")
def get_policy(call: Call) -> Mapping[str, Any]:
    """Show who may."""
    arn = _guarded(call)
    if arn not in POLICIES:
        raise Refusal("ResourceNotFoundException", f"No policy: {arn}", resourceId=arn, resourceType="policy")
    return {"policy": POLICIES[arn]}


@operation("codeartifact", "DeleteDomainPermissionsPolicy", "DeleteRepositoryPermissionsPolicy")
def delete_policy(call: Call) -> Mapping[str, Any]:
    """Let nobody else in."""
    arn = _guarded(call)
    if arn not in POLICIES:
        raise Refusal("ResourceNotFoundException", f"No policy: {arn}", resourceId=arn, resourceType="policy")
    return {"policy": POLICIES.pop(arn)}


def _guarded(call: Call) -> str:
    return str((repository_of(call) if "Repository" in call.operation else domain_of(call))["arn"])


@operation("codeartifact", "GetAuthorizationToken")
def token(call: Call) -> Mapping[str, Any]:
    """Hand out a token; 0 seconds mean as long as the session lasts, which nothing here ends."""
    domain, seconds = domain_of(call), call.params.get("durationSeconds", _LONGEST)
    text = secrets.token_urlsafe(48)
    ends = stamp() + timedelta(seconds=int(seconds) or _LONGEST)
    TOKENS[text] = Token(call.key, domain["owner"], call.region, domain["name"], ends)
    return {"authorizationToken": text, "expiration": ends}


@operation("codeartifact", "GetRepositoryEndpoint")
def endpoint(call: Call) -> Mapping[str, Any]:
    """Say where a package manager asks."""
    found = repository_of(call)
    host = f"{found['domainName']}-{found['domainOwner']}.d.codeartifact.{call.region}.amazonaws.com"
    return {"repositoryEndpoint": f"https://{host}/{call.params['format']}/{found['name']}/"}


@operation("codeartifact", "ListTagsForResource", "TagResource", "UntagResource")
def tags(call: Call) -> Mapping[str, Any]:
    """Tags of a domain, a repository or a package group."""
    kept = tags_of("codeartifact", call.params["resourceArn"])
    kept.update(call.params.get("tags"))
    kept.drop(call.params.get("tagKeys", []))
    return {"tags": [{"key": key, "value": value} for key, value in kept.items()]}
