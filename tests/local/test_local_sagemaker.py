"""SageMaker of the emulated AWS, asked with boto3."""

import json

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::111111111111:role/studio-user"
TAGS = [{"Key": "owner", "Value": "team"}]


@pytest.fixture(scope="module")
def role(client):
    """The role that the tests hand over: SageMaker may take it, and it may do all."""

    def document(**statement):
        return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})

    trust = document(Principal={"Service": "sagemaker.amazonaws.com"}, Action="sts:AssumeRole")
    client("iam").create_role(RoleName="studio-user", AssumeRolePolicyDocument=trust)
    every = document(Action="*", Resource="*")
    client("iam").put_role_policy(RoleName="studio-user", PolicyName="all", PolicyDocument=every)


@pytest.fixture
def sagemaker(client, role):  # noqa: ARG001 - the role must be there
    return client("sagemaker")


def fails(call, **given):
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"]


def gone(look, **asked):
    """Look until what was deleted is gone: a look or two, as on AWS."""
    for _ in range(3):
        try:
            seen = look(**asked)
        except look.__self__.exceptions.ResourceNotFound:
            return
        if not any(isinstance(value, list) and value for value in seen.values()) and "Status" not in seen:
            return
    pytest.fail(f"still there: {seen}")


@pytest.fixture
def domain(sagemaker):
    made = sagemaker.create_domain(
        DomainName="studio",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": ROLE},
        SubnetIds=["subnet-1"],
        VpcId="vpc-1",
        AppNetworkAccessType="VpcOnly",
        DomainSettings={"SecurityGroupIds": ["sg-1"]},
        Tags=TAGS,
    )
    yield made
    studio = {"DomainId": made["DomainId"]}
    for profile in sagemaker.list_user_profiles(DomainIdEquals=made["DomainId"])["UserProfiles"]:
        sagemaker.delete_user_profile(**studio, UserProfileName=profile["UserProfileName"])
    for space in sagemaker.list_spaces(DomainIdEquals=made["DomainId"])["Spaces"]:
        sagemaker.delete_space(**studio, SpaceName=space["SpaceName"])
    gone(sagemaker.list_user_profiles, DomainIdEquals=made["DomainId"])
    gone(sagemaker.list_spaces, DomainIdEquals=made["DomainId"])
    sagemaker.delete_domain(**studio)
    gone(sagemaker.describe_domain, **studio)


def test_a_domain_is_read_as_it_was_made(sagemaker, domain):
    read = sagemaker.describe_domain(DomainId=domain["DomainId"])

    assert ("studio", "InService", "VpcOnly") == tuple(
        read[member] for member in ("DomainName", "Status", "AppNetworkAccessType")
    )
    assert TAGS == sagemaker.list_tags(ResourceArn=domain["DomainArn"])["Tags"]
    assert [domain["DomainId"]] == [one["DomainId"] for one in sagemaker.list_domains()["Domains"]]


def test_changed_domain_settings_join_those_that_stay(sagemaker, domain):
    sagemaker.update_domain(
        DomainId=domain["DomainId"],
        DomainSettingsForUpdate={"ExecutionRoleIdentityConfig": "USER_PROFILE_NAME"},
    )

    read = sagemaker.describe_domain(DomainId=domain["DomainId"])["DomainSettings"]
    assert {"SecurityGroupIds": ["sg-1"], "ExecutionRoleIdentityConfig": "USER_PROFILE_NAME"} == read


def test_profiles_and_spaces_belong_to_a_domain(sagemaker, domain):
    studio = {"DomainId": domain["DomainId"]}
    sagemaker.create_user_profile(**studio, UserProfileName="alice")
    sagemaker.create_space(**studio, SpaceName="shared", Tags=TAGS)

    profile = sagemaker.describe_user_profile(**studio, UserProfileName="alice")
    space = sagemaker.describe_space(**studio, SpaceName="shared")

    assert profile["UserProfileArn"].endswith(f":user-profile/{domain['DomainId']}/alice")
    assert TAGS == sagemaker.list_tags(ResourceArn=space["SpaceArn"])["Tags"]
    listed = sagemaker.list_user_profiles(DomainIdEquals=domain["DomainId"])["UserProfiles"]
    assert ["alice"] == [one["UserProfileName"] for one in listed]
    assert [] == sagemaker.list_user_profiles(DomainIdEquals="d-other")["UserProfiles"]


def test_a_second_of_the_same_name_and_a_missing_one_are_refused(sagemaker, domain):
    studio = {"DomainId": domain["DomainId"], "UserProfileName": "bob"}
    sagemaker.create_user_profile(**studio)

    assert "ResourceInUse" == fails(sagemaker.create_user_profile, **studio)
    sagemaker.delete_user_profile(**studio)
    assert "Deleting" == sagemaker.describe_user_profile(**studio)["Status"]
    assert "ResourceNotFound" == fails(sagemaker.describe_user_profile, **studio)


def test_a_feature_group_says_where_its_features_lie_and_grows(sagemaker, client):
    group = {"FeatureGroupName": "card-use"}
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    sagemaker.create_feature_group(
        **group,
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[
            {"FeatureName": "id", "FeatureType": "String"},
            {"FeatureName": "at", "FeatureType": "Fractional"},
        ],
        OnlineStoreConfig={"EnableOnlineStore": True, "SecurityConfig": {"KmsKeyId": key}},
        OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://features/here", "KmsKeyId": key}},
        RoleArn=ROLE,
    )
    sagemaker.update_feature_group(**group, FeatureAdditions=[{"FeatureName": "amount", "FeatureType": "Fractional"}])

    assert "InProgress" == sagemaker.describe_feature_group(**group)["LastUpdateStatus"]["Status"]
    read = sagemaker.describe_feature_group(**group)
    assert "Successful" == read["LastUpdateStatus"]["Status"]
    again = [{"FeatureName": "amount", "FeatureType": "String"}]
    assert "ValidationException" == fails(sagemaker.update_feature_group, **group, FeatureAdditions=again)
    ttl = {"TtlDuration": {"Unit": "Days", "Value": 1}}
    both = {"FeatureAdditions": [{"FeatureName": "x", "FeatureType": "String"}], "OnlineStoreConfig": ttl}
    assert "ValidationException" == fails(sagemaker.update_feature_group, **group, **both)
    assert "Created" == read["FeatureGroupStatus"]
    assert ["id", "at", "amount"] == [one["FeatureName"] for one in read["FeatureDefinitions"]]
    assert {"EnableOnlineStore": True, "SecurityConfig": {"KmsKeyId": key}} == read["OnlineStoreConfig"]
    resolved = read["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"]
    assert resolved == "s3://features/here/111111111111/sagemaker/eu-west-1/offline-store/card-use/data"
    assert "card_use" == read["OfflineStoreConfig"]["DataCatalogConfig"]["TableName"]


def test_a_feature_group_leaves_its_table(sagemaker, client):
    sagemaker.create_feature_group(
        FeatureGroupName="left-over",
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": name, "FeatureType": "String"} for name in ("id", "at")],
        OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://features/here"}},
        RoleArn=ROLE,
    )
    sagemaker.delete_feature_group(FeatureGroupName="left-over")

    table = client("glue").get_table(DatabaseName="sagemaker_featurestore", Name="left_over")["Table"]
    assert "left_over" == table["Name"]


def test_a_model_package_group_carries_a_policy(sagemaker):
    group = {"ModelPackageGroupName": "churn"}
    sagemaker.create_model_package_group(**group)

    assert "ValidationException" == fails(sagemaker.get_model_package_group_policy, **group)
    policy = '{"Version": "2012-10-17", "Statement": []}'
    sagemaker.put_model_package_group_policy(**group, ResourcePolicy=policy)
    assert policy == sagemaker.get_model_package_group_policy(**group)["ResourcePolicy"]
    sagemaker.delete_model_package_group_policy(**group)
    assert "ValidationException" == fails(sagemaker.get_model_package_group_policy, **group)


def test_a_tracking_server_gets_what_it_does_not_name(sagemaker):
    sagemaker.create_mlflow_tracking_server(
        TrackingServerName="shared", ArtifactStoreUri="s3://a/b", RoleArn=ROLE, Tags=TAGS
    )

    read = sagemaker.describe_mlflow_tracking_server(TrackingServerName="shared")
    assert ("Small", "Created", "Active") == tuple(
        read[member] for member in ("TrackingServerSize", "TrackingServerStatus", "IsActive")
    )
    assert TAGS == sagemaker.list_tags(ResourceArn=read["TrackingServerArn"])["Tags"]


def test_tags_change_and_those_of_moto_stay_motos(sagemaker, domain):
    arn = domain["DomainArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "more", "Value": "1"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["owner"])
    pipeline = sagemaker.create_pipeline(
        PipelineName="p", PipelineDefinition="{}", RoleArn=ROLE, ClientRequestToken="t" * 32, Tags=TAGS
    )

    assert [{"Key": "more", "Value": "1"}] == sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert TAGS == sagemaker.list_tags(ResourceArn=pipeline["PipelineArn"])["Tags"]


def test_a_model_keeps_its_network_isolation(sagemaker):
    sagemaker.create_model(
        ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "i"}, EnableNetworkIsolation=True
    )

    assert sagemaker.describe_model(ModelName="m")["EnableNetworkIsolation"]


def watching(name, endpoint):
    """A request for a definition of Model Monitor's, with what the API asks for and no more."""
    output = {"S3Uri": "s3://b/reports/", "LocalPath": "/opt/ml/processing/output"}
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    return {
        "JobDefinitionName": name,
        "DataQualityAppSpecification": {"ImageUri": "analyzer"},
        "DataQualityJobInput": {"EndpointInput": {"EndpointName": endpoint, "LocalPath": "/opt/ml/processing/input"}},
        "DataQualityJobOutputConfig": {"MonitoringOutputs": [{"S3Output": output}]},
        "JobResources": {"ClusterConfig": cluster},
        "RoleArn": ROLE,
    }


@pytest.fixture(scope="module")
def captured(client, role):  # noqa: ARG001 - the role must be there
    """Return the names of an endpoint that keeps its calls and of one that does not."""
    sagemaker = client("sagemaker")
    container = {"Image": f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/x@sha256:{'0' * 64}"}
    sagemaker.create_model(ModelName="watched", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    variant = {"VariantName": "v", "ModelName": "watched", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": "s3://b/captured",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    for name, more in (("kept", {"DataCaptureConfig": capture}), ("unkept", {})):
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], **more)
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    return "kept", "unkept"


def test_model_monitor_takes_endpoints_that_keep_their_calls_and_no_name_twice(sagemaker, captured):
    kept, unkept = captured

    assert "ValidationException" == fails(sagemaker.create_data_quality_job_definition, **watching("w", "nobody"))
    assert "ValidationException" == fails(sagemaker.create_data_quality_job_definition, **watching("w", unkept))
    sagemaker.create_data_quality_job_definition(**watching("w", kept))
    assert "ResourceInUse" == fails(sagemaker.create_data_quality_job_definition, **watching("w", kept))


@pytest.fixture(scope="module")
def definition(client, captured):
    client("sagemaker").create_data_quality_job_definition(**watching("there", captured[0]))
    return "there"


def scheduled(definition, expression):
    config = {"MonitoringJobDefinitionName": definition, "MonitoringType": "DataQuality"}
    return {
        "MonitoringScheduleName": "watch",
        "MonitoringScheduleConfig": {**config, "ScheduleConfig": {"ScheduleExpression": expression}},
    }


@pytest.mark.parametrize(
    "expression", ["cron(30 4 ? * * *)", "cron(0 4 ? * MON *)", "rate(1 day)", "cron(0 24 ? * * *)"]
)
def test_model_monitor_refuses_expressions_that_are_not_its_own(sagemaker, definition, expression):
    assert "ValidationException" == fails(sagemaker.create_monitoring_schedule, **scheduled(definition, expression))


def test_a_schedule_of_model_monitor_is_kept_changed_and_starts_nothing(sagemaker, definition):
    daily, often = scheduled(definition, "cron(0 4 ? * * *)"), scheduled(definition, "cron(0 0/6 ? * * *)")
    name = {"MonitoringScheduleName": "watch"}

    assert "ValidationException" == fails(
        sagemaker.create_monitoring_schedule, **scheduled("nowhere", "cron(0 4 ? * * *)")
    )
    sagemaker.create_monitoring_schedule(**daily)
    assert "ResourceInUse" == fails(sagemaker.create_monitoring_schedule, **daily)
    sagemaker.update_monitoring_schedule(**often)
    found = sagemaker.describe_monitoring_schedule(**name)
    assert often["MonitoringScheduleConfig"] == found["MonitoringScheduleConfig"]
    assert "Scheduled" == found["MonitoringScheduleStatus"]
    assert [] == sagemaker.list_monitoring_executions()["MonitoringExecutionSummaries"]
    sagemaker.delete_monitoring_schedule(**name)
    assert "ResourceNotFound" == fails(sagemaker.describe_monitoring_schedule, **name)
