"""The emulated AWS, asked with boto3."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud, shared_cloud
from local.faults import Faults
from local.handlers.accounts import Identities

ROLE = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"


def fails(call, **given):
    with pytest.raises(ClientError) as told:
        call(**given)
    return told.value.response["Error"]["Code"], told.value.response["Error"]["Message"]


def test_the_organisation_and_its_accounts_have_the_ids_that_were_given(client):
    organizations = client("organizations")

    organization = organizations.create_organization(FeatureSet="ALL")["Organization"]

    def account(email):
        begun = organizations.create_account(AccountName="a", Email=email)["CreateAccountStatus"]["Id"]
        status = organizations.describe_create_account_status(CreateAccountRequestId=begun)
        return status["CreateAccountStatus"]["AccountId"]

    assert ("o-abcdefghij", "111111111111") == (organization["Id"], organization["MasterAccountId"])
    assert "222222222222" == account("team@example.com")
    assert "222222222222" != account("other@example.com")


def test_an_assumed_role_works_in_its_own_account(cloud, client, aws):
    given = client("sts").assume_role(RoleArn=ROLE, RoleSessionName="mlz")["Credentials"]

    inside = aws(cloud, "sts", given["AccessKeyId"], given["SessionToken"], given["SecretAccessKey"])

    assert "222222222222" == inside.get_caller_identity()["Account"]
    assert "111111111111" == client("sts").get_caller_identity()["Account"]


@pytest.mark.parametrize(
    ("service", "operation", "given", "name"),
    [
        (
            "sagemaker",
            "create_project",
            {"ProjectName": "p", "ServiceCatalogProvisioningDetails": {"ProductId": "p"}},
            "sagemaker CreateProject",
        ),
        ("iam", "list_organizations_features", {}, "iam ListOrganizationsFeatures"),
        ("ec2", "create_ipam", {}, "ec2 CreateIpam"),
        ("oam", "list_links", {}, "oam POST /ListLinks"),
        ("s3", "list_bucket_metrics_configurations", {"Bucket": "b"}, "NoSuchBucket"),
    ],
)
def test_what_is_not_emulated_is_an_error_that_names_the_operation(client, service, operation, given, name):
    code, message = fails(getattr(client(service), operation), **given)

    assert name in f"{code} {message}"


def test_a_bucket_keeps_the_tags_it_is_created_with(client):
    s3 = client("s3")
    tags = [{"Key": "owner", "Value": "team"}]

    s3.create_bucket(Bucket="tagged", CreateBucketConfiguration={"LocationConstraint": "eu-west-1", "Tags": tags})

    assert tags == s3.get_bucket_tagging(Bucket="tagged")["TagSet"]


def test_a_budget_keeps_who_is_told_and_its_tags(client):
    budgets = client("budgets")
    account = "111111111111"
    notification = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
    told = [{"SubscriptionType": "EMAIL", "Address": "team@example.com"}]
    limit = {
        "BudgetName": "b",
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": "1", "Unit": "USD"},
    }
    arn = f"arn:aws:budgets::{account}:budget/b"

    budgets.create_budget(
        AccountId=account,
        Budget=limit,
        NotificationsWithSubscribers=[{"Notification": notification, "Subscribers": told}],
        ResourceTags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
    )
    budgets.untag_resource(ResourceARN=arn, ResourceTagKeys=["a"])

    read = budgets.describe_subscribers_for_notification(AccountId=account, BudgetName="b", Notification=notification)
    assert told == read["Subscribers"]
    assert [{"Key": "b", "Value": "2"}] == budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]


def test_a_budget_takes_another_limit(client):
    budgets = client("budgets")
    budget = {"BudgetName": "changed", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    start = datetime(2026, 11, 1, tzinfo=UTC)

    def limited(usd, **period):
        return {**budget, **period, "BudgetLimit": {"Amount": usd, "Unit": "USD"}}

    budgets.create_budget(AccountId="111111111111", Budget=limited("1"))
    budgets.update_budget(AccountId="111111111111", NewBudget=limited("2", TimePeriod={"Start": start}))

    read = budgets.describe_budget(AccountId="111111111111", BudgetName="changed")["Budget"]
    assert ("2", start) == (read["BudgetLimit"]["Amount"], read["TimePeriod"]["Start"])
    missing = {**limited("2"), "BudgetName": "missing"}
    assert "NotFoundException" == fails(budgets.update_budget, AccountId="111111111111", NewBudget=missing)[0]


def test_an_analyzer_lives_and_dies(client):
    analyzers = client("accessanalyzer")

    arn = analyzers.create_analyzer(analyzerName="a", type="ACCOUNT", tags={"x": "y"})["arn"]
    analyzers.tag_resource(resourceArn=arn, tags={"z": "1"})

    assert {"x": "y", "z": "1"} == analyzers.get_analyzer(analyzerName="a")["analyzer"]["tags"]
    assert ["a"] == [analyzer["name"] for analyzer in analyzers.list_analyzers()["analyzers"]]
    analyzers.delete_analyzer(analyzerName="a")
    assert "ResourceNotFoundException" == fails(analyzers.get_analyzer, analyzerName="a")[0]


def test_a_permission_set_keeps_its_tags_and_its_boundary(client):
    sso = client("sso-admin")
    instance = sso.list_instances()["Instances"][0]["InstanceArn"]
    tags = [{"Key": "owner", "Value": "team"}]
    boundary = {"ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}

    created = sso.create_permission_set(Name="n", InstanceArn=instance, Tags=tags)
    one = {"InstanceArn": instance, "PermissionSetArn": created["PermissionSet"]["PermissionSetArn"]}
    sso.put_permissions_boundary_to_permission_set(**one, PermissionsBoundary=boundary)

    listed = sso.list_tags_for_resource(InstanceArn=instance, ResourceArn=one["PermissionSetArn"])
    assert tags == listed["Tags"]
    assert boundary == sso.get_permissions_boundary_for_permission_set(**one)["PermissionsBoundary"]
    sso.delete_permissions_boundary_from_permission_set(**one)
    assert "ResourceNotFoundException" == fails(sso.get_permissions_boundary_for_permission_set, **one)[0]


def test_a_share_reaches_the_account_it_names_and_no_other(cloud, client, aws):
    owner = client("ram")
    given = client("sts").assume_role(RoleArn=ROLE, RoleSessionName="mlz")["Credentials"]
    member = aws(cloud, "ram", given["AccessKeyId"], given["SessionToken"])
    share = owner.create_resource_share(name="hub")["resourceShare"]["resourceShareArn"]

    def seen():
        shares = member.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
        return [one["resourceShareArn"] for one in shares]

    assert [] == seen()
    owner.associate_resource_share(resourceShareArn=share, principals=["222222222222"])
    assert [share] == seen()
    assert "AccessDeniedException" == fails(member.delete_resource_share, resourceShareArn=share)[0]
    owner.disassociate_resource_share(resourceShareArn=share, principals=["222222222222"])
    assert [] == seen()


def test_a_shared_cloud_is_found_again_and_ends_with_its_folder(tmp_path, identities):
    first, fresh = shared_cloud(tmp_path, identities)
    again, fresh_again = shared_cloud(tmp_path, Identities("111111111111", "o-abcdefghij", {"b@c.de": "3" * 12}))

    assert (True, False, first) == (fresh, fresh_again, again)
    assert "3" * 12 == first.ask("health")["accounts"]["b@c.de"]
    (tmp_path / "cloud.json").unlink()
    wait_until(lambda: not first.alive())


def test_a_shared_cloud_of_another_organisation_is_replaced(tmp_path, identities):
    first, _ = shared_cloud(tmp_path, identities)
    second, fresh = shared_cloud(tmp_path, Identities(organization="o-other00000"))

    assert fresh
    assert first.id != second.id
    wait_until(lambda: not first.alive())
    second.stop()


def test_a_private_cloud_ends_when_its_parent_is_killed(tmp_path):
    code = "import sys, time; from pathlib import Path; from local.cloud import private_cloud\n"
    code += "with private_cloud(Path(sys.argv[1])): print('up', flush=True); time.sleep(600)"
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert b"up\n" == parent.stdout.readline()
    cloud = Cloud(**json.loads((tmp_path / "cloud.json").read_text()))
    assert cloud.alive()

    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()

    wait_until(lambda: not cloud.alive())


def test_faults_come_as_often_and_in_the_order_the_seed_says():
    def answers(seed):
        app = Faults(0.25, seed).around(lambda _environ, start: start("200 OK", []) or [b""])
        said = []
        for _ in range(400):
            body = io.BytesIO(b"{}")
            app(
                {"wsgi.input": body, "CONTENT_TYPE": "application/x-amz-json-1.1"},
                lambda *a: said.append(a[0]),
            )
        return said

    assert answers(7) == answers(7)
    assert answers(7) != answers(8)
    assert 70 < sum(answer != "200 OK" for answer in answers(7)) < 130
    assert {"200 OK", "400 mlz", "500 mlz"} == set(answers(7))


def wait_until(true, seconds=20):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_every_kind_of_security_group_rule_keeps_its_description(client):
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    say = {"Description": "why"}
    targets = {
        "IpRanges": {"CidrIp": "10.0.0.0/8"},
        "UserIdGroupPairs": {"GroupId": group},
        "PrefixListIds": {"PrefixListId": "pl-6da54004"},
    }

    made = [
        ec2.authorize_security_group_egress(
            GroupId=group,
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, kind: [{**target, **say}]}],
        )["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        for kind, target in targets.items()
    ]

    read = ec2.describe_security_group_rules(SecurityGroupRuleIds=made)["SecurityGroupRules"]
    assert ["why"] * 3 == [rule["Description"] for rule in read]


def test_a_conditional_deny_of_a_bucket_policy_does_not_lock_the_bucket(client):
    s3 = client("s3")
    s3.create_bucket(Bucket="tls-only", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::tls-only/*"}
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    policy = {"Version": "2012-10-17", "Statement": [{**deny, "Condition": condition}]}
    s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps(policy))

    s3.put_object(Bucket="tls-only", Key="k", Body=b"x")

    assert b"x" == s3.get_object(Bucket="tls-only", Key="k")["Body"].read()
