"""What deploying the organisation itself takes: the calls of an `up`, a change and a `destroy` of the org stack.

Found by a rehearsal that decides each call, and held there by tests/cli/test_first_deployment.py; resources and
condition keys are those of the Service Authorization Reference, "AWS Organizations", "AWS IAM Identity Center", "AWS
Billing and Cost Management" and "AWS Identity and Access Management", read 2026-11-30.

What it has not: leave or delete the organisation, close or remove an account, invite one, delegate administration, give
a service trusted access but EC2's, and anything in IAM but mlz-preview. Guardrails do not hold in the management
account, so who has this role may loosen them for everybody: it is the one that needs a reviewer.
"""

from typing import Any, Final

from operations.bootstrap.rights import allow
from zone import names

_SHAPE: Final = (
    "organizations:AttachPolicy",
    "organizations:CreateOrganizationalUnit",
    "organizations:DeleteOrganizationalUnit",
    "organizations:DeletePolicy",
    "organizations:DetachPolicy",
    "organizations:EnablePolicyType",
    "organizations:MoveAccount",
    "organizations:UntagResource",
    "organizations:UpdateOrganizationalUnit",
    "organizations:UpdatePolicy",
)
"""Units, policies and where both hold: on our organisation's own, whose ids AWS gives."""

_NEW: Final = (
    "organizations:CreateAccount",
    "organizations:CreateOrganization",
    "organizations:CreatePolicy",
    "organizations:TagResource",
)
"""What they make, and tag while making it, has no name yet: AWS knows no resource for them."""

_SEEN: Final = (
    "organizations:DescribeAccount",
    "organizations:DescribeCreateAccountStatus",
    "organizations:DescribeOrganization",
    "organizations:DescribeOrganizationalUnit",
    "organizations:DescribePolicy",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListParents",
    "organizations:ListRoots",
    "organizations:ListTagsForResource",
    "organizations:ListTargetsForPolicy",
)

_PORTAL: Final = (
    "sso:CreateAccountAssignment",
    "sso:CreateInstanceAccessControlAttributeConfiguration",
    "sso:CreatePermissionSet",
    "sso:DeleteAccountAssignment",
    "sso:DeleteInlinePolicyFromPermissionSet",
    "sso:DeleteInstanceAccessControlAttributeConfiguration",
    "sso:DeletePermissionSet",
    "sso:DescribeAccountAssignmentCreationStatus",
    "sso:DescribeAccountAssignmentDeletionStatus",
    "sso:DescribeInstanceAccessControlAttributeConfiguration",
    "sso:DescribePermissionSet",
    "sso:DescribePermissionSetProvisioningStatus",
    "sso:GetInlinePolicyForPermissionSet",
    "sso:ListAccountAssignments",
    "sso:ListTagsForResource",
    "sso:ProvisionPermissionSet",
    "sso:PutInlinePolicyToPermissionSet",
    "sso:TagResource",
    "sso:UntagResource",
    "sso:UpdateInstanceAccessControlAttributeConfiguration",
    "sso:UpdatePermissionSet",
)

_BUDGET: Final = (
    "budgets:ListTagsForResource",
    "budgets:ModifyBudget",
    "budgets:TagResource",
    "budgets:UntagResource",
    "budgets:ViewBudget",
)
_ROLE: Final = (
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:GetRole",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListRolePolicies",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
)
_POLICY: Final = (
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:ListPolicyVersions",
    "iam:TagPolicy",
    "iam:UntagPolicy",
)
_BY_IDENTITY_CENTER: Final = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)


def changing_the_organization(account_id: str, instance_arn: str) -> list[dict[str, Any]]:
    """Return what the role of `org` has besides what every deploying role has.

    Args:
        account_id: the management account.
        instance_arn: Identity Center's instance; empty: nobody signs in by it.
    """
    ours = f"arn:aws:organizations::{account_id}"
    preview = names.iam_arn(account_id, "policy", names.role(names.PREVIEW))
    role = names.role_arn(account_id, names.PREVIEW)
    linked = "role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations"
    statements = [
        allow("Organization", [*_NEW, *_SEEN], ["*"]),
        allow(
            "UnitsAndPolicies",
            _SHAPE,
            [f"{ours}:{kind}/o-*" for kind in ("account", "ou", "policy", "root")],
        ),
        # EC2's declarative policies need it, no other service does (components/organization).
        allow(
            "TrustEc2",
            ["organizations:EnableAWSServiceAccess"],
            ["*"],
            {"StringEquals": {"organizations:ServicePrincipal": "ec2.amazonaws.com"}},
        ),
        allow(
            "FirstOrganization",
            ["iam:CreateServiceLinkedRole"],
            [f"arn:aws:iam::{account_id}:{linked}"],
            {"StringEquals": {"iam:AWSServiceName": "organizations.amazonaws.com"}},
        ),
        allow(
            "Budget",
            _BUDGET,
            [f"arn:aws:budgets::{account_id}:budget/organization-*"],
        ),
        # The role of previews in this account: what it may do is its boundary, so nothing wider can be attached.
        allow("PreviewRole", _ROLE, [role]),
        allow("PreviewPolicy", _POLICY, [preview]),
        allow(
            "PreviewAttached",
            ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
            [role],
            {"ArnEquals": {"iam:PolicyARN": preview}},
        ),
    ]
    if not instance_arn:
        return statements
    instance = instance_arn.rpartition("/")[2]
    return [
        *statements,
        allow(
            "Portal",
            _PORTAL,
            ["arn:aws:sso:::account/*", instance_arn, f"arn:aws:sso:::permissionSet/{instance}/*"],
        ),
        # Setting the attribute that tags sessions rewrites the portal's own roles: Identity Center asks in our name,
        # and only so. The reference lists the actions without a resource.
        allow("PortalRoles", _BY_IDENTITY_CENTER, ["*"], {"Bool": {"aws:ViaAWSService": "true"}}),
    ]
