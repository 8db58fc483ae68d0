"""What a file that arrives starts: requests that AWS takes, and roles that may do no more than that."""

import json
import re

import pulumi
import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from checks.access import Caller, Target, evaluate, principal, request
from components.access.grants.arrival import start_batches, tell_batches
from components.access.grants.boundary import boundary
from components.access.grants.place import Place
from components.access.grants.schedule import schedule
from stacks.inputs import team_of
from tests import iam
from tests.components import examples_scheduled
from tests.components.building import built, document
from tests.components.examples_scheduled import ACCOUNT, KEY_ARN, WITH_BATCHES
from tests.rights import compiled
from tests.small_zone import REGION
from zone import schedule_names

SAGEMAKER = get_session().get_service_model("sagemaker")
KEY, RUN = "datasets/transactions/weekly/a b.csv", "d32c5kddcf5b"
PLACE = Place.stand_in(team_of(WITH_BATCHES))
WAITING = built(examples_scheduled.waiting)


def resolved(value):
    """As SageMaker Pipelines fills in what a run knows."""
    if isinstance(value, list):
        return [resolved(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "Std:Join" in value:
        return value["Std:Join"]["On"].join(resolved(value["Std:Join"]["Values"]))
    if "Get" in value:
        return {"Parameters.Key": KEY, "Execution.PipelineExecutionId": RUN}[value["Get"]]
    return {key: resolved(each) for key, each in value.items()}


def only(kind, made=WAITING, named=""):
    (one,) = [each for each in made.of(kind) if each.name.endswith(named)]
    return one.inputs


def pattern(named):
    return json.loads(only("aws:cloudwatch/eventRule:EventRule", named=named)["eventPattern"])


@pytest.mark.shows("I4")
def test_a_file_starts_a_job_on_itself_that_writes_below_the_runs_id():
    definition = json.loads(only("aws:sagemaker/pipeline:Pipeline")["pipelineDefinition"])
    (step,) = definition["Steps"]
    job = {"TransformJobName": "x", **resolved(step["Arguments"])}
    shape = SAGEMAKER.operation_model("CreateTransformJob").input_shape
    bucket = PLACE.bucket_name("data")

    assert "Transform" == step["Type"]
    assert "" == ParamValidator().validate(job, shape).generate_report()
    assert f"s3://{bucket}/{KEY}" == job["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"]
    assert f"s3://{bucket}/datasets/transactions/scores/{RUN}/" == job["TransformOutput"]["S3OutputPath"]
    assert KEY_ARN == job["TransformOutput"]["KmsKeyId"] == job["TransformResources"]["VolumeKmsKeyId"]
    assert ["Key"] == [each["Name"] for each in definition["Parameters"]]


def test_a_job_on_one_file_asks_for_what_the_scheduled_one_asks_for_on_all():
    (step,) = json.loads(only("aws:sagemaker/pipeline:Pipeline")["pipelineDefinition"])["Steps"]
    scheduled = json.loads(only("aws:scheduler/schedule:Schedule", built(examples_scheduled.batch))["target"]["input"])

    for asked in (step["Arguments"], scheduled):
        asked["TransformInput"]["DataSource"]["S3DataSource"].pop("S3Uri")
        asked["TransformOutput"].pop("S3OutputPath")
    assert {**step["Arguments"], "TransformJobName": scheduled["TransformJobName"]} == scheduled


def test_the_rule_waits_for_files_below_the_input_and_hands_on_the_key_of_each():
    target = only("aws:cloudwatch/eventTarget:EventTarget", named="-arrival")

    assert {
        "bucket": {"name": [PLACE.bucket_name("data")]},
        "object": {"key": [{"prefix": "datasets/transactions/weekly/"}], "size": [{"numeric": [">", 0]}]},
    } == pattern("-arrival")["detail"]
    assert [{"name": "Key", "value": "$.detail.object.key"}] == target["sagemakerPipelineTarget"][
        "pipelineParameterLists"
    ]
    assert target["deadLetterConfig"]["arn"].endswith(":mlz-dev-fraud-schedules")
    assert "batch-weekly-scores" == only("aws:cloudwatch/eventRule:EventRule", named="-arrival")["name"]


def test_a_run_that_fails_is_told_of():
    arn = only("aws:cloudwatch/eventTarget:EventTarget", named="-arrival")["arn"]

    assert {"pipelineArn": [arn], "currentPipelineExecutionStatus": ["Failed"]} == pattern("-failed")["detail"]


def test_a_batch_starts_one_way():
    for given in ({"schedule": ""}, {"arrivals": examples_scheduled.ARRIVALS}):
        with pytest.raises(pulumi.RunError, match="one of both"):
            built(lambda opts, given=given: examples_scheduled.batch(opts, **given))


def allowed(statements, action, resource, **context):
    asking = Caller(principal(f"arn:aws:iam::{ACCOUNT}:role/mlz/mlz-x"), identity=[("policy", compiled(statements))])
    return evaluate(request(asking.principal.text, action, resource, context=context), asking, Target()).allowed


def test_eventbridge_starts_pipelines_of_batches_and_nothing_else():
    home = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline"
    actions = {action for each in tell_batches(PLACE) for action in each.actions}

    assert {"sagemaker:StartPipelineExecution"} == actions
    assert allowed(tell_batches(PLACE), *actions, f"{home}/batch-weekly-scores")
    assert not allowed(tell_batches(PLACE), *actions, f"{home}/training")


def test_pipelines_start_transform_jobs_on_our_keys_and_types_only():
    job = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:transform-job/pipelines-{RUN}-Score-abc"
    key = PLACE.key_arns["data"]
    context = {
        "sagemaker:InstanceTypes": ["ml.m5.large"],
        "sagemaker:OutputKmsKey": key,
        "sagemaker:VolumeKmsKey": key,
    }
    starts = {
        action
        for each in start_batches(PLACE)
        for action in each.actions
        if re.match(r"sagemaker:(Create|Start|Update|Put)", action)
    }

    assert {"sagemaker:CreateTransformJob"} == starts
    assert allowed(start_batches(PLACE), *starts, job, **context)
    assert not allowed(start_batches(PLACE), *starts, job.replace("pipelines-", "other-"), **context)
    assert not allowed(
        start_batches(PLACE), *starts, job, **{**context, "sagemaker:InstanceTypes": ["ml.p4d.24xlarge"]}
    )
    assert not allowed(start_batches(PLACE), *starts, job, **{**context, "sagemaker:OutputKmsKey": f"{key[:-1]}9"})


@pytest.mark.parametrize("statements", [start_batches(PLACE), tell_batches(PLACE)], ids=["start", "tell"])
def test_their_actions_and_keys_exist(statements):
    assert [] == [wrong for each in statements if (wrong := iam.unknown_actions(each))]


def test_only_eventbridge_takes_the_one_role_for_our_rules_and_only_sagemaker_the_other():
    made = {each.inputs["name"]: each for each in built(examples_scheduled.arrivals).of("aws:iam/role:Role")}
    (events,) = document(made["mlz-arrival-events"], "assumeRolePolicy").values()
    (sagemaker,) = document(made["mlz-arrivals"], "assumeRolePolicy").values()

    assert {"Service": "events.amazonaws.com"} == events["Principal"]
    assert f"arn:aws:events:{REGION}:{ACCOUNT}:rule/batch-*" == events["Condition"]["ArnLike"]["aws:SourceArn"]
    assert {"Service": "sagemaker.amazonaws.com"} == sagemaker["Principal"]


@pytest.mark.parametrize("arrivals", [True, False])
def test_eventbridge_writes_dead_letters_for_batches_rules_where_there_are_any(arrivals):
    made = built(lambda opts: examples_scheduled.schedules(opts, arrivals=arrivals))
    policy = json.loads(only("aws:sqs/queuePolicy:QueuePolicy", made)["policy"])
    letting = [each for each in policy["Statement"] if each["Effect"] == "Allow"]

    assert arrivals is bool(letting)
    for each in letting:
        assert {"Service": "events.amazonaws.com"} == each["Principal"]
        assert {"aws:SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/batch-*"} == each["Condition"]["ArnLike"]


def test_the_boundary_leaves_these_roles_what_they_are_given():
    queue = schedule_names.dead_letters_arn(REGION, ACCOUNT, "dev-fraud")
    given = (
        *schedule(PLACE, queue, KEY_ARN, monitors=True, batches=True, applications=()),
        *start_batches(PLACE),
        *tell_batches(PLACE),
    )
    most = boundary(ACCOUNT, [REGION], [], managed_mlflow=False)

    wrong = [
        action
        for each in given
        for action in each.actions
        if not allowed(most, action, "*", **{"aws:ResourceAccount": ACCOUNT})
    ]
    assert [] == wrong
