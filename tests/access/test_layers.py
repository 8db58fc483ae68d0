"""How the kinds of policy combine.

Sources, read 2026-11-21: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic",
"Principal"; Organizations User Guide, "Resource control policies".
"""

import pytest

from tests.access.evaluator import (
    ALLOWED,
    DENIED,
    FORBIDDEN,
    KEY,
    OURS,
    ROLE,
    SESSION,
    THEIRS,
    USER,
    allow,
    ask,
    deny,
    document,
    verdict,
)

ALL = document(allow())
NOTHING = document(allow("ec2:DescribeRegions"))
OTHER = document(allow("sqs:*"))


def to(*principals, **more):
    return document(allow(Principal={"AWS": list(principals)}, **more))


def test_nothing_is_allowed_by_default():
    found = ask()

    assert (DENIED, "identityPolicies", None) == (found.verdict, found.layer, found.statement)


def test_the_root_user_has_full_access_but_for_denies_and_service_control():
    root = f"arn:aws:iam::{OURS}:root"

    assert ALLOWED == verdict(root)
    assert FORBIDDEN == verdict(root, scp=[[ALL, document(deny())]])
    assert DENIED == verdict(root, scp=[[OTHER]])


def test_one_allow_of_several_identity_policies_is_enough():
    assert ALLOWED == verdict(identity=[NOTHING, OTHER, ALL])


@pytest.mark.parametrize("layer", ["identity", "boundary", "endpoint", "scp", "rcp", "policy", "session"])
def test_a_deny_in_any_layer_wins(layer):
    principal = {"Principal": "*"} if layer in {"endpoint", "rcp", "policy"} else {}
    denying = document(deny(Sid="Stop", **principal), *([allow(**principal)] if layer != "rcp" else []))
    given = {"identity": [ALL], "policy": to(ROLE)}
    shape = {"scp": [[denying]], "rcp": [[denying]], "policy": denying, "session": denying}
    found = ask(**{**given, layer: shape.get(layer, [denying])})

    assert (FORBIDDEN, "Stop") == (found.verdict, found.statement)


@pytest.mark.parametrize(
    ("layer", "given", "expected_layer"),
    [
        ("boundary", [OTHER], "permissionBoundaries"),
        ("session", OTHER, "sessionPolicy"),
        ("scp", [[ALL], [OTHER], [ALL]], "serviceControlPolicies"),
        ("endpoint", [document(allow("sqs:*", Principal="*"))], "endpointPolicies"),
    ],
)
def test_a_limiting_layer_has_to_allow_as_well(layer, given, expected_layer):
    found = ask(identity=[ALL], **{layer: given})

    assert (DENIED, expected_layer) == (found.verdict, found.layer)
    assert found.missing


@pytest.mark.parametrize("layer", ["boundary", "session", "scp", "endpoint"])
def test_a_limiting_layer_grants_nothing(layer):
    everyone = document(allow(Principal="*"))
    given = {"boundary": [ALL], "session": ALL, "scp": [[ALL]], "endpoint": [everyone]}[layer]

    assert DENIED == verdict(**{layer: given})


def test_each_level_of_the_organisation_has_to_allow_and_one_policy_of_a_level_is_enough():
    assert ALLOWED == verdict(identity=[ALL], scp=[[ALL], [OTHER, document(allow("s3:*"))]])
    assert DENIED == verdict(identity=[ALL], scp=[[ALL], []])
    assert "level1" == ask(identity=[ALL], scp=[[ALL], []]).policy


def test_resource_control_policies_need_no_allow_for_aws_attaches_one():
    perimeter = document(
        deny(Principal="*", Condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}),
    )

    assert FORBIDDEN == verdict(identity=[ALL], rcp=[[perimeter]])
    assert ALLOWED == verdict(identity=[ALL], rcp=[[perimeter]], context={"aws:PrincipalOrgID": "o-1"})


def test_resource_control_policies_reach_only_the_services_they_support():
    perimeter = document(deny(Principal="*"))
    queue, function = f"arn:aws:sqs:eu-west-1:{OURS}:q", f"arn:aws:lambda:eu-west-1:{OURS}:function:f"

    assert FORBIDDEN == verdict(action="sqs:SendMessage", resource=queue, identity=[ALL], rcp=[[perimeter]])
    assert ALLOWED == verdict(action="lambda:InvokeFunction", resource=function, identity=[ALL], rcp=[[perimeter]])
    assert ALLOWED == verdict(
        action="kms:RetireGrant", resource=KEY, identity=[ALL], rcp=[[perimeter]], policy=to(OURS)
    )


def test_who_retires_a_grant_is_not_for_the_key_policy_to_say():
    retire = {"action": "kms:RetireGrant", "resource": KEY}

    assert ALLOWED == verdict(**retire, identity=[ALL], policy=document(deny(Principal="*")))
    assert DENIED == verdict(**retire, policy=to(OURS))
    assert FORBIDDEN == verdict(**retire, identity=[ALL, document(deny())])


def test_service_control_does_not_reach_the_management_account_nor_service_linked_roles():
    linked = f"arn:aws:iam::{OURS}:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMaker"
    session = f"arn:aws:sts::{OURS}:assumed-role/AWSServiceRoleForAmazonSageMaker/x"
    stop, perimeter = [[document(deny())]], [[document(deny(Principal="*"))]]

    assert FORBIDDEN == verdict(identity=[ALL], scp=stop)
    assert ALLOWED == verdict(identity=[ALL], scp=stop, rcp=perimeter, management=OURS)
    assert FORBIDDEN == verdict(identity=[ALL], scp=stop, rcp=perimeter, management=THEIRS)
    assert ALLOWED == verdict(linked, identity=[ALL], scp=stop, rcp=perimeter)
    assert ALLOWED == verdict(session, identity=[ALL], scp=stop, rcp=perimeter)


def test_service_control_limits_what_a_resource_policy_grants():
    assert DENIED == verdict(policy=to(ROLE), scp=[[OTHER]])
    assert FORBIDDEN == verdict(policy=to(ROLE), scp=[[ALL, document(deny("s3:*"))]])


# Resource policies and implicit denies in other policy types, same account (the table of "Policy evaluation logic"):
# what is named, who asks, and whether an implicit deny in identity, boundary or session policy keeps them out.
SAME_ACCOUNT = [
    ("user ARN", USER, USER, {"identity": [NOTHING]}, ALLOWED),
    ("user ARN", USER, USER, {"boundary": [NOTHING]}, ALLOWED),
    ("role ARN", ROLE, SESSION, {"identity": [NOTHING]}, ALLOWED),
    ("role ARN", ROLE, SESSION, {"boundary": [NOTHING]}, DENIED),
    ("role ARN", ROLE, SESSION, {"session": NOTHING}, DENIED),
    ("role ARN", ROLE, ROLE, {"boundary": [NOTHING]}, DENIED),
    ("role ARN", ROLE, SESSION, {"boundary": [ALL], "session": ALL}, ALLOWED),
    ("session ARN", SESSION, SESSION, {"identity": [NOTHING]}, ALLOWED),
    ("session ARN", SESSION, SESSION, {"boundary": [NOTHING]}, ALLOWED),
    ("session ARN", SESSION, SESSION, {"session": NOTHING}, ALLOWED),
    # "Principal": a wildcard grants to the session, so boundaries and session policies do not limit it.
    ("everyone", "*", SESSION, {"boundary": [NOTHING], "session": NOTHING}, ALLOWED),
    ("account", OURS, SESSION, {"identity": [NOTHING]}, DENIED),
    ("account", OURS, SESSION, {"identity": [ALL]}, ALLOWED),
    ("account", OURS, SESSION, {"identity": [ALL], "boundary": [NOTHING]}, DENIED),
]


@pytest.mark.parametrize(("what", "named", "who", "others", "expected"), SAME_ACCOUNT)
def test_a_resource_policy_of_the_same_account_is_limited_by_whom_it_names(what, named, who, others, expected):
    assert expected == verdict(who, policy=to(named), **others), what


FEDERATED = f"arn:aws:sts::{OURS}:federated-user/Alice"


def test_a_doubt_in_one_layer_is_not_reported_where_another_decides_anyway():
    doubtful = document(allow(Condition={"StringEquals": {"test:key": "a"}}))
    asked = {"identity": [doubtful], "context": {"test:key": ["a", "b"]}}

    assert f"{DENIED}?" == verdict(**asked)
    assert DENIED == verdict(**asked, boundary=[NOTHING])
    assert ALLOWED == verdict(**asked, policy=to(USER, ROLE))


def test_a_doubtful_deny_leaves_the_answer_open():
    doubtful = document(deny(Condition={"StringEquals": {"test:key": "a"}}), allow())
    asked = {"identity": [doubtful], "context": {"test:key": ["a", "b"]}}

    assert f"{FORBIDDEN}?" == verdict(**asked)
    assert ALLOWED == verdict(**asked | {"context": {"test:key": "b"}})


def test_a_federated_user_named_by_its_session_is_not_limited():
    assert ALLOWED == verdict(FEDERATED, policy=to(FEDERATED), session=NOTHING)
    assert DENIED == verdict(FEDERATED, identity=[ALL], session=NOTHING)


def test_a_federated_user_has_what_its_user_has_within_its_session_policy():
    assert ALLOWED == verdict(FEDERATED, identity=[ALL], session=ALL)
    assert ALLOWED == verdict(FEDERATED, policy=to(USER), session=ALL)
    assert DENIED == verdict(FEDERATED, policy=to(USER), session=NOTHING)
    assert FORBIDDEN == verdict(FEDERATED, identity=[ALL], session=ALL, policy=document(deny(Principal={"AWS": USER})))


def test_a_federated_user_without_session_policy_has_only_what_its_session_is_given():
    """Source: IAM User Guide, "Permissions for GetFederationToken"."""
    assert DENIED == verdict(FEDERATED, identity=[ALL])
    assert DENIED == verdict(FEDERATED, policy=to(USER))
    assert ALLOWED == verdict(FEDERATED, policy=to(FEDERATED))


@pytest.mark.parametrize("who", [USER, SESSION, FEDERATED])
def test_not_principal_denies_whoever_has_a_boundary(who):
    """Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal", box "Important"."""
    spared = [USER, ROLE, SESSION, FEDERATED, f"arn:aws:iam::{OURS}:root"]
    asked = {"identity": [ALL], "session": ALL, "policy": document(deny(NotPrincipal={"AWS": spared}))}

    assert ALLOWED == verdict(who, **asked)
    assert FORBIDDEN == verdict(who, **asked, boundary=[ALL])


@pytest.mark.parametrize("named", [ROLE, OURS, "*", SESSION])
def test_across_accounts_both_sides_have_to_allow(named):
    both = {"owner": THEIRS, "policy": to(named)}

    assert ALLOWED == verdict(SESSION, identity=[ALL], **both)
    assert DENIED == verdict(SESSION, **both)
    assert DENIED == verdict(SESSION, identity=[ALL], boundary=[NOTHING], **both)
    assert DENIED == verdict(SESSION, identity=[ALL], session=NOTHING, **both)
    assert DENIED == verdict(SESSION, identity=[ALL], owner=THEIRS)
    assert "resourcePolicy" == ask(SESSION, identity=[ALL], owner=THEIRS).layer


def test_across_accounts_the_answer_names_the_share():
    shared = document(allow("s3:GetObject", Principal={"AWS": OURS}, Sid="Share"))
    found = ask(identity=[ALL], owner=THEIRS, policy=shared)

    assert (ALLOWED, "resourcePolicy", "p0", "Share") == (found.verdict, found.layer, found.policy, found.statement)


def test_the_owner_is_read_from_the_arn_and_else_is_the_principals_account():
    queue = "arn:aws:sqs:eu-west-1:{}:q".format
    asked = {"action": "sqs:SendMessage", "identity": [ALL]}

    assert ALLOWED == verdict(resource=queue(OURS), **asked)
    assert DENIED == verdict(resource=queue(THEIRS), **asked)
    assert ALLOWED == verdict(resource="arn:aws:s3:::data", action="s3:ListBucket", identity=[ALL])


def test_a_service_needs_only_the_resource_policy_and_no_service_control():
    logs = document(allow("s3:PutObject", Principal={"Service": "cloudtrail.amazonaws.com"}))
    asked = {"who": "cloudtrail.amazonaws.com", "action": "s3:PutObject", "owner": OURS, "policy": logs}

    assert ALLOWED == verdict(**asked, scp=[[document(deny())]])
    assert FORBIDDEN == verdict(**asked, rcp=[[document(deny(Principal="*"))]])
    assert DENIED == verdict("config.amazonaws.com", "s3:PutObject", owner=OURS, policy=logs)


def test_confused_deputies_are_kept_out_by_conditions_on_the_source():
    statement = allow(
        "s3:PutObject",
        Principal={"Service": "cloudtrail.amazonaws.com"},
        Condition={"StringEquals": {"aws:SourceAccount": OURS}},
    )
    asked = {"who": "cloudtrail.amazonaws.com", "action": "s3:PutObject", "policy": document(statement)}

    assert ALLOWED == verdict(**asked, context={"aws:SourceAccount": OURS})
    assert DENIED == verdict(**asked, context={"aws:SourceAccount": THEIRS})
