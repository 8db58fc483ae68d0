"""Batches by Spark: a request that AWS takes, applications with a ceiling, and roles that may do no more than that."""

import json
import re
from dataclasses import replace

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from checks.access import Caller, Target, evaluate, principal, request
from components.access.grants import running
from components.access.grants.boundary import boundary
from components.access.grants.place import Place
from components.access.grants.regions import abroad
from components.access.grants.roles import holders
from components.access.grants.spark import run_spark, start_spark
from components.access.grants.statement import size
from components.access.team import Promoted
from local.schedules.universal import request_of
from stacks.inputs import team_of
from tests import iam
from tests.components import examples_scheduled
from tests.components.building import built, document
from tests.components.examples_scheduled import ACCOUNT, APPLICATION, KEY_ARN, SCORED, WITH_BATCHES
from tests.rights import compiled
from tests.small_zone import REGION
from zone import names, schedule_names

RUN = "d32c5kddcf5bb8c3"
LOG = "/mlz/dev-fraud/spark"
INLINE_POLICY_CHARACTERS = 10240
"""All inline policies of a role. Source: IAM User Guide, "IAM and STS quotas", read 2026-11-20."""

MADE = built(examples_scheduled.spark)
BATCH = built(examples_scheduled.spark_batch)
EMR = get_session().get_service_model("emr-serverless")
STAND_IN = Place.stand_in(team_of(WITH_BATCHES))
PLACE = replace(STAND_IN, key_arns={**STAND_IN.key_arns, schedule_names.SPARK: f"{KEY_ARN[:-1]}9"})
DATA, WORK, MODELS = (f"arn:aws:s3:::mlz-dev-fraud-{purpose}-{ACCOUNT}" for purpose in ("data", "studio", "models"))
OURS = {"aws:ResourceAccount": ACCOUNT}


def only(kind, made):
    (one,) = made.of(kind)
    return one.inputs


def asked():
    """The request as EMR Serverless gets it."""
    target = only("aws:scheduler/schedule:Schedule", BATCH)["target"]
    return request_of(target["arn"], json.loads(target["input"].replace(schedule_names.EXECUTION, RUN)))


@pytest.mark.shows("I4", "I5")
def test_what_the_schedule_asks_is_a_request_of_the_api_in_the_spelling_of_the_schedulers_page():
    given = json.loads(only("aws:scheduler/schedule:Schedule", BATCH)["target"]["input"])
    report = ParamValidator().validate(asked(), EMR.operation_model("StartJobRun").input_shape)

    assert "" == report.generate_report()
    assert [] == [key for key in given if not key[0].isupper()]
    assert {"ApplicationId", "ClientToken", "ExecutionRoleArn", "JobDriver"} <= given.keys()
    assert re.fullmatch(EMR.shape_for("ClientToken").metadata["pattern"], asked()["clientToken"])


def test_a_run_scores_the_version_and_writes_below_its_own_id():
    submit = asked()["jobDriver"]["sparkSubmit"]
    words = submit["entryPointArguments"]
    given = dict(zip(words[1::2], words[2::2], strict=True))
    bucket = f"s3://{PLACE.bucket_name('data')}"

    assert "score" == words[0]
    assert SCORED.version_arn == given["--model-package"]
    assert f"{bucket}/datasets/transactions/all/" == given["--input"]
    assert f"{bucket}/datasets/transactions/scores/{RUN}/" == given["--output"]
    assert ("csv", "csv", "0.05") == (given["--format"], given["--input-format"], given["--most-rejected"])
    assert f"s3://{PLACE.bucket_name('studio')}/batches/monthly-scores/entry.py" == submit["entryPoint"]


def test_disks_and_log_are_encrypted_workers_talk_in_secret_and_aws_keeps_no_log():
    overrides, submit = asked()["configurationOverrides"], asked()["jobDriver"]["sparkSubmit"]
    monitoring = overrides["monitoringConfiguration"]

    assert {"encryptionKeyArn": KEY_ARN} == overrides["diskEncryptionConfiguration"]
    assert {"enabled": False} == monitoring["managedPersistenceMonitoringConfiguration"]
    assert LOG == monitoring["cloudWatchLoggingConfiguration"]["logGroupName"]
    assert LOG == only("aws:cloudwatch/logGroup:LogGroup", MADE)["name"]
    assert KEY_ARN == only("aws:cloudwatch/logGroup:LogGroup", MADE)["kmsKeyId"]
    assert "--conf spark.ssl.internode.enabled=true" in submit["sparkSubmitParameters"]


@pytest.mark.shows("I5")
def test_an_application_is_in_the_teams_network_and_cannot_grow_beyond_its_ceiling():
    made = only("aws:emrserverless/application:Application", MADE)

    assert {"cpu": "32 vCPU", "memory": "128 GB", "disk": "160 GB"} == made["maximumCapacity"]
    assert {"subnetIds": ["subnet-a", "subnet-b"], "securityGroupIds": ["sg-workloads"]} == made["networkConfiguration"]
    assert {"enabled": True, "idleTimeoutMinutes": 1} == made["autoStopConfiguration"]
    assert "initialCapacities" not in made
    for name, shape in (("cpu", "CpuSize"), ("memory", "MemorySize"), ("disk", "DiskSize")):
        assert re.fullmatch(EMR.shape_for(shape).metadata["pattern"], made["maximumCapacity"][name])


def test_a_run_that_fails_or_is_cancelled_is_told_of():
    rule = only("aws:cloudwatch/eventRule:EventRule", BATCH)

    assert {
        "source": ["aws.emr-serverless"],
        "detail-type": ["EMR Serverless Job Run State Change"],
        "detail": {"applicationId": ["00f1982r1uukb925"], "state": ["FAILED", "CANCELLED"]},
    } == json.loads(rule["eventPattern"])
    assert only("aws:cloudwatch/eventTarget:EventTarget", BATCH)["arn"].endswith(":mlz-dev-fraud-schedules")


def allowed(statements, action, resource, **context):
    asking = Caller(principal(f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-x"), identity=[("policy", compiled(statements))])
    asked = request(asking.principal.text, action, resource, context=context)
    return evaluate(asked, asking, Target()).allowed


RUNS = run_spark(PLACE, [SCORED], LOG)
STARTS = start_spark(PLACE, [APPLICATION])
WATCHED = replace(PLACE, team=replace(PLACE.team, spark=True))
SEE, STOP = running.observe(WATCHED), running.operate(WATCHED)


@pytest.mark.shows("I5")
@pytest.mark.parametrize(
    ("action", "resource", "may"),
    [
        ("s3:GetObject", f"{WORK}/batches/monthly-scores/entry.py", True),
        ("s3:GetObject", f"{WORK}/batches/another/entry.py", False),
        ("s3:PutObject", f"{WORK}/batches/monthly-scores/entry.py", False),
        ("s3:GetObject", f"{DATA}/datasets/transactions/all/a.csv", True),
        ("s3:GetObject", f"{DATA}/datasets/chargebacks/a.csv", False),
        ("s3:PutObject", f"{DATA}/datasets/transactions/all/a.csv", False),
        ("s3:PutObject", f"{DATA}/datasets/transactions/scores/{RUN}/predictions/part-0.csv", True),
        ("s3:DeleteObject", f"{DATA}/datasets/transactions/scores/{RUN}/_temporary/0", True),
        ("s3:GetObject", f"{MODELS}/models/scorer/a/model.tar.gz", True),
        ("s3:GetObject", f"{MODELS}/models/other/a/model.tar.gz", False),
        ("s3:PutObject", f"{MODELS}/models/scorer/a/model.tar.gz", False),
    ],
)
def test_a_run_reads_its_program_version_and_rows_and_writes_its_output(action, resource, may):
    assert may is allowed(RUNS, action, resource, **OURS)
    assert not allowed(RUNS, action, resource, **{"aws:ResourceAccount": "999999999999"})


def test_a_run_asks_of_the_registry_its_own_version_only():
    assert allowed(RUNS, "sagemaker:DescribeModelPackage", SCORED.version_arn)
    assert not allowed(RUNS, "sagemaker:DescribeModelPackage", f"{SCORED.version_arn[:-1]}4")
    services = {action.partition(":")[0] for each in RUNS for action in each.actions}
    assert {"s3", "kms", "logs", "sagemaker"} == services


@pytest.mark.parametrize("prefix", ["datasets/", "datasets/transactions/", "datasets/transactions/all/part="])
def test_a_run_lists_its_folders_and_looks_at_those_above(prefix):
    assert allowed(RUNS, "s3:ListBucket", DATA, **OURS, **{"s3:prefix": prefix})
    assert not allowed(RUNS, "s3:ListBucket", DATA, **OURS, **{"s3:prefix": "datasets/chargebacks/"})
    assert not allowed(RUNS, "s3:ListBucket", DATA, **OURS)


def test_a_promoted_version_is_read_from_its_owner_and_decrypted_by_the_owners_alias():
    team = replace(PLACE.team, promoted=[Promoted(model="scorer", account_key="dev-fraud", account_id="222222222222")])
    theirs = replace(SCORED, version_arn=SCORED.version_arn.replace(ACCOUNT, "222222222222"))
    statements = run_spark(replace(PLACE, team=team), [theirs], LOG)
    artifact = "arn:aws:s3:::mlz-dev-fraud-models-222222222222/models/scorer/a/model.tar.gz"
    decrypts = {each.sid: each for each in statements if each.actions == ("kms:Decrypt",)}

    assert allowed(statements, "s3:GetObject", artifact, **{"aws:ResourceAccount": "222222222222"})
    assert not allowed(statements, "s3:GetObject", f"{MODELS}/models/scorer/a/model.tar.gz", **OURS)
    assert {"DecryptPrograms", "DecryptPromoted"} == decrypts.keys()
    assert (f"arn:aws:kms:{REGION}:222222222222:key/*",) == decrypts["DecryptPromoted"].resources
    assert {"kms:ResourceAliases": [names.key_alias("dev-fraud", "models")]} == decrypts["DecryptPromoted"].conditions[
        "ForAnyValue:StringEquals"
    ]


def test_scheduler_starts_runs_of_our_applications_under_their_role_only():
    statements, to = STARTS, {"iam:PassedToService": "emr-serverless.amazonaws.com"}

    assert allowed(statements, "emr-serverless:StartJobRun", APPLICATION)
    assert not allowed(statements, "emr-serverless:StartJobRun", f"{APPLICATION}0")
    assert allowed(statements, "iam:PassRole", PLACE.role("spark"), **to)
    assert not allowed(statements, "iam:PassRole", PLACE.role("processing"), **to)
    assert not allowed(statements, "iam:PassRole", PLACE.role("spark"), **{"iam:PassedToService": "ec2.amazonaws.com"})


def test_people_see_runs_and_an_operator_stops_them():
    run = f"{APPLICATION}/jobruns/00f4"

    assert allowed(SEE, "emr-serverless:GetJobRun", run)
    assert allowed(SEE, "emr-serverless:ListJobRuns", APPLICATION)
    assert allowed(SEE, "emr-serverless:ListApplications", "*")
    assert not allowed(SEE, "emr-serverless:CancelJobRun", run)
    assert allowed(STOP, "emr-serverless:CancelJobRun", run)
    assert not allowed(STOP, "emr-serverless:StartJobRun", APPLICATION)
    assert not allowed(STOP, "emr-serverless:CancelJobRun", run.replace(ACCOUNT, "222222222222"))
    assert ("operator",) == holders("operate")
    for bare in (PLACE, replace(WATCHED, team=abroad(WATCHED.team, "eu-central-1"))):
        statements = (*running.observe(bare), *running.operate(bare))
        assert [] == [each.sid for each in statements if "emr-serverless" in str(each) or "/spark" in str(each)]


@pytest.mark.parametrize("statements", [RUNS, STARTS, SEE, STOP], ids=["run", "start", "see", "stop"])
def test_their_actions_and_keys_exist_and_the_boundary_leaves_them(statements):
    most = boundary(ACCOUNT, [REGION], [], managed_mlflow=False)

    assert [] == [wrong for each in statements if (wrong := iam.unknown_actions(each))]
    assert [] == [action for each in statements for action in each.actions if not allowed(most, action, "*", **OURS)]


def test_many_batches_fit_into_one_policy():
    long = "m" + "x" * 20
    many = [
        replace(SCORED, batch=f"{long[:-2]}{number:02}", input_prefix=f"datasets/{long}/in-{number}/")
        for number in range(10)
    ]

    assert INLINE_POLICY_CHARACTERS >= size(run_spark(PLACE, many, LOG))


def test_only_emr_serverless_takes_the_role_for_this_account():
    (role,) = MADE.of("aws:iam/role:Role")
    (statement,) = document(role, "assumeRolePolicy").values()

    assert {"Service": "emr-serverless.amazonaws.com"} == statement["Principal"]
    assert {"StringEquals": {"aws:SourceAccount": ACCOUNT}} == statement["Condition"]
    assert role.inputs["permissionsBoundary"].endswith("/mlz-boundary")
