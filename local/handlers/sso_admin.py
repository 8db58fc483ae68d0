"""IAM Identity Center: tags of permission sets and the end of their provisioning."""

from collections.abc import Mapping
from typing import Any

from moto.ssoadmin.models import ssoadmin_backends

from local.handlers.operation import Call, Refusal, completes, operation
from local.handlers.tags import tags_of


@completes("sso-admin", "CreatePermissionSet")
def keep_tags(call: Call) -> None:
    """Move the tags moto keeps but never lists to where they can be read."""
    sets = ssoadmin_backends[call.account][call.region].permission_sets
    newest = next(one for one in reversed(sets) if one.name == call.params["Name"])
    tags_of("sso-admin", newest.permission_set_arn).update(call.params.get("Tags"))


@operation("sso-admin", "ListTagsForResource", "TagResource", "UntagResource")
def tags(call: Call) -> Mapping[str, Any]:
    """Tags of a permission set."""
    kept = tags_of("sso-admin", call.params["ResourceArn"])
    kept.update(call.params.get("Tags"))
    kept.drop(call.params.get("TagKeys", []))
    return {"Tags": kept.pairs()}


@operation("sso-admin", "DescribePermissionSetProvisioningStatus")
def provisioned(call: Call) -> Mapping[str, Any]:
    """Provisioning ends at once."""
    request = call.params["ProvisionPermissionSetRequestId"]
    return {"PermissionSetProvisioningStatus": {"Status": "SUCCEEDED", "RequestId": request}}


BOUNDARIES: dict[tuple[str, str], Mapping[str, Any]] = {}
"""(account, permission set) → its permissions boundary."""


@operation("sso-admin", "PutPermissionsBoundaryToPermissionSet")
def put_boundary(call: Call) -> Mapping[str, Any]:
    """Attach a permissions boundary."""
    BOUNDARIES[call.account, call.params["PermissionSetArn"]] = call.params["PermissionsBoundary"]
    return {}


@operation("sso-admin", "GetPermissionsBoundaryForPermissionSet")
def get_boundary(call: Call) -> Mapping[str, Any]:
    """Read the permissions boundary."""
    boundary = BOUNDARIES.get((call.account, call.params["PermissionSetArn"]))
    if boundary is None:
        raise Refusal("ResourceNotFoundException", "the permission set has no permissions boundary")
    return {"PermissionsBoundary": boundary}


@operation("sso-admin", "DeletePermissionsBoundaryFromPermissionSet")
def delete_boundary(call: Call) -> Mapping[str, Any]:
    """Take the permissions boundary away."""
    BOUNDARIES.pop((call.account, call.params["PermissionSetArn"]), None)
    return {}
