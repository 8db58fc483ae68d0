"""IAM: moto judges bucket and key policies without conditions; here each call has been decided before moto sees it.

And it deletes a policy that is in use. Refusals: IAM API Reference, DeletePolicy; that a boundary counts as use, and
the words: gruntwork-io/cloud-nuke issue 972, redradrat/aws-iam-operator issue 13. All read 2026-11-29.
"""

from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.iam.models import iam_backends
from moto.kms import responses

from local.handlers.operation import Call, Refusal, operation


def install() -> None:
    """Let moto's own judgement be none."""

    def no_judgement(_self: Any, *_given: Any, **_named: Any) -> PermissionResult:  # noqa: ANN401 - moto's own signature
        return PermissionResult.NEUTRAL

    responses.validate_policy = lambda *_given: None  # type: ignore[attr-defined] # mends moto
    IAMPolicyStatement.is_action_permitted = no_judgement  # type: ignore[assignment,method-assign] # mends moto


@operation("iam", "DeletePolicy")
def delete_policy(call: Call) -> None:
    """A policy goes when it is attached nowhere, is nobody's boundary and has one version."""
    iam = iam_backends[call.account]["aws"]
    arn = call.params["PolicyArn"]
    policy = iam.managed_policies.get(arn)
    if policy is None:
        return
    if policy.attachment_count or any(role.permissions_boundary_arn == arn for role in iam.roles.values()):
        raise Refusal("DeleteConflict", "Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        text = (
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy."
        )
        raise Refusal("DeleteConflict", text)
