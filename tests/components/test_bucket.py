from functools import partial

import pytest

from components.bucket_policy import bucket_policy
from components.outside import of_mlflow, of_shares
from tests.components.building import built, document
from tests.components.examples import KEY_ARN, bucket
from tests.iam import condition_keys
from tests.zone import ORGANIZATION_ID, ROLE, SHARES, ZONE

ARN = "arn:aws:s3:::team-data"


def statements(organization_id=ORGANIZATION_ID, outside=()):
    made = bucket_policy(
        "team-data",
        account_id="111111111111",
        organization_id=organization_id,
        provisioning_role=ROLE,
        key_arn=KEY_ARN,
        service_role_arns=["arn:aws:iam::111111111111:role/mlz/mlz-ingestion"],
        outside=outside,
    )
    return {s["Sid"]: s for s in made["Statement"]}


def test_a_bucket_nobody_shares_allows_nothing():
    assert {"Deny"} == {s["Effect"] for s in statements().values()}


def test_everyone_is_denied_without_tls_outside_the_organisation_or_past_our_endpoints():
    made = statements()

    for sid in ("TlsOnly", "OurPrincipalsOnly", "OurEndpointsOnly"):
        assert "*" == made[sid]["Principal"]
        assert "s3:*" == made[sid]["Action"]
        assert [ARN, f"{ARN}/*"] == made[sid]["Resource"]
    assert ORGANIZATION_ID == made["OurPrincipalsOnly"]["Condition"]["StringNotEquals"]["aws:PrincipalOrgID"]
    assert ["111111111111"] == made["OurEndpointsOnly"]["Condition"]["StringNotEquals"]["aws:VpceAccount"]


def test_without_an_organisation_id_only_named_accounts_pass():
    condition = statements(organization_id="", outside=of_shares(SHARES))["OurPrincipalsOnly"]["Condition"]

    assert {"aws:PrincipalAccount": ["111111111111", "222222222222"]} == condition["StringNotEquals"]


def test_services_acting_for_their_caller_and_the_provisioning_role_need_no_endpoint():
    condition = statements()["OurEndpointsOnly"]["Condition"]

    assert {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"} == condition["BoolIfExists"]
    assert {f"arn:aws:iam::111111111111:role/{ROLE}", "arn:aws:iam::111111111111:role/mlz/mlz-ingestion"} == set(
        condition["ArnNotEquals"]["aws:PrincipalArn"]
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


def test_a_share_lets_the_readers_roles_read_its_prefix_and_no_more():
    made = statements(outside=of_shares(SHARES))
    objects = made["DatasetTransactionsDevChurnObjects"]
    listing = made["DatasetTransactionsDevChurnNames"]

    assert f"{ARN}/datasets/transactions/*" == objects["Resource"]
    assert ["s3:GetObject", "s3:GetObjectVersion"] == objects["Action"]
    assert {"AWS": "arn:aws:iam::222222222222:root"} == objects["Principal"] == listing["Principal"]
    assert ["datasets/transactions", "datasets/transactions/*"] == listing["Condition"]["StringLike"]["s3:prefix"]
    for statement in (objects, listing):
        roles = statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]
        assert roles
        assert all(role.startswith("arn:aws:iam::222222222222:role/mlz/mlz-") for role in roles)


def test_teams_keep_artifacts_in_the_whole_bucket_of_a_shared_server():
    made = statements(outside=of_mlflow(ZONE.platforms["dev"], ["training"]))["ArtifactsFraudObjects"]

    assert f"{ARN}/*" == made["Resource"]
    assert "s3:PutObject" in made["Action"]
    assert ["arn:aws:iam::111111111111:role/mlz/mlz-training"] == made["Condition"]["ArnEquals"]["aws:PrincipalArn"]


def test_aws_fills_every_condition_key_of_s3():
    for statement in statements(outside=of_shares(SHARES)).values():
        keys = {key for operator in statement["Condition"].values() for key in operator if key.startswith("s3:")}
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        for action in actions if keys else ():
            assert keys <= condition_keys(action), statement["Sid"]


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
