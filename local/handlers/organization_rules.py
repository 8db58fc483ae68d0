"""Organizations: what it refuses because of what is there: types that are off, too many or large policies, full OUs.

Sources: Organizations API Reference, the operations and their errors; User Guide, "Quotas for AWS Organizations",
"Getting started with declarative policies" (trusted access; not which call is refused without it); Account Management
Reference Guide, "Close an AWS account". All read 2026-11-29.
"""

from typing import Any, Final

from moto.organizations.models import organizations_backends

from local.handlers.operation import Call, Refusal, requires
from zone.facts import limit

_LIMITS: Final = {
    "SERVICE_CONTROL_POLICY": ("scp_document_size", "scps_attached_per_root_ou_or_account"),
    "RESOURCE_CONTROL_POLICY": ("rcp_document_size", "rcps_attached_per_root_ou_or_account"),
    "TAG_POLICY": ("tag_policy_document_size", "tag_policies_attached_per_target"),
    "DECLARATIVE_POLICY_EC2": ("declarative_policy_document_size", "declarative_policies_attached_per_target"),
    "AISERVICES_OPT_OUT_POLICY": ("ai_opt_out_policy_document_size", "ai_opt_out_policies_attached_per_target"),
}
"""Policy type → limits of zone/facts/limits.json: its size [characters], and how many a target has at most [count]."""

_NEVER_LESS: Final = frozenset({"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"})
"""Types of which each target keeps one."""


def _violation(reason: str, text: str) -> Refusal:
    return Refusal("ConstraintViolationException", text, Reason=reason)


def _backend(call: Call) -> Any:  # noqa: ANN401 - moto's class
    return organizations_backends[call.account]["aws"]


def _policy(call: Call) -> Any:  # noqa: ANN401 - moto's class
    return next((each for each in _backend(call).policies if each.id == call.params.get("PolicyId")), None)


def _attached(call: Call, kind: str) -> list[str]:
    """Policies of a type at the target."""
    targets = [*_backend(call).ou, *_backend(call).accounts]
    target = next((each for each in targets if each.id == call.params["TargetId"]), None)
    return [each.id for each in target.attached_policies if each.type == kind] if target else []


@requires("organizations", "CreatePolicy", "UpdatePolicy")
def size(call: Call) -> None:
    """A policy has so many characters, white space among them."""
    policy = _policy(call)
    kind = call.params.get("Type") or (policy.type if policy else "")
    if kind in _LIMITS and len(call.params.get("Content", "")) > limit(f"organizations.{_LIMITS[kind][0]}"):
        raise _violation("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the maximum policy size.")


@requires("organizations", "AttachPolicy")
def attach(call: Call) -> None:
    """A policy is attached where its type is on, and so many a target."""
    policy, root = _policy(call), next(iter(_backend(call).ou), None)
    if policy is None or root is None:
        return
    if policy.type not in {each["Type"] for each in root.policy_types}:
        text = "This operation can be performed only for enabled policy types."
        raise Refusal("PolicyTypeNotEnabledException", text)
    trusted = {each["ServicePrincipal"] for each in _backend(call).services}
    if policy.type == "DECLARATIVE_POLICY_EC2" and "ec2.amazonaws.com" not in trusted:
        text = "You must enable trusted access for ec2.amazonaws.com before you use declarative policies for it."
        raise _violation("SERVICE_ACCESS_NOT_ENABLED", text)
    there = _attached(call, policy.type)
    if policy.id not in there and len(there) >= limit(f"organizations.{_LIMITS[policy.type][1]}"):
        text = "You have attached the maximum number of policies to the specified target."
        raise _violation("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", text)


@requires("organizations", "DetachPolicy")
def detach(call: Call) -> None:
    """The last control policy stays."""
    policy = _policy(call)
    if policy and policy.type in _NEVER_LESS and _attached(call, policy.type) == [policy.id]:
        text = (
            "You cannot remove the last policy attached to the specified target. You must have at least one attached."
        )
        raise _violation("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", text)


@requires("organizations", "CreateOrganizationalUnit")
def name(call: Call) -> None:
    """A parent has one unit of a name."""
    units = (each for each in _backend(call).ou if each.name == call.params["Name"])
    if any(getattr(each, "parent_id", None) == call.params["ParentId"] for each in units):
        raise Refusal("DuplicateOrganizationalUnitException", "An OU with the same name already exists.")


@requires("organizations", "DeleteOrganizationalUnit")
def empty(call: Call) -> None:
    """A unit goes when it holds no account and no unit."""
    inside = [*_backend(call).ou, *_backend(call).accounts]
    if any(getattr(each, "parent_id", None) == call.params["OrganizationalUnitId"] for each in inside):
        text = (
            "The specified OU is not empty. Move all accounts to another root or to other OUs, or remove all child OUs."
        )
        raise Refusal("OrganizationalUnitNotEmptyException", text)


@requires("organizations", "RemoveAccountFromOrganization")
def young(call: Call) -> None:
    """An account made by the organisation stays four days, and none that was made here is older."""
    made = (each for each in _backend(call).accounts if each.id == call.params["AccountId"])
    if any(each.joined_method == "CREATED" and each.name != "master" for each in made):
        text = "The account can leave the organization at the earliest four days after it was created."
        raise _violation("WAIT_PERIOD_ACTIVE", text)
