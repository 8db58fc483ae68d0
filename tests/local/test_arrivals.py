"""Files that arrive and start jobs that run: roles, rights and dead letters on the way."""

import json

import pytest

from tests.local.job_rig import NUMBERS, cache, ended, image
from tests.local.people import ACCOUNT, REGION, allow, document
from tests.local.test_jobs_containers import wait_for
from tests.local.test_jobs_transform import kept, model

__all__ = ["cache", "image", "model"]

STARTS = (allow("sagemaker:StartPipelineExecution"),)
SCORES = (allow("sagemaker:CreateTransformJob"), allow("kms:*"))


def trusted(rule):
    condition = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}"},
    }
    principal = {"Service": "events.amazonaws.com"}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition})


@pytest.fixture
def waiting(client, role, model):
    """Make a batch that waits for files; its data bucket, pipeline, and dead letters so far."""

    def make(*, starts=STARTS, scores=SCORES, whose=None):
        s3, events, sqs, sagemaker = (client(name) for name in ("s3", "events", "sqs", "sagemaker"))
        name, (model_name, data) = f"batch-{next(NUMBERS)}", model()
        join = {"Std:Join": {"On": "", "Values": [f"s3://{data}/", {"Get": "Parameters.Key"}]}}
        output = {"Std:Join": {"On": "/", "Values": [f"s3://{data}/scores", {"Get": "Execution.PipelineExecutionId"}]}}
        job = {
            "ModelName": model_name,
            "TransformInput": {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": join}},
                "ContentType": "text/csv",
            },
            "TransformOutput": {"S3OutputPath": output},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        }
        pipeline = sagemaker.create_pipeline(
            PipelineName=name,
            PipelineDisplayName=name,
            RoleArn=role(*scores),
            PipelineDefinition=json.dumps({"Steps": [{"Name": "Score", "Type": "Transform", "Arguments": job}]}),
            ClientRequestToken=f"{name}-{'0' * 32}",
        )["PipelineArn"]
        rule = events.put_rule(
            Name=name,
            EventPattern=json.dumps(
                {
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": {
                        "bucket": {"name": [data]},
                        "object": {"key": [{"prefix": "in/"}], "size": [{"numeric": [">", 0]}]},
                    },
                }
            ),
        )["RuleArn"]
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        told = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
        source = {"ArnLike": {"aws:SourceArn": rule}}
        policy = document({**told, "Resource": queue, "Condition": source})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        target = {
            "Id": "1",
            "Arn": pipeline,
            "RoleArn": role(*starts, trusted=trusted(whose or name)),
            "SageMakerPipelineParameters": {
                "PipelineParameterList": [{"Name": "Key", "Value": "$.detail.object.key"}],
            },
            "DeadLetterConfig": {"Arn": queue},
        }
        events.put_targets(Rule=name, Targets=[target])
        s3.put_bucket_notification_configuration(
            Bucket=data, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )

        def messages():
            found = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10)
            return found.get("Messages", [])

        return data, name, messages

    return make


def runs(sagemaker, name):
    return sagemaker.list_pipeline_executions(PipelineName=name)["PipelineExecutionSummaries"]


@pytest.mark.shows("I4")
def test_each_file_that_arrives_starts_a_job_of_its_own_that_runs(client, waiting):
    s3, sagemaker = client("s3"), client("sagemaker")
    data, name, letters = waiting()

    s3.put_object(Bucket=data, Key="elsewhere/x.csv", Body=b"no")
    s3.put_object(Bucket=data, Key="in/", Body=b"")
    for key in ("a b", "c"):
        s3.put_object(Bucket=data, Key=f"in/{key}.csv", Body=key.encode())

    def jobs():
        found = sagemaker.list_transform_jobs(NameContains="pipelines-")["TransformJobSummaries"]
        identities = {each["PipelineExecutionArn"].rpartition("/")[2] for each in runs(sagemaker, name)}
        return [each["TransformJobName"] for each in found if each["TransformJobName"].split("-")[1] in identities]

    wait_for(lambda: len(jobs()) == 2, 60)
    for job in jobs():
        said = ended(sagemaker.describe_transform_job, "TransformJob", job)
        assert "Completed" == said["TransformJobStatus"], said
    identities = [each["PipelineExecutionArn"].rpartition("/")[2] for each in runs(sagemaker, name)]
    found = {each["Key"] for each in s3.list_objects_v2(Bucket=data, Prefix="scores/")["Contents"]}
    assert 2 == len(found) == len(identities)
    assert {b"ok:a b", b"ok:c"} == {kept(s3, data, key[7:-4]) for key in found}
    assert {key.split("/")[1] for key in found} == {*identities}
    assert [] == letters()


@pytest.mark.parametrize("missing", ["a right", "the trust"])
def test_a_file_for_which_nothing_could_be_started_becomes_a_dead_letter(client, waiting, missing):
    more = {"starts": ()} if missing == "a right" else {"whose": "another"}
    data, name, letters = waiting(**more)

    client("s3").put_object(Bucket=data, Key="in/a.csv", Body=b"1")

    found = []
    wait_for(lambda: found.extend(letters()) or found, 60)
    assert "in/a.csv" == json.loads(found[0]["Body"])["detail"]["object"]["key"]
    why = found[0]["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]
    assert ("sagemaker:StartPipelineExecution" if missing == "a right" else "may not take") in why
    assert [] == runs(client("sagemaker"), name)


def test_a_run_that_may_not_start_its_job_fails_and_says_why(client, waiting):
    data, name, letters = waiting(scores=SCORES[1:])
    sagemaker = client("sagemaker")

    client("s3").put_object(Bucket=data, Key="in/a.csv", Body=b"1")

    wait_for(lambda: [each for each in runs(sagemaker, name) if each["PipelineExecutionStatus"] == "Failed"], 60)
    (run,) = runs(sagemaker, name)
    assert "sagemaker:CreateTransformJob" in run["PipelineExecutionFailureReason"]
    assert [] == letters()
