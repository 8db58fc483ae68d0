"""AWS's documented behaviour of Principal and NotPrincipal, of key policies and of trust policies.

Pages of the IAM User Guide unless said otherwise, read 2026-11-21:
https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html
"""

import pytest

from tests.access.documented import ALICE, AWAY, CAROL, HOME, TRAINER, allow, ask, deny, policy

ALLOWED, IMPLICITLY, EXPLICITLY = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
EVERYTHING = policy(allow())
ROOT = f"arn:aws:iam::{HOME}:root"


# From the page reference_policies_elements_principal


@pytest.mark.parametrize(
    ("expected", "by", "principal"),
    [
        (ALLOWED, ALICE, {"AWS": TRAINER}),
        (ALLOWED, ALICE, {"AWS": ALICE}),
        (ALLOWED, ALICE, {"AWS": [CAROL, ALICE]}),
        (IMPLICITLY, ALICE, {"AWS": "arn:aws:sts::111111111111:assumed-role/trainer/bob"}),
        (IMPLICITLY, ALICE, {"AWS": "arn:aws:iam::111111111111:role/reader"}),
        (IMPLICITLY, ALICE, {"AWS": "arn:aws:iam::222222222222:role/trainer"}),
        (IMPLICITLY, ALICE, {"AWS": "arn:aws:iam::222222222222:root"}),
        (ALLOWED, CAROL, {"AWS": CAROL}),
        (IMPLICITLY, CAROL, {"AWS": "arn:aws:iam::111111111111:user/Carol"}),
        (ALLOWED, CAROL, "*"),
        (ALLOWED, CAROL, {"AWS": "*"}),
        (ALLOWED, "lambda.amazonaws.com", {"Service": ["ecs.amazonaws.com", "lambda.amazonaws.com"]}),
        (IMPLICITLY, "lambda.amazonaws.com", {"Service": "ecs.amazonaws.com"}),
        (IMPLICITLY, ALICE, {"Service": "lambda.amazonaws.com"}),
        (ALLOWED, "*", "*"),
        (ALLOWED, "*", {"AWS": "*"}),
        (IMPLICITLY, "*", {"AWS": HOME}),
    ],
)
def test_who_a_principal_element_names(expected, by, principal):
    assert expected == ask(by=by, bucket=policy(allow(Principal=principal)))


@pytest.mark.parametrize("account", [HOME, ROOT])
def test_naming_the_account_delegates_to_it(account):
    bucket = policy(allow(Principal={"AWS": account}))

    assert IMPLICITLY == ask(bucket=bucket)
    assert ALLOWED == ask(bucket=bucket, identity=EVERYTHING)


@pytest.mark.parametrize("account", [HOME, ROOT])
def test_a_deny_that_names_the_account_denies_everybody_in_it(account):
    assert EXPLICITLY == ask(identity=EVERYTHING, bucket=policy(deny(Principal={"AWS": account})))


def test_everybody_but_one_by_condition():
    only_carol = policy(
        allow(Principal="*"), deny(Principal="*", condition={"ArnNotEquals": {"aws:PrincipalArn": CAROL}})
    )

    assert ALLOWED == ask(by=CAROL, bucket=only_carol, context={"aws:PrincipalArn": CAROL})
    assert EXPLICITLY == ask(bucket=only_carol, context={"aws:PrincipalArn": TRAINER})


# From the page reference_policies_elements_notprincipal


@pytest.mark.parametrize(
    ("expected", "by", "spared"),
    [
        (ALLOWED, CAROL, [CAROL, ROOT]),
        (EXPLICITLY, "arn:aws:iam::222222222222:user/dave", [CAROL, ROOT]),
        (ALLOWED, ALICE, [ALICE, TRAINER, ROOT]),
        (EXPLICITLY, "arn:aws:sts::222222222222:assumed-role/trainer/alice", [ALICE, TRAINER, ROOT]),
    ],
)
def test_not_principal_spares_only_those_it_names(expected, by, spared):
    bucket = policy(allow(Principal="*"), deny(None, NotAction="iam:*", NotPrincipal={"AWS": spared}))

    assert expected == ask(by=by, owner=by.split(":")[4], bucket=bucket)


def test_not_principal_always_denies_a_principal_that_has_a_boundary():
    # From the page access_policies_boundaries, "Important"
    bucket = policy(allow(Principal="*"), deny(NotPrincipal={"AWS": [CAROL, ROOT]}))

    assert ALLOWED == ask(by=CAROL, bucket=bucket, identity=EVERYTHING)
    assert EXPLICITLY == ask(by=CAROL, bucket=bucket, identity=EVERYTHING, boundary=EVERYTHING)


# AWS KMS Developer Guide (https://docs.aws.amazon.com/kms/latest/developerguide/): key-policy-default, control-access,
# key-policy-modifying-external-accounts

KEY = f"arn:aws:kms:us-east-1:{HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DEFAULT_KEY_POLICY = policy(allow("kms:*", Principal={"AWS": ROOT}))
DECRYPT = policy(allow("kms:Decrypt"))


@pytest.mark.parametrize(
    ("expected", "key_policy", "identity"),
    [
        (ALLOWED, DEFAULT_KEY_POLICY, DECRYPT),
        (IMPLICITLY, DEFAULT_KEY_POLICY, None),
        (ALLOWED, policy(allow("kms:Decrypt", Principal={"AWS": TRAINER})), None),
        # Without a statement for the account, IAM policies that allow have no effect.
        (IMPLICITLY, policy(allow("kms:Decrypt", Principal={"AWS": CAROL})), DECRYPT),
        (IMPLICITLY, policy(allow("kms:Decrypt", Principal={"AWS": f"arn:aws:iam::{AWAY}:root"})), DECRYPT),
        # The account is enabled for another action only.
        (IMPLICITLY, policy(allow("kms:DescribeKey", Principal={"AWS": ROOT})), DECRYPT),
    ],
)
def test_iam_policies_count_only_where_the_key_policy_lets_them(expected, key_policy, identity):
    assert expected == ask("kms:Decrypt", KEY, bucket=key_policy, identity=identity)


@pytest.mark.parametrize("principal", [ROOT, TRAINER])
def test_a_key_of_another_account_takes_both_policies(principal):
    far = KEY.replace(HOME, AWAY)
    key_policy = policy(allow("kms:Decrypt", Principal={"AWS": principal}))

    assert ALLOWED == ask("kms:Decrypt", far, owner=AWAY, bucket=key_policy, identity=DECRYPT)
    assert IMPLICITLY == ask("kms:Decrypt", far, owner=AWAY, bucket=key_policy)


def test_a_key_may_be_used_through_one_service_only():
    via_s3 = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    key_policy = policy(allow("kms:Decrypt", Principal={"AWS": TRAINER}, condition=via_s3))

    assert ALLOWED == ask(
        "kms:Decrypt", KEY, bucket=key_policy, context={"kms:ViaService": "s3.us-east-1.amazonaws.com"}
    )
    assert IMPLICITLY == ask("kms:Decrypt", KEY, bucket=key_policy)


# From the pages id_roles_terms-and-concepts, "trust policy" and …_policy-eval-denyallow:
# trust policies "must explicitly allow access"

DEPLOYER = f"arn:aws:iam::{HOME}:role/deployer"
ASSUME = policy(allow("sts:AssumeRole"))


def trust(principal, condition=None):
    return policy(allow("sts:AssumeRole", None, condition, Principal=principal))


@pytest.mark.parametrize(
    ("expected", "principal", "identity"),
    [
        (ALLOWED, {"AWS": ROOT}, ASSUME),
        (IMPLICITLY, {"AWS": ROOT}, None),
        (ALLOWED, {"AWS": TRAINER}, None),
        (IMPLICITLY, {"AWS": CAROL}, ASSUME),
        (IMPLICITLY, {"Service": "sagemaker.amazonaws.com"}, ASSUME),
    ],
)
def test_a_role_is_assumed_by_whom_its_trust_policy_names(expected, principal, identity):
    assert expected == ask("sts:AssumeRole", DEPLOYER, bucket=trust(principal), identity=identity)


def test_a_role_of_another_account_takes_trust_and_permission():
    far = DEPLOYER.replace(HOME, AWAY)

    assert ALLOWED == ask("sts:AssumeRole", far, owner=AWAY, bucket=trust({"AWS": ROOT}), identity=ASSUME)
    assert IMPLICITLY == ask("sts:AssumeRole", far, owner=AWAY, bucket=trust({"AWS": ROOT}))
    assert IMPLICITLY == ask("sts:AssumeRole", far, owner=AWAY, bucket=trust({"AWS": CAROL}), identity=ASSUME)


def test_a_service_assumes_the_role_that_trusts_it():
    trusting = trust({"Service": "sagemaker.amazonaws.com"})

    assert ALLOWED == ask("sts:AssumeRole", DEPLOYER, by="sagemaker.amazonaws.com", bucket=trusting)
    assert IMPLICITLY == ask("sts:AssumeRole", DEPLOYER, by="lambda.amazonaws.com", bucket=trusting)


@pytest.mark.parametrize(("expected", "external_id"), [(ALLOWED, "12345"), (IMPLICITLY, "54321"), (IMPLICITLY, None)])
def test_a_third_party_must_know_the_external_id(expected, external_id):
    # From the page id_roles_common-scenarios_third-party
    third_party = trust({"AWS": HOME}, {"StringEquals": {"sts:ExternalId": "12345"}})
    context = {"sts:ExternalId": external_id} if external_id else {}
    far = DEPLOYER.replace(HOME, AWAY)

    assert expected == ask("sts:AssumeRole", far, owner=AWAY, bucket=third_party, identity=ASSUME, context=context)


# From the AWS STS API Reference, GetCallerIdentity: "No permissions are required"


@pytest.mark.parametrize("identity", [None, policy(deny("sts:*"))])
def test_anybody_may_ask_who_they_are(identity):
    assert ALLOWED == ask("sts:GetCallerIdentity", "*", identity=identity)


# From the page id_roles_use_passrole


@pytest.mark.parametrize(
    ("expected", "service"),
    [(ALLOWED, "sagemaker.amazonaws.com"), (IMPLICITLY, "ec2.amazonaws.com"), (IMPLICITLY, None)],
)
def test_a_role_is_passed_to_the_service_its_permission_names(expected, service):
    to_sagemaker = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    identity = policy(allow("iam:PassRole", TRAINER, to_sagemaker))
    context = {"iam:PassedToService": service} if service else {}

    assert expected == ask("iam:PassRole", TRAINER, identity=identity, context=context)
