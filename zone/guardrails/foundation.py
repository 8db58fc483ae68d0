"""Guardrail: what Pulumi made to keep order, only Pulumi changes."""

from collections.abc import Sequence

from zone import names
from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import deny, document, unless_provisioning

_ROLE_CHANGES = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)
_POLICY_CHANGES = (
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:TagPolicy",
    "iam:UntagPolicy",
)


def foundation(provisioning_roles: Sequence[str]) -> Guardrail:
    """Refuse changes of our roles and policies, of the provisioning role, and roles without the boundary."""
    others = unless_provisioning(provisioning_roles)
    boundary = f"arn:aws:iam::*:policy{names.PATH}{names.BOUNDARY}"
    ours = f"arn:aws:iam::*:role{names.PATH}*"
    return Guardrail(
        key="protect-foundation",
        description=f"Roles and policies under {names.PATH}, the provisioning role and the boundary are changed by "
        "Pulumi only, and every new role carries the boundary.",
        document=document(
            deny(
                "OurRoles",
                _ROLE_CHANGES,
                others,
                [ours, *(f"arn:aws:iam::*:role/{role}" for role in provisioning_roles)],
            ),
            deny("OurPolicies", _POLICY_CHANGES, others, [f"arn:aws:iam::*:policy{names.PATH}*"]),
            # ArnNotLike holds where no boundary is given: a role without one is refused.
            deny(
                "RolesWithoutBoundary",
                ["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
                {
                    "ArnNotLike": {
                        "iam:PermissionsBoundary": [boundary],
                        **others["ArnNotLike"],
                    }
                },
            ),
            deny("RemovedBoundary", ["iam:DeleteRolePermissionsBoundary"], others),
        ),
        targets=("root",),
    )
