"""Jobs start in our network, with our keys, on declared types; with one thing wrong they do not."""

import pytest

from tests.rights import FRAUD, VISION, job, may, sagemaker

JOBS = {
    "processing": ("sagemaker:CreateProcessingJob", "processing-job"),
    "training": ("sagemaker:CreateTrainingJob", "training-job"),
    "tuning": ("sagemaker:CreateHyperParameterTuningJob", "hyper-parameter-tuning-job"),
    "transform": ("sagemaker:CreateTransformJob", "transform-job"),
}


@pytest.mark.shows("D6")
@pytest.mark.parametrize("role", ["data-scientist", "ml-engineer", "pipeline"])
@pytest.mark.parametrize("use", JOBS)
def test_a_proper_job_starts(role, use):
    action, kind = JOBS[use]

    assert may(FRAUD, role, action, sagemaker(FRAUD, kind), job(FRAUD, use))


@pytest.mark.shows("D6")
@pytest.mark.parametrize("use", ["processing", "training", "tuning"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"VpcSubnets": None},
        {"VpcSubnets": ["subnet-elsewhere"]},
        {"VpcSecurityGroupIds": None},
        {"VpcSecurityGroupIds": ["sg-elsewhere"]},
        {"InstanceTypes": None},
        {"InstanceTypes": ["ml.p5.48xlarge"]},
        {"VolumeKmsKey": None},
        {"VolumeKmsKey": "arn:aws:kms:eu-west-1:999999999999:key/foreign"},
        {"OutputKmsKey": None},
        {"MaxRuntimeInSeconds": 28 * 24 * 3600 + 1},
        {"MaxRuntimeInSeconds": None},
        {"InterContainerTrafficEncryption": False},
        {"InterContainerTrafficEncryption": None},
    ],
    ids=str,
)
def test_a_job_that_misses_or_changes_one_thing_does_not_start(use, wrong):
    action, kind = JOBS[use]

    assert not may(FRAUD, "data-scientist", action, sagemaker(FRAUD, kind), job(FRAUD, use, **wrong))


def test_one_forbidden_type_among_allowed_ones_is_refused():
    mixed = job(FRAUD, "training", InstanceTypes=[FRAUD.instance_types.training[0], "ml.p5.48xlarge"])

    assert not may(FRAUD, "data-scientist", "sagemaker:CreateTrainingJob", sagemaker(FRAUD, "training-job"), mixed)


def test_a_training_container_is_not_opened_for_debugging():
    context = job(FRAUD, "training", EnableRemoteDebug=True)

    assert not may(FRAUD, "data-scientist", "sagemaker:CreateTrainingJob", sagemaker(FRAUD, "training-job"), context)


def test_gpu_training_on_local_disks_needs_no_volume_key():
    context = job(VISION, "training", VolumeKmsKey=None)

    assert may(VISION, "data-scientist", "sagemaker:CreateTrainingJob", sagemaker(VISION, "training-job"), context)
