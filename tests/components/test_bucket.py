import json
from dataclasses import replace
from functools import partial

import pytest

from components.access.grants.roles import holders
from components.access.outside import of_shares
from components.storage.bucket import POLICY_BYTES
from components.storage.bucket_policy import bucket_policy
from stacks.inputs import artifact_writers_of
from tests.components.building import built, document
from tests.components.examples import KEY_ARN, READERS, bucket
from tests.iam import condition_keys
from tests.small_zone import FRAUD, ORGANIZATION_ID, ROLE, ZONE
from zone import names
from zone.specs.mlflow import PerTeamMlflow, SharedMlflow

ARN = "arn:aws:s3:::team-data"


def statements(organization_id=ORGANIZATION_ID, outside=()):
    made = bucket_policy(
        "team-data",
        account_id="111111111111",
        organization_id=organization_id,
        provisioning_role=ROLE,
        key_arn=KEY_ARN,
        service_role_arns=["arn:aws:iam::111111111111:role/mlz/mlz-feature-store"],
        outside=outside,
    )
    return {s["Sid"]: s for s in made["Statement"]}


def test_a_bucket_nobody_shares_allows_nothing():
    assert {"Deny"} == {s["Effect"] for s in statements().values()}


@pytest.mark.shows("B5", "C2")
def test_everyone_is_denied_without_tls_outside_the_organisation_or_past_our_endpoints():
    made = statements()

    for sid in ("TlsOnly", "OurPrincipalsOnly", "OurEndpointsOnly"):
        assert "*" == made[sid]["Principal"]
        assert "s3:*" == made[sid]["Action"]
        assert [ARN, f"{ARN}/*"] == made[sid]["Resource"]
    assert ORGANIZATION_ID == made["OurPrincipalsOnly"]["Condition"]["StringNotEquals"]["aws:PrincipalOrgID"]
    assert ["111111111111"] == made["OurEndpointsOnly"]["Condition"]["StringNotEquals"]["aws:VpceAccount"]


def test_without_an_organisation_id_only_named_accounts_pass():
    condition = statements(organization_id="", outside=of_shares(READERS))["OurPrincipalsOnly"]["Condition"]

    assert {"aws:PrincipalAccount": ["111111111111", "222222222222"]} == condition["StringNotEquals"]


def test_services_acting_for_their_caller_and_the_provisioning_role_need_no_endpoint():
    condition = statements()["OurEndpointsOnly"]["Condition"]

    assert {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"} == condition["BoolIfExists"]
    roles = (ROLE, "mlz/mlz-feature-store", "mlz/mlz-preview")
    assert {f"arn:aws:iam::111111111111:role/{role}" for role in roles} == set(
        condition["ArnNotLike"]["aws:PrincipalArn"]
    )


def test_an_upload_that_names_no_key_passes_and_one_that_names_another_is_denied():
    made = statements()

    for sid, header in (
        ("KmsOnly", "s3:x-amz-server-side-encryption"),
        ("OurKeyOnly", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
    ):
        # Without this a negated operator would deny the upload that names nothing.
        assert {header: "false"} == made[sid]["Condition"]["Null"]
    assert KEY_ARN in made["OurKeyOnly"]["Condition"]["StringNotEquals"].values()


@pytest.mark.shows("F2")
def test_a_share_lets_the_readers_roles_read_its_prefix_and_no_more():
    made = statements(outside=of_shares(READERS))
    objects = made["DatasetTransactionsObjects"]
    listing = made["DatasetTransactionsNames"]

    assert f"{ARN}/datasets/transactions/*" == objects["Resource"]
    assert ["s3:GetObject", "s3:GetObjectVersion"] == objects["Action"]
    assert {"AWS": ["arn:aws:iam::222222222222:root"]} == objects["Principal"] == listing["Principal"]
    assert ["datasets/transactions", "datasets/transactions/*"] == listing["Condition"]["StringLike"]["s3:prefix"]
    for statement in (objects, listing):
        assert [names.role_arn("*", role) for role in names.SHARE_READERS] == statement["Condition"]["ArnLike"][
            "aws:PrincipalArn"
        ]


@pytest.mark.shows("G5", "G16")
@pytest.mark.parametrize(
    ("mlflow", "below"),
    [
        (SharedMlflow(mode="shared", isolation="none"), "*"),
        (PerTeamMlflow(mode="per_team"), "${aws:PrincipalAccount}/*"),
    ],
)
def test_teams_keep_artifacts_apart_where_they_have_a_server_each(mlflow, below):
    platform = replace(ZONE.platforms["dev"], mlflow=mlflow)
    made = statements(outside=artifact_writers_of(platform))["ArtifactsObjects"]

    assert f"{ARN}/{below}" == made["Resource"]
    assert "s3:PutObject" in made["Action"]
    assert ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"] == made["Principal"]["AWS"]
    roles = [names.role_arn("*", role) for role in holders("log-experiments")]
    assert roles == made["Condition"]["ArnLike"]["aws:PrincipalArn"]


def test_a_platform_bucket_serves_two_hundred_teams():
    teams = {f"team-{n:03}": replace(FRAUD, account_id=f"{n:012}") for n in range(200)}
    platform = replace(ZONE.platforms["dev"], teams=teams, mlflow=PerTeamMlflow(mode="per_team"))
    outside = artifact_writers_of(platform)

    assert POLICY_BYTES > len(json.dumps(list(statements(outside=outside).values()), separators=(",", ":")))


def test_a_policy_s3_would_refuse_is_refused_before_with_the_remedy():
    shares = [replace(READERS[0], name=f"data-{n}") for n in range(40)]

    with pytest.raises(Exception, match="S3 takes 20480: share fewer"):
        built(partial(bucket, shares=shares))


def test_aws_fills_every_condition_key_of_s3():
    for statement in statements(outside=of_shares(READERS)).values():
        keys = {key for operator in statement["Condition"].values() for key in operator if key.startswith("s3:")}
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        for action in actions if keys else ():
            assert keys <= condition_keys(action), statement["Sid"]


@pytest.mark.shows("C1", "C2", "F15", "G5")
def test_a_bucket_is_private_versioned_and_encrypted_with_its_key():
    recording = built(bucket)
    block = recording.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    encryption = recording.one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ).inputs["rules"][0]

    assert {True} == {value for key, value in block.items() if key != "bucket"}
    assert 5 == len(block)
    assert KEY_ARN == encryption["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"]
    assert encryption["bucketKeyEnabled"]
    versioning = recording.one("aws:s3/bucketVersioning:BucketVersioning").inputs["versioningConfiguration"]
    assert "Enabled" == versioning["status"]
    ownership = recording.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs["rule"]
    assert "BucketOwnerEnforced" == ownership["objectOwnership"]
    assert "OurKeyOnly" in document(recording.one("aws:s3/bucketPolicy:BucketPolicy"))


@pytest.mark.parametrize("disposable", [True, False])
def test_a_bucket_stays_with_all_its_settings_unless_the_account_is_disposable(disposable):
    recording = built(partial(bucket, disposable=disposable))
    data = recording.one("aws:s3/bucket:Bucket")

    assert (not disposable, disposable) == (data.protect, data.inputs["forceDestroy"])
    assert {not disposable} == {r.retain_on_delete for r in recording.made()}
