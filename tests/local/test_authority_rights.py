"""The further rights of calls that hand over no role: tags, keys, results; refused and allowed."""

import pytest
from botocore.exceptions import ClientError

from tests.local.people import ACCOUNT, PEOPLE, REGION, ROOT, allow, document, lacks


def test_the_bucket_key_is_used_with_the_uploaders_and_readers_own_right(person, key, bucket):
    data = bucket(key())
    objects = allow("s3:PutObject", "s3:GetObject", resource=f"arn:aws:s3:::{data}/*")
    write = allow("kms:GenerateDataKey", StringEquals={"kms:ViaService": f"s3.{REGION}.amazonaws.com"})
    read = allow("kms:Decrypt", StringEquals={"kms:CallerAccount": ACCOUNT})
    writer, reader = person(objects, write)("s3"), person(objects, read)("s3")

    assert "kms:GenerateDataKey" == lacks(reader.put_object, Bucket=data, Key="a", Body=b"a")
    writer.put_object(Bucket=data, Key="a", Body=b"a")
    assert "kms:Decrypt" == lacks(writer.get_object, Bucket=data, Key="a")
    assert b"a" == reader.get_object(Bucket=data, Key="a")["Body"].read()


def test_tags_at_creation_are_a_right_of_their_own_in_each_service(person):
    tags = [{"Key": "team", "Value": "fraud"}]
    group = {"ModelPackageGroupName": "g", "Tags": tags}
    vpc = {"CidrBlock": "10.1.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": tags}]}
    makes = allow("sagemaker:CreateModelPackageGroup", "ec2:CreateVpc", "iam:CreateRole", "ssm:PutParameter")
    tagging = (
        allow(
            "sagemaker:AddTags",
            resource=f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/g",
            StringEquals={"sagemaker:TaggingAction": "CreateModelPackageGroup", "aws:RequestTag/team": "fraud"},
        ),
        allow(
            "ec2:CreateTags",
            resource=f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/*",
            StringEquals={"ec2:CreateAction": "CreateVpc"},
        ),
        allow("iam:TagRole", resource=f"arn:aws:iam::{ACCOUNT}:role/mlz/tagged"),
        allow("ssm:AddTagsToResource", resource=f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/tagged"),
    )
    made = {"RoleName": "tagged", "Path": "/mlz/", "AssumeRolePolicyDocument": PEOPLE, "Tags": tags}
    parameter = {"Name": "/tagged", "Value": "1", "Type": "String", "Tags": tags}
    bare, able = person(makes), person(makes, *tagging)

    assert "sagemaker:AddTags" == lacks(bare("sagemaker").create_model_package_group, **group)
    assert "ec2:CreateTags" == lacks(bare("ec2").create_vpc, **vpc)
    assert "iam:TagRole" == lacks(bare("iam").create_role, **made)
    assert "ssm:AddTagsToResource" == lacks(bare("ssm").put_parameter, **parameter)
    able("sagemaker").create_model_package_group(**group)
    able("ec2").create_vpc(**vpc)
    able("iam").create_role(**made)
    able("ssm").put_parameter(**parameter)
    assert bare("ec2").create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]


def test_a_log_group_is_encrypted_by_the_service_in_the_name_of_the_group(person, key):
    def logs_may(group):
        return {
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{REGION}.amazonaws.com"},
            "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {
                "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"}
            },
        }

    logs = person(allow("logs:CreateLogGroup", "kms:DescribeKey"))("logs").create_log_group

    assert "kms:Decrypt" == lacks(logs, logGroupName="/mlz/a", kmsKeyId=key())
    assert "kms:Decrypt" == lacks(logs, logGroupName="/mlz/a", kmsKeyId=key(logs_may("/other/*")))
    assert logs(logGroupName="/mlz/a", kmsKeyId=key(logs_may("/mlz/*")))
    blind = person(allow("logs:CreateLogGroup"))("logs").create_log_group
    assert "kms:DescribeKey" == lacks(blind, logGroupName="/mlz/b", kmsKeyId=key(logs_may("/mlz/*")))


def test_only_a_secret_parameter_asks_for_its_key(person, client, key):
    client("ssm").put_parameter(Name="/p/plain", Value="1", Type="String")
    client("ssm").put_parameter(Name="/p/secret", Value="1", Type="SecureString", KeyId=key())
    reads = allow("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")
    ssm = person(reads)("ssm")
    able = person(reads, allow("kms:Decrypt", StringEquals={"kms:ViaService": f"ssm.{REGION}.amazonaws.com"}))("ssm")

    assert "1" == ssm.get_parameter(Name="/p/plain", WithDecryption=True)["Parameter"]["Value"]
    assert ssm.get_parameter(Name="/p/secret")["Parameter"]["Value"]
    assert "kms:Decrypt" == lacks(ssm.get_parameter, Name="/p/secret", WithDecryption=True)
    assert "kms:Decrypt" == lacks(ssm.get_parameters, Names=["/p/plain", "/p/secret"], WithDecryption=True)
    assert "kms:Decrypt" == lacks(ssm.get_parameters_by_path, Path="/p", WithDecryption=True)
    assert 2 == len(able.get_parameters_by_path(Path="/p", WithDecryption=True)["Parameters"])


def test_session_tags_are_a_right_on_the_role(person, role):
    untagged = document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    )
    tags = [{"Key": "team", "Value": "fraud"}]
    sts = person(allow("sts:AssumeRole", "sts:TagSession"))("sts").assume_role
    strict = role(trusted=untagged)

    assert sts(RoleArn=strict, RoleSessionName="test")["Credentials"]
    assert "sts:TagSession" == lacks(sts, RoleArn=strict, RoleSessionName="test", Tags=tags)
    assert sts(RoleArn=role(trusted=PEOPLE), RoleSessionName="test", Tags=tags)["Credentials"]


def test_a_repository_key_is_granted_by_its_maker_for_the_registry(person, key):
    makes = allow("ecr:CreateRepository")
    use = allow("kms:DescribeKey", "kms:RetireGrant")
    grant = allow(
        "kms:CreateGrant",
        Bool={"kms:GrantIsForAWSResource": "true"},
        StringEquals={"kms:ViaService": f"ecr.{REGION}.amazonaws.com"},
    )
    asked = {"repositoryName": "encrypted", "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": key()}}

    assert "kms:CreateGrant" == lacks(person(makes, use)("ecr").create_repository, **asked)
    assert person(makes, use, grant)("ecr").create_repository(**asked)["repository"]
    assert person(makes)("ecr").create_repository(repositoryName="plain")["repository"]


def test_a_query_needs_the_catalog_and_the_work_groups_results(person, client, bucket, key):
    results = bucket(key())
    output = {"ResultConfiguration": {"OutputLocation": f"s3://{results}/queries/"}}
    client("athena").create_work_group(Name="team", Configuration=output)
    glue = allow("glue:GetDatabase", StringEquals={"aws:CalledViaLast": "athena.amazonaws.com"})
    store = allow(
        *("s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"),
        *("s3:GetBucketLocation", "s3:ListBucket"),
        resource=[f"arn:aws:s3:::{results}", f"arn:aws:s3:::{results}/queries/*"],
    )
    keys = allow("kms:GenerateDataKey", "kms:Decrypt", StringEquals={"kms:ViaService": f"s3.{REGION}.amazonaws.com"})
    start = allow("athena:StartQueryExecution")
    query = {"QueryString": "select 1", "WorkGroup": "team", "QueryExecutionContext": {"Database": "features"}}

    def run(*statements):
        return person(start, *statements)("athena").start_query_execution

    assert "glue:GetDatabase" == lacks(run(), **query)
    assert "s3:AbortMultipartUpload" == lacks(run(glue), **query)
    assert "kms:GenerateDataKey" == lacks(run(glue, store), **query)
    assert run(glue, store, keys)(**query)["QueryExecutionId"]


def test_a_secret_is_read_with_its_keys_right(person, client, key):
    client("secretsmanager").create_secret(Name="s", SecretString="1", KmsKeyId=key())
    read = allow("secretsmanager:GetSecretValue")
    via = allow("kms:Decrypt", StringEquals={"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"})

    assert "kms:Decrypt" == lacks(person(read)("secretsmanager").get_secret_value, SecretId="s")
    assert "1" == person(read, via)("secretsmanager").get_secret_value(SecretId="s")["SecretString"]


def test_what_a_role_already_has_as_boundary_counts_for_what_is_attached_to_it(person, client):
    iam = client("iam")
    boundary = iam.create_policy(PolicyName="limit", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    for name, more in (("bound", {"PermissionsBoundary": boundary}), ("free", {})):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=PEOPLE, **more)
    attach = person(allow("iam:AttachRolePolicy", StringEquals={"iam:PermissionsBoundary": boundary}))("iam")

    attach.attach_role_policy(RoleName="bound", PolicyArn=boundary)
    assert "iam:AttachRolePolicy" == lacks(attach.attach_role_policy, RoleName="free", PolicyArn=boundary)


def test_nobody_sets_a_key_policy_that_locks_him_out(person):
    kms = person(allow("kms:CreateKey", "kms:PutKeyPolicy"))("kms")
    somebody = {**ROOT, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/somebody"}}

    def code(method, **params):
        with pytest.raises(ClientError) as error:
            method(**params)
        return error.value.response["Error"]["Code"]

    assert "MalformedPolicyDocumentException" == code(kms.create_key, Policy=document(somebody))
    assert kms.create_key(Policy=document(somebody), BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]
    made = kms.create_key(Policy=document(ROOT))["KeyMetadata"]["KeyId"]
    again = {"KeyId": made, "PolicyName": "default"}
    assert "MalformedPolicyDocumentException" == code(kms.put_key_policy, Policy=document(somebody), **again)
    assert kms.put_key_policy(Policy=document(ROOT, somebody), **again)
    assert kms.create_key()["KeyMetadata"]
