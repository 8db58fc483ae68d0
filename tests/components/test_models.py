"""Models: versions nobody deletes, images nobody overwrites."""

from dataclasses import replace

import pytest

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, principal, request
from tests.components.building import built, document
from tests.components.examples import KEY_ARN, models
from tests.small_zone import ROLE, TEAM
from zone.plan.promotions import PromotionPlan

GROUP = "aws:sagemaker/modelPackageGroup:ModelPackageGroup"
REPOSITORY = "aws:ecr/repository:Repository"


@pytest.fixture(scope="module")
def recording():
    return built(lambda opts: models(opts, replace(TEAM, models=("scorer", "ranker"))))


@pytest.mark.shows("G11", "H7")
def test_each_model_has_a_group_and_a_repository_named_after_team_and_model(recording):
    assert {"fraud-scorer", "fraud-ranker"} == {each.inputs["modelPackageGroupName"] for each in recording.of(GROUP)}
    assert {"fraud/scorer", "fraud/ranker"} == {each.inputs["name"] for each in recording.of(REPOSITORY)}


@pytest.mark.shows("H7")
def test_images_are_immutable_scanned_and_encrypted_with_the_models_key(recording):
    image = recording.one(REPOSITORY, "fraud-scorer").inputs

    assert "IMMUTABLE" == image["imageTagMutability"]
    assert {"scanOnPush": True} == image["imageScanningConfiguration"]
    assert [{"encryptionType": "KMS", "kmsKey": KEY_ARN}] == image["encryptionConfigurations"]


def test_only_the_role_that_deploys_may_delete_a_version(recording):
    keep = document(
        recording.one("aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy", "fraud-scorer"), "resourcePolicy"
    )["KeepVersions"]

    assert "Deny" == keep["Effect"]
    assert {"sagemaker:DeleteModelPackage", "sagemaker:DeleteModelPackageGroup"} == set(keep["Action"])
    assert "arn:aws:sagemaker:eu-west-1:111111111111:model-package/fraud-scorer/*" in keep["Resource"]
    assert {
        "ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/OrganizationAccountAccessRole"}
    } == keep["Condition"]


@pytest.mark.shows("F15", "G11")
@pytest.mark.parametrize(
    ("role", "expected"),
    [("mlz/mlz-ml-engineer", False), ("Administrator", False), ("OrganizationAccountAccessRole", True)],
)
def test_even_an_administrator_deletes_no_version(recording, role, expected):
    policy = recording.one("aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy", "fraud-scorer")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    who = f"arn:aws:iam::111111111111:role/{role}"
    caller = Caller(principal(who), identity=[("everything", compile_policy(everything, PolicyKind.IDENTITY))])
    group = Target(policy=("group", compile_policy(policy.inputs["resourcePolicy"], PolicyKind.RESOURCE)))
    asked = request(
        who,
        "sagemaker:DeleteModelPackage",
        "arn:aws:sagemaker:eu-west-1:111111111111:model-package/fraud-scorer/1",
    )

    assert expected is evaluate(asked, caller, group).allowed


PROMOTION = PromotionPlan(
    model="scorer",
    owner="dev-fraud",
    owner_account_id="111111111111",
    taker="prod-fraud",
    taker_account_id="444444444444",
)


@pytest.mark.shows("G15")
def test_a_promoted_model_is_open_to_who_deploys_in_the_other_environment_to_see_and_to_make_models_of():
    team = replace(TEAM, models=("scorer", "ranker"), promotions_out=(PROMOTION,))
    recording = built(lambda opts: models(opts, team))
    policy = "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy"
    promoted = document(recording.one(policy, "fraud-scorer"), "resourcePolicy")
    versions = promoted["PromotedVersions"]

    assert {"KeepVersions"} == {*document(recording.one(policy, "fraud-ranker"), "resourcePolicy")}
    assert {"KeepVersions", "PromotedGroup", "PromotedVersions"} == {*promoted}
    assert "sagemaker:UpdateModelPackage" not in versions["Action"]
    assert ["arn:aws:iam::444444444444:root"] == versions["Principal"]["AWS"]
    assert [
        f"arn:aws:iam::*:role/{role}" for role in ("mlz/mlz-ml-engineer", "mlz/mlz-pipeline", "mlz/mlz-spark", ROLE)
    ] == versions["Condition"]["ArnLike"]["aws:PrincipalArn"]


@pytest.mark.shows("G15")
def test_only_a_promoted_models_images_leave_the_account_and_are_pulled_by_what_loads_models():
    team = replace(TEAM, models=("scorer", "ranker"), promotions_out=(PROMOTION,))
    only = built(lambda opts: models(opts, team)).one("aws:ecr/repositoryPolicy:RepositoryPolicy")
    pull = document(only)["PromotedImages"]

    assert "fraud/scorer" == only.inputs["repository"]
    assert {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"} == {*pull["Action"]}
    assert [f"arn:aws:iam::*:role/mlz/mlz-{role}" for role in ("endpoint", "transform", "processing")] == pull[
        "Condition"
    ]["ArnLike"]["aws:PrincipalArn"]


@pytest.mark.parametrize(("disposable", "kept"), [(False, True), (True, False)])
def test_models_outlive_the_stack_unless_disposable(disposable, kept):
    team = replace(TEAM, account=replace(TEAM.account, disposable=disposable))
    recording = built(lambda opts: models(opts, team))

    assert {(kept, kept)} == {
        (each.protect, each.retain_on_delete) for kind in (GROUP, REPOSITORY) for each in recording.of(kind)
    }
    assert disposable is recording.one(REPOSITORY).inputs["forceDelete"]
