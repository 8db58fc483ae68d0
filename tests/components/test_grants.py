"""What each role may do: every statement against AWS's own reference, and the separations the zone promises."""

from dataclasses import replace
from fnmatch import fnmatchcase

import pytest

from components.access.grants.boundary import boundary
from components.access.grants.jobs import listed
from components.access.grants.place import Place
from components.access.grants.roles import GRANTS, holders, oversized, roles
from components.access.grants.statement import MANAGED_POLICY_CHARACTERS, Statement, size
from stacks.inputs import team_of
from tests import iam
from zone import names
from zone.facts import limit
from zone.plan import planner
from zone.specs.features import FeatureGroup, FeatureType
from zone.specs.registry import Registry

# AWS's default, less three that are kept free: for what comes next, and for what a company attaches itself.
POLICIES_PER_ROLE = limit("iam.managed_policies_per_role") - 3
ZONE = planner.read(planner.EXAMPLES)
TEAMS = sorted(ZONE.teams)
# Two environments between which models go.
PROMOTING = planner.read(planner.EXAMPLES.with_name("shared-platform"))
FRAUD = ZONE.teams["prod-fraud"]
VISION = ZONE.teams["prod-vision"]


def statements(team, role=None):
    """All statements of a team, or those of one role."""
    place = Place.stand_in(team_of(team))
    granted = roles(team_of(team))
    grants = granted[role] if role else {grant for each in granted.values() for grant in each}
    return [statement for grant in grants for statement in GRANTS[grant](place)]


def actions(team, role):
    return {action for statement in statements(team, role) for action in statement.actions}


def all_statements():
    found = {}
    for team in TEAMS:
        for statement in statements(ZONE.teams[team]):
            found[f"{team} {statement.sid}"] = statement
        for statement in boundary("111111111111", "eu-west-1", ["222222222222"], ["333333333333"]):
            found[f"boundary {statement.sid}"] = statement
    for stack, team in PROMOTING.teams.items():
        found |= {f"{stack} with promotions {statement.sid}": statement for statement in statements(team)}
    return found


ALL = all_statements()


@pytest.mark.shows("S9")
def test_every_action_exists_in_aws():
    assert {} == {name: wrong for name, each in ALL.items() if (wrong := iam.unknown_actions(each))}


@pytest.mark.shows("S9")
def test_every_condition_key_is_one_aws_fills_for_the_action():
    assert {} == {name: wrong for name, each in ALL.items() if (wrong := iam.unsupported_keys(each))}


@pytest.mark.shows("D2", "S9")
def test_every_resource_is_of_a_type_its_actions_act_on():
    assert {} == {name: wrong for name, each in ALL.items() if (wrong := iam.misplaced(each))}


@pytest.mark.shows("D2", "S9", "T20")
def test_no_wildcard_stands_without_a_reason():
    assert {} == {name: wrong for name, each in ALL.items() if (wrong := iam.unexplained(each))}


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        ({"actions": ("sagemaker:CreateTraining",)}, iam.unknown_actions),
        ({"conditions": {"StringEquals": {"sagemaker:VpcSubnet": "x"}}}, iam.unsupported_keys),
        ({"resources": ("arn:aws:sagemaker:eu-west-1:111111111111:endpoint/*",)}, iam.misplaced),
        ({"resources": ("arn:aws:s3:::bucket/*",)}, iam.misplaced),
        ({"reason": ""}, iam.unexplained),
        ({"reason": "", "actions": ("sagemaker:*",)}, iam.unexplained),
    ],
)
def test_the_checks_above_find_what_is_wrong(wrong, check):
    right = Statement(
        sid="Right",
        actions=("sagemaker:CreateTrainingJob",),
        resources=("arn:aws:sagemaker:eu-west-1:111111111111:training-job/*",),
        conditions={"StringEquals": {"sagemaker:VpcSubnets": "x"}},
        reason="a reason",
    )

    assert [] == check(right)
    assert [] != check(replace(right, **wrong))


def test_a_list_condition_never_holds_because_its_key_is_absent():
    open_lists = [
        (name, key)
        for name, each in ALL.items()
        for key in each.conditions.get("ForAllValues:StringEquals", {})
        if each.conditions.get("Null", {}).get(key) != "false"
    ]

    assert [] == open_lists
    assert {"ForAllValues:StringEquals", "Null"} == set(listed("sagemaker:InstanceTypes", ["ml.m5.large"]))


@pytest.mark.shows("K8")
@pytest.mark.parametrize("team", TEAMS)
def test_every_policy_fits_into_what_aws_takes(team):
    place = Place.stand_in(team_of(ZONE.teams[team]))
    granted = roles(team_of(ZONE.teams[team]))

    assert MANAGED_POLICY_CHARACTERS >= max(size(GRANTS[g](place)) for grants in granted.values() for g in grants)
    assert {} == {role: len(grants) for role, grants in granted.items() if len(grants) > POLICIES_PER_ROLE}
    assert MANAGED_POLICY_CHARACTERS >= size(
        boundary("1" * 12, "eu-west-1", [f"{number:012}" for number in range(20)], ["3" * 12] * 5)
    )


def test_a_team_too_big_for_a_policy_is_told_which_and_what_to_do():
    huge = replace(FRAUD, datasets=tuple(f"dataset-number-{number}" for number in range(80)))

    (data, write) = oversized(team_of(huge))

    assert data.startswith("policy mlz-read-data would have ")
    assert write.startswith("policy mlz-write-data would have ")
    assert "AWS takes 6144: declare fewer data sets" in data


@pytest.mark.parametrize("team", TEAMS)
def test_the_boundary_leaves_room_for_everything_granted(team):
    account = ZONE.teams[team].account
    owners = sorted({share.owner_account_id for share in ZONE.teams[team].shares_in})
    edge = boundary(account.account_id, [account.region], owners or ["222222222222"], [])
    allowed = [action for each in edge if each.effect == "Allow" for action in each.actions]
    denied = [action for each in edge if each.effect == "Deny" for action in each.actions]

    granted = {action for each in statements(ZONE.teams[team]) for action in each.actions}

    assert set() == {action for action in granted if not any(fnmatchcase(action, each) for each in allowed)}
    assert set() == {action for action in granted if any(fnmatchcase(action, each) for each in denied)}


@pytest.mark.shows("D4")
def test_nothing_in_the_boundary_lets_a_role_change_roles_policies_or_keys():
    allowed = [
        action
        for each in boundary("1" * 12, "eu-west-1", ["2" * 12], [])
        if each.effect == "Allow"
        for action in each.actions
    ]
    dangerous = ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary", "kms:PutKeyPolicy"]

    assert [] == [each for each in dangerous if any(fnmatchcase(each, pattern) for pattern in allowed)]


@pytest.mark.parametrize("team", TEAMS)
def test_roles_are_passed_to_sagemaker_only_and_exist(team):
    existing = {names.role_arn(ZONE.teams[team].account.account_id, role) for role in roles(team_of(ZONE.teams[team]))}
    passing = [each for each in statements(ZONE.teams[team]) if "iam:PassRole" in each.actions]

    assert passing
    assert set() == {arn for each in passing for arn in each.resources} - existing
    assert [{"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}] * len(passing) == [
        each.conditions for each in passing
    ]


@pytest.mark.shows("H16")
@pytest.mark.parametrize("team", TEAMS)
def test_a_data_scientist_cannot_deploy(team):
    deploying = {"sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint", "sagemaker:CreateModel"}

    assert set() == deploying & actions(ZONE.teams[team], "data-scientist")


@pytest.mark.shows("H15")
@pytest.mark.shows("G13")
@pytest.mark.parametrize(
    ("registry", "expected"),
    [
        (Registry.SAGEMAKER, {"git_commit", "data_version"}),
        (Registry.MLFLOW, {"git_commit", "data_version", "mlflow_version"}),
    ],
)
def test_where_mlflow_decides_a_version_names_the_one_in_mlflow_too(registry, expected):
    (register,) = [each for each in statements(replace(FRAUD, registry=registry)) if each.sid == "RegisterPending"]
    demanded = {key.rpartition("/")[2] for key, absent in register.conditions["Null"].items() if absent == "false"}

    assert expected == demanded


def test_the_names_say_who_makes_models_and_under_which_roles_they_run():
    assert names.MODEL_MAKERS == holders("make-models")
    assert {*names.MODEL_USERS} == {*holders("read-promoted")}


def test_only_a_reviewer_approves_and_nobody_both_registers_and_approves():
    assert ("reviewer",) == holders("approve")
    assert "make-models" not in roles(team_of(FRAUD))["reviewer"]
    (registering,) = [each for each in statements(FRAUD, "pipeline") if "sagemaker:CreateModelPackage" in each.actions]
    assert {"sagemaker:ModelApprovalStatus": "PendingManualApproval"} == registering.conditions["StringEquals"]


def test_who_starts_shared_spaces_has_the_rights_they_run_under_anyway():
    scientist = set(roles(team_of(FRAUD))["data-scientist"])

    assert [] == [role for role in holders("share-spaces") if not scientist <= set(roles(team_of(FRAUD))[role])]


@pytest.mark.shows("D1")
def test_an_operator_touches_no_data():
    data = ("s3:", "glue:", "kms:Decrypt", "kms:Generate")

    assert not {each for each in actions(FRAUD, "operator") if each.startswith(data)}


def test_an_endpoint_reads_models_and_online_features_and_writes_nothing():
    endpoint = actions(FRAUD, "endpoint")

    assert {"s3:GetObject", "sagemaker:GetRecord"} <= endpoint
    assert set() == {"s3:PutObject", "sagemaker:PutRecord", "s3:DeleteObject"} & endpoint


@pytest.mark.shows("S9")
def test_a_use_without_instance_types_has_no_role_and_no_right():
    assert {"endpoint", "tuning", "ingestion"}.isdisjoint(roles(team_of(VISION)))
    everything = {action for each in statements(VISION) for action in each.actions}
    assert "sagemaker:CreateTrainingJob" in everything
    assert set() == {"sagemaker:CreateEndpoint", "sagemaker:CreateHyperParameterTuningJob"} & everything


def test_a_persona_without_a_member_has_no_role():
    alone = replace(FRAUD, members={})

    assert {"data-scientist"} == set(roles(team_of(alone))) & set(names.PERSONA_ROLES.values())


def test_a_job_names_our_subnets_group_keys_types_and_length():
    (training,) = [each for each in statements(FRAUD, "data-scientist") if each.sid == "CreateTraining"]
    place = Place.stand_in(team_of(FRAUD))

    assert {
        "sagemaker:VpcSubnets": place.subnet_ids,
        "sagemaker:VpcSecurityGroupIds": [place.security_group_id],
        "sagemaker:InstanceTypes": list(FRAUD.instance_types.training),
    } == training.conditions["ForAllValues:StringEquals"]
    assert place.key_arns["data"] == training.conditions["ArnEquals"]["sagemaker:VolumeKmsKey"]
    assert {"sagemaker:MaxRuntimeInSeconds": str(FRAUD.max_runtime_hours * 3600)} == training.conditions[
        "NumericLessThanEquals"
    ]


def test_types_with_local_disks_need_no_volume_key_and_all_others_do():
    mixed = replace(
        VISION, instance_types=VISION.instance_types.model_copy(update={"training": ("ml.g5.xlarge", "ml.m5.large")})
    )

    by_sid = {each.sid: each.conditions for each in statements(mixed, "data-scientist")}

    assert ["ml.m5.large"] == by_sid["CreateTraining"]["ForAllValues:StringEquals"]["sagemaker:InstanceTypes"]
    assert "sagemaker:VolumeKmsKey" in by_sid["CreateTraining"]["ArnEquals"]
    assert ["ml.g5.xlarge"] == by_sid["CreateTrainingOnLocalDisk"]["ForAllValues:StringEquals"][
        "sagemaker:InstanceTypes"
    ]
    assert "sagemaker:VolumeKmsKey" not in by_sid["CreateTrainingOnLocalDisk"]["ArnEquals"]


@pytest.mark.shows("C2")
@pytest.mark.parametrize(
    ("data_class", "expected"),
    [
        ("internal", set()),
        ("confidential", {"sagemaker:InterContainerTrafficEncryption"}),
        ("restricted", {"sagemaker:InterContainerTrafficEncryption", "sagemaker:NetworkIsolation"}),
    ],
)
def test_the_data_class_decides_what_a_container_may_talk_to(data_class, expected):
    account = replace(FRAUD.account, tags={**FRAUD.account.tags, "mlz:data-class": data_class})

    (training,) = [each for each in statements(replace(FRAUD, account=account)) if each.sid == "CreateTraining"]

    assert expected == set(training.conditions.get("Bool", {}))


@pytest.mark.shows("S9")
def test_feature_groups_are_named_one_by_one():
    group = FeatureGroup(
        record_id="id", event_time="at", features={"id": FeatureType.STRING, "at": FeatureType.STRING}, online=False
    )
    team = replace(FRAUD, feature_groups={**FRAUD.feature_groups, "batch-only": group})
    account = FRAUD.account

    def named(sid):
        (found,) = [each for each in statements(team) if each.sid == sid]
        return set(found.resources)

    batch_only = names.feature_group_arn(account.region, account.account_id, "fraud", "batch-only")
    assert len(team.feature_groups) == len(named("WriteFeatures"))
    assert {batch_only} == named("WriteFeatures") - named("ReadOnlineFeatures")


def test_another_teams_data_is_reached_only_below_the_shared_prefixes():
    churn = ZONE.teams["prod-churn"]
    owner = names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)

    reached = {arn for each in statements(churn) for arn in each.resources if arn.startswith(owner)}

    shared = {share.name: share.kind for share in churn.shares_in if share.kind != "online"}
    prefixes = {"dataset": names.dataset_prefix, "offline": names.feature_prefix}
    assert shared
    assert {owner, *(f"{owner}/{prefixes[kind](name)}/*" for name, kind in shared.items())} == reached
