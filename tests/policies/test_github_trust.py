"""Which subjects of GitHub's tokens name one repository, so that nobody else's workflow can assume the role."""

import pytest

from tests.policies.test_reach import ACCOUNT, ROLE, allow, fires

GITHUB = "token.actions.githubusercontent.com"


def trusts(subject, issuer=GITHUB, operator="StringLike", claim="sub"):
    return not fires(
        "iam-trust-github-oidc-sub",
        ROLE,
        assumeRolePolicy=allow(
            "sts:AssumeRoleWithWebIdentity",
            {"Federated": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"]},
            Condition={operator: {f"{issuer}:{claim}": subject}},
        ),
    )


@pytest.mark.parametrize(
    "subject",
    [
        *("repo:acme/landing:*", "repo:acme/landing:environment:prod", "repo:acme/landing"),
        *("repo:acme@123/landing@456:ref:refs/heads/main", "repo:acme@123/landing@456:*", "repo:acme@*/landing@*:*"),
        *("repo:acme@*/landing@456:environment:prod", "repo:acme@123/landing@456"),
        *("repository_id:456", "repository_id:456:*", "repository_owner_id:123:repository_id:456:environment:prod"),
        *("repository_visibility:private:repo:acme/landing:ref:refs/heads/main", "repository:acme/landing:*"),
    ],
)
def test_a_subject_that_names_one_repository_is_taken(subject):
    assert trusts(subject)


@pytest.mark.parametrize(
    "subject",
    [
        *("*", "repo:*", "repo:acme*", "repo:acme/*", "repo:acme/*:environment:prod", "repo:acme/landing*"),
        *(
            "repo:acme@*",
            "repo:acme@*:*",
            "repo:acme@123/*",
            "repo:acme@*/*:environment:prod",
            "repo:acme*/landing@*:*",
        ),
        *("repo:acme@*/landing@*", "repo:acme@*/land*@*:*", "repo:*@123/landing@456:*", "repo:acme@*/landing:*"),
        *("repository_owner_id:123", "repository_owner_id:123:*", "repository_owner_id:123:repository_id:*"),
        *("*:repository_id:456", "workflow:deploy:repository_id:456", "repository_owner:acme", "environment:prod"),
        "job_workflow_ref:acme/automation/.github/workflows/deploy.yml@refs/heads/main",
    ],
)
def test_a_subject_that_others_can_have_is_refused(subject):
    assert not trusts(subject)


@pytest.mark.parametrize(
    "issuer", [f"{GITHUB}/octo-inc", "token.actions.octocorp.ghe.com", "github.example.com/_services/token"]
)
def test_every_issuer_of_github_is_one(issuer):
    assert trusts("repo:octo-inc/scorer:*", issuer)
    assert not trusts("repo:octo-inc/*", issuer)


def test_the_subject_must_be_that_of_an_issuer_that_is_trusted():
    condition = {"StringEquals": {f"{GITHUB}:sub": "repo:octo-inc/scorer:*"}}
    enterprise = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}/octo-inc"}
    policy = allow("sts:AssumeRoleWithWebIdentity", enterprise, Condition=condition)

    assert fires("iam-trust-github-oidc-sub", ROLE, assumeRolePolicy=policy)


def test_another_claim_may_name_the_repository():
    assert trusts("456", claim="repository_id")
    assert trusts("acme/landing", claim="repository")
    assert not trusts("*", claim="repository_id")
    assert not trusts("prod", claim="environment")
    assert not trusts("repo:acme/landing:*", operator="StringLikeIfExists")
