"""Batch transform jobs that run: the model's container serves, each object gets its answers."""

import io
import tarfile

import pytest

from tests.local.job_rig import NUMBERS, WORKS, cache, ended, image, lines

__all__ = ["cache", "image"]

SERVE = """
import os, pathlib
from http.server import BaseHTTPRequestHandler, HTTPServer
word = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"], "model/word").read_text()

class Handler(BaseHTTPRequestHandler):
    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print("asked", self.headers["Content-Type"], self.headers["Accept"], len(body), flush=True)
        bad = b"bad" in body
        self.answer(400 if bad else 200, b"bad row" if bad else word.encode() + b":" + body)

    def log_message(self, *_):
        pass

HTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""


@pytest.fixture
def model(client, role, bucket, image):
    """Make a model whose container serves; its name and a bucket with its data."""

    def make(program=SERVE):
        data, name, packed = bucket(), f"model{next(NUMBERS)}", io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            word = tarfile.TarInfo("word")
            word.size = 2
            archive.addfile(word, io.BytesIO(b"ok"))
        client("s3").put_object(Bucket=data, Key="runs/model.tar.gz", Body=packed.getvalue())
        container = {"Image": image(serve=program), "ModelDataUrl": f"s3://{data}/runs/model.tar.gz"}
        client("sagemaker").create_model(ModelName=name, ExecutionRoleArn=role(*WORKS), PrimaryContainer=container)
        return name, data

    return make


@pytest.fixture
def run(client):
    def start(model_name, data, *, source=None, output=None, **more):
        sagemaker, name = client("sagemaker"), f"transform-{next(NUMBERS)}"
        s3 = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{data}/in/"}}
        sagemaker.create_transform_job(
            TransformJobName=name,
            ModelName=model_name,
            TransformInput={"DataSource": s3, "ContentType": "text/csv", **(source or {})},
            TransformOutput={"S3OutputPath": f"s3://{data}/scores", **(output or {})},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
            **more,
        )
        return ended(sagemaker.describe_transform_job, "TransformJob", name)

    return start


def kept(s3, data, key):
    return s3.get_object(Bucket=data, Key=f"scores/{key}.out")["Body"].read()


def test_each_object_is_sent_whole_or_by_lines_and_its_answers_are_kept(client, model, run):
    s3, logs = client("s3"), client("logs")
    name, data = model()
    s3.put_object(Bucket=data, Key="in/a.csv", Body=b"1\n2\n")
    s3.put_object(Bucket=data, Key="in/deep/b.csv", Body=b"3\n")

    said = run(name, data, output={"Accept": "application/json"})
    assert "Completed" == said["TransformJobStatus"], said
    assert (b"ok:1\n2\n", b"ok:3\n") == (kept(s3, data, "a.csv"), kept(s3, data, "deep/b.csv"))
    printed = lines(logs, "TransformJobs", said["TransformJobName"], kind="/")
    assert ["asked text/csv application/json 4", "asked text/csv application/json 2"] == printed

    by_line = run(
        name, data, source={"SplitType": "Line"}, output={"AssembleWith": "Line"}, BatchStrategy="SingleRecord"
    )
    assert "Completed" == by_line["TransformJobStatus"]
    assert b"ok:1\nok:2\n" == kept(s3, data, "a.csv")

    together = run(name, data, source={"SplitType": "Line"}, BatchStrategy="MultiRecord")
    assert "Completed" == together["TransformJobStatus"]
    assert b"ok:1\n2\n" == kept(s3, data, "a.csv")


def test_a_bad_record_costs_its_file_alone_and_fails_the_job(client, model, run):
    s3 = client("s3")
    name, data = model()
    for key, body in (("a.csv", b"1\nbad\n"), ("b.csv", b"2\n")):
        s3.put_object(Bucket=data, Key=f"in/{key}", Body=body)
    said = run(name, data)
    assert ("Failed", "ClientError: See job logs for more information") == (
        said["TransformJobStatus"],
        said["FailureReason"],
    )
    assert b"ok:2\n" == kept(s3, data, "b.csv")
    with pytest.raises(s3.exceptions.NoSuchKey):
        kept(s3, data, "a.csv")


def test_a_container_that_does_not_come_up_fails_the_job(client, model, run):
    name, data = model("raise SystemExit('no model')")
    client("s3").put_object(Bucket=data, Key="in/a.csv", Body=b"1")
    said = run(name, data)
    assert "AlgorithmError: See job logs for more information" == said["FailureReason"]
    assert ["no model"] == lines(client("logs"), "TransformJobs", said["TransformJobName"], kind="/")
