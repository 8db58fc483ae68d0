"""A batch by Spark on the real engine: made, unchanged, fired; it scores in a real Spark under its role.

Its answers are those of the model itself, its reasons those of the contract that the container and the service have.
"""

import csv
import io
import json
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from local.environments import EnvironmentMissingError, environment
from local.person import person
from local.spark.submit import java_missing
from tests.deployed_churn.account import REGION, account_of, administrator_of, cloud_of, declare, register, up
from zone import names, schedule_names

pytestmark = [pytest.mark.engine, pytest.mark.java]

ROOT = Path(__file__).parents[2]
BATCH, SERVING = ROOT / "workloads" / "batch", ROOT / "workloads" / "serving"
DECLARED = """
  all-scores:
    model: churn
    version: {version}
    schedule: cron(0 4 1 * ? *)
    input: customers/all/
    output: scores/all/
    spark: {{most_rejected: 0.05}}
"""
SAYS = """
import json, sys
import mlflow.pyfunc
import pandas as pd
from batch.contract import Contract, RefusedError
model, source = sys.argv[1:]
contract, frame = Contract.of(__import__("pathlib").Path(model)), pd.read_csv(source, dtype=str, keep_default_na=False)
good, said = [], {}
for row in frame.itertuples(index=False, name=None):
    try:
        good.append((row[0], contract.row([*frame.columns], row, text=True)))
    except RefusedError as refused:
        said[row[0]] = str(refused)
answers = mlflow.pyfunc.load_model(model).predict(contract.frame([values for _, values in good]))
print(json.dumps([{name: float(one[1]) for (name, _), one in zip(good, answers)}, said]))
"""


@pytest.fixture(scope="module")
def python():
    """The Python of the batch's packages."""
    if why := java_missing():
        pytest.skip(why)
    try:
        return environment(BATCH / "requirements.txt")
    except EnvironmentMissingError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def model(python, tmp_path_factory):
    """A small model of churn's columns, as training leaves it; its folder and model.tar.gz."""
    folder = tmp_path_factory.mktemp("model")
    ran(python, SERVING / "tests" / "standin.py", folder)
    packed = folder / "model.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        for each in sorted((folder / "model").iterdir()):
            archive.add(each, each.name)
    return folder / "model", packed


def ran(python, *words):
    done = subprocess.run(
        [python, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(BATCH), "PATH": "/usr/bin:/bin", "MLFLOW_DISABLE_TELEMETRY": "true"},
    )
    assert 0 == done.returncode, done.stderr[-2000:]
    return done.stdout


def program():
    """What a person puts into the work bucket, as docs/batch.md says for the rehearsal."""
    package, packed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        for file in (BATCH / "batch").glob("*.py"):
            archive.write(file, f"batch/{file.name}")
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(BATCH / "requirements.txt", "requirements.txt")
    bodies = (BATCH / "entry.py").read_bytes(), package.getvalue(), packed.getvalue()
    return dict(zip(schedule_names.SPARK_PROGRAM, bodies, strict=True))


def rows(good, bad):
    """A CSV with a header."""
    head = "customer_id,tenure_months,monthly_charges,support_tickets_90d,logins_7d,spend_30d,contract,payment_method"
    lines = [f"c-{n},{n % 60},{20 + n},{n % 5},{n % 9},{n * 2},monthly,card" for n in range(good)]
    return "\n".join([head, *lines, *[f"bad-{n},{n},-5,0,0,1,monthly,card" for n in range(bad)], ""]).encode()


def table(s3, bucket, prefix):
    """All rows below a prefix, by customer."""
    found = {}
    for each in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []):
        if each["Key"].endswith(".csv"):
            text = s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read().decode()
            found |= {row["customer_id"]: row for row in csv.DictReader(io.StringIO(text))}
    return found


def ended(emr, answer):
    asked = {key: answer[key] for key in ("applicationId", "jobRunId")}
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        said = emr.get_job_run(**asked)["jobRun"]
        if said["state"] in {"SUCCESS", "FAILED", "CANCELLED"}:
            return said
        time.sleep(0.5)
    raise AssertionError(said)


@pytest.mark.shows("I4", "I5")
def test_a_batch_by_spark_is_made_fired_scored_and_told_of(world, files, model, python, tmp_path):  # noqa: PLR0915 - one stack
    folder, packed = model
    cloud, account, admin = cloud_of(world), account_of(files), administrator_of(world, files)
    version = register(admin("sagemaker"), account.account_id, model="a", status="PendingManualApproval")
    declare(files, "\nbatches:\n", f"\nbatches:{DECLARED.format(version=version)}")
    up(world)
    assert {"same"} == set(up(world, "preview", ()).changes)

    vpc = next(each["VpcId"] for each in admin("ec2").describe_vpcs()["Vpcs"] if not each["IsDefault"])
    engineer = person(cloud, names.role_arn(account.account_id, "ml-engineer"), {}, region=REGION, vpc=vpc)
    data, work, models = (
        names.bucket("dev-churn", purpose, account.account_id) for purpose in ("data", "studio", "models")
    )
    s3, emr = engineer("s3"), admin("emr-serverless")
    for name, body in program().items():
        s3.put_object(Bucket=work, Key=f"batches/all-scores/{name}", Body=body)
    s3.put_object(Bucket=models, Key="models/churn/a.tar.gz", Body=packed.read_bytes())
    source = rows(100, 3)
    s3.put_object(Bucket=data, Key="datasets/customers/all/a.csv", Body=source)

    def fire():
        schedule = f"arn:aws:scheduler:{REGION}:{account.account_id}:schedule/mlz-dev-churn/batch-all-scores"
        said = cloud.ask("fire", {"schedule": schedule})
        assert "answer" in said, said
        return said["execution"], ended(emr, said["answer"])

    # Nobody has approved the version yet.
    _, early = fire()
    assert "FAILED" == early["state"], early
    assert "only an approved version is run" in early["stateDetails"], early

    arn = f"arn:aws:sagemaker:{REGION}:{account.account_id}:model-package/churn-churn/{version}"
    admin("sagemaker").update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    run_id, done = fire()
    assert "SUCCESS" == done["state"], done
    (tmp_path / "in.csv").write_bytes(source)
    (tmp_path / "says.py").write_text(SAYS)
    answers, reasons = json.loads(ran(python, tmp_path / "says.py", folder, tmp_path / "in.csv"))
    scored = table(s3, data, f"datasets/scores/all/{run_id}/predictions/")
    rejected = table(s3, data, f"datasets/scores/all/{run_id}/rejected/")
    assert 100 == len(answers)
    assert answers == pytest.approx({name: float(row["prediction"]) for name, row in scored.items()}, rel=0, abs=1e-12)
    assert {"bad-0", "bad-1", "bad-2"} == {*reasons}
    assert reasons == {name: row["rejected_because"] for name, row in rejected.items()}
    streams = admin("logs").describe_log_streams(logGroupName="/mlz/dev-churn/spark")["logStreams"]
    assert any(done["jobRunId"] in each["logStreamName"] for each in streams)

    # More bad rows than the team allows: the run fails, and the topic says so.
    queue = admin("sqs").create_queue(QueueName="told")["QueueUrl"]
    topic = f"arn:aws:sns:{REGION}:{account.account_id}:mlz-dev-churn-schedules"
    admin("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{account.account_id}:told")
    s3.put_object(Bucket=data, Key="datasets/customers/all/b.csv", Body=rows(0, 60))
    _, failed = fire()
    assert "FAILED" == failed["state"], failed
    (told,) = admin("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    event = json.loads(json.loads(told["Body"])["Message"])
    assert ("FAILED", failed["jobRunId"]) == (event["detail"]["state"], event["detail"]["jobRunId"])

    # What is not its output it may not write, even if somebody asks it to.
    submit = done["jobDriver"]["sparkSubmit"]
    elsewhere = [
        word.replace("datasets/scores/all", "datasets/customers/new") for word in submit["entryPointArguments"]
    ]
    astray = emr.start_job_run(
        applicationId=done["applicationId"],
        executionRoleArn=done["executionRole"],
        jobDriver={"sparkSubmit": {**submit, "entryPointArguments": elsewhere}},
    )
    refused = ended(emr, astray)
    assert "FAILED" == refused["state"], refused
    assert "s3:" in refused["stateDetails"], refused
