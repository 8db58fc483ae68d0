"""AWS's documented examples of the evaluation logic: which layers must allow, and which deny wins.

Pages of the IAM User Guide, read 2026-11-21:
https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html
"""

import pytest

from tests.access.documented import ALICE, AWAY, CAROL, HOME, OBJECT, TRAINER, allow, ask, deny, policy

ALLOWED, IMPLICITLY, EXPLICITLY = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
EVERYTHING = policy(allow())
NOTHING_HERE = policy(allow("ec2:*"))


# From the page reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay


@pytest.mark.parametrize(
    ("expected", "action"),
    [
        (ALLOWED, "iam:GetUser"),
        (ALLOWED, "iam:ListUsers"),
        (IMPLICITLY, "iam:CreatePolicy"),
        (EXPLICITLY, "iam:GetOrganizationsAccessReport"),
        (EXPLICITLY, "iam:GenerateCredentialReport"),
    ],
)
def test_an_action_is_allowed_implicitly_denied_or_explicitly_denied(expected, action):
    reader = policy(allow(["iam:Get*", "iam:List*"]), deny("iam:*Report"))

    assert expected == ask(action, "*", by=CAROL, identity=reader)


def test_allowing_reports_in_another_policy_does_not_undo_the_deny():
    reader = policy(allow(["iam:Get*", "iam:List*"]), deny("iam:*Report"), allow("iam:GenerateCredentialReport"))

    assert EXPLICITLY == ask("iam:GenerateCredentialReport", "*", by=CAROL, identity=reader)


# From the page reference_policies_evaluation-logic_policy-eval-basics,
# "Example identity-based and resource-based policy evaluation"

CARLOS = "arn:aws:iam::111111111111:user/carlossalazar"
CARLOS_POLICY = policy(
    allow(["s3:GetBucketLocation", "s3:ListAllMyBuckets"], "arn:aws:s3:::*"),
    allow(
        "s3:*", ["arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar/*", "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar"]
    ),
    deny("s3:*", "arn:aws:s3:::*log*"),
)


def test_carlos_may_not_save_to_his_logs_bucket_even_though_its_policy_allows_it():
    logs = "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar-logs"
    bucket = policy(allow(["s3:GetObject*", "s3:PutObject*"], f"{logs}/*", Principal={"AWS": CARLOS}))

    assert EXPLICITLY == ask("s3:PutObject", f"{logs}/file", by=CARLOS, identity=CARLOS_POLICY, bucket=bucket)


def test_carlos_may_save_to_his_own_bucket_without_a_bucket_policy():
    file = "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar/file"

    assert ALLOWED == ask("s3:PutObject", file, by=CARLOS, identity=CARLOS_POLICY)


# From the page reference_policies_evaluation-logic-cross-account, "Example cross-account policy evaluation"

CARLOS_ABROAD = policy(
    allow("s3:ListAllMyBuckets"),
    allow("s3:*Object*", "arn:aws:s3:::amzn-s3-demo-production/*"),
    deny("s3:*", ["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"]),
)
PRODUCTION = policy(
    allow(
        ["s3:GetObject*", "s3:PutObject*", "s3:ReplicateObject", "s3:RestoreObject"],
        "arn:aws:s3:::amzn-s3-demo-production/*",
        Principal={"AWS": CARLOS},
    )
)


@pytest.mark.parametrize(
    ("expected", "action", "resource", "bucket"),
    [
        (EXPLICITLY, "s3:PutObject", "arn:aws:s3:::amzn-s3-demo-production-logs/file", None),
        (ALLOWED, "s3:PutObject", "arn:aws:s3:::amzn-s3-demo-production/file", PRODUCTION),
        (IMPLICITLY, "s3:DeleteObject", "arn:aws:s3:::amzn-s3-demo-production/file", PRODUCTION),
    ],
)
def test_carlos_reaches_another_account_only_where_both_sides_allow(expected, action, resource, bucket):
    assert expected == ask(action, resource, by=CARLOS, owner=AWAY, identity=CARLOS_ABROAD, bucket=bucket)


@pytest.mark.shows("R3")
@pytest.mark.parametrize(
    ("expected", "identity", "bucket"),
    [
        (ALLOWED, EVERYTHING, True),
        (IMPLICITLY, None, True),
        (IMPLICITLY, EVERYTHING, False),
        (IMPLICITLY, None, False),
    ],
)
@pytest.mark.parametrize("principal", [ALICE, TRAINER, HOME, f"arn:aws:iam::{HOME}:root", "*"])
def test_across_accounts_identity_and_resource_must_both_allow(expected, identity, bucket, principal):
    shared = policy(allow(Principal={"AWS": principal})) if bucket else None

    assert expected == ask(owner=AWAY, identity=identity, bucket=shared)


@pytest.mark.parametrize("limit", ["boundary", "session"])
def test_across_accounts_boundary_and_session_limit_even_a_session_named_by_the_resource(limit):
    shared = policy(allow(Principal={"AWS": ALICE}))

    assert IMPLICITLY == ask(owner=AWAY, identity=EVERYTHING, bucket=shared, **{limit: NOTHING_HERE})
    assert ALLOWED == ask(owner=AWAY, identity=EVERYTHING, bucket=shared, **{limit: EVERYTHING})


# From the page reference_policies_evaluation-logic_policy-eval-denyallow,
# its table of resource-based policies and implicit denies in other policy types, same account


@pytest.mark.parametrize(
    ("expected", "named", "implicit_deny_in"),
    [
        # The role's ARN: its own missing Allow does not matter, a boundary's or session's does.
        (ALLOWED, TRAINER, "identity"),
        (IMPLICITLY, TRAINER, "boundary"),
        (IMPLICITLY, TRAINER, "session"),
        # The session itself: nothing that is implicit limits it.
        (ALLOWED, ALICE, "identity"),
        (ALLOWED, ALICE, "boundary"),
        (ALLOWED, ALICE, "session"),
        # The account: delegates to its administrators, so their policies must allow too.
        (IMPLICITLY, HOME, "identity"),
        (IMPLICITLY, f"arn:aws:iam::{HOME}:root", "identity"),
        # Everyone (page reference_policies_elements_principal, "IAM role principals" and "All principals").
        (ALLOWED, "*", "identity"),
        (ALLOWED, "*", "boundary"),
        (ALLOWED, "*", "session"),
    ],
)
def test_what_a_resource_policy_grants_a_role_session(expected, named, implicit_deny_in):
    layers = {"identity": EVERYTHING, implicit_deny_in: NOTHING_HERE}

    assert expected == ask(bucket=policy(allow(Principal={"AWS": named})), **layers)


@pytest.mark.parametrize("implicit_deny_in", ["identity", "boundary"])
def test_what_a_resource_policy_grants_a_user_is_not_limited_by_implicit_denies(implicit_deny_in):
    layers = {"identity": EVERYTHING, implicit_deny_in: NOTHING_HERE}

    assert ALLOWED == ask(by=CAROL, bucket=policy(allow(Principal={"AWS": CAROL})), **layers)


@pytest.mark.parametrize(
    ("expected", "named", "session"),
    [
        (ALLOWED, "arn:aws:sts::111111111111:federated-user/carol", NOTHING_HERE),
        (IMPLICITLY, CAROL, NOTHING_HERE),
        (ALLOWED, CAROL, EVERYTHING),
    ],
)
def test_a_federated_user_is_limited_where_only_the_user_behind_it_is_named(expected, named, session):
    bucket = policy(allow(Principal={"AWS": named}))
    fred = "arn:aws:sts::111111111111:federated-user/carol"

    assert expected == ask(by=fred, bucket=bucket, session=session)


@pytest.mark.parametrize("layer", ["identity", "boundary", "session", "bucket", "scps", "rcps", "endpoint"])
def test_an_explicit_deny_in_any_layer_wins(layer):
    open_everywhere = {
        "identity": EVERYTHING,
        "boundary": EVERYTHING,
        "session": EVERYTHING,
        "bucket": policy(allow(Principal="*")),
        "scps": [[EVERYTHING]],
        "rcps": [],
        "endpoint": policy(allow(Principal="*")),
    }
    no = policy(allow(Principal="*"), deny("s3:*", Principal="*")) if layer in {"bucket", "endpoint"} else None
    no = no or (policy(deny("s3:*", Principal="*")) if layer == "rcps" else policy(allow(), deny("s3:*")))
    denied = {layer: [[EVERYTHING], [no]] if layer == "scps" else [[no]] if layer == "rcps" else no}

    assert ALLOWED == ask(**open_everywhere)
    assert EXPLICITLY == ask(**(open_everywhere | denied))


# From the page access_policies_boundaries, "Evaluating effective permissions with boundaries"

SHIRLEY = "arn:aws:iam::111111111111:user/Shirley"
SHIRLEY_BOUNDARY = policy(allow(["s3:*", "cloudwatch:*", "ec2:*"]))


@pytest.mark.parametrize(
    ("expected", "action", "resource", "identity"),
    [
        (IMPLICITLY, "iam:CreateUser", "arn:aws:iam::111111111111:user/new", policy(allow("iam:CreateUser"))),
        (ALLOWED, "s3:GetObject", OBJECT, policy(allow("s3:GetObject"))),
        (IMPLICITLY, "s3:GetObject", OBJECT, None),
        (IMPLICITLY, "s3:GetObject", OBJECT, policy(allow("iam:CreateUser"))),
    ],
)
def test_shirley_can_do_only_what_both_her_policy_and_her_boundary_allow(expected, action, resource, identity):
    assert expected == ask(action, resource, by=SHIRLEY, identity=identity, boundary=SHIRLEY_BOUNDARY)


@pytest.mark.shows("S1")
@pytest.mark.parametrize("missing", ["identity", "boundary", "scps", "session"])
def test_identity_boundary_session_and_scp_must_all_allow(missing):
    layers = {"identity": EVERYTHING, "boundary": EVERYTHING, "session": EVERYTHING, "scps": [[EVERYTHING]]}
    lacking = {missing: [[NOTHING_HERE]] if missing == "scps" else NOTHING_HERE}

    assert ALLOWED == ask(**layers)
    assert IMPLICITLY == ask(**(layers | lacking))


# From the page AWS PrivateLink Guide, vpc-endpoints-access, "Endpoint policies": a further limit, never a grant.


@pytest.mark.shows("S1")
@pytest.mark.parametrize(
    ("expected", "endpoint", "identity"),
    [
        (ALLOWED, policy(allow(Principal="*")), EVERYTHING),
        (IMPLICITLY, policy(allow("s3:PutObject", Principal="*")), EVERYTHING),
        (IMPLICITLY, policy(allow(Principal="*")), None),
    ],
)
def test_an_endpoint_policy_limits_and_never_grants(expected, endpoint, identity):
    assert expected == ask(endpoint=endpoint, identity=identity)
