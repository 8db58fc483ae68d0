"""EMR Serverless: applications that wait, and runs that really work, in a local Spark, under their role."""

import io
import tarfile
import time
from itertools import count
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local.spark.submit import java_missing
from tests.local.people import ACCOUNT, NUMBERS, REGION, allow, document, lacks

BATCH = Path(__file__).parents[2] / "workloads" / "batch"
RELEASE = "emr-spark-8.1.0"
TOKENS = count()
WORKS = (allow("s3:*", "kms:*", "logs:*"),)
ENTRY = """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("double").getOrCreate()
source, target = sys.argv[1:]
rows = spark.read.option("header", True).csv(source)
rows.selectExpr("cast(n as int) * 2 as n").coalesce(1).write.mode("overwrite").csv(target + "/doubled")
print("rows", rows.count())
"""


@pytest.fixture
def application(client):
    """Make an application; its id."""

    def make(**more):
        emr = client("emr-serverless")
        asked = {"name": "double", "type": "SPARK", "releaseLabel": RELEASE, **more}
        return emr.create_application(**asked)["applicationId"]

    return make


@pytest.fixture
def spark_role(role):
    """A role that EMR Serverless takes."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "emr-serverless.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    return lambda *statements: role(*statements, trusted=document(statement))


@pytest.fixture
def bucket(client):
    """A bucket with the program, its environment, and rows."""
    s3, name = client("s3"), f"spark{next(NUMBERS)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(BATCH / "requirements.txt", "requirements.txt")
    for key, body in (
        ("program/entry.py", ENTRY.encode()),
        ("program/environment.tar.gz", packed.getvalue()),
        ("in/a.csv", b"n\n1\n2\n"),
        ("in/b.csv", b"n\n3\n"),
        ("out/old", b"stays"),
    ):
        s3.put_object(Bucket=name, Key=key, Body=body)
    return name


def request(application_id, role_arn, bucket, target="out/1/", **more):
    home = f"s3://{bucket}"
    return {
        "applicationId": application_id,
        "clientToken": f"token-{next(TOKENS)}",
        "executionRoleArn": role_arn,
        "jobDriver": {
            "sparkSubmit": {
                "entryPoint": f"{home}/program/entry.py",
                "entryPointArguments": [f"{home}/in/", f"{home}/{target}"],
                "sparkSubmitParameters": f"--conf spark.archives={home}/program/environment.tar.gz#environment "
                "--conf spark.emr-serverless.driverEnv.PYSPARK_PYTHON=./environment/bin/python",
            }
        },
        "configurationOverrides": {
            "monitoringConfiguration": {"cloudWatchLoggingConfiguration": {"enabled": True, "logGroupName": "/spark"}}
        },
        **more,
    }


def ended(emr, started):
    """Wait for a run's end; what GetJobRun says."""
    asked = {key: started[key] for key in ("applicationId", "jobRunId")}
    deadline = time.monotonic() + 1800  # a busy machine is no failure
    while time.monotonic() < deadline:
        said = emr.get_job_run(**asked)["jobRun"]
        if said["state"] in {"SUCCESS", "FAILED", "CANCELLED"}:
            return said
        time.sleep(0.2)
    raise AssertionError(said)


@pytest.mark.java
@pytest.mark.skipif(bool(java_missing()), reason=java_missing())
def test_a_run_reads_and_writes_what_its_role_may_and_says_what_it_did(client, application, spark_role, bucket):
    emr, s3, name = client("emr-serverless"), client("s3"), application()

    said = ended(emr, emr.start_job_run(**request(name, spark_role(*WORKS), bucket)))

    assert "SUCCESS" == said["state"], said
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix="out/")["Contents"]]
    (part,) = [key for key in keys if key.startswith("out/1/doubled/part-")]
    assert {"out/old", "out/1/doubled/_SUCCESS", part} == {*keys}
    assert "2\n4\n6\n" == s3.get_object(Bucket=bucket, Key=part)["Body"].read().decode()
    streams = client("logs").describe_log_streams(logGroupName="/spark")["logStreams"]
    (stream,) = [each["logStreamName"] for each in streams if said["jobRunId"] in each["logStreamName"]]
    events = client("logs").get_log_events(logGroupName="/spark", logStreamName=stream)["events"]
    assert "rows 3" in [each["message"] for each in events]
    assert [said["jobRunId"]] == [each["id"] for each in emr.list_job_runs(applicationId=name)["jobRuns"]]


@pytest.mark.java
@pytest.mark.skipif(bool(java_missing()), reason=java_missing())
@pytest.mark.parametrize("lacks", ["s3:GetObject", "s3:ListBucket", "s3:PutObject"])
def test_what_the_role_may_not_fails_the_run_in_s3s_words(client, application, spark_role, bucket, lacks):
    emr, rights = client("emr-serverless"), ["s3:GetObject", "s3:ListBucket", "s3:PutObject", "logs:*"]

    role_arn = spark_role(allow(*(each for each in rights if each != lacks)))
    said = ended(emr, emr.start_job_run(**request(application(), role_arn, bucket)))

    assert "FAILED" == said["state"]
    assert lacks in said["stateDetails"]
    assert ["out/old"] == [
        each["Key"] for each in client("s3").list_objects_v2(Bucket=bucket, Prefix="out/")["Contents"]
    ]


def test_an_application_is_created_started_by_a_run_and_changed_only_at_rest(client, application, spark_role, bucket):
    emr, name = client("emr-serverless"), application(tags={"a": "b"}, autoStopConfiguration={"enabled": False})
    shown = emr.get_application(applicationId=name)["application"]
    assert ("CREATED", "Spark", {"a": "b"}) == (shown["state"], shown["type"], shown["tags"])
    emr.update_application(applicationId=name, maximumCapacity={"cpu": "16 vCPU", "memory": "64 GB"})

    ended(emr, emr.start_job_run(**request(name, spark_role(), bucket)))
    with pytest.raises(ClientError, match="must be in one of the following statuses"):
        emr.delete_application(applicationId=name)
    emr.stop_application(applicationId=name)
    emr.delete_application(applicationId=name)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        emr.get_application(applicationId=name)


@pytest.mark.parametrize("release", ["emr-5.36.0", "spark-3.5"])
def test_a_release_that_emr_serverless_does_not_have_is_refused(application, release):
    with pytest.raises(ClientError, match="not supported for release label"):
        application(releaseLabel=release)


def test_a_role_that_emr_serverless_may_not_take_fails_the_run(client, application, role, bucket):
    emr = client("emr-serverless")

    said = ended(emr, emr.start_job_run(**request(application(), role(*WORKS), bucket)))

    assert "FAILED" == said["state"]
    assert java_missing() or "may not take" in said["stateDetails"]


def test_the_same_token_is_the_same_run(client, application, spark_role, bucket):
    emr = client("emr-serverless")
    asked = request(application(), spark_role(), bucket)

    first, second = (emr.start_job_run(**asked)["jobRunId"] for _ in range(2))

    assert first == second
    ended(emr, {"applicationId": asked["applicationId"], "jobRunId": first})


@pytest.mark.java
@pytest.mark.skipif(bool(java_missing()), reason=java_missing())
def test_a_run_that_is_cancelled_ends_and_writes_nothing(client, person, application, spark_role, bucket):
    emr, s3 = client("emr-serverless"), client("s3")
    s3.put_object(Bucket=bucket, Key="program/entry.py", Body=b"import time; time.sleep(600)")
    started = emr.start_job_run(**request(application(), spark_role(*WORKS), bucket))
    asked = {key: started[key] for key in ("applicationId", "jobRunId")}

    runs = f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/*/jobruns/*"
    sees = person(allow("emr-serverless:GetJobRun", resource=runs))("emr-serverless")

    assert started["jobRunId"] == sees.get_job_run(**asked)["jobRun"]["jobRunId"]
    assert "emr-serverless:CancelJobRun" == lacks(sees.cancel_job_run, **asked)
    person(allow("emr-serverless:CancelJobRun", resource=runs))("emr-serverless").cancel_job_run(**asked)
    assert "CANCELLED" == ended(emr, started)["state"]
    assert ["out/old"] == [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix="out/")["Contents"]]
    with pytest.raises(ClientError, match="cannot be cancelled"):
        emr.cancel_job_run(**asked)


def test_who_starts_a_run_must_pass_its_role_and_be_able_to_use_the_key_of_the_disks(
    person, application, spark_role, bucket, key
):
    arn = spark_role(*WORKS)
    disks = {"configurationOverrides": {"diskEncryptionConfiguration": {"encryptionKeyArn": key()}}}
    asked = request(application(), arn, bucket, **disks)

    def refused(*statements):
        with pytest.raises(ClientError) as error:
            person(allow("emr-serverless:StartJobRun"), *statements)("emr-serverless").start_job_run(**asked)
        return str(error.value)

    assert "iam:PassRole" in refused()
    assert "kms:" in refused(allow("iam:PassRole"))
