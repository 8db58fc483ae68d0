"""Who reads the contract, and who queries offline features in Athena: asked with the policies of both sides."""

import pytest

from components.access.grants.place import Place
from components.access.grants.roles import roles
from stacks.inputs import team_of
from tests.rights import CHURN, FRAUD, VISION, data_bucket, key, may
from zone import names

QUERYING = ["data-scientist", "ml-engineer", "processing"]
GLUE = ("glue:GetDatabase", "glue:GetTable", "glue:GetPartition", "glue:GetPartitions")
# Athena works with its caller's rights, from its own network.
BY_ATHENA = {"aws:CalledVia": ["athena.amazonaws.com"], "aws:ViaAWSService": True, "aws:PrincipalOrgID": "o-zone"}


def parameter(team, path):
    return f"arn:aws:ssm:{team.account.region}:{team.account.account_id}:parameter{path}"


@pytest.mark.parametrize("action", ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"])
def test_people_and_jobs_read_the_contract_and_no_other_parameter(action):
    readers = set(roles(team_of(FRAUD))) - {"feature-store"}  # only AWS works under that role

    def reading(path):
        return {role for role in roles(team_of(FRAUD)) if may(FRAUD, role, action, parameter(FRAUD, path))}

    assert readers == reading(names.ssm_path("network/vpc-id")) == reading(names.ssm_path())
    assert set() == reading("/other/secret") | reading("/mlz/v2/secret")


def workgroup(team, name=None):
    name = name or names.workgroup(team.team)
    return f"arn:aws:athena:{team.account.region}:{team.account.account_id}:workgroup/{name}"


@pytest.mark.parametrize("role", [*QUERYING, "training", "reviewer", "operator", "endpoint", "ingestion", "pipeline"])
@pytest.mark.parametrize(
    "action",
    ["StartQueryExecution", "GetQueryExecution", "GetQueryResults", "StopQueryExecution", "GetWorkGroup"],
)
def test_who_queries_does_so_in_the_teams_workgroup_only(role, action):
    assert (role in QUERYING) is may(FRAUD, role, f"athena:{action}", workgroup(FRAUD))
    assert not may(FRAUD, role, f"athena:{action}", workgroup(FRAUD, "primary"))


@pytest.mark.parametrize("role", QUERYING)
def test_a_query_on_own_features_reads_and_keeps_all_it_needs(role):
    account = FRAUD.account
    home = f"arn:aws:glue:{account.region}:{account.account_id}"
    database = names.feature_database(FRAUD.team)
    data = names.bucket_arn(account.key, "data", account.account_id)
    work = names.bucket_arn(account.key, "studio", account.account_id)
    through_s3 = {**BY_ATHENA, "kms:ViaService": f"s3.{account.region}.amazonaws.com"}
    arns = Place.stand_in(team_of(FRAUD)).key_arns

    def asked(action, resource, context=BY_ATHENA, **more):
        return may(FRAUD, role, action, resource, context, owner=account.account_id, **more)

    table = f"{home}:table/{database}/{names.feature_table('card-activity')}"
    assert all(asked(action, arn) for action in GLUE[1:] for arn in (f"{home}:catalog", table))
    assert asked("glue:GetDatabase", f"{home}:database/{database}")
    assert asked("glue:GetDatabase", f"{home}:database/default")
    bucket = {"target": data_bucket("prod-fraud")}
    assert asked("s3:GetBucketLocation", data, **bucket)
    assert asked("s3:ListBucket", data, {**BY_ATHENA, "s3:prefix": "features/card-activity"}, **bucket)
    assert asked("s3:GetObject", f"{data}/features/card-activity/x", **bucket)
    assert asked("kms:Decrypt", arns["data"], through_s3, target=key("prod-fraud", "data"))
    assert all(
        asked(action, f"{work}/{names.QUERY_PREFIX}/1.csv")
        for action in ("s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
    )
    assert asked("s3:GetBucketLocation", work)
    assert asked("kms:GenerateDataKey", arns["studio"], through_s3, target=key("prod-fraud", "studio"))


@pytest.mark.shows("F12", "T19")
@pytest.mark.parametrize(("team", "expected"), [(CHURN, True), (VISION, False)], ids=["reader", "other"])
def test_a_query_on_shared_features_names_the_owners_catalogue_and_finds_its_bucket(team, expected):
    home = f"arn:aws:athena:{team.account.region}:{team.account.account_id}"
    owner = FRAUD.account
    bucket = names.bucket_arn(owner.key, "data", owner.account_id)

    assert expected is may(
        team, "data-scientist", "athena:GetDataCatalog", f"{home}:datacatalog/{names.foreign_catalog(FRAUD.team)}"
    )
    assert expected is may(
        team,
        "data-scientist",
        "s3:GetBucketLocation",
        bucket,
        BY_ATHENA,
        owner=owner.account_id,
        target=data_bucket("prod-fraud"),
    )


def test_a_team_without_offline_features_has_no_right_to_query():
    assert not any(
        may(VISION, role, "athena:StartQueryExecution", workgroup(VISION)) for role in roles(team_of(VISION))
    )
