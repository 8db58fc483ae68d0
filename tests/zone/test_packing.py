"""Packed policies refuse what the guardrails refuse, and fit AWS's limits."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.access import request
from tests.zone.deciding import Held
from zone.facts import limit
from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.merging import merged, pieces
from zone.guardrails.packing import PackingError, pack, text

HOMES = {"dev-fraud": "Workloads/Dev", "dev-churn": "Workloads/Dev", "prod-fraud": "Workloads/Prod"}
ACCOUNT_IDS = {"dev-fraud": "111111111111", "dev-churn": "222222222222", "prod-fraud": "333333333333"}
TARGETS = ["root", "Workloads", "Workloads/Dev", "Workloads/Prod", *HOMES]
ACTIONS = ["s3:GetObject", "s3:PutObject", "sqs:SendMessage", "sagemaker:CreateApp", "s3:*"]
RESOURCES = ["*", "arn:aws:s3:::red/*", "arn:aws:s3:::blue/*"]
CONDITIONS = [
    {},
    {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}},
    {"StringEquals": {"aws:RequestedRegion": ["us-east-1"]}},
    {"Null": {"sagemaker:InstanceTypes": "true"}},
    {"ForAnyValue:StringNotEquals": {"sagemaker:InstanceTypes": ["ml.m5.large"]}},
]


def guardrail(key, statements, targets, kind=PolicyType.SERVICE_CONTROL):
    return Guardrail(
        key=key,
        type=kind,
        description=key,
        document={"Version": "2012-10-17", "Statement": statements},
        targets=targets,
        owner="owner@example.com",
    )


def deny(sid, actions=("s3:GetObject",), resources=("*",), condition=None):
    statement = {"Sid": sid, "Effect": "Deny", "Action": list(actions), "Resource": list(resources)}
    return statement | ({"Condition": condition} if condition else {})


statement = st.builds(
    deny,
    st.sampled_from(["A", "B", "C"]),
    st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=2, unique=True),
    st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2, unique=True),
    st.sampled_from(CONDITIONS),
)
some_guardrails = st.lists(
    st.tuples(
        st.lists(statement, min_size=1, max_size=3),
        st.lists(st.sampled_from(TARGETS), min_size=1, max_size=3, unique=True),
    ),
    max_size=4,
).map(lambda given: [guardrail(f"g{n}", made, tuple(targets)) for n, (made, targets) in enumerate(given)])
some_requests = st.builds(
    lambda account, action, resource, context: (
        account,
        request(f"arn:aws:iam::{ACCOUNT_IDS[account]}:role/r", action, resource, context=context),
    ),
    st.sampled_from(sorted(HOMES)),
    st.sampled_from([action for action in ACTIONS if "*" not in action]),
    st.sampled_from(["arn:aws:s3:::red/a", "arn:aws:s3:::blue/a"]),
    st.fixed_dictionaries(
        {},
        optional={
            "aws:RequestedRegion": st.sampled_from(["eu-west-1", "us-east-1"]),
            "sagemaker:InstanceTypes": st.sampled_from([["ml.m5.large"], ["ml.m5.large", "ml.p5.48xlarge"]]),
        },
    ),
)


@pytest.mark.shows("S12")
@given(some_guardrails, st.lists(some_requests, min_size=1, max_size=20))
def test_packed_and_unpacked_decide_alike(made, asked):
    packed = pack(made, HOMES)

    for account, one in asked:
        unit = HOMES[account]
        assert Held(made, account, unit).refuses(one) == Held(packed, account, unit).refuses(one)


@pytest.mark.shows("S12")
@given(some_guardrails)
def test_every_statement_of_a_guardrail_is_in_the_source_map(made):
    wanted = {f"{each.key}/{one['Sid']}" for each in made for one in each.document["Statement"]}
    packed = pack(made, HOMES)

    assert wanted == {source for policy in packed for sources in policy.sources.values() for source in sources}
    for policy in packed:
        sids = [one["Sid"] for one in policy.document["Statement"]]
        assert sids == list(policy.sources)
        assert len(sids) == len(set(sids))


@given(some_guardrails)
def test_packing_is_the_same_twice_and_names_are_unique(made):
    packed = pack(made, HOMES)

    assert packed == pack(made, HOMES)
    assert len(packed) == len({policy.key for policy in packed})


@pytest.mark.shows("S12")
def test_statements_that_differ_in_actions_only_become_one():
    [policy] = pack(
        [guardrail("a", [deny("A", ["s3:GetObject"])], ("root",)), guardrail("b", [deny("B", ["s3:Put*"])], ("root",))],
        {},
    )

    assert [{"Sid": "AAndB", "Effect": "Deny", "Action": ["s3:GetObject", "s3:Put*"], "Resource": ["*"]}] == [
        *policy.document["Statement"]
    ]
    assert {"AAndB": ("a/A", "b/B")} == policy.sources


def test_conditions_are_never_joined():
    held = pieces([guardrail("a", [deny("A", condition=one) for one in CONDITIONS], ("root",))], {})

    assert len(CONDITIONS) == len(merged(held))


def test_a_notaction_is_never_joined_with_an_action():
    inverse = {"Sid": "N", "Effect": "Deny", "NotAction": ["iam:*"], "Resource": ["*"]}
    held = pieces([guardrail("a", [inverse, deny("A"), {**inverse, "NotAction": ["sts:*"]}], ("root",))], {})

    assert [("NotAction", ["iam:*"]), ("Action", ["s3:GetObject"]), ("NotAction", ["sts:*"])] == [
        next((key, value) for key, value in piece.body.items() if key.endswith("Action")) for piece in merged(held)
    ]


@pytest.mark.shows("S12")
def test_what_an_ancestor_holds_is_not_written_again():
    everywhere = guardrail("a", [deny("A")], ("root",))
    again = guardrail("b", [deny("B")], ("Workloads/Dev", "dev-fraud"))

    [policy] = pack([again, everywhere], HOMES)

    assert ("root",) == policy.targets
    assert {"A": ("a/A", "b/B")} == policy.sources


def test_equal_statements_of_two_teams_stay_apart():
    packed = pack(
        [guardrail("a", [deny("A")], ("dev-fraud",)), guardrail("b", [deny("A")], ("dev-churn",))],
        HOMES,
    )

    assert {"scp-a": ("dev-fraud",), "scp-b": ("dev-churn",)} == {policy.key: policy.targets for policy in packed}


def long(sid, characters, condition=None):
    """A statement of about so many characters that joins no other."""
    return deny(
        sid, ["s3:GetObject"], [f"arn:aws:s3:::{sid}/{'x' * (characters - 110)}"], condition or {"Null": {sid: "true"}}
    )


@pytest.mark.shows("K8", "S12")
def test_policies_are_filled_up_to_the_last_character():
    limits = limit("organizations.scp_document_size")
    empty = len(text({"Version": "2012-10-17", "Statement": []}))
    fixed = len(text(long("a", 110)))
    exact = guardrail("a", [long("a", 110 + limits - empty - fixed)], ("root",))
    longer = guardrail("a", [long("a", 111 + limits - empty - fixed)], ("root",))

    assert [limits] == [len(text(policy.document)) for policy in pack([exact], {})]
    with pytest.raises(PackingError, match=f"statement a makes a policy of {limits + 1:,} characters"):
        pack([longer], {})


def test_a_guardrail_too_large_for_one_policy_is_split_between_statements():
    packed = pack([guardrail("a", [long(sid, 6000) for sid in "abc"], ("root",))], {})

    assert ["scp-a", "scp-a-b", "scp-a-c"] == [policy.key for policy in packed]


def test_the_largest_go_first_where_the_given_order_wastes_a_policy():
    sizes = {"a": 3000, "b": 3000, "c": 7000, "d": 7000}
    packed = pack([guardrail(sid, [long(sid, size)], ("root",)) for sid, size in sizes.items()], {})

    assert [{"c", "a"}, {"d", "b"}] == [set(policy.sources) for policy in packed]


def test_a_target_whose_shared_policies_are_half_empty_gets_its_own():
    # Ten sets of targets share dev-fraud: ten policies of 2,000 characters, AWS attaches nine.
    others = [f"Workloads/{n}" for n in range(10)]
    made = [
        guardrail(f"g{n}", [long(f"s{n}", 2000)], tuple(sorted(["Workloads/Dev", other])))
        for n, other in enumerate(others)
    ]

    packed = pack(made, {})
    counts = Counter(target for policy in packed for target in policy.targets)

    assert {**dict.fromkeys(others, 1), "Workloads/Dev": 2} == counts
    assert {f"s{n}" for n in range(10)} == {
        sid for policy in packed if "Workloads/Dev" in policy.targets for sid in policy.sources
    }


@pytest.mark.shows("K8", "T10")
def test_what_fits_nowhere_is_an_error_that_names_target_sizes_and_remedy():
    made = [guardrail(f"g{n}", [long(f"s{n}", 9000)], ("Workloads/Dev",)) for n in range(10)]

    with pytest.raises(PackingError) as error:
        pack(made, {})

    assert "Workloads/Dev: its guardrails need 10 scp policies, AWS attaches 9 of ours" in str(error.value)
    assert "g0 (" in str(error.value)
    assert "attach what holds everywhere to root" in str(error.value)


def test_tag_and_ec2_policies_are_counted_and_measured_but_left_as_they_are():
    tags = Guardrail(key="t", type=PolicyType.TAG, description="t", document={"tags": {}}, targets=("root",))
    big = replace(tags, document={"tags": {"x": "y" * limit("organizations.tag_policy_document_size")}})

    [policy] = pack([tags], {})
    assert (tags.key, tags.document, tags.targets) == (policy.key, policy.document, policy.targets)
    with pytest.raises(PackingError, match="guardrail t has 10,0"):
        pack([big], {})
    with pytest.raises(PackingError, match="root has 11 tag policies, AWS attaches 10"):
        pack([replace(tags, key=f"t{n}") for n in range(11)], {})


def test_a_statement_that_allows_is_refused():
    with pytest.raises(ValueError, match="only refusals"):
        pack([guardrail("a", [{**deny("A"), "Effect": "Allow"}], ("root",))], {})
