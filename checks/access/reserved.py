"""Names that AWS keeps for itself: what only a service changes, whatever policies say.

Reading, using and passing them is decided by policies as for any other name. So is what AWS documents as possible: the
description and the tags of a service-linked role, and its deletion through DeleteServiceLinkedRole.

Sources, read 2026-11-29:

- service-linked roles: IAM API Reference, error UnmodifiableEntity ("Only the service that depends on the
  service-linked role can modify or delete the role") of the operations listed here, as in botocore's model; TagRole
  ("a regular role or a service-linked role"); IAM User Guide, "Update a service-linked role" ("You can edit the
  description of any role"); CreateRole answers "Path prefix '/aws-service-role/' can only be used for AWS Service
  linked Roles";
- roles of Identity Center: AWS re:Post, "resolve the IAM error Cannot perform the operation on the protected role
  AWSReservedSSO" ("this role is only modifiable by AWS");
- AWS's managed policies: IAM User Guide, "Edit IAM policies" ("AWS managed policies cannot be edited"); TagPolicy takes
  "an IAM customer managed policy"; error PolicyNotAttachable ("AWS service role policies can only be attached to the
  service-linked role for that service");
- aliases: KMS API Reference, CreateAlias ("The alias/aws/ prefix is reserved"); KMS Developer Guide, "Create aliases"
  ("You cannot manage aliases for AWS managed keys").
"""

import re
from typing import Final

from checks.access.principals import PrincipalKind
from checks.access.request import Request
from checks.access.result import Decision, Layer, Verdict

SERVICE_LINKED_CHANGES: Final = frozenset(
    f"iam:{operation}"
    for operation in (
        "attachrolepolicy",
        "createrole",
        "deleterole",
        "deleterolepermissionsboundary",
        "deleterolepolicy",
        "detachrolepolicy",
        "putrolepermissionsboundary",
        "putrolepolicy",
        "updateassumerolepolicy",
    )
)
"""Changes of roles that no one but their service makes."""

_IDENTITY_CENTER_CHANGES = SERVICE_LINKED_CHANGES | {
    "iam:tagrole",
    "iam:untagrole",
    "iam:updaterole",
    "iam:updateroledescription",
}
_POLICY_CHANGES = frozenset(
    f"iam:{operation}"
    for operation in (
        "createpolicy",
        "createpolicyversion",
        "deletepolicy",
        "deletepolicyversion",
        "setdefaultpolicyversion",
        "tagpolicy",
        "untagpolicy",
    )
)
_ALIAS_CHANGES = frozenset({"kms:createalias", "kms:deletealias", "kms:updatealias"})

_KEPT: Final = (
    (
        SERVICE_LINKED_CHANGES,
        re.compile(r"arn:[^:]+:iam::\d{12}:role/aws-service-role/.+"),
        "the service that the role is linked to: nobody else changes it",
    ),
    (
        _IDENTITY_CENTER_CHANGES,
        re.compile(r"arn:[^:]+:iam::\d{12}:role/aws-reserved/.+"),
        "AWS itself: a role under /aws-reserved/ is changed through IAM Identity Center alone",
    ),
    (
        _POLICY_CHANGES,
        re.compile(r"arn:[^:]+:iam::aws:policy/.+"),
        "AWS itself: nobody else changes its managed policies",
    ),
    (
        _ALIAS_CHANGES,
        re.compile(r"arn:[^:]+:kms:[^:]*:\d{12}:alias/aws/.+"),
        "AWS itself: aliases under alias/aws/ are those of its own keys",
    ),
)
"""Actions in lower case, the names they don't touch, and who alone changes these."""

ATTACHING: Final = {
    "iam:attachgrouppolicy": "iam:policyarn",
    "iam:attachrolepolicy": "iam:policyarn",
    "iam:attachuserpolicy": "iam:policyarn",
    "iam:putrolepermissionsboundary": "iam:permissionsboundary",
    "iam:putuserpermissionsboundary": "iam:permissionsboundary",
}
"""Actions that give a policy to somebody, and the condition key that says which."""

_OF_SERVICE_ROLES = re.compile(r"arn:[^:]+:iam::aws:policy/aws-service-role/.+")
_MAY_BE_KEPT: Final = frozenset(ATTACHING).union(*(actions for actions, _, _ in _KEPT))


def may_be_kept(action: str) -> bool:
    """Whether any name is kept from *action* (in lower case), so that refusal() has to be asked."""
    return action in _MAY_BE_KEPT


def refusal(request: Request) -> Decision | None:
    """The answer where AWS keeps the name for itself; None where policies decide."""
    asking = request.principal
    if asking.service_linked or asking.kind is PrincipalKind.SERVICE:
        return None
    action = request.action.lower()
    for actions, names, who in _KEPT:
        if action in actions and names.fullmatch(request.resource):
            return Decision(Verdict.IMPLICITLY_DENIED, Layer.RESERVED, missing=who)
    given = request.values(ATTACHING.get(action, "")) or ()
    if any(_OF_SERVICE_ROLES.fullmatch(policy) for policy in given):
        only = "a service-linked role: the policy is for no other"
        return Decision(Verdict.IMPLICITLY_DENIED, Layer.RESERVED, missing=only)
    return None
