"""What the guardrails refuse and let pass; test_guardrail_documents.py holds their text against AWS's data."""

import pytest

from tests.zone.scp import refuses
from zone.guardrails import Held, guardrails
from zone.specs.account import InstanceTypes

SCIENTIST = "arn:aws:iam::100000000001:role/mlz/mlz-data-scientist"
PROVISIONING = "arn:aws:iam::100000000001:role/Provisioner"
BOUNDARY = "arn:aws:iam::100000000001:policy/mlz/mlz-boundary"
TEAMS = {
    "dev-fraud": InstanceTypes(
        notebook=("ml.t3.medium",), training=("ml.m5.xlarge", "ml.g5.xlarge"), endpoint=("ml.m5.large",)
    ),
    "dev-vision": InstanceTypes(notebook=(), training=("ml.g5.xlarge",), transform=("ml.g4dn.xlarge",)),
}
GUARDRAILS = {
    guardrail.key: guardrail
    for guardrail in guardrails(
        organization_id="o-ours",
        owner="platform@example.com",
        allowed_regions=["eu-west-1", "eu-central-1"],
        provisioning_roles=["Provisioner"],
        environments={"dev": "Workloads/Dev", "prod": "Workloads/Prod"},
        tag_keys=["mlz:owner", "mlz:environment", "mlz:data-class"],
        accounts={
            key: Held(instance_types=types, owner=f"{key}@example.com", team=key != "dev-platform")
            for key, types in {**TEAMS, "dev-platform": InstanceTypes()}.items()
        },
        retired=True,
    )
}
NETWORK = {"sagemaker__VpcSubnets": ["subnet-1"], "sagemaker__VpcSecurityGroupIds": ["sg-1"]}
KEYS = {"sagemaker__VolumeKmsKey": "key", "sagemaker__OutputKmsKey": "key"}


def refused(key, action, resource="*", **context):
    return refuses(GUARDRAILS[key].document, action, resource, **context)


@pytest.mark.parametrize("action", ["organizations:LeaveOrganization", "account:CloseAccount"])
def test_no_account_leaves(action):
    assert refused("deny-leaving", action, aws__PrincipalArn=PROVISIONING)


@pytest.mark.parametrize(("principal", "expected"), [("arn:aws:iam::100000000001:root", True), (SCIENTIST, False)])
def test_root_users_do_nothing_and_others_are_not_touched(principal, expected):
    assert expected == refused("deny-root", "s3:GetObject", aws__PrincipalArn=principal)


@pytest.mark.shows("K1", "K9", "O2")
@pytest.mark.parametrize(
    ("action", "region", "expected"),
    [
        ("sagemaker:CreateTrainingJob", "us-east-1", True),
        ("sagemaker:CreateTrainingJob", "eu-west-1", False),
        ("ec2:RunInstances", None, True),
        ("iam:CreateRole", "us-east-1", False),
        ("sts:AssumeRole", "us-east-1", False),
        ("s3:CreateBucket", "us-east-1", True),
    ],
)
def test_other_regions_are_closed_but_for_global_services(action, region, expected):
    assert expected == refused("deny-other-regions", action, aws__RequestedRegion=region)


@pytest.mark.shows("D4", "K9")
@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:UpdateAssumeRolePolicy", "arn:aws:iam::100000000001:role/mlz/mlz-training"),
        ("iam:CreateRole", "arn:aws:iam::100000000001:role/mlz/mlz-new"),
        ("iam:DeleteRole", PROVISIONING),
        ("iam:CreatePolicyVersion", BOUNDARY),
        ("iam:DeleteRolePermissionsBoundary", "arn:aws:iam::100000000001:role/any"),
    ],
)
def test_only_pulumi_changes_our_roles_policies_and_boundary(action, resource):
    given = {"iam__PermissionsBoundary": BOUNDARY}

    assert refused("protect-foundation", action, resource, aws__PrincipalArn=SCIENTIST, **given)
    assert not refused("protect-foundation", action, resource, aws__PrincipalArn=PROVISIONING, **given)


@pytest.mark.parametrize("principal", [SCIENTIST, "arn:aws:iam::100000000001:role/mlz/Provisioner", None])
def test_no_similar_name_passes_for_pulumis_role(principal):
    assert refused("protect-foundation", "iam:DeleteRole", PROVISIONING, aws__PrincipalArn=principal)


@pytest.mark.shows("D4", "K9")
@pytest.mark.parametrize(
    ("boundary", "expected"),
    [(BOUNDARY, False), (None, True), ("arn:aws:iam::aws:policy/AdministratorAccess", True)],
)
def test_a_new_role_carries_the_boundary_unless_pulumi_makes_it(boundary, expected):
    request = {"resource": "arn:aws:iam::100000000001:role/any", "iam__PermissionsBoundary": boundary}

    assert expected == refused("protect-foundation", "iam:CreateRole", aws__PrincipalArn=SCIENTIST, **request)
    assert not refused("protect-foundation", "iam:CreateRole", aws__PrincipalArn=PROVISIONING, **request)


@pytest.mark.parametrize("action", ["ec2:DeleteFlowLogs", "cloudtrail:StopLogging", "logs:DeleteLogGroup"])
def test_only_pulumi_touches_logs(action):
    assert refused("protect-logs", action, aws__PrincipalArn=SCIENTIST)
    assert not refused("protect-logs", action, aws__PrincipalArn=PROVISIONING)
    assert not refused("protect-logs", "logs:PutLogEvents", aws__PrincipalArn=SCIENTIST)


@pytest.mark.parametrize("action", ["iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile"])
def test_nobody_makes_lasting_credentials(action):
    assert refused("deny-lasting-credentials", action, aws__PrincipalArn=PROVISIONING)


@pytest.mark.shows("D6", "K9")
@pytest.mark.parametrize("missing", sorted(NETWORK))
@pytest.mark.parametrize(
    "action", ["CreateTrainingJob", "CreateProcessingJob", "CreateHyperParameterTuningJob", "CreateModel"]
)
def test_a_job_or_model_needs_subnets_and_security_groups(action, missing):
    half = {key: value for key, value in NETWORK.items() if key != missing}

    assert refused("private-sagemaker", f"sagemaker:{action}", **half)
    assert not refused("private-sagemaker", f"sagemaker:{action}", **NETWORK)


@pytest.mark.parametrize("action", ["CreateTransformJob", "CreateEndpointConfig", "UpdateDomain", "CreateApp"])
def test_what_takes_its_network_from_elsewhere_is_not_asked_for_one(action):
    assert not refused("private-sagemaker", f"sagemaker:{action}")


def test_a_schedule_is_asked_for_a_network_only_where_it_describes_the_job_itself():
    inline = {"sagemaker__InstanceTypes": ["ml.m5.large"]}

    assert refused("private-sagemaker", "sagemaker:CreateMonitoringSchedule", **inline)
    assert not refused("private-sagemaker", "sagemaker:CreateMonitoringSchedule", **inline, **NETWORK)
    assert not refused("private-sagemaker", "sagemaker:CreateMonitoringSchedule")


@pytest.mark.shows("E2", "K9")
@pytest.mark.parametrize(("access", "expected"), [("VpcOnly", False), ("PublicInternetOnly", True), (None, True)])
def test_a_domain_is_vpc_only(access, expected):
    assert expected == refused(
        "private-sagemaker", "sagemaker:CreateDomain", sagemaker__AppNetworkAccessType=access, **NETWORK
    )


@pytest.mark.parametrize(("access", "expected"), [("VpcOnly", False), ("PublicInternetOnly", True), (None, False)])
def test_a_domain_is_not_made_public_later(access, expected):
    assert expected == refused(
        "private-sagemaker", "sagemaker:UpdateDomain", sagemaker__AppNetworkAccessType=access, **NETWORK
    )


@pytest.mark.parametrize(("access", "expected"), [("Disabled", False), ("Enabled", True), (None, True)])
def test_a_notebook_instance_has_no_direct_internet_access(access, expected):
    assert expected == refused(
        "private-sagemaker",
        "sagemaker:CreateNotebookInstance",
        sagemaker__DirectInternetAccess=access,
        sagemaker__RootAccess="Disabled",
        **NETWORK,
    )


@pytest.mark.parametrize(("root", "expected"), [("Disabled", False), ("Enabled", True), (None, True)])
def test_nobody_is_root_in_a_notebook_instance(root, expected):
    assert expected == refused(
        "private-sagemaker",
        "sagemaker:CreateNotebookInstance",
        sagemaker__DirectInternetAccess="Disabled",
        sagemaker__RootAccess=root,
        **NETWORK,
    )


@pytest.mark.parametrize(("root", "expected"), [("Disabled", False), ("Enabled", True), (None, False)])
def test_a_notebook_instance_is_not_changed_to_have_root(root, expected):
    assert expected == refused("private-sagemaker", "sagemaker:UpdateNotebookInstance", sagemaker__RootAccess=root)


def test_serverless_endpoints_and_links_to_notebook_instances_are_off():
    assert refused("private-sagemaker", "sagemaker:CreateEndpointConfig", sagemaker__ServerlessMemorySize="2048")
    assert refused("private-sagemaker", "sagemaker:CreatePresignedNotebookInstanceUrl")
    assert not refused("private-sagemaker", "sagemaker:CreatePresignedDomainUrl")


@pytest.mark.parametrize(
    ("types", "volume_key", "expected"),
    [
        (["ml.m5.xlarge"], None, True),
        (["ml.m5.xlarge"], "key", False),
        (["ml.g5.xlarge"], None, False),
        (["ml.g5.xlarge", "ml.m5.xlarge"], None, True),
        (None, None, True),
    ],
)
def test_a_volume_key_is_asked_for_where_aws_takes_one(types, volume_key, expected):
    context = {"sagemaker__InstanceTypes": types, "sagemaker__VolumeKmsKey": volume_key, "sagemaker__OutputKmsKey": "k"}

    assert expected == refused("encrypted-sagemaker", "sagemaker:CreateTrainingJob", **context)


@pytest.mark.shows("C2", "D6", "K9")
@pytest.mark.parametrize("missing", sorted(KEYS))
@pytest.mark.parametrize("action", ["CreateTransformJob", "CreateProcessingJob", "CreateHyperParameterTuningJob"])
def test_a_job_needs_keys_for_volume_and_output(action, missing):
    types = {"sagemaker__InstanceTypes": ["ml.m5.large"]}
    half = {key: value for key, value in KEYS.items() if key != missing}

    assert refused("encrypted-sagemaker", f"sagemaker:{action}", **types, **half)
    assert not refused("encrypted-sagemaker", f"sagemaker:{action}", **types, **KEYS)


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"sagemaker__FeatureGroupEnableOnlineStore": "true"}, True),
        ({"sagemaker__FeatureGroupEnableOnlineStore": "true", "sagemaker__FeatureGroupOnlineStoreKmsKey": "k"}, False),
        ({"sagemaker__FeatureGroupOfflineStoreS3Uri": "s3://b"}, True),
        (
            {"sagemaker__FeatureGroupOfflineStoreS3Uri": "s3://b", "sagemaker__FeatureGroupOfflineStoreKmsKey": "k"},
            False,
        ),
    ],
)
def test_a_feature_store_needs_a_key_for_each_store_it_has(context, expected):
    assert expected == refused("encrypted-sagemaker", "sagemaker:CreateFeatureGroup", **context)


@pytest.mark.shows("E9", "K5", "K9")
@pytest.mark.parametrize(
    ("team", "action", "types", "expected"),
    [
        ("dev-fraud", "CreateTrainingJob", ["ml.m5.xlarge"], False),
        ("dev-fraud", "CreateTrainingJob", ["ml.m5.xlarge", "ml.p4d.24xlarge"], True),
        ("dev-fraud", "CreateTrainingJob", ["ml.t3.medium"], True),
        ("dev-fraud", "CreateTrainingJob", None, True),
        ("dev-fraud", "CreateApp", ["ml.t3.medium"], False),
        ("dev-fraud", "CreateApp", ["system"], False),
        ("dev-fraud", "CreateApp", ["ml.p5.48xlarge"], True),
        ("dev-fraud", "CreateApp", None, False),
        ("dev-fraud", "CreateEndpointConfig", ["ml.m5.large"], False),
        ("dev-fraud", "CreateEndpointConfig", ["ml.m5.4xlarge"], True),
        ("dev-fraud", "CreateProcessingJob", ["ml.m5.xlarge"], True),
        ("dev-vision", "CreateTransformJob", ["ml.g4dn.xlarge"], False),
        ("dev-vision", "CreateEndpointConfig", ["ml.g4dn.xlarge"], True),
        ("dev-vision", "CreateApp", None, True),
        ("dev-vision", "CreateDomain", None, False),
        ("dev-vision", "CreateUserProfile", ["ml.t3.medium"], True),
        ("dev-vision", "CreateMonitoringSchedule", None, True),
    ],
)
def test_a_team_starts_only_the_types_it_lists_for_the_use(team, action, types, expected):
    guardrail = f"instance-types-{team}"

    assert expected == refused(guardrail, f"sagemaker:{action}", sagemaker__InstanceTypes=types)
    assert (team,) == GUARDRAILS[guardrail].targets


@pytest.mark.parametrize(("principal", "expected"), [(SCIENTIST, True), (PROVISIONING, False)])
def test_a_domain_that_hides_types_is_made_by_pulumi_only(principal, expected):
    hidden = {"sagemaker__InstanceTypes": ["ml.p5.48xlarge"], "aws__PrincipalArn": principal}

    assert expected is refused("instance-types-dev-fraud", "sagemaker:CreateDomain", **hidden)
    assert refused("instance-types-dev-fraud", "sagemaker:CreateApp", **hidden)


def test_clusters_and_automl_are_off():
    assert refused("deny-undeclared-sagemaker", "sagemaker:CreateCluster", **NETWORK, **KEYS)
    assert refused("deny-undeclared-sagemaker", "sagemaker:CreateAutoMLJobV2", **NETWORK, **KEYS)


DATA_PLANE = ["sagemaker:GetRecord", "sagemaker:PutRecord", "sagemaker:InvokeEndpointAsync", "sts:AssumeRole"]


@pytest.mark.shows("B5", "K9")
@pytest.mark.parametrize("action", DATA_PLANE)
def test_our_roles_reach_records_models_and_roles_from_within_a_vpc_only(action):
    inside = {"aws__SourceVpce": "vpce-1", "aws__ViaAWSService": "false"}

    assert refused("private-data-plane", action, aws__PrincipalArn=SCIENTIST, aws__ViaAWSService="false")
    assert refused("private-data-plane", action, aws__PrincipalArn=SCIENTIST)
    assert not refused("private-data-plane", action, aws__PrincipalArn=SCIENTIST, **inside)
    assert not refused("private-data-plane", action, aws__PrincipalArn=SCIENTIST, aws__ViaAWSService="true")
    assert not refused("private-data-plane", action, aws__PrincipalArn=PROVISIONING)


@pytest.mark.shows("B5", "I6")
@pytest.mark.parametrize("action", DATA_PLANE)
def test_api_gateway_asks_models_with_its_own_roles_and_takes_nothing_else(action):
    gateway = SCIENTIST.replace("mlz-data-scientist", "mlz-endpoint-api-churn")
    assert "endpoint-api" in gateway
    outside = {"aws__PrincipalArn": gateway, "aws__ViaAWSService": "false"}

    assert refused("private-data-plane", action, **outside) is not action.startswith("sagemaker:InvokeEndpoint")
    for other in ("mlz-endpoint", "mlz-endpoint-ap", "mlz-api-logs"):
        outside["aws__PrincipalArn"] = gateway.replace("mlz-endpoint-api-churn", other)
        assert refused("private-data-plane", action, **outside)


@pytest.mark.parametrize("network", [{}, {"aws__SourceVpce": "vpce-1", "aws__VpceOrgID": "o-theirs"}])
@pytest.mark.parametrize("action", ["athena:StartQueryExecution", "athena:GetQueryResults"])
def test_our_roles_query_through_our_own_endpoints_only(action, network):
    ours = {"aws__SourceVpce": "vpce-1", "aws__VpceOrgID": "o-ours"}

    assert refused("private-data-plane", action, aws__PrincipalArn=SCIENTIST, **network)
    assert not refused("private-data-plane", action, aws__PrincipalArn=SCIENTIST, **ours)
    assert not refused("private-data-plane", action, aws__PrincipalArn=PROVISIONING, **network)


@pytest.mark.parametrize(
    "action",
    ["sagemaker:CreateApp", "sagemaker:ListTrainingJobs", "logs:GetLogEvents", "sagemaker:CreatePresignedDomainUrl"],
)
def test_studios_own_pages_work_from_a_browser(action):
    assert not refused("private-data-plane", action, aws__PrincipalArn=SCIENTIST, aws__ViaAWSService="false")


def test_in_a_retired_account_only_the_provisioning_role_works_and_only_it_reads_what_is_left():
    for action in ("s3:GetObject", "sagemaker:CreateApp", "iam:CreateRole", "ec2:RunInstances"):
        assert refused("suspended", action, aws__PrincipalArn=SCIENTIST)
        assert not refused("suspended", action, aws__PrincipalArn=PROVISIONING)
    neighbour = SCIENTIST.replace("100000000001", "100000000002")
    assert refused("suspended-data", "s3:GetObject", aws__PrincipalArn=neighbour)
    assert refused("suspended-data", "kms:Decrypt", aws__PrincipalArn=neighbour)
    assert not refused("suspended-data", "s3:GetObject", aws__PrincipalArn=PROVISIONING)
    assert not refused("suspended-data", "sts:AssumeRole", aws__PrincipalArn=neighbour), "the way to look stays open"
