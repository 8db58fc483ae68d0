"""What people and jobs can really do. Half of it must go through: a zone in which nobody works is no use."""

import pytest

from components.access.grants.place import Place
from components.access.grants.roles import roles
from stacks.inputs import team_of
from tests.rights import CHURN, FRAUD, VISION, data_bucket, key, may, sagemaker
from zone import names

PROVENANCE = {f"sagemaker:CustomerMetadataProperties/{key}": "1f0c2a9" for key in names.PROVENANCE}


@pytest.mark.shows("D2", "F1")
def test_a_scientist_reads_and_writes_own_data_and_nothing_next_to_it():
    bucket = names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)
    home = {"owner": FRAUD.account.account_id}

    assert may(FRAUD, "data-scientist", "s3:GetObject", f"{bucket}/datasets/transactions/a.parquet", **home)
    assert may(FRAUD, "data-scientist", "s3:PutObject", f"{bucket}/datasets/transactions/a.parquet", **home)
    assert not may(FRAUD, "data-scientist", "s3:GetObject", f"{bucket}/datasets/undeclared/a.parquet", **home)
    assert not may(FRAUD, "data-scientist", "s3:PutObject", f"{bucket}/features/card-activity/a.parquet", **home)
    assert not may(FRAUD, "data-scientist", "s3:DeleteObjectVersion", f"{bucket}/datasets/transactions/a", **home)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("datasets/transactions", True),
        ("datasets/transactions/", True),
        ("datasets/transactions/2026", True),
        ("datasets/transactions-of-others", False),
        ("datasets", False),
        (None, False),
    ],
)
def test_a_data_set_is_listed_with_and_without_the_slash_at_its_end(prefix, expected):
    bucket = names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)

    assert expected is may(
        FRAUD, "training", "s3:ListBucket", bucket, {"s3:prefix": prefix}, owner=FRAUD.account.account_id
    )


@pytest.mark.parametrize(
    ("role", "expected"),
    [("data-scientist", True), ("training", True), ("reviewer", False), ("operator", False), ("endpoint", False)],
)
def test_code_reaches_jobs_through_the_work_bucket(role, expected):
    code = f"{names.bucket_arn('prod-fraud', 'studio', FRAUD.account.account_id)}/jobs/1/source.tar.gz"

    assert expected is may(FRAUD, role, "s3:PutObject", code, owner=FRAUD.account.account_id)
    assert expected is may(FRAUD, role, "s3:GetObject", code, owner=FRAUD.account.account_id)


def test_a_bucket_of_our_name_in_a_strangers_account_is_not_ours():
    bucket = names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)

    assert not may(FRAUD, "training", "s3:GetObject", f"{bucket}/datasets/transactions/a", owner="999999999999")


@pytest.mark.shows("F2", "F12", "R3", "S20", "T19")
@pytest.mark.parametrize(
    ("key", "expected"),
    [("datasets/chargebacks/a", True), ("features/merchant-risk/a", True), ("datasets/transactions/a", False)],
)
def test_a_reader_opens_its_side_of_declared_shares_only(key, expected):
    bucket = names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)
    through_our_endpoint = {"aws:PrincipalOrgID": "o-zone", "aws:VpceAccount": CHURN.account.account_id}

    allowed = may(
        CHURN,
        "training",
        "s3:GetObject",
        f"{bucket}/{key}",
        through_our_endpoint,
        owner=FRAUD.account.account_id,
        target=data_bucket("prod-fraud"),
    )

    assert expected is allowed


@pytest.mark.shows("F12", "T19")
@pytest.mark.parametrize(
    ("alias", "expected"), [("alias/mlz/prod-fraud/data", True), ("alias/mlz/prod-fraud/models", False), (None, False)]
)
def test_a_reader_decrypts_shared_data_and_no_other_key_of_the_owner(alias, expected):
    context = {"kms:ViaService": f"s3.{FRAUD.account.region}.amazonaws.com", "kms:ResourceAliases": alias and [alias]}
    arn = Place.stand_in(team_of(FRAUD)).key_arns["data"]

    assert expected is may(CHURN, "training", "kms:Decrypt", arn, context, target=key("prod-fraud", "data"))


@pytest.mark.parametrize(("via", "expected"), [("s3", True), ("sagemaker", True), ("ec2", False), (None, False)])
def test_a_key_opens_through_its_services_only(via, expected):
    context = {"kms:ViaService": f"{via}.{FRAUD.account.region}.amazonaws.com"} if via else {}
    arn = Place.stand_in(team_of(FRAUD)).key_arns["data"]

    assert expected is may(FRAUD, "training", "kms:Decrypt", arn, context, target=key("prod-fraud", "data"))


def test_roles_are_handed_to_sagemaker_and_to_nobody_else():
    role = names.role_arn(FRAUD.account.account_id, "training")

    def handing(arn, service):
        return may(FRAUD, "data-scientist", "iam:PassRole", arn, {"iam:PassedToService": service})

    assert handing(role, "sagemaker.amazonaws.com")
    assert not handing(role, "lambda.amazonaws.com")
    assert not handing(names.role_arn(FRAUD.account.account_id, "endpoint"), "sagemaker.amazonaws.com")
    assert not handing(f"arn:aws:iam::{FRAUD.account.account_id}:role/{FRAUD.account.role}", "sagemaker.amazonaws.com")


@pytest.mark.shows("H16")
@pytest.mark.parametrize(("role", "expected"), [("ml-engineer", True), ("operator", False), ("data-scientist", False)])
def test_who_deploys(role, expected):
    place = Place.stand_in(team_of(FRAUD))
    config = {
        "sagemaker:InstanceTypes": [FRAUD.instance_types.endpoint[0]],
        "sagemaker:VolumeKmsKey": place.key_arns["data"],
    }

    assert expected is may(FRAUD, role, "sagemaker:CreateEndpointConfig", sagemaker(FRAUD, "endpoint-config"), config)
    assert expected is may(FRAUD, role, "sagemaker:CreateEndpoint", sagemaker(FRAUD, "endpoint"))


def test_a_model_is_isolated_unless_it_looks_features_up():
    def made(team, isolated):
        place = Place.stand_in(team_of(team))
        context = {
            "sagemaker:VpcSubnets": list(place.subnet_ids),
            "sagemaker:VpcSecurityGroupIds": [place.security_group_id],
            "sagemaker:NetworkIsolation": isolated,
        }
        return may(team, "ml-engineer", "sagemaker:CreateModel", sagemaker(team, "model"), context)

    assert made(VISION, isolated=True)
    assert not made(VISION, isolated=False)
    assert made(FRAUD, isolated=False)


@pytest.mark.shows("G11", "H15")
@pytest.mark.parametrize(
    ("role", "status", "expected"),
    [
        ("reviewer", "Approved", True),
        ("reviewer", "Rejected", True),
        ("ml-engineer", "Approved", False),
        ("pipeline", "Approved", False),
        ("data-scientist", "Approved", False),
    ],
)
def test_who_approves_a_model(role, status, expected):
    package = sagemaker(FRAUD, "model-package", "fraud-card-fraud/1")

    assert expected is may(
        FRAUD, role, "sagemaker:UpdateModelPackage", package, {"sagemaker:ModelApprovalStatus": status}
    )


@pytest.mark.shows("G11", "H15")
def test_a_model_is_registered_as_pending_and_not_as_approved():
    package = sagemaker(FRAUD, "model-package", "fraud-card-fraud/1")

    def registered(status):
        keys = {"sagemaker:ModelApprovalStatus": status, **PROVENANCE}
        return may(FRAUD, "pipeline", "sagemaker:CreateModelPackage", package, keys)

    assert registered("PendingManualApproval")
    assert not registered("Approved")


@pytest.mark.shows("G13")
@pytest.mark.parametrize("lacking", PROVENANCE)
def test_no_version_is_registered_that_does_not_say_of_which_code_and_data_it_is(lacking):
    package = sagemaker(FRAUD, "model-package", "fraud-card-fraud/1")
    keys = {"sagemaker:ModelApprovalStatus": "PendingManualApproval", **PROVENANCE}
    assert may(FRAUD, "ml-engineer", "sagemaker:CreateModelPackage", package, keys)

    del keys[lacking]

    assert not may(FRAUD, "ml-engineer", "sagemaker:CreateModelPackage", package, keys)


@pytest.mark.shows("G13")
@pytest.mark.parametrize(
    "change",
    [
        {"sagemaker:CustomerMetadataProperties/git_commit": "f" * 40},
        {"sagemaker:CustomerMetadataProperties/data_version": "yesterday"},
        {"sagemaker:CustomerMetadataPropertiesToRemove": ["note", "git_commit"]},
    ],
)
def test_what_a_version_came_from_is_nobodys_to_change(change):
    package = sagemaker(FRAUD, "model-package", "fraud-card-fraud/1")
    approval = {"sagemaker:ModelApprovalStatus": "Approved"}
    assert may(FRAUD, "reviewer", "sagemaker:UpdateModelPackage", package, approval)

    assert not may(FRAUD, "reviewer", "sagemaker:UpdateModelPackage", package, approval | change)


@pytest.mark.shows("G11")
@pytest.mark.parametrize(
    ("role", "change", "expected"),
    [
        ("reviewer", {"sagemaker:CustomerMetadataProperties/note": "drifts in winter"}, True),
        ("reviewer", {"sagemaker:CustomerMetadataPropertiesToRemove": ["note"]}, True),
        ("ml-engineer", {"sagemaker:CustomerMetadataProperties/note": "drifts in winter"}, False),
        ("reviewer", {"sagemaker:ModelLifeCycle:Stage": "prod", "sagemaker:ModelLifeCycle:StageStatus": "Live"}, True),
        ("reviewer", {"sagemaker:ModelLifeCycle:Stage": "dev"}, False),
        ("ml-engineer", {"sagemaker:ModelLifeCycle:Stage": "prod"}, False),
        ("reviewer", {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}, False),
    ],
)
def test_a_reviewer_annotates_and_stages_versions_within_the_declared_environments(role, change, expected):
    package = sagemaker(FRAUD, "model-package", "fraud-card-fraud/1")

    assert expected is may(FRAUD, role, "sagemaker:UpdateModelPackage", package, change)


def test_who_registers_gives_no_stage():
    package = sagemaker(FRAUD, "model-package", "fraud-card-fraud/1")
    keys = {"sagemaker:ModelApprovalStatus": "PendingManualApproval", **PROVENANCE}

    assert not may(
        FRAUD, "pipeline", "sagemaker:CreateModelPackage", package, {**keys, "sagemaker:ModelLifeCycle:Stage": "prod"}
    )


@pytest.mark.shows("F11", "F13")
def test_online_features_are_written_by_ingestion_and_read_by_the_endpoint():
    group = names.feature_group_arn(FRAUD.account.region, FRAUD.account.account_id, "fraud", "card-activity")

    assert may(FRAUD, "ingestion", "sagemaker:PutRecord", group)
    assert may(FRAUD, "endpoint", "sagemaker:GetRecord", group)
    assert not may(FRAUD, "endpoint", "sagemaker:PutRecord", group)
    assert not may(FRAUD, "training", "sagemaker:PutRecord", group)


@pytest.mark.shows("D2", "D4", "T20")
def test_nobody_frees_oneself():
    everyone = roles(team_of(FRAUD))
    role = names.role_arn(FRAUD.account.account_id, "data-scientist")
    escapes = [
        ("iam:DeleteRolePermissionsBoundary", role),
        ("iam:AttachRolePolicy", role),
        ("iam:CreateRole", role),
        ("sagemaker:CreateNotebookInstance", sagemaker(FRAUD, "notebook-instance")),
        ("sagemaker:UpdateDomain", sagemaker(FRAUD, "domain")),
        ("kms:PutKeyPolicy", Place.stand_in(team_of(FRAUD)).key_arns["data"]),
        ("s3:PutBucketPolicy", names.bucket_arn("prod-fraud", "data", FRAUD.account.account_id)),
    ]

    assert [] == [
        (who, action) for who in everyone for action, resource in escapes if may(FRAUD, who, action, resource)
    ]
