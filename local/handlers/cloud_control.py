"""Cloud Control, for the one type the landing zone makes by it: CodeArtifact's package groups.

CloudFormation says what the type is like, Cloud Control makes it at once, and CodeArtifact is asked in the caller's
name (zone/facts/dependent_rights/cloudformation.json). Any other type is refused. Sources, read 2026-11-30:
CodeArtifact User Guide, "Package group origin controls"; the type's schema in cfn-lint, from which the words are.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from local.handlers.code_artifact import DOMAINS
from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import stamp
from local.handlers.tags import forget_tags, tags_of

TYPE: Final = "AWS::CodeArtifact::PackageGroup"
_MODES: Final = ["ALLOW", "ALLOW_SPECIFIC_REPOSITORIES", "BLOCK", "INHERIT"]
_RESTRICTION: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["RestrictionMode"],
    "properties": {
        "RestrictionMode": {"type": "string", "enum": _MODES},
        "Repositories": {"type": "array", "items": {"type": "string"}},
    },
}
_SCHEMA: Final = {
    "typeName": TYPE,
    "description": "A package group",
    "additionalProperties": False,
    "required": ["DomainName", "Pattern"],
    "properties": {
        "DomainName": {"type": "string", "pattern": "^([a-z][a-z0-9\\-]{0,48}[a-z0-9])$"},
        "DomainOwner": {"type": "string", "pattern": "[0-9]{12}"},
        "Pattern": {"type": "string", "minLength": 2, "maxLength": 520},
        "ContactInfo": {"type": "string", "maxLength": 1000},
        "Description": {"type": "string", "maxLength": 1000},
        "OriginConfiguration": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "Restrictions": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": dict.fromkeys(("Publish", "ExternalUpstream", "InternalUpstream"), _RESTRICTION),
                }
            },
        },
        "Tags": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["Key", "Value"],
                "properties": {"Key": {"type": "string"}, "Value": {"type": "string"}},
            },
        },
        "Arn": {"type": "string"},
    },
    "primaryIdentifier": ["/properties/Arn"],
    "readOnlyProperties": ["/properties/Arn"],
    "createOnlyProperties": ["/properties/DomainName", "/properties/DomainOwner", "/properties/Pattern"],
}

GROUPS: dict[str, dict[str, Any]] = {}
"""ARN → package group, in CloudFormation's words."""

_DONE: dict[str, Mapping[str, Any]] = {}
"""Requests by token: all end at once."""


@operation("cloudformation", "DescribeType")
def describe_type(call: Call) -> Mapping[str, Any]:
    """Show a type's schema."""
    if call.params.get("TypeName") != TYPE:
        raise Refusal("TypeNotFoundException", f"The emulated AWS has no type {call.params.get('TypeName')}")
    return {"TypeName": TYPE, "Type": "RESOURCE", "Schema": json.dumps(_SCHEMA)}


@operation("cloudcontrol", "CreateResource")
def create(call: Call) -> Mapping[str, Any]:
    """Make a package group."""
    _known_type(call)
    wanted = json.loads(call.params["DesiredState"])
    owner = wanted.get("DomainOwner", call.account)
    if (owner, call.region, wanted["DomainName"]) not in DOMAINS:
        return _failed(call, "NotFound", f"Domain not found: {wanted['DomainName']}")
    group = quote(wanted["Pattern"].lstrip("/"), safe="")
    arn = f"arn:aws:codeartifact:{call.region}:{owner}:package-group/{wanted['DomainName']}/{group}"
    if arn in GROUPS:
        return _failed(call, "AlreadyExists", f"Package group already exists: {wanted['Pattern']}")
    GROUPS[arn] = {**wanted, "DomainOwner": owner, "Arn": arn}
    tags_of("codeartifact", arn).update(wanted.get("Tags"))
    return _succeeded(call, arn)


@operation("cloudcontrol", "GetResource")
def get(call: Call) -> Mapping[str, Any]:
    """Show it."""
    arn = call.params["Identifier"]
    _known_type(call)
    if arn not in GROUPS:
        raise Refusal("ResourceNotFoundException", f"Resource of type '{TYPE}' with identifier '{arn}' was not found.")
    return {"TypeName": TYPE, "ResourceDescription": {"Identifier": arn, "Properties": json.dumps(GROUPS[arn])}}


@operation("cloudcontrol", "UpdateResource")
def update(call: Call) -> Mapping[str, Any]:
    """Change it by a JSON patch (RFC 6902: add, remove, replace)."""
    get(call)
    arn = call.params["Identifier"]
    for step in json.loads(call.params["PatchDocument"]):
        *way, last = (part.replace("~1", "/").replace("~0", "~") for part in step["path"].lstrip("/").split("/"))
        place: Any = GROUPS[arn]
        for part in way:
            place = place[int(part)] if isinstance(place, list) else place[part]
        if isinstance(place, list):
            _in_list(place, last, step)
        elif step["op"] == "remove":
            del place[last]
        else:
            place[last] = step["value"]
    kept = tags_of("codeartifact", arn)
    kept.clear()
    kept.update(GROUPS[arn].get("Tags"))
    return _succeeded(call, arn)


def _in_list(place: list[Any], last: str, step: Mapping[str, Any]) -> None:
    if step["op"] == "add":
        place.insert(len(place) if last == "-" else int(last), step["value"])
    elif step["op"] == "remove":
        del place[int(last)]
    else:
        place[int(last)] = step["value"]


@operation("cloudcontrol", "DeleteResource")
def delete(call: Call) -> Mapping[str, Any]:
    """Remove it."""
    get(call)
    arn = call.params["Identifier"]
    del GROUPS[arn]
    forget_tags("codeartifact", arn)
    return _succeeded(call, arn)


@operation("cloudcontrol", "GetResourceRequestStatus")
def status(call: Call) -> Mapping[str, Any]:
    """Say how a request went."""
    asked = call.params["RequestToken"]
    if asked not in _DONE:
        raise Refusal("RequestTokenNotFoundException", f"Request with token {asked} was not found")
    return _DONE[asked]


def _known_type(call: Call) -> None:
    if call.params["TypeName"] != TYPE:
        raise Refusal("TypeNotFoundException", f"The emulated AWS has no type {call.params['TypeName']}")


def _succeeded(call: Call, arn: str) -> Mapping[str, Any]:
    return _event(call, {"OperationStatus": "SUCCESS", "Identifier": arn})


def _failed(call: Call, code: str, text: str) -> Mapping[str, Any]:
    return _event(call, {"OperationStatus": "FAILED", "ErrorCode": code, "StatusMessage": text})


def _event(call: Call, outcome: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = secrets.token_hex(16)
    event = {
        "TypeName": TYPE,
        "Operation": call.operation.removesuffix("Resource").upper(),
        "RequestToken": asked,
        "EventTime": stamp(),
        **outcome,
    }
    _DONE[asked] = {"ProgressEvent": event}
    return _DONE[asked]
