"""IAM: what is new, for the fault that it is not known everywhere at once (local/authority/young.py)."""

from local.authority.held import known_arn
from local.authority.young import YOUNG
from local.handlers.operation import Call, completes


def _role(call: Call) -> str:
    return known_arn(call.account, call.region, "role", call.params["RoleName"]) or ""


@completes("iam", "CreateRole", "UpdateAssumeRolePolicy")
def role(call: Call) -> None:
    """A role, or who may take it."""
    YOUNG.made(_role(call))


@completes("iam", "AttachRolePolicy", "PutRolePolicy")
def policy(call: Call) -> None:
    """A policy of a role."""
    name = call.params.get("PolicyName") or call.params["PolicyArn"].rpartition("/")[2]
    YOUNG.made(f"{_role(call)} {name}")
