"""Names that AWS keeps for itself: an administrator reads and uses them, and changes none.

Sources: see checks/access/reserved.py.
"""

import botocore.session
import pytest

from checks.access.reserved import ATTACHING, SERVICE_LINKED_CHANGES
from tests.access.evaluator import ALLOWED, DENIED, FORBIDDEN, OURS, ROLE, USER, allow, ask, deny, document, verdict

ADMINISTRATOR = [document(allow())]
LINKED = f"arn:aws:iam::{OURS}:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMakerNotebooks"
SINGLE_SIGN_ON = (
    f"arn:aws:iam::{OURS}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
)
OF_AWS = "arn:aws:iam::aws:policy/AdministratorAccess"
OF_A_SERVICE = "arn:aws:iam::aws:policy/aws-service-role/AmazonSageMakerNotebooksServiceRolePolicy"
OUR_POLICY = f"arn:aws:iam::{OURS}:policy/aws-service-role/ours"
ALIAS = f"arn:aws:kms:eu-west-1:{OURS}:alias/aws/s3"
CHANGES_OF_ROLES = ("AttachRolePolicy", "CreateRole", "DeleteRole", "PutRolePolicy", "UpdateAssumeRolePolicy")
CHANGES_OF_POLICIES = (
    "CreatePolicyVersion",
    "DeletePolicy",
    "DeletePolicyVersion",
    "SetDefaultPolicyVersion",
    "TagPolicy",
)

KEPT = [
    *(
        (f"iam:{operation}", LINKED)
        for operation in (*CHANGES_OF_ROLES, "DetachRolePolicy", "PutRolePermissionsBoundary")
    ),
    *((f"iam:{operation}", SINGLE_SIGN_ON) for operation in (*CHANGES_OF_ROLES, "UpdateRole", "TagRole", "UntagRole")),
    *((f"iam:{operation}", OF_AWS) for operation in CHANGES_OF_POLICIES),
    *((f"kms:{operation}", ALIAS) for operation in ("CreateAlias", "UpdateAlias", "DeleteAlias")),
    ("IAM:attachrolepolicy", LINKED.replace("arn:aws:", "arn:aws-cn:")),
    ("kms:CreateAlias", ALIAS.replace("arn:aws:", "arn:aws-us-gov:")),
]
FREE = [
    *((f"iam:{operation}", LINKED) for operation in ("GetRole", "PassRole", "TagRole", "UpdateRoleDescription")),
    *((f"iam:{operation}", LINKED) for operation in ("CreateServiceLinkedRole", "DeleteServiceLinkedRole")),
    *((f"iam:{operation}", SINGLE_SIGN_ON) for operation in ("GetRole", "ListAttachedRolePolicies", "PassRole")),
    *((f"iam:{operation}", OF_AWS) for operation in ("GetPolicy", "GetPolicyVersion", "ListEntitiesForPolicy")),
    *((f"iam:{operation}", OUR_POLICY) for operation in CHANGES_OF_POLICIES),
    ("iam:AttachRolePolicy", f"arn:aws:iam::{OURS}:role/mlz/aws-service-role/training"),
    ("iam:AttachRolePolicy", f"arn:aws:iam::{OURS}:role/service-role/AmazonSageMaker"),
    ("iam:DeleteRole", f"arn:aws:iam::{OURS}:role/aws-reserved-not"),
    ("iam:CreateUser", f"arn:aws:iam::{OURS}:user/aws-reserved/somebody"),
    ("kms:CreateAlias", f"arn:aws:kms:eu-west-1:{OURS}:alias/aws-like"),
    ("kms:CreateAlias", f"arn:aws:kms:eu-west-1:{OURS}:alias/mlz/aws/s3"),
]


@pytest.mark.shows("R3")
@pytest.mark.parametrize(("action", "resource"), KEPT)
@pytest.mark.parametrize("who", [USER, ROLE, f"arn:aws:iam::{OURS}:root"])
def test_what_aws_keeps_nobody_changes(who, action, resource):
    found = ask(who, action, resource, owner=OURS, identity=ADMINISTRATOR)

    assert (DENIED, "reservedNames") == (found.verdict, found.layer)
    assert found.missing


@pytest.mark.parametrize(("action", "resource"), FREE)
def test_the_rest_is_decided_by_policies(action, resource):
    assert ALLOWED == verdict(ROLE, action, resource, owner=OURS, identity=ADMINISTRATOR)
    assert DENIED == verdict(ROLE, action, resource, owner=OURS)
    assert FORBIDDEN == verdict(ROLE, action, resource, owner=OURS, identity=[*ADMINISTRATOR, document(deny())])


def test_identity_center_itself_changes_its_roles():
    service = f"arn:aws:iam::{OURS}:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO"

    assert ALLOWED == verdict(service, "iam:AttachRolePolicy", SINGLE_SIGN_ON, identity=ADMINISTRATOR)
    assert DENIED == verdict(service, "iam:AttachRolePolicy", SINGLE_SIGN_ON)


@pytest.mark.parametrize(("action", "key"), ATTACHING.items())
def test_a_policy_of_service_linked_roles_is_attached_to_nothing_else(action, key):
    def attach(policy, **context):
        return verdict(
            ROLE, action, f"arn:aws:iam::{OURS}:role/mlz/r", context={key: policy, **context}, identity=ADMINISTRATOR
        )

    assert DENIED == attach(OF_A_SERVICE)
    assert ALLOWED == attach(OF_AWS)
    assert ALLOWED == attach(OUR_POLICY)
    assert ALLOWED == verdict(ROLE, action, f"arn:aws:iam::{OURS}:role/mlz/r", identity=ADMINISTRATOR)


def test_a_boundary_that_is_there_already_is_not_what_is_attached():
    has = {"iam:PermissionsBoundary": OF_A_SERVICE, "iam:PolicyARN": OF_AWS}

    assert ALLOWED == verdict(
        ROLE, "iam:AttachRolePolicy", f"arn:aws:iam::{OURS}:role/r", context=has, identity=ADMINISTRATOR
    )


NOT_ABOUT_A_ROLE = {"AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"}
"""Their resource is the instance profile."""
OF_THE_DESCRIPTION = {"UpdateRole", "UpdateRoleDescription"}
"""AWS documents the description of any role as editable."""


def test_the_changes_are_those_that_awss_model_says_are_refused():
    model = botocore.session.get_session().get_service_model("iam")

    def refuses(operation, error):
        return error in {shape.name for shape in model.operation_model(operation).error_shapes}

    protected = {each for each in model.operation_names if refuses(each, "UnmodifiableEntityException")}
    attaching = {each for each in model.operation_names if refuses(each, "PolicyNotAttachableException")}
    known = {f"iam:{each.lower()}" for each in protected - NOT_ABOUT_A_ROLE - OF_THE_DESCRIPTION}

    assert SERVICE_LINKED_CHANGES == known | {"iam:createrole"}  # whose error is InvalidInput
    assert set(ATTACHING) == {f"iam:{each.lower()}" for each in attaching}
