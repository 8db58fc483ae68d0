"""Jobs start in our network, with our keys, on declared types; with one thing wrong they do not."""

import pytest

from checks.access import PolicyKind, Target, compile_policy
from components.access.grants.place import Place
from components.access.grants.roles import holders, roles
from stacks.inputs import team_of
from tests.rights import FRAUD, VISION, job, key, may, sagemaker
from zone import names

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


# SageMaker Developer Guide, "How to use SageMaker AI execution roles", sections on processing, training, tuning and
# models in a VPC: the role must have them, for processing without any resource or condition; read 2026-11-29.
NETWORK = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)


@pytest.mark.parametrize("role", [*JOBS, "endpoint", "ingestion"])
def test_the_role_of_a_job_has_the_network_rights_that_sagemaker_looks_for(role):
    assert [] == [action for action in NETWORK if not may(FRAUD, role, action, "*")]


@pytest.mark.shows("D2")
def test_only_roles_that_are_handed_over_have_network_rights_without_bounds():
    unbound = {role for role in roles(team_of(FRAUD)) if may(FRAUD, role, "ec2:CreateNetworkInterface", "*")}

    assert set(holders("attach")) == unbound
    assert set() == unbound & {*names.PERSONA_ROLES.values(), "pipeline", "feature-store"}


@pytest.mark.parametrize("role", ["data-scientist", "ml-engineer", "pipeline"])
def test_who_starts_a_processing_job_may_attach_it_to_our_subnets_and_to_no_other(role):
    subnet = Place.stand_in(team_of(FRAUD)).subnet_ids[0]
    home = f"arn:aws:ec2:{FRAUD.account.region}:{FRAUD.account.account_id}:subnet"

    assert may(FRAUD, role, "ec2:CreateNetworkInterface", f"{home}/{subnet}")
    assert not may(FRAUD, role, "ec2:CreateNetworkInterface", f"{home}/subnet-elsewhere")


# Who publishes images lets everyone pull them: AWS, and whoever wants his to run here.
PUBLIC = Target(
    policy=(
        "repository",
        compile_policy(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:*"}]},
            PolicyKind.RESOURCE,
        ),
    )
)


@pytest.mark.parametrize(
    ("registry", "expected"),
    # The deep learning containers of the region, as AWS documents them; another region's Clarify; a stranger.
    [("763104351884", True), ("205585389593", False), ("666666666666", False)],
)
@pytest.mark.parametrize("role", ["training", "endpoint", "data-scientist"])
def test_images_come_from_registries_of_aws_and_of_no_stranger(role, registry, expected):
    image = f"arn:aws:ecr:{FRAUD.account.region}:{registry}:repository/pytorch-training"
    pull = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability")

    assert {expected} == {may(FRAUD, role, action, image, owner=registry, target=PUBLIC) for action in pull}


def test_images_come_from_our_own_registry():
    (model, *_) = FRAUD.models
    image = names.repository_arn(FRAUD.account.region, FRAUD.account.account_id, "fraud", model)

    assert may(FRAUD, "training", "ecr:BatchGetImage", image)


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        ("training", "models"),
        ("tuning", "models"),
        ("processing", "data"),
        ("transform", "data"),
        ("training", "studio"),
    ],
)
def test_a_job_writes_with_the_output_key_it_names_through_s3_only(role, purpose):
    arn = Place.stand_in(team_of(FRAUD)).key_arns[purpose]
    through_s3 = {"kms:ViaService": f"s3.{FRAUD.account.region}.amazonaws.com"}

    for action in ("kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"):
        assert may(FRAUD, role, action, arn, through_s3, target=key("prod-fraud", purpose))
        assert not may(FRAUD, role, action, arn, target=key("prod-fraud", purpose))
