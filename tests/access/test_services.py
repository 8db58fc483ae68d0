"""Rules of single services: KMS keys, roles and who passes or assumes them, public buckets."""

import pytest

from tests.access.evaluator import (
    ALLOWED,
    DENIED,
    KEY,
    OURS,
    ROLE,
    THEIRS,
    USER,
    allow,
    ask,
    deny,
    document,
    verdict,
)

ALL = document(allow())


def to(*principals, **more):
    return document(allow(Principal={"AWS": list(principals)}, **more))


def test_a_kms_key_is_reached_only_where_its_own_policy_says_so():
    """Source: KMS Developer Guide, "Key policies in AWS KMS"."""
    asked = {"action": "kms:Decrypt", "resource": KEY}

    assert DENIED == verdict(identity=[ALL], **asked)
    assert "resourcePolicy" == ask(identity=[ALL], **asked).layer
    assert DENIED == verdict(identity=[ALL], policy=to(USER), **asked)
    assert ALLOWED == verdict(identity=[ALL], policy=to(OURS), **asked)
    assert DENIED == verdict(policy=to(OURS), **asked)
    assert ALLOWED == verdict(policy=to(ROLE), **asked)
    assert DENIED == verdict(f"arn:aws:iam::{OURS}:root", policy=to(ROLE), **asked)
    assert ALLOWED == verdict(f"arn:aws:iam::{OURS}:root", policy=to(OURS), **asked)


def test_actions_on_no_key_need_no_key_policy():
    assert ALLOWED == verdict(action="kms:ListKeys", resource="*", identity=[ALL])


def test_a_role_is_assumed_only_where_its_trust_policy_says_so():
    """Source: IAM User Guide, "Policy evaluation logic", step "Resource-based policies"."""
    role = f"arn:aws:iam::{OURS}:role/Deployer"
    asked = {"action": "sts:AssumeRole", "resource": role}

    def trust(principal, **more):
        return document(allow("sts:AssumeRole", None, Principal=principal, **more))

    assert DENIED == verdict(USER, identity=[ALL], **asked)
    assert ALLOWED == verdict(USER, identity=[ALL], policy=trust({"AWS": OURS}), **asked)
    assert DENIED == verdict(USER, policy=trust({"AWS": OURS}), **asked)
    assert ALLOWED == verdict(USER, policy=trust({"AWS": USER}), **asked)
    assert ALLOWED == verdict("sagemaker.amazonaws.com", policy=trust({"Service": "sagemaker.amazonaws.com"}), **asked)
    assert DENIED == verdict("ec2.amazonaws.com", policy=trust({"Service": "sagemaker.amazonaws.com"}), **asked)

    external = {"Condition": {"StringEquals": {"sts:ExternalId": "42"}}}
    partner = f"arn:aws:iam::{THEIRS}:role/Partner"
    guarded = trust({"AWS": THEIRS}, **external)
    assert ALLOWED == verdict(partner, identity=[ALL], policy=guarded, context={"sts:ExternalId": "42"}, **asked)
    assert DENIED == verdict(partner, identity=[ALL], policy=guarded, **asked)


@pytest.mark.parametrize("policies", [{}, {"identity": [document(deny())], "scp": [[document(deny())]]}])
def test_who_one_is_may_be_asked_whatever_policies_say(policies):
    """Source: STS API Reference, GetCallerIdentity and GetSessionToken."""
    assert ALLOWED == verdict(ROLE, "sts:GetCallerIdentity", "*", **policies)
    assert ALLOWED == verdict(USER, "STS:getsessiontoken", "*", **policies)
    assert ALLOWED != verdict(ROLE, "sts:GetSessionToken", "*", **policies)
    assert ALLOWED != verdict(USER, "sts:GetFederationToken", "*", **policies)


def test_an_identity_provider_assumes_a_role_by_its_trust_policy_alone():
    provider = f"arn:aws:iam::{OURS}:oidc-provider/token.actions.githubusercontent.com"
    trust = document(
        allow(
            "sts:AssumeRoleWithWebIdentity",
            None,
            Principal={"Federated": provider},
            Condition={"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/mlz:*"}},
        )
    )
    asked = {
        "who": provider,
        "action": "sts:AssumeRoleWithWebIdentity",
        "resource": f"arn:aws:iam::{OURS}:role/Deployer",
        "policy": trust,
    }

    assert ALLOWED == verdict(**asked, context={"token.actions.githubusercontent.com:sub": "repo:acme/mlz:ref:main"})
    assert DENIED == verdict(**asked, context={"token.actions.githubusercontent.com:sub": "repo:evil/mlz:ref:main"})


def test_a_role_is_passed_only_to_the_service_the_policy_names():
    policy = document(
        allow("iam:PassRole", ROLE, Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}})
    )
    asked = {"who": USER, "action": "iam:PassRole", "resource": ROLE, "identity": [policy]}

    assert ALLOWED == verdict(**asked, context={"iam:PassedToService": "sagemaker.amazonaws.com"})
    assert DENIED == verdict(**asked, context={"iam:PassedToService": "ec2.amazonaws.com"})
    assert DENIED == verdict(**asked)


PUBLIC = {
    "everyone": (to("*"), True),
    "an identity provider's users": (document(allow(Principal={"Federated": "graph.facebook.com"})), True),
    "everyone but one": (document(allow(NotPrincipal={"AWS": USER})), True),
    "a key that may be absent": (to("*", Condition={"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}), True),
    "a wildcard": (to("*", Condition={"StringLike": {"aws:SourceVpc": "vpc-*"}}), True),
    "a wide range": (to("*", Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}), True),
    "all but one": (to("*", Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}), True),
    "another key": (to("*", Condition={"StringEquals": {"aws:UserAgent": "x"}}), True),
    "one network": (to("*", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}), False),
    "one organisation": (to("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), False),
    "addresses": (to("*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), False),
    "access points": (
        to("*", Condition={"ArnLike": {"s3:DataAccessPointArn": f"arn:aws:s3:eu-west-1:{OURS}:accesspoint/*"}}),
        False,
    ),
    "an account": (to(OURS), False),
}
CONTEXT = {
    "aws:SourceVpc": "vpc-1",
    "aws:PrincipalOrgID": "o-1",
    "aws:SourceIp": "203.0.113.9",
    "aws:UserAgent": "x",
    "s3:DataAccessPointArn": f"arn:aws:s3:eu-west-1:{OURS}:accesspoint/p",
}


@pytest.mark.parametrize("case", PUBLIC)
def test_restrict_public_buckets_keeps_strangers_out_of_a_public_bucket(case):
    """Source: S3 User Guide, "Blocking public access to your Amazon S3 storage"."""
    policy, public = PUBLIC[case]
    statement = allow(Principal={"AWS": OURS}, Sid="Share")
    shared = {**policy, "Statement": [*policy["Statement"], statement]}
    found = ask(identity=[ALL], owner=THEIRS, policy=shared, context=CONTEXT, restrict_public=True)

    assert (DENIED, "blockPublicAccess") == found[:2] if public else ALLOWED == found.verdict


def test_restrict_public_buckets_leaves_the_own_account_and_services():
    policy = document(allow(Principal="*"))
    asked = {"policy": policy, "restrict_public": True}

    assert ALLOWED == verdict(**asked)
    assert ALLOWED == verdict("cloudtrail.amazonaws.com", **asked, owner=OURS)
    assert DENIED == verdict("*", **asked, owner=OURS)
    assert ALLOWED == verdict("*", policy=policy, owner=OURS)
