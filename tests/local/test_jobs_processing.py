"""Processing jobs that run: inputs, the container's own command, outputs."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.job_rig import CLUSTER, NUMBERS, WORKS, cache, ended, image, lines
from tests.local.people import allow

__all__ = ["cache", "image"]

PROCESS = """
import json, os, pathlib, sys
base = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"])
source, target = (pathlib.Path(each) for each in sys.argv[1:3])
config = json.loads((base / "config/processingjobconfig.json").read_text())
(target / "deep").mkdir()
(target / "deep/out.csv").write_text((source / "a.csv").read_text().upper())
(base / "output/message").write_text("of " + config["ProcessingJobName"])
print(sys.argv[3], config["Environment"])
sys.exit(int(os.environ.get("CODE", "0")))
"""


def processing(image_uri, role_arn, bucket, **more):
    local = {"S3DataType": "S3Prefix", "S3InputMode": "File"}
    source = {"S3Uri": f"s3://{bucket}/in/", "LocalPath": "/opt/ml/processing/input/raw", **local}
    target = {"S3Uri": f"s3://{bucket}/out", "LocalPath": "/opt/ml/processing/output/clean"}
    return {
        "ProcessingJobName": f"processing-{next(NUMBERS)}",
        "RoleArn": role_arn,
        "AppSpecification": {
            "ImageUri": image_uri,
            "ContainerEntrypoint": ["prepare"],
            "ContainerArguments": [source["LocalPath"], target["LocalPath"], "s3://x/opt/ml"],
        },
        "ProcessingInputs": [{"InputName": "raw", "S3Input": source}],
        "ProcessingOutputConfig": {
            "Outputs": [{"OutputName": "clean", "S3Output": {**target, "S3UploadMode": "EndOfJob"}}]
        },
        "ProcessingResources": {"ClusterConfig": CLUSTER},
        "Environment": {"A": "1"},
        **more,
    }


@pytest.fixture
def run(client):
    def start(asked):
        sagemaker = client("sagemaker")
        sagemaker.create_processing_job(**asked)
        return ended(sagemaker.describe_processing_job, "ProcessingJob", asked["ProcessingJobName"])

    return start


@pytest.fixture
def worker(role):
    return role(*WORKS, allow("kms:*"))


def test_a_processing_job_runs_its_command_and_uploads_what_it_made(client, worker, bucket, key, image, run):  # noqa: PLR0917 - fixtures
    data, s3, own = bucket(), client("s3"), key()
    s3.put_object(Bucket=data, Key="in/a.csv", Body=b"abc")
    asked = processing(image(prepare=PROCESS), worker, data)
    asked["ProcessingOutputConfig"]["KmsKeyId"] = own

    said = run(asked)

    assert "Completed" == said["ProcessingJobStatus"], said
    written = s3.get_object(Bucket=data, Key="out/deep/out.csv")
    assert (b"ABC", "aws:kms", own) == (written["Body"].read(), written["ServerSideEncryption"], written["SSEKMSKeyId"])
    assert f"of {asked['ProcessingJobName']}" == said["ExitMessage"]
    assert {"A": "1"} == said["Environment"]
    assert CLUSTER == said["ProcessingResources"]["ClusterConfig"]
    printed = lines(client("logs"), "ProcessingJobs", asked["ProcessingJobName"])
    assert ["s3://x/opt/ml {'A': '1'}"] == printed


def test_a_command_that_fails_fails_the_job_and_uploads_nothing(client, role, bucket, image, run):
    data, s3 = bucket(), client("s3")
    s3.put_object(Bucket=data, Key="in/a.csv", Body=b"abc")
    said = run(processing(image(prepare=PROCESS), role(*WORKS), data, Environment={"CODE": "1"}))
    assert ("Failed", "AlgorithmError: See job logs for more information") == (
        said["ProcessingJobStatus"],
        said["FailureReason"],
    )
    with pytest.raises(ClientError):
        s3.get_object(Bucket=data, Key="out/deep/out.csv")


def test_outputs_the_role_may_not_write_fail_the_job(client, role, bucket, image, run):
    data, s3 = bucket(), client("s3")
    s3.put_object(Bucket=data, Key="in/a.csv", Body=b"abc")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{data}/out/deep/*"}
    s3.put_bucket_policy(Bucket=data, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    said = run(processing(image(prepare=PROCESS), role(*WORKS), data))
    assert "Failed" == said["ProcessingJobStatus"]
    assert f"Data upload failed:Could not upload to s3://{data}/out/deep/out.csv" in said["FailureReason"]


def test_packages_that_cannot_be_installed_fail_the_job(client, role, bucket, tmp_path, run):
    from local.containers.images import push  # noqa: PLC0415 - an image that the fixture cannot make

    data, ecr = bucket(), client("ecr")
    client("s3").put_object(Bucket=data, Key="in/a.csv", Body=b"abc")
    (tmp_path / "bin").mkdir()
    (tmp_path / "requirements.txt").write_text("./nowhere.whl --hash=sha256:00\n")
    name = f"broken{next(NUMBERS)}"
    ecr.create_repository(repositoryName=name)
    said = run(processing(push(ecr, name, "1", tmp_path), role(*WORKS), data))
    assert "Failed" == said["ProcessingJobStatus"]
    assert said["FailureReason"].startswith("ClientError: the image cannot be pulled: the packages of ")
