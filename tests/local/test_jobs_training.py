"""Training jobs that run: their data, their rights, their outcome."""

import io
import json
import tarfile

import pytest

from tests.local.job_rig import WORKS, cache, ended, image, lines, s3_input, trained, training
from tests.local.people import REGION, allow
from tests.local.test_jobs_containers import wait_for

__all__ = ["cache", "image"]

TRAIN = """
import json, os, pathlib
base = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"])
data = base / "input/data"
files = sorted(str(each.relative_to(data)) for each in data.rglob("*") if each.is_file())
(base / "model/model.json").write_text(json.dumps({
    "hyperparameters": json.loads((base / "input/config/hyperparameters.json").read_text()),
    "channels": sorted(json.loads((base / "input/config/inputdataconfig.json").read_text())),
    "files": files, "environment": os.environ.get("MLZ_RUN"), "cwd": os.getcwd(),
}))
(base / "output/data/note.txt").write_text("noted")
print("validation:auc=0.5")
print("validation:auc=0.91234")
"""
METRICS = {"MetricDefinitions": [{"Name": "validation:auc", "Regex": "validation:auc=([0-9.]+)"}]}


def unpacked(s3, uri):
    bucket, key = uri.removeprefix("s3://").split("/", 1)
    content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {each.name: archive.extractfile(each).read() for each in archive.getmembers() if each.isfile()}


def test_a_training_job_runs_the_image_s_program_on_its_channels_and_keeps_what_it_made(client, role, bucket, image):
    data, s3, sagemaker = bucket(), client("s3"), client("sagemaker")
    for key in ("in/train/a.csv", "in/train/deep/b.csv", "in/validation.csv", "in/training/no.csv"):
        s3.put_object(Bucket=data, Key=key, Body=key.encode())
    manifest = json.dumps([{"prefix": f"s3://{data}/in/"}, "validation.csv"])
    s3.put_object(Bucket=data, Key="m.json", Body=manifest.encode())
    asked = training(
        image(train=TRAIN),
        role(*WORKS),
        data,
        channels={
            "train": f"s3://{data}/in/train/",
            "one": f"s3://{data}/in/validation.csv",
            "listed": s3_input(f"s3://{data}/m.json", "ManifestFile"),
        },
        algorithm=METRICS,
        HyperParameters={"depth": "3"},
        Environment={"MLZ_RUN": "r1"},
    )

    said = trained(sagemaker, asked)

    place = f"s3://{data}/runs/{asked['TrainingJobName']}/output"
    assert (said["TrainingJobStatus"], said.get("FailureReason")) == ("Completed", None)
    assert said["ModelArtifacts"] == {"S3ModelArtifacts": f"{place}/model.tar.gz"}
    model = json.loads(unpacked(s3, f"{place}/model.tar.gz")["model.json"])
    assert model.pop("cwd") != "/"
    assert model == {
        "hyperparameters": {"depth": "3"},
        "channels": ["listed", "one", "train"],
        "files": ["listed/validation.csv", "one/validation.csv", "train/a.csv", "train/deep/b.csv"],
        "environment": "r1",
    }
    assert unpacked(s3, f"{place}/output.tar.gz") == {"note.txt": b"noted"}
    [metric] = said["FinalMetricDataList"]
    assert (metric["MetricName"], round(metric["Value"], 5)) == ("validation:auc", 0.91234)
    assert [each["Status"] for each in said["SecondaryStatusTransitions"]] == [
        *("Starting", "Downloading", "Training", "Uploading", "Completed")
    ]
    assert all("EndTime" in each for each in said["SecondaryStatusTransitions"])
    assert said["TrainingStartTime"] <= said["TrainingEndTime"]
    assert "validation:auc=0.91234" in lines(client("logs"), "TrainingJobs", asked["TrainingJobName"])
    listed = sagemaker.list_training_jobs(StatusEquals="Completed")["TrainingJobSummaries"]
    assert asked["TrainingJobName"] in [each["TrainingJobName"] for each in listed]


FAILS = """
import os, pathlib, sys
print("about to fail")
if "WORDS" in os.environ:
    pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"], "output/failure").write_text(os.environ["WORDS"])
sys.exit(4)
"""


@pytest.mark.parametrize("words", ["no column churned", ""], ids=["with words", "without"])
def test_a_job_that_fails_says_why(client, role, bucket, image, words):
    given = {"WORDS": words} if words else {}
    said = trained(client("sagemaker"), training(image(train=FAILS), role(*WORKS), bucket(), Environment=given))
    assert (said["TrainingJobStatus"], said["FailureReason"]) == ("Failed", f"AlgorithmError: {words}, exit code: 4")
    assert said["SecondaryStatus"] == "Failed"


def test_data_that_is_not_there_or_not_for_the_role_fails_the_job(client, role, bucket, image):
    s3, sagemaker, program = client("s3"), client("sagemaker"), image(train=TRAIN)
    data = bucket()
    empty = trained(sagemaker, training(program, role(*WORKS), data, channels={"train": f"s3://{data}/nothing/"}))
    assert "Failed" == empty["TrainingJobStatus"]
    assert f'No S3 objects found under S3 URL "s3://{data}/nothing/"' in empty["FailureReason"]

    closed = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject"}
    s3.put_object(Bucket=data, Key="secret/x.csv", Body=b"x")
    document = {"Version": "2012-10-17", "Statement": [{**closed, "Resource": f"arn:aws:s3:::{data}/secret/x.csv"}]}
    s3.put_bucket_policy(Bucket=data, Policy=json.dumps(document))
    refused = trained(sagemaker, training(program, role(*WORKS), data, channels={"train": f"s3://{data}/secret/"}))
    assert "Failed" == refused["TrainingJobStatus"]
    assert f"Could not download s3://{data}/secret/x.csv: insufficient permissions" in refused["FailureReason"]
    assert "explicit deny in a resource-based policy" in refused["FailureReason"]


CALLS = """
import os, subprocess, sys
environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
code = '''
import boto3, botocore.exceptions
print(boto3.client("sts").get_caller_identity()["Arn"])
for bucket, key in KEYS:
    try:
        print(key, boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    except botocore.exceptions.ClientError as error:
        print(key, error.response["Error"]["Code"])
'''
keys = [tuple(each.split("/", 1)) for each in os.environ["KEYS"].split()]
sys.exit(subprocess.run([os.environ["BOTO"], "-c", f"KEYS = {keys}\\n" + code]).returncode)
"""


def test_a_container_calls_aws_as_its_role_and_through_its_network(client, role, bucket, image):
    import sys  # noqa: PLC0415 - our own packages stand for those of an image

    s3, ec2 = client("s3"), client("ec2")
    data = bucket()
    for key in ("mine/a", "other/b", "inside/c"):
        s3.put_object(Bucket=data, Key=key, Body=b"here")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    for service, kind in (("s3", "Gateway"), ("sts", "Interface")):
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.{service}", VpcEndpointType=kind)
    there = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject"}
    rule = {
        **there,
        "Resource": f"arn:aws:s3:::{data}/inside/*",
        "Condition": {"StringNotEquals": {"aws:SourceVpc": vpc}},
    }
    s3.put_bucket_policy(Bucket=data, Policy=json.dumps({"Version": "2012-10-17", "Statement": [rule]}))
    worker = role(
        *WORKS[1:],
        allow("logs:*", "cloudwatch:*", "ecr:*"),
        allow("s3:PutObject", "s3:ListBucket"),
        allow("s3:GetObject", resource=[f"arn:aws:s3:::{data}/mine/*", f"arn:aws:s3:::{data}/inside/*"]),
    )
    program = image(train=CALLS)
    keys = {"KEYS": f"{data}/mine/a {data}/other/b {data}/inside/c", "BOTO": sys.executable}
    network = {"Subnets": [subnet], "SecurityGroupIds": ["sg-0123456789abcdef0"]}
    outside = training(program, worker, data, Environment=keys)
    inside = training(program, worker, data, Environment=keys, VpcConfig=network)

    sagemaker, logs = client("sagemaker"), client("logs")
    for asked, reads in ((outside, "inside/c AccessDenied"), (inside, "inside/c b'here'")):
        said = trained(sagemaker, asked)
        printed = lines(logs, "TrainingJobs", asked["TrainingJobName"])
        assert "Completed" == said["TrainingJobStatus"], printed
        assert f"assumed-role/{worker.rpartition('/')[2]}/SageMaker" in printed[0]
        assert printed[1:] == ["mine/a b'here'", "other/b AccessDenied", reads]


ALONE = """
import os
print(sorted(name for name in os.environ if "KEY" in name or "ENDPOINT" in name))
"""


def test_an_isolated_job_has_no_credentials_but_its_data(client, role, bucket, image):
    data = bucket()
    client("s3").put_object(Bucket=data, Key="in/a", Body=b"x")
    asked = training(image(train=ALONE), role(*WORKS), data, channels={"train": f"s3://{data}/in/"})
    said = trained(client("sagemaker"), {**asked, "EnableNetworkIsolation": True})
    assert "Completed" == said["TrainingJobStatus"], said
    assert lines(client("logs"), "TrainingJobs", asked["TrainingJobName"]) == ["[]"]


WAITS = """
import os, pathlib, signal, sys, time
def told(*_):
    pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"], "model/half").write_text("half")
    sys.exit(0)
signal.signal(signal.SIGTERM, told)
print("up")
time.sleep(600)
"""


def test_a_stopped_job_is_told_and_what_it_saves_is_kept(client, role, bucket, image):
    data, sagemaker, logs = bucket(), client("sagemaker"), client("logs")
    asked = training(image(train=WAITS), role(*WORKS), data)
    name = asked["TrainingJobName"]
    sagemaker.create_training_job(**asked)
    assert "InProgress" == sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"]
    wait_for(lambda: printed(logs, name) == ["up"])
    sagemaker.stop_training_job(TrainingJobName=name)
    said = ended(sagemaker.describe_training_job, "TrainingJob", name)
    assert ("Stopped", "Stopped") == (said["TrainingJobStatus"], said["SecondaryStatus"])
    assert unpacked(client("s3"), said["ModelArtifacts"]["S3ModelArtifacts"]) == {"half": b"half"}


def test_a_job_that_runs_too_long_is_stopped(client, role, bucket, image):
    asked = training(image(train=WAITS), role(*WORKS), bucket(), StoppingCondition={"MaxRuntimeInSeconds": 1})
    said = trained(client("sagemaker"), asked)
    assert ("Stopped", "MaxRuntimeExceeded") == (said["TrainingJobStatus"], said["SecondaryStatus"])


def printed(logs, name):
    try:
        return lines(logs, "TrainingJobs", name)
    except (logs.exceptions.ResourceNotFoundException, ValueError):
        return []


def test_an_image_without_a_program_ends_at_once_and_says_so(client, role, bucket):
    asked = training("busybox", role(*WORKS), bucket())
    said = trained(client("sagemaker"), asked)
    assert "Completed" == said["TrainingJobStatus"]
    assert lines(client("logs"), "TrainingJobs", asked["TrainingJobName"]) == [
        "image holds no program here: nothing ran"
    ]
    with pytest.raises(client("sagemaker").exceptions.ResourceInUse):  # a name is taken for good
        client("sagemaker").create_training_job(**asked)
