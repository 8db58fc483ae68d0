"""A version of the registry: taken if it is approved, and a refusal in words otherwise."""

import io
import tarfile
from pathlib import Path

import boto3
import pytest
from batch import registry
from batch.__main__ import main
from botocore.stub import Stubber

ARN = "arn:aws:sagemaker:eu-west-1:111111111111:model-package/churn-churn/3"


@pytest.fixture
def aws(monkeypatch):
    """Let the registry say *status*, and S3 have a model.tar.gz."""

    def says(status):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            file = tarfile.TarInfo("MLmodel")
            file.size = 2
            archive.addfile(file, io.BytesIO(b"{}"))
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        clients = {name: boto3.client(name, region_name="eu-west-1", **keys) for name in ("sagemaker", "s3")}
        answer = {
            "ModelPackageName": "churn-churn",
            "ModelPackageArn": ARN,
            "CreationTime": "2026-11-30",
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": []},
            "ModelApprovalStatus": status,
            "InferenceSpecification": {
                "Containers": [{"Image": "x", "ModelDataUrl": "s3://models/models/churn/a.tar.gz"}]
            },
        }
        stub = Stubber(clients["sagemaker"])
        stub.add_response("describe_model_package", answer, {"ModelPackageName": ARN})
        stub.activate()
        asked = []

        def download_file(bucket, key, target):
            asked.append((bucket, key))
            with Path(target).open("wb") as file:
                file.write(packed.getvalue())

        monkeypatch.setattr(clients["s3"], "download_file", download_file)
        monkeypatch.setattr(registry.boto3, "client", lambda name, **_: clients[name])
        return asked

    return says


def test_an_approved_version_is_unpacked(aws, tmp_path):
    asked = aws("Approved")
    folder = registry.fetch(ARN, tmp_path)

    assert b"{}" == (folder / "MLmodel").read_bytes()
    assert [("models", "models/churn/a.tar.gz")] == asked
    assert not (tmp_path / "model.tar.gz").exists()


@pytest.mark.parametrize("status", ["PendingManualApproval", "Rejected"])
def test_another_is_refused_and_nothing_is_fetched(aws, capsys, tmp_path, status):
    asked = aws(status)

    assert 2 == main(["score", "--model-package", ARN, "--input", "x.csv", "--output", str(tmp_path)])
    assert f"is {status}: only an approved version is run" in capsys.readouterr().err
    assert [] == asked


def test_what_is_no_arn_is_refused(capsys, tmp_path):
    assert 2 == main(["score", "--model-package", "churn/3", "--input", "x.csv", "--output", str(tmp_path)])
    assert "give the ARN of a version" in capsys.readouterr().err
