"""What the tests do with the account: deploy, declare, look, register."""

import json

from local.cloud import Cloud
from local.person import administrator
from local.rehearsal import run
from zone.plan.planner import read

STACK, FILE, REGION = "dev-churn", "dev/churn.yaml", "eu-west-1"
WITHOUT = "endpoints:\n  churn:\n    model: churn\n"


def up(world, command="up", flags=("--skip-preview",), stack=STACK):
    """Run it; it must end well."""
    (outcome,) = run(world, command, [stack], needs={}, flags=flags)
    assert 0 == outcome.code, outcome.failures
    return outcome


def declare(files, old, new):
    text = (files / FILE).read_text()
    assert 1 == text.count(old)
    (files / FILE).write_text(text.replace(old, new))


def served(version):
    """The endpoint's lines with a version."""
    return f"{WITHOUT}    version: {version}\n"


def cloud_of(world):
    return Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))


def account_of(files):
    return read(files, files / "ids.lock.yaml").teams[STACK].account


def administrator_of(world, files):
    """Clients of the account's administrator."""
    account = account_of(files)
    return administrator(cloud_of(world), account.account_id, account.role, region=REGION)


def register(sagemaker, account_id, *, image=None, model="model", kind="application/json", status="Approved"):
    """Register a version of the model; return its number.

    Args:
        sagemaker: a client of the account.
        account_id: the account's.
        image: of the container; None: one that nobody pushed.
        model: the artefact's name.
        kind: media type of its requests and answers.
        status: of its approval.
    """
    nobodys = f"{account_id}.dkr.ecr.{REGION}.amazonaws.com/churn/churn@sha256:{'0' * 64}"
    data = f"s3://mlz-dev-churn-models-{account_id}/models/churn/{model}.tar.gz"
    made = sagemaker.create_model_package(
        ModelPackageGroupName="churn-churn",
        ModelApprovalStatus=status,
        CustomerMetadataProperties={"git_commit": "1f0c2a9", "data_version": "1"},
        InferenceSpecification={
            "Containers": [{"Image": image or nobodys, "ModelDataUrl": data}],
            "SupportedContentTypes": [kind],
            "SupportedResponseMIMETypes": [kind],
        },
    )
    return int(made["ModelPackageArn"].rpartition("/")[2])
