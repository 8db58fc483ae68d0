"""Identity Center's access portal: the roles it makes for assignments, and the sessions people get there.

Sources, read 2026-11-29: IAM Identity Center User Guide, "Referencing permission sets in resource policies" (names and
path of the roles) and "Attributes for access control" (session tags); IAM User Guide, "Pass session tags in AWS STS".
"""

import json
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from moto.iam.models import iam_backends
from moto.ssoadmin.models import ssoadmin_backends
from moto.sts.models import sts_backends

from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, completes
from local.handlers.sso_admin import ATTRIBUTES
from local.handlers.sts import PASSED, Passed

_HOURS: Final = 8 * 3600
_USER_NAME: Final = "${path:userName}"
_POLICY: Final = "AwsSSOInlinePolicy"


class NotAssignedError(Exception):
    """The person does not see that account and permission set in the portal."""


@completes("sso-admin", "CreateAccountAssignment", "ProvisionPermissionSet")
def make_roles(call: Call) -> None:
    """Have a permission set's role in each account it is assigned in, with the policy it has now."""
    backend = ssoadmin_backends[call.account][call.region]
    made = next(one for one in backend.permission_sets if one.permission_set_arn == call.params["PermissionSetArn"])
    for account in _accounts(backend, made.permission_set_arn):
        iam = iam_backends[account]["aws"]
        name = _role(made.name, account)
        if all(role.name != name for role in iam.get_roles()):
            iam.create_role(
                role_name=name,
                assume_role_policy_document=_trust(account),
                path=f"/aws-reserved/sso.amazonaws.com/{call.region}/",
                permissions_boundary=None,
                description=made.description,
                tags=[],
                max_session_duration=str(_HOURS),
            )
        if made.inline_policy:
            iam.put_role_policy(name, _POLICY, made.inline_policy)


@completes("sso-admin", "DeleteAccountAssignment")
def drop_role(call: Call) -> None:
    """Remove the role from an account in which nobody is assigned any more."""
    backend = ssoadmin_backends[call.account][call.region]
    account, arn = call.params["TargetId"], call.params["PermissionSetArn"]
    made = next(one for one in backend.permission_sets if one.permission_set_arn == arn)
    iam, name = iam_backends[account]["aws"], _role(made.name, account)
    if account not in _accounts(backend, arn) and any(role.name == name for role in iam.get_roles()):
        if made.inline_policy:
            iam.delete_role_policy(name, _POLICY)
        iam.delete_role(name)


def portal_session(user: str, account: str, permission_set: str) -> dict[str, str]:
    """Return the credentials a person gets in the portal, tagged by the attributes for access control.

    Args:
        user: the user name.
        account: the account chosen [12 digits].
        permission_set: the permission set chosen.

    Raises:
        NotAssignedError: it is not among the choices.
    """
    backend = ssoadmin_backends[KNOWN.management_account][KNOWN.instance_region]
    arns = {one.permission_set_arn for one in backend.permission_sets if one.name == permission_set}
    if not any(
        (each.target_id, each.principal_id) == (account, KNOWN.users.get(user)) and each.permission_set_arn in arns
        for each in backend.account_assignments
    ):
        raise NotAssignedError(f"{user} is not assigned {permission_set} in {account}")
    role = _role(permission_set, account)
    arn = next(each.arn for each in iam_backends[account]["aws"].get_roles() if each.name == role)
    made = sts_backends[account]["aws"].assume_role("us-east-1", user, arn, "", _HOURS, "")
    attributes = ATTRIBUTES.get(KNOWN.instance, {}).get("AccessControlAttributes", ())
    tags = {each["Key"]: user for each in attributes if _USER_NAME in each["Value"]["Source"]}
    PASSED[made.access_key_id] = Passed(tags, frozenset(tags))
    return {
        "aws_access_key_id": made.access_key_id,
        "aws_secret_access_key": made.secret_access_key,
        "aws_session_token": made.session_token,
    }


def _accounts(backend: Any, permission_set_arn: str) -> set[str]:  # noqa: ANN401 - moto's class
    return {each.target_id for each in backend.account_assignments if each.permission_set_arn == permission_set_arn}


def _role(permission_set: str, account: str) -> str:
    return f"AWSReservedSSO_{permission_set}_{uuid5(NAMESPACE_URL, permission_set + account).hex[:16]}"


def _trust(account: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"},
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
