"""Tiny images and jobs for the tests of what runs here."""

import textwrap
from itertools import count

import pytest

from local.containers.images import push
from tests.local.people import ACCOUNT, allow
from tests.local.test_jobs_containers import wait_for

NUMBERS = count()
ENDED = {"Completed", "Failed", "Stopped"}
WORKS = (
    allow("s3:*", "logs:*", "cloudwatch:*", "ecr:*"),
    allow(
        *("ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"),
        *("ec2:DeleteNetworkInterfacePermission", "ec2:Describe*"),
    ),
)
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5}


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """Keep what images and environments leave apart from the user's own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def image(client, tmp_path):
    """Push an image whose programs are given by name; its URI."""

    def make(**programs):
        folder = tmp_path / f"image{next(NUMBERS)}"
        (folder / "bin").mkdir(parents=True)
        (folder / "requirements.txt").write_text("")
        for name, text in programs.items():
            (folder / "bin" / name).write_text(f"#!/usr/bin/env python\n{textwrap.dedent(text)}")
            (folder / "bin" / name).chmod(0o755)
        ecr, repository = client("ecr"), f"team/model{next(NUMBERS)}"
        ecr.create_repository(repositoryName=repository, imageTagMutability="IMMUTABLE")
        return push(ecr, repository, "1", folder)

    return make


def s3_input(uri, kind="S3Prefix"):
    return {"S3DataSource": {"S3DataType": kind, "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}}


def training(image_uri, role_arn, bucket, *, channels=None, **more):
    given = [
        {"ChannelName": name, "DataSource": uri if isinstance(uri, dict) else s3_input(uri)}
        for name, uri in (channels or {}).items()
    ]
    algorithm = {"TrainingImage": image_uri, "TrainingInputMode": "File", **more.pop("algorithm", {})}
    return {
        "TrainingJobName": f"job-{next(NUMBERS)}",
        "AlgorithmSpecification": algorithm,
        "RoleArn": role_arn,
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/runs/"},
        "ResourceConfig": CLUSTER,
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **({"InputDataConfig": given} if given else {}),
        **more,
    }


def trained(sagemaker, asked):
    """Start a training job and wait for its end; what Describe says."""
    sagemaker.create_training_job(**asked)
    return ended(sagemaker.describe_training_job, "TrainingJob", asked["TrainingJobName"])


def ended(describe, noun, name):
    """Wait for a job's end; what Describe says."""
    said = {}

    def over():
        said.update(describe(**{f"{noun}Name": name}))
        return said[f"{noun}Status"] in ENDED

    wait_for(over, 300)
    return said


def lines(logs, group, name, *, kind="/algo-1-"):
    """What a job has printed so far."""
    found = logs.describe_log_streams(logGroupName=f"/aws/sagemaker/{group}", logStreamNamePrefix=f"{name}{kind}")
    [stream] = [each["logStreamName"] for each in found["logStreams"]]
    events = logs.get_log_events(logGroupName=f"/aws/sagemaker/{group}", logStreamName=stream, startFromHead=True)
    return [event["message"] for event in events["events"]]


__all__ = ["ACCOUNT", "CLUSTER", "WORKS", "cache", "ended", "image", "lines", "s3_input", "trained", "training"]
