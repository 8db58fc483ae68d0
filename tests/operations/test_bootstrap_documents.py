"""The bootstrap's policies: AWS knows each action, resource and condition key, takes their size, and each limits."""

import json
from fnmatch import fnmatchcase

import pytest

from operations.bootstrap.bucket import bucket_policy, of_environment
from operations.bootstrap.keys import key_policy
from operations.bootstrap.organization_rights import changing_the_organization
from operations.bootstrap.rights import State, deploying, document, entering, reading
from operations.bootstrap.roles import trust
from policies.evaluate import evaluate
from policies.rules import Resource
from zone.plan.integration import integration
from zone.specs.integration import GitHub, GitLab

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
MANY = ["org", *(f"env{number}" for number in range(20))]
STATE = State(bucket="mlz-state", project="mlz", bucket_key=KEY, keys=dict.fromkeys(MANY, KEY))
INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
IN_UNIT = entering(["OrganizationAccountAccessRole"], path="o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", ids=[])
BY_ID = entering(["OrganizationAccountAccessRole"], path=None, ids=[ACCOUNT])
HUB = integration(GitHub(by="github", owner="acme", repository="ml"), MANY)
LAB = integration(GitLab(by="gitlab", project="acme/ml"), MANY)


@pytest.mark.parametrize(
    ("token", "name", "policy"),
    [
        ("aws:s3/bucketPolicy:BucketPolicy", "policy", bucket_policy("mlz-state", "mlz", ACCOUNT, MANY)),
        ("aws:kms/key:Key", "policy", key_policy(ACCOUNT)),
        ("aws:kms/key:Key", "policy", key_policy(ACCOUNT, [f"arn:aws:iam::{ACCOUNT}:role/mlz-deploy-dev"])),
        ("aws:iam/rolePolicy:RolePolicy", "policy", document(*deploying(STATE, "env1"), *IN_UNIT)),
        ("aws:iam/rolePolicy:RolePolicy", "policy", document(*deploying(STATE, "env1"), *BY_ID)),
        (
            "aws:iam/rolePolicy:RolePolicy",
            "policy",
            document(*deploying(STATE, "org"), *IN_UNIT, *changing_the_organization(ACCOUNT, INSTANCE)),
        ),
        ("aws:iam/rolePolicy:RolePolicy", "policy", document(*changing_the_organization(ACCOUNT, ""))),
        ("aws:iam/rolePolicy:RolePolicy", "policy", document(*reading(STATE))),
        ("aws:iam/role:Role", "assumeRolePolicy", trust(ACCOUNT, HUB, "org")),
        ("aws:iam/role:Role", "assumeRolePolicy", trust(ACCOUNT, LAB, "preview")),
    ],
)
def test_aws_would_take_each_and_no_statement_is_for_nothing(token, name, policy):
    resource = Resource(type=token, name="case", props={name: json.dumps(policy)})

    found = evaluate([resource], {}, wanted=lambda rule: rule.key == "iam-policy-valid")

    assert [] == [finding["message"] for finding in found]


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        (".pulumi/stacks/mlz/dev.json", "dev"),
        (".pulumi/stacks/mlz/dev-fraud.json.bak", "dev"),
        (".pulumi/history/mlz/dev/dev-1.history.json", "dev"),
        (".pulumi/locks/organization/mlz/dev-a-b/0.json", "dev"),
        (".pulumi/stacks/mlz/develop.json", "develop"),
        (".pulumi/meta.yaml", None),
    ],
)
def test_an_object_is_one_environments(name, environment):

    whose = [
        each
        for each in ("dev", "develop", "org")
        if any(fnmatchcase(f"arn:aws:s3:::b/{name}", pattern) for pattern in of_environment("b", "mlz", each))
    ]

    assert ([environment] if environment else []) == whose
