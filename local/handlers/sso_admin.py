"""IAM Identity Center: its one instance, attributes for access control, and what moto lacks of permission sets."""

from collections.abc import Mapping
from typing import Any

from moto.moto_api._internal import mock_random
from moto.ssoadmin.models import PermissionSet, ssoadmin_backends

from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, Refusal, completes, operation
from local.handlers.tags import tags_of


def permission_set_arn(instance_arn: str) -> str:
    """Return a new permission set's ARN, a resource beside the instance; moto's is below it, where no policy looks.

    Source: Service Authorization Reference, "AWS IAM Identity Center", resource types, read 2026-11-30.
    """
    beside = instance_arn.replace(":instance/", ":permissionSet/")
    return f"{beside}/ps-{mock_random.get_random_string(length=16).lower()}"


PermissionSet.generate_id = staticmethod(permission_set_arn)  # type: ignore[method-assign]  # moto has no other way in


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


@operation("sso-admin", "ListInstances")
def instances(call: Call) -> Mapping[str, Any]:
    """The organisation's instance in its own region, nothing in any other; moto has one everywhere."""
    if not KNOWN.instance or call.region != KNOWN.instance_region:
        return {"Instances": []}
    instance = {
        "InstanceArn": KNOWN.instance,
        "IdentityStoreId": f"d-{KNOWN.instance[-10:]}",
        "OwnerAccountId": KNOWN.management_account,
        "PrimaryRegion": KNOWN.instance_region,
        "Status": "ACTIVE",
    }
    return {"Instances": [instance]}


@operation("sso-admin", "ProvisionPermissionSet")
def provision(call: Call) -> None:
    """Let moto provision in the instance that there is: its own has an ARN by chance."""
    if KNOWN.instance:
        ssoadmin_backends[call.account][call.region].instances[0].instance_arn = KNOWN.instance


ATTRIBUTES: dict[str, Mapping[str, Any]] = {}
"""Instance → its attributes for access control; it has one list of them."""

_CONFIGURATION = "InstanceAccessControlAttributeConfiguration"


@operation("sso-admin", f"Create{_CONFIGURATION}")
def make_attributes(call: Call) -> Mapping[str, Any]:
    """Switch them on."""
    if call.params["InstanceArn"] in ATTRIBUTES:
        raise Refusal("ConflictException", "the instance has attributes for access control already")
    ATTRIBUTES[call.params["InstanceArn"]] = call.params[_CONFIGURATION]
    return {}


@operation("sso-admin", f"Update{_CONFIGURATION}")
def change_attributes(call: Call) -> Mapping[str, Any]:
    """Put a new list in the place of the old one."""
    _attributes(call)
    ATTRIBUTES[call.params["InstanceArn"]] = call.params[_CONFIGURATION]
    return {}


@operation("sso-admin", f"Describe{_CONFIGURATION}")
def show_attributes(call: Call) -> Mapping[str, Any]:
    """Read them."""
    return {"Status": "ENABLED", _CONFIGURATION: _attributes(call)}


@operation("sso-admin", f"Delete{_CONFIGURATION}")
def drop_attributes(call: Call) -> Mapping[str, Any]:
    """Switch them off."""
    _attributes(call)
    del ATTRIBUTES[call.params["InstanceArn"]]
    return {}


def _attributes(call: Call) -> Mapping[str, Any]:
    found = ATTRIBUTES.get(call.params["InstanceArn"])
    if found is None:
        raise Refusal("ResourceNotFoundException", "the instance has no attributes for access control")
    return found
